"""Turning two-factor sign-in on, signing in with it, turning it off: in a browser."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.core import clock
from taskjuggler_app.demo import story
from taskjuggler_app.domain.access import totp


def _code(secret: str, ahead: int = 0) -> str:
    return totp.code_at(secret, totp.step_of(clock.utcnow()) + ahead)


def _half_sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", story.DEMO_PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile("/second-step"))


def test_a_phone_becomes_the_second_step_and_stops_being_it(open_browser: Callable[..., BrowserContext]) -> None:
    email = story.PEOPLE[3].email
    page = open_browser(email).pages[0]
    page.goto("/settings/security")
    page.click("button:has-text('Set it up')")
    page.fill("#begin-password", "not my password")
    page.click("#two-factor-begin button:has-text('Go on')")
    page.wait_for_selector("#begin-password-error:has-text('not your password')")
    page.fill("#begin-password", story.DEMO_PASSWORD)
    page.click("#two-factor-begin button:has-text('Go on')")
    page.wait_for_selector(".two-factor-qr")
    secret = page.inner_text("#two-factor-secret").replace(" ", "")
    first = _code(secret, -1)
    page.fill("#first-code", first)
    page.click("button:has-text('Turn it on')")
    page.wait_for_selector(".recovery-codes")
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.click("button:has-text('I have kept them')")
    page.wait_for_selector("text=10 of 10 recovery codes left")

    other = open_browser().new_page()
    _half_sign_in(other, email)
    other.fill("#code", first)  # it was used for turning it on
    other.click("button:has-text('Sign in') >> nth=0")
    other.wait_for_selector("#code-error:not(:empty)")
    other.fill("#code", _code(secret))
    other.click("button:has-text('Sign in') >> nth=0")
    other.wait_for_selector("h1:has-text('Today')")

    plain = open_browser(java_script_enabled=False).new_page()
    _half_sign_in(plain, email)
    plain.click("summary")
    plain.fill("#recovery-code", codes[0])
    plain.click("button:has-text('Sign in with it')")
    plain.wait_for_url(re.compile(r"/$"))

    page.wait_for_selector("text=9 of 10 recovery codes left")
    page.click("button:has-text('Turn it off')")
    page.fill("#off-password", story.DEMO_PASSWORD)
    page.fill("#off-code", codes[1])
    page.click("#two-factor-off button:has-text('Turn it off')")
    page.wait_for_selector("button:has-text('Set it up')")
