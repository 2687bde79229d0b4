"""The tasks area in a browser: quick add, talk with a file, two editors, the board, the bin."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, eventually

SOON = 3_000


def a_task(page: Page, more: str = "") -> str:
    """A task added on the list page by one line; its title."""
    title = f"Paint door {uuid4().hex[:6]}"
    page.goto("/tasks")
    page.wait_for_selector(".task-row")
    page.click("button:has-text('New task')")
    page.fill("#new-task-name", f"{title} {more}")
    page.press("#new-task-name", "Enter")
    page.wait_for_selector(f".task-row:has-text('{title}')")
    return title


def open_task(page: Page, title: str) -> None:
    """Go to the task's page."""
    page.goto("/tasks")
    page.click(f".task-row:has-text('{title}') .row-link")
    page.wait_for_selector(f"h1:has-text('{title}')")


def test_one_line_becomes_a_task_with_date_tag_priority_and_doer(installation: Installation, maya: Page) -> None:
    title = a_task(maya, "tomorrow 9am #billing !high @luis")
    found = installation.rows(
        "SELECT priority, tags->>0, due_date IS NOT NULL, team_member_id IS NOT NULL FROM tasks WHERE title = %s", title
    )
    assert found == [("high", "billing", True, True)]


def test_the_filters_are_in_the_address(maya: Page) -> None:
    maya.goto("/tasks")
    maya.wait_for_selector(".task-row")
    maya.select_option("select[name=sort]", "due")
    maya.wait_for_url(re.compile("sort=due"))
    maya.reload()
    maya.wait_for_selector(".task-row")
    assert maya.input_value("select[name=sort]") == "due"


def test_a_comment_with_a_file_and_who_read_it(
    installation: Installation, maya: Page, open_browser: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    title = a_task(maya)
    open_task(maya, title)
    (tmp_path / "plan.txt").write_text("north wall first")
    maya.locator("form [data-upload-choose]").set_input_files(str(tmp_path / "plan.txt"))
    maya.wait_for_selector(".upload-line[data-file-id]")
    maya.fill("textarea[name=text]", "Here is the plan, @luis")
    maya.click("button:has-text('Comment')")
    maya.wait_for_selector(".talk .file-name:has-text('plan.txt')")
    luis = open_browser(story.PEOPLE[1].email).pages[0]
    luis.goto(maya.url)
    luis.wait_for_selector(".talk .file-name:has-text('plan.txt')")
    maya.wait_for_selector(".talk-read:has-text('Luis Ferreira')", timeout=SOON)


def test_the_second_editor_chooses(maya: Page, open_browser: Callable[..., BrowserContext]) -> None:
    title = a_task(maya)
    open_task(maya, title)
    luis = open_browser(story.PEOPLE[2].email).pages[0]
    boss = open_browser(story.PEOPLE[0].email).pages[0]
    luis.close()
    boss.goto(maya.url)
    for page in (maya, boss):
        page.click(".menu-trigger[title=More]")
        page.click("button:has-text('Edit')")
        page.wait_for_selector("#edit-task[open] input[name=title]")
    maya.fill("#edit-title", f"{title} first")
    maya.click("#edit-task button:has-text('Save')")
    maya.wait_for_selector(f"h1:has-text('{title} first')")
    boss.fill("#edit-title", f"{title} second")
    boss.click("#edit-task button:has-text('Save')")
    boss.wait_for_selector(f"#edit-conflict[open] :text('{title} first')")
    boss.click("button:has-text('Use mine')")
    maya.wait_for_selector(f"h1:has-text('{title} second')", timeout=SOON)


def test_a_card_is_moved_with_the_keyboard_and_stays(installation: Installation, maya: Page) -> None:
    title = a_task(maya)
    maya.goto("/tasks/board")
    for here, there in (("pending", "in_progress"), ("in_progress", "completed")):
        card = maya.locator(f"[data-column={here}] .board-card:has-text('{title}')")
        card.wait_for()
        card.focus() if card.get_attribute("tabindex") else card.locator("a").focus()
        maya.keyboard.press("Alt+ArrowRight")
        maya.wait_for_selector(f"[data-column={there}] .board-card:has-text('{title}')", timeout=SOON)
    assert eventually(lambda: installation.rows("SELECT status FROM tasks WHERE title = %s", title) == [("completed",)])


def test_the_bin_gives_back(maya: Page) -> None:
    title = a_task(maya)
    open_task(maya, title)
    maya.click(".menu-trigger[title=More]")
    maya.click("button:has-text('Put into the bin')")
    maya.wait_for_url(re.compile("/tasks/bin"))
    maya.locator(f".row:has-text('{title}') button").click()
    maya.wait_for_selector(f".row:has-text('{title}')", state="detached")
    maya.goto("/tasks")
    maya.wait_for_selector(f".task-row:has-text('{title}')")
