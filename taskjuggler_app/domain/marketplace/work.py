"""The work after the award: delivered, accepted or proved, paid by itself after a while, rated."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import listings, policy
from taskjuggler_app.domain.payments import service as payments
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.tasks import service as task_service
from taskjuggler_app.models.marketplace import (
    ListingStatus,
    MarketplaceListing,
    MarketplaceRating,
    MarketplaceVendor,
    PaymentMethod,
    Transaction,
    TransactionStatus,
)
from taskjuggler_app.models.sitehealth import Issue, IssueStatus
from taskjuggler_app.models.tasks import TaskStatus


def deliver(session: Session, principal: Principal, listing_id: UUID, words: str = "") -> MarketplaceListing:
    """The vendor says that the work is done: from now on the money is released by itself unless disputed."""
    listing, vendor = _of_vendor(session, principal, listing_id)
    if listing.status is not ListingStatus.ASSIGNED:
        raise Conflict(f"This job is {listing.status.value}.")
    payment = payments.of_listing(session, listing.id)
    if payment is None or (payment.held_at is None and payment.payment_method is not PaymentMethod.MANUAL):
        raise Conflict("The money is not there yet: wait for it before you work.")
    now = clock.utcnow()
    listing.delivered_at, listing.closing_note = now, words.strip()[:4_000] or None
    session.add(listing)
    if payment.status is TransactionStatus.PROCESSING and payment.held_at is not None:
        payments.plan_release(session, payment, now + timedelta(days=settings().release_after_days))
    listings.record(session, principal, listing, "work.delivered", {"vendor": vendor.name, "words": words[:500]})
    text = f"{listing.title}. Accept it, or say what is wrong within {settings().release_after_days} days."
    listings.tell_requestor(session, listing, f"{vendor.name} is done", text, f"delivered:{now.isoformat()}")
    return listing


def accept(session: Session, principal: Principal, listing_id: UUID) -> MarketplaceListing:
    """Who asked for the work is content: the money is released, the task is done."""
    listing = listings.locked(session, listing_id)
    listings.require_manager(principal, listing)
    _finish(session, principal, listing, "Accepted.")
    return listing


def decided(session: Session, listing_id: UUID, why: str) -> None:
    """A dispute's end is the job's: finished when its vendor got anything, closed when all of it went back."""
    listing = listings.locked(session, listing_id)
    payment = payments.of_listing(session, listing.id)
    if listing.status is not ListingStatus.ASSIGNED or payment is None or payment.emptied_at is None:
        return
    system = Principal.system(listing.team_id or listing.requestor_id)
    if payments.vendor_is_paid(session, payment):
        _completed(session, system, listing, why)
    else:
        listings.close(session, system, listing, why, "listing.closed")


def release_due(session: Session, now: datetime) -> int:
    """Money whose time has come without a dispute; says how many payments."""
    due = session.exec(
        select(Transaction.listing_id).where(
            Transaction.status == TransactionStatus.PROCESSING, col(Transaction.release_at) <= now
        )
    ).all()
    why = f"Nobody objected within {settings().release_after_days} days."
    return sum(_finish_quietly(session, listing_id, why) for listing_id in due if listing_id is not None)


def release_proved(session: Session) -> int:
    """Jobs that repair a site's issue which a later scan finds gone; says how many."""
    proved = session.exec(
        select(MarketplaceListing.id)
        .join(Issue, col(Issue.task_id) == col(MarketplaceListing.task_id))
        .join(Transaction, col(Transaction.listing_id) == col(MarketplaceListing.id))
        .where(
            MarketplaceListing.status == ListingStatus.ASSIGNED,
            Transaction.status == TransactionStatus.PROCESSING,
            col(Transaction.held_at).is_not(None),
            Issue.status == IssueStatus.FIXED,
            col(Issue.fixed_at) > col(MarketplaceListing.assigned_at),
        )
    ).all()
    return sum(_finish_quietly(session, one, "A scan finds the issue gone.") for one in proved)


