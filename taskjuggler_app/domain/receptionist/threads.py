"""Which messages belong together: by mail references, by the code in a subject, by who has been writing with whom.

A thread is named by the id of its first message, which has the code that people see as [#code]. Where nothing proves
it, a message is only *suggested* to belong to the sender's open case; one click joins it, one click splits it again.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist import queries
from taskjuggler_app.models.incoming import ThreadReference
from taskjuggler_app.models.receptionist import InboxItem, InboxStatus, SourceType
from taskjuggler_app.models.tasks import Task, TaskStatus

PAIR_WINDOW = timedelta(hours=72)
"""How long after our text a text from the same number counts as its answer."""
SUGGEST_WINDOW = timedelta(days=14)
_OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE = re.compile(r"\[?#([2-9A-HJ-NP-Z]{8})\b\]?", re.I)
_REMEMBER = text(
    """
    INSERT INTO thread_references (team_id, reference, thread_id, created_at) VALUES (:team, :reference, :thread, :now)
    ON CONFLICT (team_id, reference) DO UPDATE SET thread_id = excluded.thread_id, created_at = excluded.created_at
    """
)


@dataclass(frozen=True, slots=True)
class Place:
    """The thread of a message and what proves it; `suggested` is a thread that it may belong to."""

    thread_id: UUID | None = None
    reason: str = ""
    suggested: UUID | None = None


def find(session: Session, item: InboxItem) -> Place:
    """Where a new message belongs."""
    references = [str(one) for one in item.source_data.get("references") or []]
    if (found := _by_references(session, item.team_id, references)) is not None:
        return Place(found, "It answers a mail of this case.")
    for code in codes(f"{item.subject or ''} {item.body[:2000] if item.source_type is SourceType.SMS else ''}"):
        if (root := by_code(session, item.team_id, code)) is not None:
            return Place(root.id, f"It names the case #{code}.")
    if item.source_type is SourceType.SMS and (pair := _by_pair(session, item)) is not None:
        return Place(pair, "It answers our text to this number.")
    return Place(suggested=_open_case_of(session, item))


def place(session: Session, item: InboxItem, found: Place) -> None:
    """Put the message into its thread, or at the head of a new one, and remember its Message-ID."""
    item.thread_id = found.thread_id or item.id
    item.suggested_thread_id = found.suggested
    if item.thread_id == item.id and item.thread_code is None:
        item.thread_code = new_code()
    session.add(item)
    session.flush()
    if item.source_type is SourceType.EMAIL and item.source_id:
        remember(session, item.team_id, item.source_id, item.thread_id)


def remember(session: Session, team_id: UUID, reference: str, thread_id: UUID) -> None:
    """A Message-ID, theirs or that of our answer, belongs to the thread."""
    values = {"team": team_id, "reference": reference.strip("<> ")[:255], "thread": thread_id, "now": clock.utcnow()}
    session.execute(_REMEMBER, values)


def wrote_to(session: Session, team_id: UUID, channel_id: UUID, number: str, thread_id: UUID) -> None:
    """We texted the number in this thread: what it texts back soon is an answer to that."""
    remember(session, team_id, _pair(channel_id, number), thread_id)


def codes(words: str) -> list[str]:
    """The case codes in a text, in upper case."""
    return [found.upper() for found in _CODE.findall(words)]


def by_code(session: Session, team_id: UUID, code: str) -> InboxItem | None:
    """The first message of the case with this code."""
    query = select(InboxItem).where(InboxItem.team_id == team_id, InboxItem.thread_code == code.upper())
    return session.exec(query).first()


def task_of(session: Session, thread_id: UUID) -> Task | None:
    """The newest task that the thread led to, and is not in the bin."""
    query = (
        select(Task)
        .join(InboxItem, col(InboxItem.routed_to_task_id) == col(Task.id))
        .where(InboxItem.thread_id == thread_id, col(Task.deleted_at).is_(None))
        .order_by(col(Task.created_at).desc(), col(Task.id))
    )
    return session.exec(query).first()


def new_code() -> str:
    """Eight signs that are hard to guess and easy to read aloud."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def join(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Put a message into the case it was suggested to belong to; its own untouched task goes to the bin."""
    item = queries.get_for_update(session, principal, item_id)
    if item.suggested_thread_id is None:
        raise Conflict("There is no case left that this message might belong to.")
    root = session.get(InboxItem, item.suggested_thread_id)
    if root is None or root.team_id != item.team_id:
        raise NotFound
    own = session.get(Task, item.routed_to_task_id) if item.routed_to_task_id else None
    if own is not None and own.status is not TaskStatus.PENDING:
        raise Conflict("Work on this message's own task has begun, so it stays a case of its own.")
    target = task_of(session, root.thread_id or root.id)
    before = {"thread_id": str(item.thread_id or item.id), "task_id": str(item.routed_to_task_id or "")}
    if own is not None and target is not None and own.id != target.id:
        own.deleted_at = clock.utcnow()
        session.add(own)
        live.publish(session, topics.tasks(item.team_id), topics.task(own.id))
    item.thread_id, item.suggested_thread_id = root.thread_id or root.id, None
    item.source_data = {**item.source_data, "joined_from": before}
    if target is not None:
        item.routed_to_task_id, item.status = target.id, InboxStatus.CREATED_TASK
    return _changed(session, principal, item, "message.joined")


