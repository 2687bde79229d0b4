"""A message's page beyond the message itself: its files, its case, the answers to it, and how it may be answered."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.contacts import optouts
from taskjuggler_app.domain.files.naming import SHOWN_INLINE
from taskjuggler_app.domain.files.queries import worded_size
from taskjuggler_app.domain.receptionist import queries, replies, threads, triage
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.models.outbox import OutboxKind
from taskjuggler_app.models.outgoing import OutgoingMessage, OutgoingPurpose, OutgoingStatus
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem
from taskjuggler_app.models.users import User

MOST_LETTERS = 100
LONGEST_BESIDE = 3000
"""Characters of another message of the case that the page shows."""


@dataclass
class FileLine:
    """A file of a message. One that was not kept has no `href` but a `reason`."""

    name: str = ""
    size: str = ""
    href: str = ""
    is_image: bool = False
    is_audio: bool = False
    reason: str = ""


@dataclass
class Letter:
    """A message of the case, or an answer to one; `kind` is message, reply, auto_reply or answer.

    `state` is that of an answer (queued, sent, delivered, failed, withheld, cancelled), with its `reason`. `waits` says
    that it can still be taken back, until `send_at`.
    """

    id: str = ""
    kind: str = "message"
    who: str = ""
    to: str = ""
    via: str = ""
    text: str = ""
    at: str = ""
    href: str = ""
    files: int = 0
    state: str = ""
    reason: str = ""
    waits: bool = False


@dataclass
class Conversation:
    """What stands around a message. `answer_to` is empty where it cannot be answered from here, and `no_answer` says
    why; `suggested` is the open case that it may belong to."""

    files: list[FileLine] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    code: str = ""
    has_html: bool = False
    remote_blocked: int = 0
    quoted: str = ""
    kept_raw: str = ""
    answer_by: str = ""
    answer_to: str = ""
    no_answer: str = ""
    suggested: str = ""
    suggested_title: str = ""
    suggested_at: str = ""
    is_in_case: bool = False
    is_blocked: bool = False
    forwarded_by: str = ""
    assigned_id: str = ""


def around(session: Session, principal: Principal, item_id: UUID) -> Conversation:
    """Everything around one message. NotFound if it is not theirs to see."""
    item = session.exec(select(InboxItem).where(InboxItem.id == item_id, queries.visible(principal))).first()
    if item is None:
        raise NotFound("That message does not exist, or it is not yours to see.")
    source = item.source_data
    found = Conversation(
        files=[_file(one) for one in item.attachments if isinstance(one, dict)],
        code=threads.code_of(session, item),
        has_html=bool(source.get("html")),
        remote_blocked=int(source.get("remote_blocked") or 0),
        quoted=str(source.get("whole_text") or ""),
        kept_raw=str(source.get("raw_kept_reason") or ""),
        is_in_case=item.thread_id not in (None, item.id),
        is_blocked=triage.is_blocked(session, item.team_id, item.from_identifier),
        forwarded_by=str(source.get("forwarded_by") or ""),
        assigned_id=str(item.assigned_to or ""),
    )
    members = _members(session, item)
    answers = _answers(session, principal, [one.id for one in members])
    found.letters = sorted([*(_message(one) for one in members if one.id != item.id), *answers], key=lambda one: one.at)
    found.events = _events(session, principal, item, members)
    _suggestion(session, item, found)
    _answering(session, item, found)
    return found


def _members(session: Session, item: InboxItem) -> list[InboxItem]:
    if item.thread_id is None:
        return [item]
    query = select(InboxItem).where(InboxItem.team_id == item.team_id, InboxItem.thread_id == item.thread_id)
    newest = session.exec(query.order_by(col(InboxItem.received_at).desc()).limit(MOST_LETTERS)).all()
    return list(newest) if any(one.id == item.id for one in newest) else [item, *newest]


def _answers(session: Session, principal: Principal, item_ids: list[UUID]) -> list[Letter]:
    rows = session.exec(
        select(OutgoingMessage, User.name)
        .outerjoin(User, col(User.id) == col(OutgoingMessage.created_by))
        .where(OutgoingMessage.team_id == principal.team_id, col(OutgoingMessage.inbox_item_id).in_(item_ids))
        .order_by(col(OutgoingMessage.created_at).desc())
        .limit(MOST_LETTERS)
    )
    return [
        Letter(
            id=str(one.id),
            kind=one.purpose.value,
            who=name or "TaskJuggler",
            to=one.to_address,
            via=one.kind.value,
            text=one.body,
            at=one.created_at.isoformat(),
            state=one.status.value,
            reason=one.reason or "",
            waits=one.status is OutgoingStatus.QUEUED and one.sent_at is None and one.purpose is OutgoingPurpose.REPLY,
        )
        for one, name in rows
    ]


def _message(item: InboxItem) -> Letter:
    return Letter(
        id=str(item.id),
        who=item.from_name or item.from_identifier,
        via=item.source_type.value,
        text=item.body[:LONGEST_BESIDE],
        at=item.received_at.isoformat(),
        href=f"/inbox/{item.id}",
        files=len(item.attachments),
    )


def _events(session: Session, principal: Principal, item: InboxItem, members: list[InboxItem]) -> list[EventRow]:
    """The case's log: this message's, the answers' to the others, and its task's."""
    events = cases.thread(session, principal, {"inbox_item": item.id, "task": item.routed_to_task_id})
    for other in members[:20]:
        if other.id != item.id:
            theirs = cases.thread(session, principal, {"inbox_item": other.id})
            events += [one for one in theirs if one.kind.startswith("reply.")]
    return sorted(events, key=lambda one: one.id)


def _suggestion(session: Session, item: InboxItem, found: Conversation) -> None:
    root = session.get(InboxItem, item.suggested_thread_id) if item.suggested_thread_id else None
    if root is not None and root.team_id == item.team_id:
        task = threads.task_of(session, root.thread_id or root.id)
        found.suggested = str(root.id)
        found.suggested_title = task.title if task else root.subject or root.body[:80]
        found.suggested_at = root.received_at.isoformat()


def _answering(session: Session, item: InboxItem, found: Conversation) -> None:
    kind = replies.kind_of(item.from_identifier)
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    if kind is None:
        found.no_answer = "There is no number or address to answer to."
    elif kind is OutboxKind.SMS and (channel is None or not channel.phone_number):
        found.no_answer = "This came through a channel without a number, so a text has no sender."
    elif kind is OutboxKind.SMS and optouts.is_opted_out(
        session, item.team_id, ContactChannel.SMS, item.from_identifier
    ):
        found.no_answer = "They texted STOP: no texts go to this number until they text START."
    else:
        found.answer_by, found.answer_to = kind.value, item.from_identifier


def _file(listed: dict[str, Any]) -> FileLine:
    name, kind = str(listed.get("name") or "File"), str(listed.get("type") or "")
    if listed.get("file_id"):
        is_audio = kind in SHOWN_INLINE and kind.startswith("audio/")
        return FileLine(
            name=name,
            size=worded_size(int(listed.get("size") or 0)),
            href=f"/files/{listed['file_id']}",
            is_image=kind in SHOWN_INLINE and kind.startswith("image/"),
            is_audio=is_audio or listed.get("kind") == "recording",
        )
    waiting = "It is being fetched." if listed.get("url") else ""
    return FileLine(name=name, reason=str(listed.get("reason") or waiting))
