"""The first hour in a browser: from the sign-up along the list on Today to a message that one's own rule routed."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import Installation, eventually
from tests.e2e.test_accounts import sign_up

AT_MOST = 180
"""Seconds from the form of the sign-up to the routed message."""
SLOW = 20_000
"""ms in which a page that is being loaded has to come, also where the machine is busy."""


def test_from_sign_up_to_a_routed_message_the_list_leads_and_ticks_itself(
    installation: Installation, open_browser: Callable[..., BrowserContext]
) -> None:
    begun = time.monotonic()
    today = open_browser().new_page()
    sign_up(installation, today, f"hour{uuid4().hex[:6]}@example.com")
    expect(today.locator(".first-step")).to_have_count(6, timeout=SLOW)
    expect(today.locator(".first-step.is-done")).to_have_count(0)
    work = today.context.new_page()

    follow(work, "Connect a channel")
    number = f"+1207557{uuid4().int % 9000 + 1000}"
    work.click("a:has-text('Connect a number')")
    work.wait_for_selector("#phone_number")
    work.wait_for_load_state("networkidle")
    work.fill("#name", "Front desk")
    work.fill("#phone_number", number)
    work.click("button:has-text('Connect') >> nth=-1")
    work.wait_for_selector("h1:has-text('Front desk')", timeout=SLOW)
    ticked(today, "Connect a channel")

    follow(work, "Make a rule")
    work.wait_for_selector(".when-line", timeout=SLOW)
    work.wait_for_load_state("networkidle")
    work.fill("#name", "All to me")
    work.select_option("#field-1", "body")
    work.select_option("#operator-1", "contains")
    work.fill("input#value-1", "a")
    work.select_option("#target", label="Nina Newcomer")
    work.click("button:has-text('Save rule')")
    work.wait_for_selector(".rule:has-text('All to me')", timeout=SLOW)
    ticked(today, "Make a rule")

    follow(work, "Get the first message")
    work.wait_for_selector("#events", timeout=SLOW)
    work.wait_for_load_state("networkidle")
    work.fill("#events", "10")
    work.click("button:has-text('Let it loose')")
    routed = (
        "SELECT i.id FROM inbox_items i JOIN assistant_channels c ON c.id = i.channel_id "
        "JOIN routing_rules r ON r.id = i.routing_rule_id WHERE c.phone_number = %s AND r.name = 'All to me' LIMIT 1"
    )
    assert eventually(lambda: installation.rows(routed, number) != [], 90)
    ticked(today, "Get the first message")
    work.locator("nav a", has_text=re.compile("^Inbox")).first.click()
    work.click(f"a.row-link[href='/inbox/{installation.rows(routed, number)[0][0]}']", timeout=SLOW)
    why = work.locator(".card", has_text="Why was this routed here?")
    expect(why).to_contain_text("All to me", timeout=SLOW)
    assert time.monotonic() - begun < AT_MOST
    expect(today.locator(".first-step.is-done")).to_have_count(3)


def follow(page: Page, step: str) -> None:
    """From Today to where the step is done, by its link."""
    page.goto("/")
    page.locator(".first-steps a", has_text=step).click(timeout=SLOW)
    page.wait_for_url(lambda address: not address.endswith("/"), timeout=SLOW)


def ticked(today: Page, step: str) -> None:
    """The open page has ticked the step, without being loaded again."""
    expect(today.locator(".first-step.is-done", has_text=step)).to_be_visible(timeout=SLOW)
