"""Listings: published from a task or from scratch, cancelled, reopened, expired; matches are stored with reasons."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.marketplace import matching, policy
from taskjuggler_app.domain.marketplace.drafts import STANDS, ListingDraft, checked
from taskjuggler_app.domain.marketplace.vendors import CATEGORIES
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import service as payments
from taskjuggler_app.domain.payments.transitions import is_payable
from taskjuggler_app.domain.tasks import policy as task_policy
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.models.marketplace import (
    BidStatus,
    ListingStatus,
    MarketplaceBid,
    MarketplaceListing,
    MarketplaceMatch,
    MarketplaceVendor,
    TransactionStatus,
)

TELL_BEST = 10
AI_BIDS = "marketplace.ai_bids"
MAY = "Only who asked for the work, or an admin, can do that."


def publish(
    session: Session, principal: Principal, draft: ListingDraft, task_id: UUID | None = None
) -> MarketplaceListing:
    """Make a listing, from a task when one is named. Conflict when the task has a live one."""
    if principal.user_id is None:
        raise Invalid("Sign in to ask for work.")
    if task_id is not None:
        task = tasks.get_for_update(session, principal, task_id)
        may = task_policy.can_assign(principal, task, tasks.doer_id(session, task))
        require(may, "Only who may give this task to somebody can put it on the marketplace.")
    now = clock.utcnow()
    made = MarketplaceListing(
        team_id=principal.team_id,
        requestor_id=principal.user_id,
        task_id=task_id,
        created_at=now,
        updated_at=now,
        **checked(draft, now),
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Conflict("This task is on the marketplace already.") from None
    if task_id is not None:
        task.marketplace_listing_id = made.id
        session.add(task)
    _opened(session, principal, made, "listing.published")
    return made


def draft_of_task(session: Session, principal: Principal, task_id: UUID) -> ListingDraft:
    """What a task's listing would say: its own words, and what the rule that made it says of the listing."""
    task = tasks.get(session, principal, task_id)
    meta = task.meta or {}
    said: dict[str, Any] = meta["listing"] if isinstance(meta.get("listing"), dict) else {}
    category = str(said.get("category") or meta.get("category") or "general")
    return ListingDraft(
        title=task.title,
        description=task.description or "",
        category=category if category in CATEGORIES else "general",
        budget_type=str(said.get("budget_type") or "fixed"),
        budget_min=str(said.get("budget_min") or ""),
        budget_max=str(said.get("budget_max") or ""),
        needed_by=task.due_date,
    )


def publish_task(session: Session, principal: Principal, task_id: UUID) -> MarketplaceListing:
    """One click: the task as a listing."""
    return publish(session, principal, draft_of_task(session, principal, task_id), task_id)


def cancel(session: Session, principal: Principal, listing_id: UUID, reason: str = "") -> MarketplaceListing:
    """Take a listing away. What is held goes back whole, unless the work was delivered: then it is disputed instead."""
    listing = locked(session, listing_id)
    require_manager(principal, listing)
    if listing.status not in (ListingStatus.OPEN, ListingStatus.ASSIGNED):
        raise Conflict(f"This listing is {listing.status.value}.")
    if listing.delivered_at is not None:
        raise Conflict("The work was delivered: accept it, or dispute the payment.")
    words = " ".join(reason.split())[:500] or "Cancelled by who asked for it."
    _give_back(session, principal, listing, words)
    close(session, principal, listing, words, "listing.cancelled")
    return listing


def reopen(session: Session, principal: Principal, listing_id: UUID) -> MarketplaceListing:
    """Open a cancelled or expired listing again, for another two weeks."""
    listing = locked(session, listing_id)
    require_manager(principal, listing)
    if listing.status is not ListingStatus.CANCELLED:
        raise Conflict("Only a cancelled or expired listing can be opened again.")
    _open_again(session, principal, listing)
    return listing


def back_to_market(session: Session, principal: Principal, listing: MarketplaceListing, why: str) -> None:
    """An awarded job whose vendor gave up, or that nobody paid: the money goes back, others may bid again."""
    _give_back(session, principal, listing, why)
    session.execute(
        MarketplaceBid.__table__.update()  # type: ignore[attr-defined]  # SQLModel makes it
        .where(col(MarketplaceBid.listing_id) == listing.id, col(MarketplaceBid.status) == BidStatus.ACCEPTED)
        .values(status=BidStatus.WITHDRAWN)
    )
    _open_again(session, principal, listing)


def expire(session: Session, now: datetime) -> int:
    """Close what nobody was chosen for in time; says how many."""
    due = session.exec(
        select(MarketplaceListing)
        .where(MarketplaceListing.status == ListingStatus.OPEN, col(MarketplaceListing.expires_at) <= now)
        .with_for_update(skip_locked=True)
        .limit(200)
    ).all()
    for listing in due:
        close(
            session,
            Principal.system(listing.team_id or listing.requestor_id),
            listing,
            "Nobody was chosen in time.",
            "listing.expired",
        )
        tell_requestor(session, listing, "Your listing expired", listing.title, f"expired:{listing.id}:{now.date()}")
    return len(due)


