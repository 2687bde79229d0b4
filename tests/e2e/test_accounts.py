"""Becoming a user, forgetting the password, keeping devices in order: in a browser."""

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.conftest import Installation, eventually, sign_in

PASSWORD = "seven grey herons at dawn"


def mail_to(installation: Installation, address: str, pattern: str) -> str:
    """What `pattern` finds in the newest mail to the address, once the worker has sent it."""
    newest = "SELECT body FROM outbox_messages WHERE to_address = %s ORDER BY created_at DESC LIMIT 1"
    found: list[str] = []

    def arrived() -> bool:
        rows = installation.rows(newest, address)
        match = re.search(pattern, str(rows[0][0])) if rows else None
        if match:
            found.append(match.group(1))
        return bool(match)

    assert eventually(arrived), "the mail did not come"
    return found[0]


def sign_up(installation: Installation, page: Page, email: str) -> None:
    """From the form to the home page of a workspace of one's own."""
    page.goto("/sign-up")
    page.fill("input[name=name]", "Nina Newcomer")
    page.fill("input[name=business]", "Newcomer & Sons")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile("/verify"))
    page.wait_for_selector("text=Enter the code from that mail")
    page.fill("input[name=code]", mail_to(installation, email, r"\b(\d{6})\b"))
    page.click("button:has-text('Confirm')")
    page.wait_for_selector("h1:has-text('Today')")


def test_a_newcomer_has_a_workspace_that_says_what_to_do_next(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser().new_page()
    sign_up(installation, page, f"nina{uuid4().hex[:6]}@example.com")
    page.wait_for_selector("text=Newcomer & Sons")
    page.click("text=Connect a channel")
    page.wait_for_selector("text=No number yet")
    page.click("button:has-text('Connect a number') >> nth=0")
    page.fill("#name", "Shop")
    page.fill("#number", f"+1 207 555 {uuid4().int % 9000 + 1000}")
    page.click("dialog button:has-text('Save')")
    page.wait_for_selector(".rule:has-text('Shop')")
    page.goto("/rules")
    page.wait_for_selector("text=No rules yet")


def test_a_taken_number_is_said_in_the_form(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    page = open_browser(story.PEOPLE[0].email).pages[0]
    page.goto("/channels")
    page.click("button:has-text('Connect a number')")
    page.fill("#name", "Again")
    page.fill("#number", story.MAIN_LINE)
    page.click("dialog button:has-text('Save')")
    page.wait_for_selector("dialog >> text=is connected already")
    assert page.locator("dialog[open]").count() == 1


def test_a_wrong_password_is_said_and_the_address_kept(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser().new_page()
    page.goto("/sign-in")
    page.fill("input[name=email]", story.PEOPLE[2].email)
    page.fill("input[name=password]", "not my password at all")
    page.click("button[type=submit]")
    page.wait_for_selector("#password-error:not(:empty)")
    assert page.input_value("input[name=email]") == story.PEOPLE[2].email
    assert page.input_value("input[name=password]") == ""


def test_a_forgotten_password_is_set_anew_by_mail_once(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    email = f"ned{uuid4().hex[:6]}@example.com"
    page = open_browser().new_page()
    sign_up(installation, page, email)
    elsewhere = open_browser().new_page()
    elsewhere.goto("/forgot")
    elsewhere.fill("input[name=email]", email)
    elsewhere.click("button[type=submit]")
    link = mail_to(installation, email, r"(/reset\?token=[\w-]+)")
    elsewhere.goto(link)
    elsewhere.wait_for_selector("input[name=token]:not([value=''])", state="attached")
    elsewhere.fill("input[name=password]", "another long sentence of mine")
    elsewhere.click("button[type=submit]")
    page.wait_for_url(re.compile("/sign-in"), timeout=5_000)  # every other browser is signed out
    sign_in(elsewhere, email, "another long sentence of mine")
    used = open_browser().new_page()
    used.goto(link)
    used.wait_for_selector("input[name=token]:not([value=''])", state="attached")
    used.fill("input[name=password]", "a third sentence of mine")
    used.click("button[type=submit]")
    used.wait_for_selector("[role=alert]:not(:empty), .field-error:not(:empty)")


def test_another_device_is_signed_out_from_the_settings(open_browser: Callable[..., BrowserContext]) -> None:
    email = story.PEOPLE[2].email
    lost = open_browser(email).pages[0]
    here = open_browser(email).pages[0]
    lost.goto("/tasks")
    lost.wait_for_selector(".task-row")
    here.goto("/settings/security")
    here.wait_for_selector("text=This device")
    others = here.locator(".rule button:has-text('Sign out')")
    while others.count():
        others.first.click()
        here.wait_for_timeout(300)
    lost.wait_for_url(re.compile("/sign-in"), timeout=5_000)
    here.goto("/tasks")
    here.wait_for_selector(".task-row")


def test_the_keyboard_gets_everywhere(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(story.PEOPLE[0].email).pages[0]
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_selector("h1:has-text('Tasks')")
    page.wait_for_selector(".task-row")
    title = page.locator(".task-row .row-link").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("button:has-text('Mark done'), button:has-text('Reopen')")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.type(title[:20])
    page.wait_for_selector(f"#palette-list >> text={title[:15]}")
    page.keyboard.press("Escape")
    assert page.locator("#palette[open]").count() == 0
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_selector("h1:has-text('Inbox')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_dark_and_light_are_remembered(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(story.PEOPLE[0].email).pages[0]
    background = "getComputedStyle(document.body).backgroundColor"
    page.goto("/settings")
    page.wait_for_selector("main [data-theme-choice=dark]")
    light = page.evaluate(background)
    page.locator("main [data-theme-choice=dark]").first.click()
    dark = page.evaluate(background)
    assert dark != light
    page.goto("/tasks")
    page.wait_for_selector(".task-row")
    assert page.evaluate(background) == dark
