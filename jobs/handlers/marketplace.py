"""The marketplace: AI vendors look at a new listing."""

from uuid import UUID

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import job
from taskjuggler_app.domain.marketplace import automatic, listings


@job(listings.AI_BIDS)
def ai_bids(listing_id: str) -> None:
    """Bids of AI vendors; one that has a bid already makes none."""
    with transaction() as session:
        automatic.bid_all(session, UUID(listing_id))