def close(session: Session, principal: Principal, listing: MarketplaceListing, why: str, kind: str) -> None:
    """No award will come, or the one that was made is over: bids end and their vendors hear why."""
    listing.status, listing.closing_note, listing.updated_at = ListingStatus.CANCELLED, why, clock.utcnow()
    session.add(listing)
    rows = session.exec(
        select(MarketplaceBid).where(
            MarketplaceBid.listing_id == listing.id,
            col(MarketplaceBid.status).in_([BidStatus.PENDING, BidStatus.ACCEPTED]),
        )
    ).all()
    for bid in rows:
        bid.status = BidStatus.REJECTED
        session.add(bid)
        tell_vendor(
            session, listing, bid.vendor_id, "A job was taken back", f"{listing.title}: {why}", f"closed:{bid.id}"
        )
    _release_task(session, principal, listing)
    record(session, principal, listing, kind, {"why": why})


def locked(session: Session, listing_id: UUID) -> MarketplaceListing:
    """The listing, locked. NotFound if there is none."""
    listing = session.exec(
        select(MarketplaceListing)
        .where(col(MarketplaceListing.id) == listing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if listing is None:
        raise NotFound
    return listing


def require_manager(principal: Principal, listing: MarketplaceListing) -> None:
    """Raise unless the principal decides about the listing."""
    if listing.team_id != principal.team_id:
        raise NotFound
    require(policy.can_manage_listing(principal, listing.team_id, listing.requestor_id), MAY)


def record(
    session: Session, principal: Principal, listing: MarketplaceListing, kind: str, data: dict[str, Any]
) -> None:
    """The log of the workspace that asks, and the open pages. A vendor's acts are told by the system."""
    acting = (
        principal
        if principal.team_id == listing.team_id
        else Principal.system(listing.team_id or principal.team_id, principal.door)
    )
    record_event(session, acting, kind=kind, subject_type="listing", subject_id=listing.id, data=data)
    live.publish(session, topics.listing(listing.id), topics.marketplace())
    if listing.task_id is not None:
        live.publish(session, topics.task(listing.task_id))


def tell_vendor(
    session: Session, listing: MarketplaceListing, vendor_id: UUID, title: str, text: str, key: str
) -> None:
    """A notification for the person behind a vendor."""
    vendor = session.get_one(MarketplaceVendor, vendor_id)
    if vendor.user_id is not None and vendor.team_id is not None:
        _notify(session, vendor.user_id, vendor.team_id, listing, title, text, key)


def tell_requestor(session: Session, listing: MarketplaceListing, title: str, text: str, key: str) -> None:
    if listing.team_id is not None:
        _notify(session, listing.requestor_id, listing.team_id, listing, title, text, key)


def _notify(
    session: Session, user_id: UUID, team_id: UUID, listing: MarketplaceListing, title: str, text: str, key: str
) -> None:
    link = f"/marketplace/listings/{listing.id}"
    notify(
        session,
        user_id,
        type="marketplace",
        title=title,
        message=text,
        link=link,
        dedupe_key=f"{key}:{listing.id}",
        team_id=team_id,
    )


def _opened(session: Session, principal: Principal, listing: MarketplaceListing, kind: str) -> None:
    """Match, tell the best, let the tools bid."""
    session.execute(delete(MarketplaceMatch).where(col(MarketplaceMatch.listing_id) == listing.id))
    found = matching.rank(session, matching.job_of(listing)).rows
    for scored in found:
        session.add(
            MarketplaceMatch(
                listing_id=listing.id,
                vendor_id=scored.vendor_id,
                team_id=listing.team_id,
                score=scored.score,
                score_parts=scored.parts,
            )
        )
    session.flush()
    for scored in found[:TELL_BEST]:
        why = matching.reasons(scored.parts)
        tell_vendor(
            session,
            listing,
            scored.vendor_id,
            "A job that fits you",
            f"{listing.title} ({why})",
            f"fits:{scored.vendor_id}:{listing.updated_at.isoformat()}",
        )
    queue.defer(session, AI_BIDS, listing_id=str(listing.id))
    record(session, principal, listing, kind, {"title": listing.title, "matches": len(found)})


def _open_again(session: Session, principal: Principal, listing: MarketplaceListing) -> None:
    now = clock.utcnow()
    listing.status, listing.closing_note, listing.updated_at = ListingStatus.OPEN, None, now
    listing.assigned_vendor_id = listing.assigned_at = listing.delivered_at = None
    listing.expires_at = now + STANDS
    session.add(listing)
    session.flush()
    _release_task(session, principal, listing)
    _opened(session, principal, listing, "listing.reopened")


def _release_task(session: Session, principal: Principal, listing: MarketplaceListing) -> None:
    """The task has no doer again while nobody is chosen."""
    if listing.task_id is None or listing.team_id is None:
        return
    task = tasks.get_for_update(session, Principal.system(listing.team_id), listing.task_id)
    task.marketplace_vendor_id = None
    session.add(task)


def _give_back(session: Session, principal: Principal, listing: MarketplaceListing, why: str) -> None:
    payment = payments.of_listing(session, listing.id)
    if payment is None:
        return
    if is_payable(payment):
        payments.cancel_unpaid(session, payment, principal, why)
    elif payment.status is TransactionStatus.PROCESSING and payment.held_at is not None:
        payments.refund(session, payment, principal, why)
