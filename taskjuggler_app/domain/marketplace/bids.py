"""Bids and the award. One live bid a vendor and listing; one accepted bid a listing: the database says so too."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, money, queue
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import listings, matching, policy
from taskjuggler_app.domain.payments import service as payments
from taskjuggler_app.domain.payments.service import Order
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.tasks import service as task_service
from taskjuggler_app.models.marketplace import (
    BidStatus,
    ListingStatus,
    MarketplaceBid,
    MarketplaceListing,
    MarketplaceVendor,
    PaymentMethod,
    Transaction,
    TransactionStatus,
    VendorType,
)

MOST_DAYS = 365
UNPAID_AFTER = timedelta(days=3)


def place(
    session: Session,
    principal: Principal,
    listing_id: UUID,
    vendor_id: UUID,
    amount: str,
    *,
    message: str = "",
    days: int | None = None,
    by_itself: bool = False,
) -> MarketplaceBid:
    """Bid, or change the live bid of the same vendor. Conflict when the listing is not open any more."""
    listing = _open(session, listing_id)
    vendor = session.get(MarketplaceVendor, vendor_id)
    if vendor is None or vendor.team_id != principal.team_id:
        raise NotFound
    may = policy.can_manage_vendor(principal, vendor.team_id, vendor.user_id)
    require(may, "Only the vendor, or an admin of their workspace, can bid.")
    if listing.team_id == vendor.team_id:
        raise Conflict("This is your own workspace's listing.")
    if not vendor.is_active:
        raise Conflict("Your profile is paused: resume it to bid.")
    price = money.parse_amount(amount, listing.currency)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Between 1 and {MOST_DAYS} days.", "days")
    bid = session.exec(
        select(MarketplaceBid)
        .where(MarketplaceBid.listing_id == listing.id, MarketplaceBid.vendor_id == vendor.id)
        .where(MarketplaceBid.status == BidStatus.PENDING)
        .with_for_update()
    ).first()
    is_new = bid is None
    now = clock.utcnow()
    bid = bid or MarketplaceBid(
        listing_id=listing.id, vendor_id=vendor.id, amount=price, team_id=vendor.team_id, created_at=now
    )
    before = bid.amount
    bid.amount, bid.currency, bid.message = price, listing.currency, message.strip()[:4_000] or None
    bid.estimated_completion_days, bid.updated_at, bid.is_automatic = days, now, by_itself
    scored = matching.explain(session, matching.job_of(listing, price), vendor.id)
    if scored is not None:
        bid.score, bid.score_parts = scored.score, scored.parts
    _insert(session, bid)
    data = {"vendor": vendor.name, "amount": str(price), "before": "" if is_new else str(before)}
    listings.record(session, principal, listing, "bid.placed" if is_new else "bid.changed", data)
    shown = money.shown(price, listing.currency)
    title = f"{vendor.name} bids {shown}"
    listings.tell_requestor(session, listing, title, listing.title, f"bid:{bid.id}:{now.isoformat()}")
    return bid


def withdraw(session: Session, principal: Principal, bid_id: UUID) -> MarketplaceBid:
    """Take a bid back; after the award the job goes back to the market and the money to its buyer."""
    found = session.get(MarketplaceBid, bid_id)
    vendor = session.get(MarketplaceVendor, found.vendor_id) if found else None
    if found is None or vendor is None or vendor.team_id != principal.team_id:
        raise NotFound
    require(policy.can_manage_vendor(principal, vendor.team_id, vendor.user_id), "Only the vendor can take a bid back.")
    listing = listings.locked(session, found.listing_id)
    session.refresh(found)
    if found.status is BidStatus.PENDING:
        found.status = BidStatus.WITHDRAWN
        session.add(found)
        listings.record(session, principal, listing, "bid.withdrawn", {"vendor": vendor.name})
        return found
    if found.status is not BidStatus.ACCEPTED or listing.status is not ListingStatus.ASSIGNED:
        raise Conflict(f"This bid is {found.status.value}.")
    if listing.delivered_at is not None:
        raise Conflict("You have delivered the work already.")
    listings.back_to_market(session, principal, listing, f"{vendor.name} gave the job back.")
    text = f"{listing.title} is open for bids again; what you paid comes back."
    listings.tell_requestor(session, listing, f"{vendor.name} gave the job back", text, f"gave-back:{found.id}")
    session.refresh(found)
    return found


def award(
    session: Session, principal: Principal, listing_id: UUID, bid_id: UUID, *, directly: bool = False
) -> Transaction:
    """Give the job to one bid: the others are told, and the payment waits for its buyer.

    The listing's row is locked first, so of two awards at once one wins and the other is a Conflict. `directly`: paid
    outside, recorded by hand.
    """
    listing = listings.locked(session, listing_id)
    listings.require_manager(principal, listing)
    if listing.status is not ListingStatus.OPEN:
        raise Conflict(f"This listing is {listing.status.value}: somebody was faster, or it was taken back.")
    bid = session.exec(
        select(MarketplaceBid)
        .where(col(MarketplaceBid.id) == bid_id, MarketplaceBid.listing_id == listing.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if bid is None or bid.status is not BidStatus.PENDING:
        raise Conflict("That bid was taken back.")
    vendor = session.get_one(MarketplaceVendor, bid.vendor_id)
    now = clock.utcnow()
    bid.status = BidStatus.ACCEPTED
    listing.status, listing.assigned_vendor_id, listing.assigned_at = ListingStatus.ASSIGNED, vendor.id, now
    listing.updated_at = now
    session.add(bid)
    session.add(listing)
    _tell_others(session, listing, bid)
    _to_vendor(session, principal, listing, vendor)
    order = Order(
        listing_id=listing.id,
        task_id=listing.task_id,
        vendor_id=vendor.id,
        requestor_id=listing.requestor_id,
        price=bid.amount,
        currency=bid.currency,
        is_ai=vendor.vendor_type is VendorType.AI,
        method=PaymentMethod.MANUAL if directly else PaymentMethod.STRIPE_CONNECT,
    )
    payment = payments.open_payment(session, principal, order)
    if directly:
        queue.defer(session, payments.WORK_BEGINS, listing_id=str(listing.id))
    data = {"vendor": vendor.name, "amount": str(bid.amount), "score": bid.score}
    listings.record(session, principal, listing, "listing.awarded", data)
    text = f"{listing.title}. {'Agree on the payment.' if directly else 'Begin when the money is held: you will hear.'}"
    listings.tell_vendor(session, listing, vendor.id, "You got the job", text, f"awarded:{bid.id}")
    return payment


def lapse_unpaid(session: Session, now: datetime) -> int:
    """Awards that nobody paid for in three days: the job is open again; says how many."""
    due = session.exec(
        select(MarketplaceListing.id)
        .join(Transaction, col(Transaction.listing_id) == col(MarketplaceListing.id))
        .where(
            MarketplaceListing.status == ListingStatus.ASSIGNED,
            or_(
                col(Transaction.status) == TransactionStatus.PENDING,
                and_(col(Transaction.status) == TransactionStatus.FAILED, col(Transaction.declined_by).is_not(None)),
            ),
            Transaction.payment_method != PaymentMethod.MANUAL,
            col(Transaction.created_at) <= now - UNPAID_AFTER,
        )
        .limit(100)
    ).all()
    for listing_id in due:
        listing = listings.locked(session, listing_id)
        if listing.status is ListingStatus.ASSIGNED:
            system = Principal.system(listing.team_id or listing.requestor_id)
            listings.back_to_market(session, system, listing, "The payment did not come within three days.")
            text = "The payment did not come within three days, so others may bid again."
            listings.tell_requestor(session, listing, "Your award lapsed", text, f"lapsed:{now.date()}")
    return len(due)


def _open(session: Session, listing_id: UUID) -> MarketplaceListing:
    """An open listing, shared with other bidders but not with an award."""
    listing = session.exec(
        select(MarketplaceListing).where(col(MarketplaceListing.id) == listing_id).with_for_update(read=True)
    ).first()
    if listing is None:
        raise NotFound
    over = listing.expires_at is not None and listing.expires_at <= clock.utcnow()
    if listing.status is not ListingStatus.OPEN or over:
        raise Conflict("This listing takes no more bids.")
    return listing


def _insert(session: Session, bid: MarketplaceBid) -> None:
    try:
        with session.begin_nested():
            session.add(bid)
            session.flush()
    except IntegrityError:
        raise Conflict("You have a bid on this listing already: look again and change that one.") from None


def _tell_others(session: Session, listing: MarketplaceListing, chosen: MarketplaceBid) -> None:
    others = session.exec(
        select(MarketplaceBid).where(
            MarketplaceBid.listing_id == listing.id,
            col(MarketplaceBid.id) != chosen.id,
            MarketplaceBid.status == BidStatus.PENDING,
        )
    ).all()
    for bid in others:
        bid.status = BidStatus.REJECTED
        session.add(bid)
        listings.tell_vendor(
            session, listing, bid.vendor_id, "Somebody else got the job", listing.title, f"lost:{bid.id}"
        )
    session.flush()


def _to_vendor(session: Session, principal: Principal, listing: MarketplaceListing, vendor: MarketplaceVendor) -> None:
    """The task's one doer is the vendor from now on."""
    if listing.task_id is None:
        return
    task = tasks.get_for_update(session, principal, listing.task_id)
    task.owner_id, task.team_member_id, task.marketplace_vendor_id = None, None, vendor.id
    task.version += 1
    session.add(task)
    task_service.record(session, principal, task, "assigned", {"vendor": vendor.name})
