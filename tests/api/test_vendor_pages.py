"""A vendor's page for anybody: what it says without scripts, and what it keeps to itself."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from taskjuggler_app.api import vendor_pages
from taskjuggler_app.api.shell import Shell
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, listings, vendors, work
from taskjuggler_app.domain.payments import service
from tests import factories as make
from tests.factories.money import make_vendor

SHELL = "<html><head></head><body></body></html>"


@pytest.fixture
def browser(database_url: str) -> Iterator[TestClient]:
    """The pages of vendors before an app that has nothing."""
    shell = Shell(Starlette(), vendor_pages.FILLED, built=lambda: SHELL, public_url="https://tj.example")
    with TestClient(shell) as client:
        yield client


def rated() -> tuple[Principal, str]:
    """A vendor with a rating and a reply; who acts for them."""
    with transaction() as session:
        buyer, acting = make.make_owner(session, name="Maya Reyes"), make.make_owner(session)
        vendor = make_vendor(session, acting, description="Pipes & boilers", services=["Leaks"], is_verified=True)
        listing = listings.publish_task(session, buyer, make.make_task(session, buyer, title="Leak at 12 Oak St").id)
        bid = bids.place(session, acting, listing.id, vendor.id, "200")
        payment = bids.award(session, buyer, listing.id, bid.id)
        service.take(session, payment.id, f"pi_{payment.id}", Decimal(210), "USD")
        work.accept(session, buyer, listing.id)
        rating = work.rate(session, buyer, listing.id, 4, "Good <work>.")
        work.reply(session, acting, rating.id, "Thank you.")
        return acting, str(vendor.id)


def test_anybody_reads_who_a_vendor_is_and_what_customers_said(browser: TestClient) -> None:
    acting, vendor_id = rated()
    page = browser.get(f"/vendors/{vendor_id}").text
    for said in (
        "Casco Plumbing",
        "Pipes &amp; boilers",
        "Leaks",
        "Verified",
        "Maya R.",
        "Good &lt;work&gt;.",
        "Thank",
    ):
        assert said in page
    assert '"aggregateRating"' in page
    assert "Oak St" not in page
    assert "Reyes" not in page
    with transaction() as session:
        vendors.set_active(session, acting, UUID(vendor_id), False)
    assert browser.get(f"/vendors/{vendor_id}").status_code == 404


@pytest.mark.parametrize("wrong", ["x", "5d8a9c1e-3f0b-4c57-9a86-0d2e4b7f6a11", "%00"])
def test_no_page_for_what_is_no_vendor(browser: TestClient, wrong: str) -> None:
    assert browser.get(f"/vendors/{wrong}").status_code == 404
