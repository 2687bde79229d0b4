"""From a text message to a task on an open page, and what may go wrong on the way."""

import time
from collections.abc import Callable
from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, eventually

SOON = 5_000
"""ms in which an open page has to show a change; a second is promised, and the machine may be busy."""


def a_text() -> str:
    """A message that nobody sent before, which a rule of the demo takes for maintenance."""
    return f"The heating in unit {uuid4().hex[:6]} is broken"


def test_a_text_message_appears_as_a_task_on_the_open_page(installation: Installation, maya: Page) -> None:
    maya.goto("/tasks")
    maya.wait_for_selector(".task-row")
    text = a_text()
    assert installation.send_sms(text) == 200
    maya.wait_for_selector(f".task-row:has-text('{text}')", timeout=SOON)


def test_a_redelivered_message_makes_one_task(installation: Installation) -> None:
    text, sid = a_text(), f"SM{uuid4().hex}"
    assert [installation.send_sms(text, sid=sid) for _ in range(5)] == [200] * 5
    assert eventually(lambda: installation.rows("SELECT 1 FROM tasks WHERE description = %s", text) != [])
    time.sleep(0.5)
    assert installation.rows("SELECT count(*) FROM tasks WHERE description = %s", text) == [(1,)]
    assert installation.rows("SELECT count(*) FROM inbox_items WHERE body = %s", text) == [(1,)]


def test_the_task_page_says_why_the_task_is_here(installation: Installation, maya: Page) -> None:
    text = a_text()
    installation.send_sms(text)
    maya.goto("/tasks")
    maya.click(f".task-row:has-text('{text}') .row-link")
    why = maya.locator(".card", has_text="Why was this routed here?")
    why.wait_for()
    assert "Repairs to Luis" in why.inner_text()
    assert "so it went to Luis Ferreira" in why.inner_text()


def test_the_message_page_marks_what_was_read_from_it(installation: Installation, maya: Page) -> None:
    number = uuid4().int % 900 + 100
    installation.send_sms(f"The boiler at {number} Oak Street is broken, call me at 207-555-0117 please")
    maya.goto("/inbox")
    maya.click(f".inbox-row:has-text('{number} Oak') .row-link")
    maya.wait_for_selector("mark.found")
    marked = maya.locator("mark.found").all_inner_texts()
    assert "207-555-0117" in marked
    assert "+12075550117" in maya.locator(".facts").last.inner_text()


def test_a_task_is_moved_from_its_page_and_both_browsers_see_it(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    text = a_text()
    installation.send_sms(text)
    luis = open_browser(story.PEOPLE[1].email).pages[0]
    boss = open_browser(story.PEOPLE[0].email).pages[0]
    for page in (luis, boss):
        page.goto("/tasks")
        page.click(f".task-row:has-text('{text}') .row-link")
        page.wait_for_selector("button:has-text('Mark done')")
    luis.click("button:has-text('Mark done')")
    boss.wait_for_selector("button:has-text('Reopen')", timeout=SOON)
    assert boss.locator(".timeline", has_text="Luis Ferreira").count() == 1


def test_a_page_that_lost_its_connection_catches_up(installation: Installation, maya: Page) -> None:
    maya.goto("/tasks")
    maya.wait_for_selector(".task-row")
    maya.context.set_offline(True)
    maya.wait_for_selector("text=Connection lost")
    text = a_text()
    installation.send_sms(text)
    assert eventually(lambda: installation.rows("SELECT 1 FROM tasks WHERE description = %s", text) != [])
    maya.context.set_offline(False)
    maya.wait_for_selector(f".task-row:has-text('{text}')", timeout=15_000)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(installation: Installation) -> None:
    texts = [a_text() for _ in range(12)]
    for text in texts[:6]:
        installation.send_sms(text)
    installation.kill("worker")
    for text in texts[6:]:
        assert installation.send_sms(text) == 200
    installation.rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    installation.start("worker")
    installation.start("third scheduler")
    try:
        done = "SELECT count(*) FROM tasks WHERE description = ANY(%s)"
        assert eventually(lambda: installation.rows(done, texts) == [(12,)], 30)
        states = installation.rows("SELECT DISTINCT processing_status FROM inbox_items WHERE body = ANY(%s)", texts)
        assert states == [("completed",)]
    finally:
        installation.processes.pop("third scheduler").terminate()


def test_a_killed_web_process_keeps_what_it_answered(installation: Installation) -> None:
    texts = [a_text() for _ in range(10)]
    answered = [text for text in texts if installation.send_sms(text) == 200]
    installation.kill("web")
    installation.start("web")
    stored = "SELECT count(*) FROM inbox_items WHERE body = ANY(%s)"
    assert answered == texts
    assert installation.rows(stored, answered) == [(10,)]
    assert eventually(lambda: _answers(installation), 30)


def test_a_task_written_by_hand_is_mine(maya: Page) -> None:
    title = f"Call the plumber {uuid4().hex[:6]}"
    maya.goto("/tasks")
    maya.click("button:has-text('New task')")
    maya.fill("#new-task-name", title)
    maya.keyboard.press("Enter")
    maya.wait_for_selector(f".task-row:has-text('{title}')", timeout=SOON)
    assert maya.locator("dialog[open]").count() == 0


def test_a_rule_written_in_the_browser_routes_the_next_message(installation: Installation, maya: Page) -> None:
    word = f"zeppelin{uuid4().hex[:6]}"
    maya.goto("/rules/new")
    maya.wait_for_selector("#name")
    maya.fill("#name", f"Airships {word}")
    maya.select_option("#field-1", "body")
    maya.select_option("#operator-1", "contains")
    maya.fill("input#value-1", word)
    maya.select_option("#target", label="Tom Becker")
    maya.click("button:has-text('Save rule')")
    maya.wait_for_selector(f".rule:has-text('Airships {word}')")
    first = maya.locator(f".rule:has-text('Airships {word}')")
    for _ in range(7):  # to the top, before the rules for categories
        first.get_by_role("button", name="Try earlier").click()
        maya.wait_for_timeout(150)
    installation.send_sms(f"My {word} has landed on the roof")
    maya.goto("/tasks")
    maya.click(f".task-row:has-text('{word}') .row-link")
    why = maya.locator(".card", has_text="Why was this routed here?")
    why.wait_for()
    assert "so it went to Tom Becker" in why.inner_text()


def _answers(installation: Installation) -> bool:
    try:
        return installation.send_sms(a_text()) == 200
    except httpx.TransportError:
        return False


def test_editing_a_rule_keeps_what_the_form_does_not_show(installation: Installation, maya: Page) -> None:
    before = "SELECT actions, description FROM routing_rules WHERE name = 'Emergencies to Luis, now'"
    ((actions, description),) = installation.rows(before)
    maya.goto("/rules")
    maya.click("text=Emergencies to Luis, now")
    maya.wait_for_selector("#name")
    assert maya.input_value("#tags") == "emergency"
    maya.click("button:has-text('Save rule')")
    maya.wait_for_selector(".rule:has-text('Emergencies to Luis, now')")
    assert installation.rows(before) == [(actions, description)]
