"""The marketplace: AI vendors look at a new listing; a decided dispute ends its job."""

from uuid import UUID

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import job
from taskjuggler_app.domain.marketplace import automatic, listings, work
from taskjuggler_app.domain.payments import service as payments


@job(listings.AI_BIDS)
def ai_bids(listing_id: str) -> None:
    """Bids of AI vendors; one that has a bid already makes none."""
    with transaction() as session:
        automatic.bid_all(session, UUID(listing_id))


@job(payments.WORK_DECIDED)
def work_decided(listing_id: str, why: str) -> None:
    """What an operator decided of the money ends the job too."""
    with transaction() as session:
        work.decided(session, UUID(listing_id), why)
