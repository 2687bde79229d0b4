"""The marketplace in a browser: bid, award, payment, delivery, acceptance, ledger."""

import re
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import work
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation, eventually


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


def test_anybody_reads_a_vendors_page(installation: Installation, open_browser: Callable[..., BrowserContext]) -> None:
    ((nina,),) = installation.rows("SELECT id FROM marketplace_vendors WHERE name = 'Nina Castellano'")
    guest = open_browser(bypass_csp=True, reduced_motion="reduce").new_page()
    assert examine(guest, f"/vendors/{nina}") == []
    expect(guest.locator("h1")).to_have_text("Nina Castellano")
    expect(guest.locator("main")).to_contain_text("The valve is under warranty")
    guest.click("a:has-text('Ask for work')")
    guest.wait_for_url(re.compile("/sign-in"))


def test_a_plan_is_begun_changed_and_ended(maya: Page) -> None:
    maya.goto("/settings/plan")
    maya.click("button:has-text('Choose Pro')")
    maya.wait_for_url(re.compile("/pay/"))
    maya.click("button[value=pay]")
    maya.wait_for_url(re.compile("/settings/plan"))
    maya.click("button:has-text('Change to Enterprise')", timeout=15_000)
    dialog = maya.locator("#change-plan")
    expect(dialog).to_contain_text("$120.00 for the rest of this month are charged now")
    dialog.locator("button:has-text('Change to Enterprise')").click()
    expect(maya.locator("table:has-text('$120.00')")).to_be_visible(timeout=15_000)
    maya.click("button:has-text('Go back to Free')")
    maya.locator("#end-plan button:has-text('Go back to Free')").click()
    expect(maya.locator("button:has-text('Go on with Enterprise')")).to_be_visible(timeout=15_000)
    maya.click("button:has-text('Card and invoices')")
    expect(maya.locator("main")).to_contain_text("$120.00, paid")