def split(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Take a message out of its case again: a case of its own, with the task it had before. Conflict for the first."""
    item = queries.get_for_update(session, principal, item_id)
    if item.thread_id in (None, item.id):
        raise Conflict("This message is not part of another case.")
    before = item.source_data.get("joined_from") or {}
    item.suggested_thread_id, item.thread_id = item.thread_id, item.id
    item.thread_code = item.thread_code or new_code()
    own = session.get(Task, UUID(before["task_id"])) if before.get("task_id") else None
    item.routed_to_task_id = own.id if own else None
    item.status = InboxStatus.CREATED_TASK if own else InboxStatus.PROCESSED
    if own is not None and own.deleted_at is not None:
        own.deleted_at = None
        session.add(own)
        live.publish(session, topics.tasks(item.team_id), topics.task(own.id))
    item.source_data = {key: value for key, value in item.source_data.items() if key != "joined_from"}
    if item.source_id:
        moved = update(ThreadReference).where(
            col(ThreadReference.team_id) == item.team_id, col(ThreadReference.reference) == item.source_id
        )
        session.execute(moved.values(thread_id=item.id))
    return _changed(session, principal, item, "message.split")


def _by_references(session: Session, team_id: UUID, references: Sequence[str]) -> UUID | None:
    """The thread of the nearest mail that is answered."""
    if not references:
        return None
    rows = session.exec(
        select(ThreadReference.reference, ThreadReference.thread_id).where(
            ThreadReference.team_id == team_id, col(ThreadReference.reference).in_([one[:255] for one in references])
        )
    )
    known = dict(rows.all())
    return next((known[one] for one in reversed([one[:255] for one in references]) if one in known), None)


def _by_pair(session: Session, item: InboxItem) -> UUID | None:
    query = select(ThreadReference.thread_id).where(
        ThreadReference.team_id == item.team_id,
        ThreadReference.reference == _pair(item.channel_id, item.from_identifier),
        col(ThreadReference.created_at) > item.received_at - PAIR_WINDOW,
    )
    return session.exec(query).first()


def _pair(channel_id: UUID | None, number: str) -> str:
    return f"pair:{channel_id}:{number}"[:255]


def _open_case_of(session: Session, item: InboxItem) -> UUID | None:
    """The newest open case of the same sender, for a suggestion."""
    query = (
        select(InboxItem.thread_id)
        .join(Task, col(Task.id) == col(InboxItem.routed_to_task_id))
        .where(
            InboxItem.team_id == item.team_id,
            InboxItem.from_identifier == item.from_identifier,
            InboxItem.id != item.id,
            col(InboxItem.thread_id).is_not(None),
            col(InboxItem.received_at) > item.received_at - SUGGEST_WINDOW,
            col(Task.status).in_(_OPEN),
            col(Task.deleted_at).is_(None),
        )
        .order_by(col(InboxItem.received_at).desc())
    )
    return session.exec(query).first()


def _changed(session: Session, principal: Principal, item: InboxItem, kind: str) -> InboxItem:
    session.add(item)
    data = {"thread_id": str(item.thread_id)}
    record_event(session, principal, kind=kind, subject_type="inbox_item", subject_id=item.id, data=data)
    live.publish(session, topics.inbox_item(item.id), topics.inbox(item.team_id))
    return item
