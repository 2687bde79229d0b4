"""AI tools in a browser: a run that waits is refused, another works on a task and its result is shown."""

from playwright.sync_api import Page, expect


def test_a_tool_asks_is_approved_and_its_result_is_kept(maya: Page) -> None:
    maya.goto("/approvals")
    expect(maya.locator("main")).to_contain_text("Parts finder")
    maya.locator("summary:has-text('Exactly what is sent')").first.click()
    maya.locator("button:has-text('Refuse')").first.click()
    expect(maya.locator("main")).to_contain_text("Nothing waits for you")
    maya.goto("/marketplace/tools")
    expect(maya.locator("main")).to_contain_text("Draft reply")
    maya.click("button:has-text('Add a tool')")
    maya.select_option("#tool-kind", "webhook")
    expect(maya.locator("#tool-secret")).to_be_visible()
    maya.keyboard.press("Escape")
    maya.goto("/tasks")
    maya.locator(".task-row .row-link").first.click()
    maya.wait_for_selector("#task-tool")
    maya.select_option("#task-tool", label="Summary")
    maya.click("button:has-text('Have it work on this')")
    expect(maya.locator(".tool-run .tool-output").first).to_be_visible(timeout=15_000)
