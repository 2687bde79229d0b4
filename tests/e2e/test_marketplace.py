"""The marketplace in a browser: bid, award, payment, delivery, acceptance, ledger; a tool asked, approved and run."""

import os
import re
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, expect

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import work
from tests.e2e.conftest import Installation, eventually

SHOTS = os.environ.get("SHOTS", "")


def shot(page: Page, name: str) -> None:
    """Keep what the page looks like, for whoever asks by SHOTS=folder."""
    if SHOTS:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def shots(page: Page, name: str) -> None:
    """Desktop, dark, phone."""
    if SHOTS:
        shot(page, name)
        page.emulate_media(color_scheme="dark")
        shot(page, f"{name}-dark")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 390, "height": 844})
        shot(page, f"{name}-390")
        page.set_viewport_size({"width": 1440, "height": 900})


def test_a_bid_is_chosen_paid_held_delivered_accepted_and_in_the_ledger(maya: Page, installation: Installation) -> None:
    maya.goto("/marketplace")
    maya.click(".market-card a:has-text('Gutters of three')")
    first = maya.locator(".market-bids .market-bid").first
    first.locator(".market-score summary").click()
    expect(first.locator(".market-parts")).to_contain_text("does maintenance")
    first.locator("button:has-text('Choose and pay')").click()
    maya.wait_for_url(re.compile("/pay/"))
    maya.click("button[value=pay]")
    maya.wait_for_url(re.compile("/marketplace/listings/"))
    expect(maya.locator("text=are held until the work is accepted")).to_be_visible()
    listing = UUID(maya.url.split("?")[0].rstrip("/").rsplit("/", 1)[1])
    query = """
        SELECT v.team_id FROM marketplace_listings l
          JOIN marketplace_vendors v ON v.id = l.assigned_vendor_id WHERE l.id = %s
    """
    ((vendor_team,),) = installation.rows(query, listing)
    with transaction() as session:
        work.deliver(session, Principal.system(UUID(str(vendor_team))), listing, "Clean, all three.")
    expect(maya.locator("text=Clean, all three.")).to_be_visible()
    shots(maya, "delivered")
    maya.locator("button:has-text('Accept')").first.click()
    confirm = maya.locator("dialog[open] button:has-text('Accept')")
    confirm.click()
    expect(maya.locator("dd:has-text('Finished')")).to_be_visible()
    ledger = """
        SELECT sum(p.amount) FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
          JOIN transactions t ON t.id = e.transaction_id WHERE t.listing_id = %s AND p.account LIKE %s
    """
    assert eventually(lambda: installation.rows(ledger, listing, "held:%") == [(0,)])
    assert installation.rows(ledger, listing, "%") == [(0,)]


def test_a_tool_asks_is_approved_and_its_result_is_kept(maya: Page) -> None:
    maya.goto("/approvals")
    expect(maya.locator("main")).to_contain_text("Parts finder")
    maya.locator("summary:has-text('Exactly what is sent')").first.click()
    shots(maya, "approvals")
    maya.locator("button:has-text('Refuse')").first.click()
    expect(maya.locator("main")).to_contain_text("Nothing waits for you")
    maya.goto("/settings/plan")
    expect(maya.locator("main")).to_contain_text("Enterprise")
    shots(maya, "plan")
    maya.goto("/marketplace/tools")
    expect(maya.locator("main")).to_contain_text("Draft reply")
    shots(maya, "tools")
    maya.click("button:has-text('Add a tool')")
    maya.select_option("#tool-kind", "webhook")
    expect(maya.locator("#tool-secret")).to_be_visible()
    shots(maya, "tool-form")
    maya.keyboard.press("Escape")
    maya.goto("/tasks")
    maya.locator(".task-row .row-link").first.click()
    maya.wait_for_selector("#task-tool")
    maya.select_option("#task-tool", label="Summary")
    maya.click("button:has-text('Have it work on this')")
    expect(maya.locator(".tool-run .tool-output").first).to_be_visible(timeout=15_000)
    shots(maya, "task-tools")