def rate(session: Session, principal: Principal, listing_id: UUID, stars: int, words: str) -> MarketplaceRating:
    """Say how a finished job went, once."""
    listing = listings.locked(session, listing_id)
    listings.require_manager(principal, listing)
    if listing.status is not ListingStatus.COMPLETED or listing.assigned_vendor_id is None:
        raise Conflict("A job is rated when it is finished.")
    if not 1 <= stars <= 5 or principal.user_id is None:
        raise Invalid("Between one and five stars.", "stars")
    made = MarketplaceRating(
        listing_id=listing.id,
        vendor_id=listing.assigned_vendor_id,
        team_id=listing.team_id,
        user_id=principal.user_id,
        stars=stars,
        words=words.strip()[:2_000],
        created_at=clock.utcnow(),
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Conflict("This job was rated already.") from None
    vendor = session.exec(
        select(MarketplaceVendor).where(col(MarketplaceVendor.id) == listing.assigned_vendor_id).with_for_update()
    ).one()
    given, mean = session.exec(
        select(func.count(), func.avg(col(MarketplaceRating.stars))).where(MarketplaceRating.vendor_id == vendor.id)
    ).one()
    vendor.rating_count, vendor.average_rating = given, Decimal(mean).quantize(Decimal("0.01"))
    session.add(vendor)
    listings.record(session, principal, listing, "work.rated", {"stars": stars})
    listings.tell_vendor(session, listing, vendor.id, f"{stars} stars", made.words or listing.title, "rated")
    return made


def reply(session: Session, principal: Principal, rating_id: UUID, words: str) -> MarketplaceRating:
    """The vendor's one reply."""
    rating = session.exec(
        select(MarketplaceRating).where(col(MarketplaceRating.id) == rating_id).with_for_update()
    ).first()
    vendor = session.get(MarketplaceVendor, rating.vendor_id) if rating else None
    if rating is None or vendor is None or vendor.team_id != principal.team_id:
        raise NotFound
    require(policy.can_manage_vendor(principal, vendor.team_id, vendor.user_id), "Only the vendor replies.")
    if rating.reply is not None:
        raise Conflict("You have replied already.")
    if not words.strip():
        raise Invalid("Write a reply.", "reply")
    rating.reply, rating.replied_at = words.strip()[:2_000], clock.utcnow()
    session.add(rating)
    listings.record(session, principal, listings.locked(session, rating.listing_id), "work.rating_answered", {})
    return rating


def _finish(session: Session, principal: Principal, listing: MarketplaceListing, why: str) -> None:
    if listing.status is not ListingStatus.ASSIGNED or listing.assigned_vendor_id is None:
        raise Conflict(f"This job is {listing.status.value}.")
    payment = payments.of_listing(session, listing.id)
    by_hand = payment is not None and payment.payment_method is PaymentMethod.MANUAL
    if payment is None or (payment.held_at is None and not by_hand):
        raise Conflict("Nothing was paid for this job yet.")
    if not by_hand:
        payments.release(session, payment, principal, why)
    _completed(session, principal, listing, why)


def _completed(session: Session, principal: Principal, listing: MarketplaceListing, why: str) -> None:
    now = clock.utcnow()
    listing.status, listing.completed_at, listing.updated_at = ListingStatus.COMPLETED, now, now
    listing.delivered_at = listing.delivered_at or now
    session.add(listing)
    vendor = session.exec(
        select(MarketplaceVendor).where(col(MarketplaceVendor.id) == listing.assigned_vendor_id).with_for_update()
    ).one()
    vendor.total_jobs, vendor.completed_jobs = vendor.total_jobs + 1, vendor.completed_jobs + 1
    session.add(vendor)
    listings.record(session, principal, listing, "work.accepted", {"why": why})
    if listing.task_id is not None:
        acting = principal if principal.team_id == listing.team_id else Principal.system(listing.team_id or vendor.id)
        task = tasks.get_for_update(session, acting, listing.task_id)
        if task.status in (TaskStatus.PENDING, TaskStatus.IN_PROGRESS):
            task_service.change_status(session, acting, task.id, TaskStatus.COMPLETED)


def _finish_quietly(session: Session, listing_id: UUID, why: str) -> int:
    """Finish one of many; what cannot be finished now is left for the next look."""
    try:
        with session.begin_nested():
            listing = listings.locked(session, listing_id)
            _finish(session, Principal.system(listing.team_id or listing.requestor_id), listing, why)
    except DomainError:
        return 0
    return 1


def _of_vendor(
    session: Session, principal: Principal, listing_id: UUID
) -> tuple[MarketplaceListing, MarketplaceVendor]:
    listing = listings.locked(session, listing_id)
    vendor = session.get(MarketplaceVendor, listing.assigned_vendor_id) if listing.assigned_vendor_id else None
    if vendor is None or vendor.team_id != principal.team_id:
        raise NotFound
    require(policy.can_manage_vendor(principal, vendor.team_id, vendor.user_id), "Only the vendor delivers the work.")
    return listing, vendor
