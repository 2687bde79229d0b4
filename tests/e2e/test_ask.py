"""A contact form in a browser, with scripts and without; the facts of what came through it, and a correction."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation, eventually

SOON = 8_000
FORM = f"/ask/{story.FORM}"


@pytest.fixture
def maya(open_browser: Callable[..., BrowserContext]) -> Page:
    """The demo's owner, in a browser that lets axe in."""
    return open_browser(story.PEOPLE[0].email, bypass_csp=True).pages[0]


def item_of(installation: Installation, word: str) -> str:
    """The processed message that has the word; "" before it is there."""
    query = "SELECT id::text FROM inbox_items WHERE body LIKE %s AND processing_status = 'completed'"
    found = installation.rows(query, f"%{word}%")
    return str(found[0][0]) if found else ""


def test_a_form_is_a_channel_with_its_link_and_snippet(installation: Installation, maya: Page) -> None:
    slug = f"form-{uuid4().hex[:6]}"
    maya.goto("/channels")
    maya.click("summary[title='Connect a channel']")
    maya.click("a[href='/channels/new?kind=web']")
    maya.fill("#name", "Repairs form")
    maya.fill("#slug", slug)
    maya.fill("#origins", "https://shop.example")
    maya.click("button:has-text('Connect') >> nth=-1")
    maya.wait_for_selector("h1:has-text('Repairs form')", timeout=SOON)
    maya.wait_for_selector(f".channel-hooks code:has-text('/ask/{slug}')", timeout=SOON)
    page, frame = maya.locator(".channel-hooks code").all_inner_texts()
    assert page.endswith(f"/ask/{slug}")
    assert frame.startswith(f'<iframe src="{page}"')
    assert examine(maya, maya.url.removeprefix(installation.base_url)) == []
    maya.click("button:has-text('Pause')")
    maya.wait_for_selector("h1 ~ * :text('Paused'), .chip:has-text('Paused')", timeout=SOON)
    assert maya.request.get(f"/ask/{slug}").status == 404


def test_a_message_with_a_file_arrives_and_its_facts_can_be_corrected(
    installation: Installation, open_browser: Callable[..., BrowserContext], maya: Page, tmp_path: Path
) -> None:
    word = uuid4().hex[:8]
    plan = tmp_path / "plan.txt"
    plan.write_text("60 feet of cedar")
    visitor = open_browser(bypass_csp=True).new_page()
    assert examine(visitor, FORM) == []
    visitor.fill("#email", "priya@example.com")
    visitor.fill("#phone", "12")
    visitor.fill("#message", f"Please fix the dishwasher in unit 4B tomorrow at 3 pm, {word}")
    visitor.set_input_files("#files", plan)
    visitor.click("button:has-text('Send')")
    visitor.wait_for_selector("#phone-error:has-text('phone number')", timeout=SOON)
    assert word in visitor.input_value("#message")
    visitor.fill("#phone", "207 555 0164")
    visitor.click("button:has-text('Send')")
    visitor.wait_for_selector("h1:has-text('Your message has arrived')", timeout=SOON)
    assert eventually(lambda: item_of(installation, word) != "")

    maya.goto(f"/inbox/{item_of(installation, word)}")
    maya.wait_for_selector(".letter-files :text('plan.txt')", timeout=SOON)
    maya.wait_for_selector("mark.found:has-text('tomorrow')", timeout=SOON)
    maya.wait_for_selector(".facts-list dt:text-is('Phone')", timeout=SOON)
    maya.click("button[aria-label^='Correct Category']")
    maya.select_option("#fact-choice", "billing")
    maya.click("#fact-form button:has-text('Save')")
    maya.wait_for_selector(".facts-list :text('says Maya Okafor')", timeout=SOON)
    said = "SELECT fact, machine->>'value', value FROM fact_corrections WHERE inbox_item_id = %s"
    assert installation.rows(said, item_of(installation, word)) == [("category", "maintenance", "billing")]


def test_the_form_works_without_scripts(
    installation: Installation, open_browser: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    word = uuid4().hex[:8]
    plan = tmp_path / "plan.txt"
    plan.write_text("60 feet of cedar")
    visitor = open_browser(java_script_enabled=False).new_page()
    visitor.goto(FORM)
    visitor.fill("[name=message]", f"A lamp is out, {word}")
    visitor.set_input_files("[name=files]", plan)
    visitor.click("button:has-text('Send')")
    visitor.wait_for_selector("[role=alert]:has-text('so that you can be answered')", timeout=SOON)
    assert word in visitor.input_value("[name=message]")
    visitor.fill("[name=email]", "jo@example.com")
    visitor.set_input_files("[name=files]", plan)
    visitor.click("button:has-text('Send')")
    visitor.wait_for_selector("h1:has-text('Your message has arrived')", timeout=SOON)
    files = "SELECT jsonb_array_length(attachments) FROM inbox_items WHERE body LIKE %s"
    assert installation.rows(files, f"%{word}%") == [(1,)]
