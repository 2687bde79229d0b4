"""AI vendors bid by themselves: price and time as their finished jobs were, their rate while there are none."""

from statistics import median
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, matching
from taskjuggler_app.models.marketplace import (
    BidStatus,
    ListingStatus,
    MarketplaceBid,
    MarketplaceListing,
    MarketplaceVendor,
    VendorType,
)

LOOKS_BACK = 20


def bid_all(session: Session, listing_id: UUID) -> int:
    """One bid of each AI vendor that matched an open listing, unless it has one; says how many are new."""
    listing = session.get(MarketplaceListing, listing_id)
    if listing is None or listing.status is not ListingStatus.OPEN:
        return 0
    scored = matching.rank(session, matching.job_of(listing), limit=200).rows
    tools = session.exec(
        select(MarketplaceVendor).where(
            col(MarketplaceVendor.id).in_([one.vendor_id for one in scored]),
            MarketplaceVendor.vendor_type == VendorType.AI,
            MarketplaceVendor.currency == listing.currency,
        )
    ).all()
    known = set(session.exec(select(MarketplaceBid.vendor_id).where(MarketplaceBid.listing_id == listing_id)))
    return sum(_bid(session, listing, tool) for tool in tools if tool.id not in known)


def _bid(session: Session, listing: MarketplaceListing, tool: MarketplaceVendor) -> bool:
    rows = session.exec(
        select(MarketplaceBid, MarketplaceListing)
        .join(MarketplaceListing, col(MarketplaceListing.id) == col(MarketplaceBid.listing_id))
        .where(
            MarketplaceBid.vendor_id == tool.id,
            MarketplaceBid.status == BidStatus.ACCEPTED,
            MarketplaceListing.status == ListingStatus.COMPLETED,
            MarketplaceListing.category == listing.category,
        )
        .order_by(col(MarketplaceListing.completed_at).desc())
        .limit(LOOKS_BACK)
    ).all()
    if not rows and tool.base_rate is None:
        return False
    price = median(bid.amount for bid, _ in rows) if rows else tool.base_rate
    took = [
        (job.delivered_at - job.assigned_at).total_seconds() for _, job in rows if job.assigned_at and job.delivered_at
    ]
    days = max(1, round(median(took) / 86_400)) if took else 1
    why = (
        f"as my last {len(rows)} such jobs cost and took" if rows else "my usual rate; I have no such job behind me yet"
    )
    amount = money.rounded(price or money.MOST, listing.currency)
    message = f"{money.shown(amount, listing.currency)} in {days} day{'' if days == 1 else 's'}: {why}."
    acting = Principal.system(tool.team_id) if tool.team_id else None
    try:
        with session.begin_nested():
            if acting is not None:
                bids.place(
                    session, acting, listing.id, tool.id, str(amount), message=message, days=days, by_itself=True
                )
    except DomainError:
        return False
    return acting is not None
