"""The main journeys without a mouse, 390 pixels wide; pages at twice their size; no motion for who wants none."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, eventually
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_accounts import PASSWORD, mail_to
from tests.e2e.test_inbox import kept, texts
from tests.e2e.test_talk import user_id

PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}
Open = Callable[..., BrowserContext]


@pytest.fixture
def page(open_browser: Open) -> Page:
    """The demo's owner on a phone, with keys."""
    return open_browser(story.PEOPLE[0].email, **PHONE).pages[0]


@pytest.fixture
def keys(page: Page) -> Keyboard:
    """Her keyboard."""
    return Keyboard(page)


def name_of(what: str) -> str:
    """A name that no other test uses."""
    return f"{what} {uuid4().hex[:6]}"


def test_signing_in(open_browser: Open) -> None:
    page = open_browser(**PHONE).new_page()
    page.goto("/sign-in")
    keys = Keyboard(page)
    keys.write("input[name=email]", story.PEOPLE[0].email)
    keys.write("input[name=password]", story.DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Today')")


def test_signing_up(installation: Installation, open_browser: Open) -> None:
    page = open_browser(**PHONE).new_page()
    page.goto("/sign-up")
    keys, email = Keyboard(page), f"keys{uuid4().hex[:6]}@example.com"
    for field, text in (("name", "Kay Keys"), ("business", "Keys & Co"), ("email", email), ("password", PASSWORD)):
        keys.write(f"input[name={field}]", text)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Enter the code from that mail")
    keys.write("input[name=code]", mail_to(installation, email, r"\b(\d{6})\b"))
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Today')")


def test_a_task_is_added_opened_talked_about_and_done(installation: Installation, page: Page, keys: Keyboard) -> None:
    title = name_of("Oil the hinges")
    keys.go("t", "Tasks")
    page.wait_for_selector(".task-row")
    keys.press("button:has-text('New task')")
    expect(page.locator("#new-task-name")).to_be_focused()
    page.keyboard.type(f"{title} tomorrow 9am #doors")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".task-row:has-text('{title}')")
    keys.press(f".task-row:has-text('{title}') .row-link")
    page.wait_for_selector(f"h1:has-text('{title}')")
    keys.write("textarea[name=text]", "Use the thin oil")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comments", has_text="Use the thin oil")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    keys.press("button:has-text('Mark done')")
    done = "SELECT status FROM tasks WHERE title = %s"
    assert eventually(lambda: installation.rows(done, title) == [("completed",)])


def test_a_message_is_read_answered_and_put_away(installation: Installation, page: Page, keys: Keyboard) -> None:
    (text,) = texts(installation)
    kept(installation, [text])
    keys.go("i", "Inbox")
    keys.press(f".inbox-row:has-text('{text}') .row-link")
    page.wait_for_selector(f".message:has-text('{text}')")
    keys.write("[name=reply]", "We open at eight")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".letter.is-out:has-text('open at eight')")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    dismissed = "SELECT status FROM inbox_items WHERE body = %s"
    assert eventually(lambda: installation.rows(dismissed, text) == [("dismissed",)])


def test_a_rule_is_made_from_a_sentence(installation: Installation, page: Page, keys: Keyboard) -> None:
    name = name_of("Leaks at once")
    keys.go("r", "Rules")
    keys.press("a:has-text('New rule')")
    page.wait_for_selector(".when-line")
    keys.write("#name", name)
    keys.choose("#field-1", "text")
    keys.choose("#operator-1", "contains")
    keys.write("#value-1", "the pipe in the cellar leaks")
    keys.choose("#priority", "Urgent")
    keys.press("button:has-text('Save rule')")
    page.wait_for_selector(f".rule:has-text('{name}')")
    stored = installation.rows("SELECT conditions->'rules'->0->>'value' FROM routing_rules WHERE name = %s", name)
    assert stored == [("the pipe in the cellar leaks",)]


