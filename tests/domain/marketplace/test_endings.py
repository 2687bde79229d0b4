"""How an awarded job ends: given again after it was taken back, and by the decision of a dispute."""

from decimal import Decimal

import pytest
from sqlmodel import Session

from taskjuggler_app.domain.marketplace import bids, listings, work
from taskjuggler_app.domain.payments import disputes, service
from taskjuggler_app.models import (
    DisputeDecision,
    ListingStatus,
    MarketplaceVendor,
    Task,
    TransactionStatus,
)
from tests.factories.market import awarded


def test_a_job_is_awarded_again_while_the_first_buyers_money_is_on_its_way_back(session: Session) -> None:
    buyer, acting, listing, payment = awarded(session)
    vendor_id = listing.assigned_vendor_id
    assert vendor_id is not None
    listings.cancel(session, buyer, listing.id)
    listings.reopen(session, buyer, listing.id)
    assert service.locked(session, payment.id).status is TransactionStatus.PROCESSING
    bid = bids.place(session, acting, listing.id, vendor_id, "150")
    again = bids.award(session, buyer, listing.id, bid.id)
    assert service.of_listing(session, listing.id) == again
    assert again.status is TransactionStatus.PENDING


@pytest.mark.parametrize(
    ("decision", "ends"),
    [
        (DisputeDecision.RELEASE, ListingStatus.COMPLETED),
        (DisputeDecision.SPLIT, ListingStatus.COMPLETED),
        (DisputeDecision.REFUND, ListingStatus.CANCELLED),
    ],
)
def test_a_decided_dispute_ends_its_job_once(
    session: Session, monkeypatch: pytest.MonkeyPatch, decision: DisputeDecision, ends: ListingStatus
) -> None:
    monkeypatch.setattr("taskjuggler_app.domain.payments.disputes.is_operator", lambda principal: True)
    buyer, _, listing, payment = awarded(session)
    vendor = session.get_one(MarketplaceVendor, listing.assigned_vendor_id)
    dispute = disputes.open_dispute(session, buyer, payment.id, "It leaks.")
    work.decided(session, listing.id, "Too early.")
    assert listing.status == "assigned"
    disputes.decide(session, buyer, dispute.id, decision, "So be it.", Decimal(50))
    for _ in range(2):
        work.decided(session, listing.id, "So be it.")
    task = session.get_one(Task, listing.task_id)
    assert listing.status == ends
    assert vendor.completed_jobs == (ends == "completed")
    assert (task.marketplace_vendor_id is None) == (ends == "cancelled")
