"""Channels in a browser: a number is connected, given words and hours, tested; the outbox; the simulator."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.core.config import settings
from taskjuggler_app.demo import story
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation, eventually

SOON = 8_000


@pytest.fixture
def maya(open_browser: Callable[..., BrowserContext]) -> Page:
    """The demo's owner, in a browser that lets axe in."""
    return open_browser(story.PEOPLE[0].email, bypass_csp=True).pages[0]


def test_a_number_is_connected_given_words_and_tested(installation: Installation, maya: Page) -> None:
    number = f"+1207556{uuid4().int % 9000 + 1000}"
    maya.goto("/channels/new?kind=phone")
    maya.fill("#name", "Workshop")
    maya.fill("#phone_number", "12")
    maya.click("button:has-text('Connect') >> nth=-1")
    maya.wait_for_selector("#phone_number-error:has-text('digits')", timeout=SOON)
    maya.fill("#phone_number", number)
    maya.fill("#greeting", "Workshop, hello.")
    maya.click("button:has-text('Connect') >> nth=-1")
    maya.wait_for_selector("h1:has-text('Workshop')", timeout=SOON)
    maya.wait_for_selector(".channel-hooks code")
    hooks = maya.locator(".channel-hooks code").all_inner_texts()
    assert hooks[0] == f"{settings().public_url}/webhooks/twilio/voice"
    assert len(hooks) == 3
    maya.click("button:has-text('Test it')")
    maya.wait_for_selector(".channel-test:has-text('It works')", timeout=20_000)
    body = "SELECT count(*) FROM inbox_items WHERE body LIKE 'Test of “Workshop”%%'"
    assert installation.rows(body) == [(1,)]

    maya.fill("#open_text", "Hi {nam}")
    maya.wait_for_selector("#open_text-error:has-text('no {nam}')", timeout=SOON)
    maya.fill("#open_text", "Hi {name}, the workshop has your message: {summary}")
    maya.wait_for_selector(".channel-answer:has-text('the workshop has your message')", timeout=SOON)
    maya.check("#is_on")
    maya.fill("#mon", "9 to 5")
    maya.click("button:has-text('Save') >> nth=-1")
    maya.wait_for_selector(".form-error:has-text('opening hours')", timeout=SOON)
    maya.fill("#mon", "09:00-12:00, 13:00-17:30")
    maya.click("button:has-text('Save') >> nth=-1")
    maya.wait_for_selector(".toast:has-text('next message')", timeout=SOON)
    stored = "SELECT is_on, hours->'mon' FROM channel_replies WHERE open_text LIKE 'Hi {name}, the workshop%%'"
    assert installation.rows(stored) == [(True, [["09:00", "12:00"], ["13:00", "17:30"]])]
    assert examine(maya, maya.url.removeprefix(installation.base_url)) == []

    maya.goto("/channels")
    maya.click(".rule:has-text('Workshop') button:has-text('Pause')")
    maya.wait_for_selector(".rule:has-text('Workshop') .chip:has-text('Paused')", timeout=SOON)


def test_the_outbox_is_for_operators_alone(maya: Page) -> None:
    maya.goto("/settings/outbox")
    maya.wait_for_selector("h2:has-text('Only for those who run this installation')", timeout=SOON)
    assert maya.locator(".outbox-row").count() == 0
    assert maya.locator("nav a:has-text('Outbox')").count() == 0


def test_a_storm_from_the_simulators_page_ends_in_a_clean_report(installation: Installation, maya: Page) -> None:
    maya.goto("/simulator")
    maya.fill("#events", "30")
    maya.click("button:has-text('Let it loose')")
    maya.wait_for_selector(".flight-figures", timeout=120_000)
    assert "All well" in maya.locator(".channel-test").inner_text()
    assert eventually(lambda: installation.rows("SELECT 1 FROM inbox_items WHERE source_id LIKE 'RE%%'") != [])
    assert examine(maya, "/simulator") == []
