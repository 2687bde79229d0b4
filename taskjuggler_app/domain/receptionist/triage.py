"""Putting messages in their place: read, snoozed, assigned, spam, blocked; several at once, and all of it undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist import intake, queries, service
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.receptionist import (
    BlockedSender,
    InboxItem,
    InboxRead,
    InboxStatus,
    ProcessingStatus,
)

MOST_AT_ONCE = 200
LONGEST_SNOOZE = timedelta(days=366)
_MARK_READ = text(
    "INSERT INTO inbox_reads (user_id, item_id, team_id) SELECT :user, id, team_id FROM inbox_items "
    "WHERE id = ANY(:ids) AND team_id = :team ON CONFLICT DO NOTHING RETURNING item_id"
)
_VERBS = {"dismiss": service.dismiss, "restore": service.restore}


@dataclass(frozen=True)
class Outcome:
    """What became of several messages: those it was done to, and why the others were passed over."""

    done: list[UUID]
    skipped: dict[UUID, str]


def mark_read(session: Session, principal: Principal, item_ids: Sequence[UUID]) -> list[UUID]:
    """The person has seen these messages; gives those that were new to them."""
    if principal.user_id is None:
        return []
    values = {"user": principal.user_id, "ids": list(item_ids), "team": principal.team_id}
    return list(session.execute(_MARK_READ, values).scalars())


def mark_unread(session: Session, principal: Principal, item_ids: Sequence[UUID]) -> list[UUID]:
    """As if the person had not seen them; gives those that they had."""
    seen = (
        col(InboxRead.user_id) == principal.user_id,
        col(InboxRead.team_id) == principal.team_id,
        col(InboxRead.item_id).in_(item_ids),
    )
    return list(session.execute(delete(InboxRead).where(*seen).returning(col(InboxRead.item_id))).scalars())


def many(session: Session, principal: Principal, verb: str, item_ids: Sequence[UUID]) -> Outcome:
    """Do `verb` (dismiss, restore, spam, not_spam, unsnooze, read, unread) to messages.

    One that is gone, or that the verb does not fit, is passed over with the reason. Invalid for an unknown verb or too
    many.
    """
    if len(item_ids) > MOST_AT_ONCE:
        raise Invalid(f"Choose at most {MOST_AT_ONCE} messages at once.")
    if verb in ("read", "unread"):
        done = (mark_read if verb == "read" else mark_unread)(session, principal, item_ids)
        left = [one for one in dict.fromkeys(item_ids) if one not in done]
        there = set(session.exec(select(InboxItem.id).where(col(InboxItem.id).in_(left), queries.visible(principal))))
        already = f"This message is {verb} already."
        return Outcome(sorted(done), {one: already if one in there else queries.GONE for one in left})
    act = {**_VERBS, "spam": spam, "not_spam": not_spam, "unsnooze": unsnooze}.get(verb)
    if act is None:
        raise Invalid("That cannot be done to several messages.")
    return _each(session, item_ids, lambda item_id: act(session, principal, item_id))


def _each(session: Session, item_ids: Sequence[UUID], act: Callable[[UUID], object]) -> Outcome:
    """Do it to each, passing over those that are gone or that it does not fit."""
    if len(item_ids) > MOST_AT_ONCE:
        raise Invalid(f"Choose at most {MOST_AT_ONCE} messages at once.")
    outcome = Outcome([], {})
    for item_id in sorted(item_ids):
        try:
            with session.begin_nested():
                act(item_id)
            outcome.done.append(item_id)
        except Invalid:
            raise
        except DomainError as refusal:
            outcome.skipped[item_id] = refusal.message
    return outcome


def snooze(session: Session, principal: Principal, item_id: UUID, until: datetime) -> InboxItem:
    """Take a message out of sight until then. Invalid for the past or more than a year ahead."""
    now = clock.utcnow()
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("Choose a time from now to a year ahead.", "until")
    item = queries.get_for_update(session, principal, item_id)
    item.snoozed_until = until
    return service.changed(session, principal, item, "message.snoozed", until=until.isoformat())


def snooze_many(session: Session, principal: Principal, item_ids: Sequence[UUID], until: datetime) -> Outcome:
    """Snooze several. Invalid for a time that does not fit, or too many."""
    return _each(session, item_ids, lambda item_id: snooze(session, principal, item_id, until))


def unsnooze(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Bring a snoozed message back now. Conflict if it is not snoozed."""
    item = queries.get_for_update(session, principal, item_id)
    if item.snoozed_until is None:
        raise Conflict("This message is not snoozed.")
    item.snoozed_until = None
    return service.changed(session, principal, item, "message.unsnoozed")


