"""The marketplace in a browser: a bid is chosen and paid, the money is held; a vendor's profile and a new listing."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect

SHOTS = os.environ.get("SHOTS", "")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_a_bid_is_chosen_paid_and_held(maya: Page) -> None:
    maya.goto("/marketplace")
    maya.wait_for_selector(".market-card")
    shot(maya, "market")
    maya.click(".market-card a:has-text('Gutters of three')")
    first = maya.locator(".market-bids .market-bid").first
    expect(first).to_be_visible()
    first.locator(".market-score summary").click()
    expect(first.locator(".market-parts")).to_contain_text("within the budget")
    shot(maya, "listing")
    first.locator("button:has-text('Choose and pay')").click()
    maya.wait_for_url(re.compile("/pay/"))
    shot(maya, "pay")
    maya.click("button[value=pay]")
    maya.wait_for_url(re.compile("/marketplace/listings/"))
    expect(maya.locator("text=are held until the work is accepted")).to_be_visible()
    shot(maya, "held")
    maya.goto("/marketplace/payments")
    maya.click("button:has-text('Receipt') >> nth=0")
    expect(maya.locator("#receipt")).to_contain_text("Paid by the buyer, held")
    shot(maya, "receipt")


def test_work_is_asked_for_and_offered(maya: Page) -> None:
    maya.goto("/marketplace/new")
    maya.fill("input[name=title]", "Paint the back fence")
    maya.fill("input[name=budget_max]", "300")
    shot(maya, "new")
    maya.click("button:has-text('Publish')")
    maya.wait_for_selector("h1:has-text('Paint the back fence')")
    maya.goto("/marketplace/vendor")
    maya.click("button:has-text('Make a profile')")
    maya.fill("#vendor-name", "Maya Okafor")
    maya.check("#does-maintenance")
    shot(maya, "form")
    maya.click("#vendor-form button:has-text('Save')")
    expect(maya.locator(".market-card", has_text="Maya Okafor")).to_be_visible()
    shot(maya, "workshop")