def test_a_visitor_books(installation: Installation, open_browser: Open) -> None:
    page = open_browser(timezone_id="America/New_York", **PHONE).new_page()
    page.goto("/book/repair-visit")
    page.wait_for_selector(".book-ready .book-times button")
    keys = Keyboard(page)
    keys.press(".book-ready .book-times button")
    page.wait_for_selector("input[name=email]")
    keys.write("input[name=name]", "Kay Keys")
    keys.write("input[name=email]", "kay.books@example.com")
    keys.write("[name='q:Which unit or address?']", "4B, 12 Oak Street")
    keys.press("form button[type=submit]")
    page.wait_for_url("**/appointment/**")
    expect(page.locator("h1")).to_have_text("Your appointment is booked")
    booked = "SELECT status FROM appointments WHERE guest_email = 'kay.books@example.com'"
    assert [row[0] for row in installation.rows(booked)] == ["scheduled"]


def test_a_kind_of_appointment_is_offered(installation: Installation, page: Page, keys: Keyboard) -> None:
    name = name_of("Window check")
    page.goto("/calendar/types")
    keys.press("button:has-text('New type')")
    page.wait_for_selector("dialog[open] input[name=name]")
    keys.write("dialog[open] input[name=name]", name)
    keys.press("dialog[open] button[type=submit]")
    expect(page.locator(".rule", has_text=name)).to_be_visible()
    assert installation.rows("SELECT is_active FROM appointment_types WHERE name = %s", name) == [(True,)]


def test_a_site_is_added(installation: Installation, page: Page, keys: Keyboard) -> None:
    address = f"https://keys-{uuid4().hex[:6]}.example.com/"
    keys.go("w", "Sites")
    keys.press("button:has-text('Add a site')")
    page.wait_for_selector("dialog[open] input[name=url]")
    keys.write("dialog[open] input[name=url]", address)
    keys.press("dialog[open] button[type=submit]")
    assert eventually(lambda: len(installation.rows("SELECT 1 FROM sites WHERE url LIKE %s", address[:-1] + "%")) == 1)


def test_a_colleague_is_written_to(installation: Installation, page: Page, keys: Keyboard) -> None:
    words = name_of("The ladder is in the van")
    page.goto(f"/messages/{user_id(installation, 'ada')}")
    keys.write("textarea[name=message]", words)
    page.keyboard.press("Enter")
    expect(page.locator(".talk-message.is-mine", has_text=words)).to_be_visible()
    assert len(installation.rows("SELECT 1 FROM direct_messages WHERE message = %s", words)) == 1


def test_somebody_is_invited(installation: Installation, page: Page, keys: Keyboard) -> None:
    email = f"keys{uuid4().hex[:6]}@example.com"
    keys.go("p", "People")
    keys.write("input[name=address]", email)
    page.keyboard.press("Enter")
    expect(page.locator(".rule", has_text=email)).to_be_visible()
    assert mail_to(installation, email, r"(/join/\S+)")


def test_anything_is_found_from_anywhere(page: Page, keys: Keyboard) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("calen")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Calendar')")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


ZOOMED = (
    "/",
    "/inbox",
    "/tasks",
    "/tasks/board",
    "/rules/new",
    "/calendar",
    "/sites",
    "/marketplace",
    "/people",
    "/monday",
)


def test_twice_as_large_nothing_leaves_the_page(open_browser: Open) -> None:
    """A window of 1280 x 1024 at 200 % is one of 640 x 512."""
    page = open_browser(story.PEOPLE[0].email, viewport={"width": 640, "height": 512}).pages[0]
    wide = []
    for path in ZOOMED:
        page.goto(path)
        page.wait_for_selector("h1")
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []


def test_who_wants_no_motion_sees_none(page: Page) -> None:
    page.goto("/tasks")
    page.wait_for_selector(".task-row")
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
      const style = getComputedStyle(one);
      const longest = (times) => Math.max(...times.split(',').map(parseFloat));
      return longest(style.transitionDuration) > 0.01
        || (style.animationName !== 'none' && longest(style.animationDuration) > 0.01);
    }).map((one) => one.className)"""
    assert page.evaluate(moving) == []