def wake(session: Session, now: datetime) -> int:
    """Bring back the messages whose time has come, unread for everybody; says how many."""
    query = (
        select(InboxItem)
        .where(col(InboxItem.snoozed_until) <= now)
        .order_by(col(InboxItem.snoozed_until))
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    items = session.exec(query).all()
    for item in items:
        item.snoozed_until = None
        service.changed(session, Principal.system(item.team_id), item, "message.woke")
    session.execute(delete(InboxRead).where(col(InboxRead.item_id).in_([item.id for item in items])))
    return len(items)


def assign(session: Session, principal: Principal, item_id: UUID, user_id: UUID | None) -> InboxItem:
    """Say who looks after a message; None for nobody. NotFound for somebody outside the workspace."""
    name = "nobody"
    if user_id is not None:
        name = next((row.name for row in teams.members(session, principal) if row.user_id == str(user_id)), "")
        if not name:
            raise NotFound("That person is not in this workspace.")
    item = queries.get_for_update(session, principal, item_id)
    item.assigned_to = user_id
    return service.changed(session, principal, item, "message.assigned", note=f"to {name}")


def assign_many(
    session: Session, principal: Principal, item_ids: Sequence[UUID], user_id: UUID | None
) -> dict[UUID, UUID | None]:
    """Say who looks after several; gives who looked after each of them before."""
    query = select(InboxItem.id, InboxItem.assigned_to).where(
        col(InboxItem.id).in_(item_ids), queries.visible(principal)
    )
    before = dict(session.exec(query).all())
    outcome = _each(session, item_ids, lambda item_id: assign(session, principal, item_id, user_id))
    return {item_id: before[item_id] for item_id in outcome.done}


def assign_back(session: Session, principal: Principal, before: Mapping[UUID, UUID | None]) -> None:
    """Undo `assign_many`."""
    for item_id, user_id in before.items():
        assign(session, principal, item_id, user_id)


def spam(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Put a message with the spam. Conflict if it is there, or became a task."""
    item = queries.get_for_update(session, principal, item_id)
    if item.status is InboxStatus.CREATED_TASK:
        raise Conflict("This message became a task: close the task instead.")
    if item.spam_at is not None:
        raise Conflict("This message is with the spam already.")
    item.spam_at = clock.utcnow()
    return service.changed(session, principal, item, "message.spam")


def not_spam(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Bring a message back from the spam; one that was never read is read and routed now."""
    item = queries.get_for_update(session, principal, item_id)
    if item.spam_at is None:
        raise Conflict("This message is not with the spam.")
    item.spam_at = None
    if item.routing_trace is None and item.status is not InboxStatus.DISMISSED:
        item.status, item.processing_status, item.dead_at = InboxStatus.UNPROCESSED, ProcessingStatus.PENDING, None
        intake.queue(session, [item.id])
    return service.changed(session, principal, item, "message.not_spam")


def block_sender(session: Session, principal: Principal, item_id: UUID) -> str:
    """Send what this sender writes to spam from now on, unread and unanswered; gives the blocked address."""
    item = queries.get_for_update(session, principal, item_id)
    address = folded(item.from_identifier)
    if not address:
        raise Invalid("This message has no sender that could be blocked.")
    block(session, principal, address)
    if item.spam_at is None and item.status is not InboxStatus.CREATED_TASK:
        item.spam_at = clock.utcnow()
    service.changed(session, principal, item, "sender.blocked", note=address)
    return address


def block(session: Session, principal: Principal, address: str) -> None:
    """Send what this number or address writes to spam from now on."""
    values = {"team_id": principal.team_id, "address": folded(address), "created_by": principal.user_id}
    session.execute(insert(BlockedSender).values(values).on_conflict_do_nothing())


def unblock_sender(session: Session, principal: Principal, address: str) -> None:
    """Let a sender's messages in again."""
    session.execute(
        delete(BlockedSender).where(
            col(BlockedSender.team_id) == principal.team_id, col(BlockedSender.address) == folded(address)
        )
    )
    data = {"address": folded(address)}
    record_event(
        session,
        principal,
        kind="sender.unblocked",
        subject_type="team",
        subject_id=principal.team_id,
        data=data,
    )
    live.publish(session, topics.inbox(principal.team_id))


def unblock_with(session: Session, principal: Principal, item_id: UUID, address: str) -> None:
    """Undo `block_sender`: let the sender in again, and take the message out of the spam."""
    unblock_sender(session, principal, address)
    if queries.get_for_update(session, principal, item_id).spam_at is not None:
        not_spam(session, principal, item_id)


def blocked(session: Session, principal: Principal) -> list[str]:
    """The addresses and numbers that are kept out, in order."""
    query = select(BlockedSender.address).where(BlockedSender.team_id == principal.team_id)
    return list(session.exec(query.order_by(col(BlockedSender.address)).limit(1000)))


def is_blocked(session: Session, team_id: UUID, sender: str) -> bool:
    """Whether the workspace wants nothing from this sender."""
    query = select(BlockedSender.id).where(BlockedSender.team_id == team_id, BlockedSender.address == folded(sender))
    return session.exec(query).first() is not None


def folded(address: str) -> str:
    """A sender as it is compared: lower case, no blanks."""
    return "".join(address.lower().split())[:255]
