"""Reading the inbox and the channels: what a principal may see, one page at a time."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.receptionist import searching
from taskjuggler_app.domain.teams.faces import face_of
from taskjuggler_app.models.receptionist import INBOX_FOLDER, AssistantChannel, InboxItem
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
FOLDERS = ("all", "unprocessed", "processed", "created_task", "dismissed", "failed", "snoozed", "spam")
GONE = "That message does not exist, or it is not yours to see."


@dataclass
class InboxRow:
    """A message in a list; `received_at` is ISO 8601 in UTC; `assigned_picture` an address, empty for none."""

    id: str = ""
    source_type: str = ""
    channel: str = ""
    sender: str = ""
    sender_id: str = ""
    summary: str = ""
    body: str = ""
    category: str = ""
    urgency: str = ""
    status: str = ""
    processing_status: str = ""
    task_id: str = ""
    received_at: str = ""
    folder: str = ""
    is_unread: bool = True
    assigned_to: str = ""
    assigned_picture: str = ""
    has_attachments: bool = False
    snoozed_until: str = ""


@dataclass
class ItemDetail:
    """A message's page."""

    row: InboxRow
    subject: str = ""
    extraction: dict[str, Any] | None = None
    trace: dict[str, Any] | None = None
    task_title: str = ""
    error: str = ""
    attempts: int = 0
    is_dead: bool = False
    events: list[EventRow] = field(default_factory=list)


@dataclass
class ChannelRow:
    """A channel in the list."""

    id: str = ""
    name: str = ""
    channel_type: str = ""
    phone_number: str = ""
    email_address: str = ""
    slug: str = ""
    is_active: bool = True
    responsible: str = ""
    messages: int = 0
    last_message_at: str = ""


def visible(principal: Principal) -> ColumnElement[bool]:
    """What the principal may see: the workspace's messages."""
    return col(InboxItem.team_id) == principal.team_id


def get_for_update(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """The message, locked until the transaction ends. NotFound if it is not the principal's to see."""
    item = session.exec(select(InboxItem).where(InboxItem.id == item_id, visible(principal)).with_for_update()).first()
    if item is None:
        raise NotFound(GONE)
    return item


def failed_for_update(session: Session, principal: Principal) -> list[InboxItem]:
    """The workspace's failed messages that nobody put away, locked."""
    query = select(InboxItem).where(visible(principal), _has_failed()).order_by(col(InboxItem.id))
    return list(session.exec(query.with_for_update()))


def inbox_page(
    session: Session, principal: Principal, *, folder: str = "all", text: str = "", cursor: str = ""
) -> Page[InboxRow]:
    """One page of messages, newest first; `text` is searched as `searching` says.

    The folder `all` leaves spam out. Invalid for a cursor that is not ours.
    """
    query = _rows_of(principal).where(*_conditions(principal, folder, text)).limit(PAGE_SIZE + 1)
    query = query.order_by(col(InboxItem.received_at).desc(), col(InboxItem.id).desc())
    if cursor:
        after = Cursor.parse(cursor)
        query = query.where(tuple_(col(InboxItem.received_at), col(InboxItem.id)) < (after.at, after.id))
    found = session.execute(query).all()
    rows = [_row(*one) for one in found[:PAGE_SIZE]]
    last = found[PAGE_SIZE - 1][0] if len(found) > PAGE_SIZE else None
    return Page(rows, Cursor(last.received_at, last.id).dump() if last else "")


def folder_counts(session: Session, principal: Principal) -> dict[str, int]:
    """How many messages each folder holds; `all` is what is not spam."""
    query = sa_select(INBOX_FOLDER, func.count()).where(visible(principal)).group_by(INBOX_FOLDER)
    found: Any = session.execute(query).all()
    counts = {**dict.fromkeys(FOLDERS[1:], 0), **dict(found)}
    return {"all": sum(counts.values()) - counts["spam"], **counts}


def item(session: Session, principal: Principal, item_id: UUID) -> ItemDetail:
    """One message with its extraction, its trace and its case's events. NotFound if it is not theirs to see."""
    found = session.execute(_rows_of(principal).where(col(InboxItem.id) == item_id, visible(principal))).first()
    if found is None:
        raise NotFound(GONE)
    row: InboxItem = found[0]
    task = session.get(Task, row.routed_to_task_id) if row.routed_to_task_id else None
    return ItemDetail(
        row=_row(*found),
        subject=row.subject or "",
        extraction=row.extracted_data,
        trace=row.routing_trace,
        task_title=task.title if task else "",
        error=row.processing_error or "",
        attempts=row.attempts,
        is_dead=row.dead_at is not None,
        events=cases.thread(session, principal, {"inbox_item": row.id, "task": row.routed_to_task_id}),
    )


def channels(session: Session, principal: Principal) -> list[ChannelRow]:
    """The workspace's channels by name, with how much comes in through each."""
    query = (
        select(AssistantChannel, User.name, func.count(col(InboxItem.id)), func.max(InboxItem.received_at))
        .join(User, col(User.id) == col(AssistantChannel.user_id))
        .outerjoin(InboxItem, col(InboxItem.channel_id) == col(AssistantChannel.id))
        .where(AssistantChannel.team_id == principal.team_id)
        .group_by(col(AssistantChannel.id), col(User.name))
        .order_by(col(AssistantChannel.is_active).desc(), col(AssistantChannel.name), col(AssistantChannel.id))
    )
    return [
        ChannelRow(
            id=str(channel.id),
            name=channel.name or channel.phone_number or channel.email_address or "",
            channel_type=channel.channel_type.value,
            phone_number=channel.phone_number or "",
            email_address=channel.email_address or "",
            slug=channel.slug or "",
            is_active=channel.is_active,
            responsible=responsible,
            messages=messages,
            last_message_at=last.isoformat() if last else "",
        )
        for channel, responsible, messages, last in session.exec(query)
    ]


def received_by_day(session: Session, principal: Principal, zone: str, days: int) -> list[tuple[str, int]]:
    """How many messages came in on each of the last `days` days of `zone`'s calendar: (ISO date, number)."""
    day = func.date(func.timezone(zone, col(InboxItem.received_at)))
    first = clock.utcnow().astimezone(ZoneInfo(zone)).date() - timedelta(days=days - 1)
    start = datetime.combine(first, time(), ZoneInfo(zone))
    query = select(day, func.count()).where(visible(principal), col(InboxItem.received_at) >= start).group_by(day)
    found = {received.isoformat(): number for received, number in session.exec(query)}
    dates = [(first + timedelta(days=offset)).isoformat() for offset in range(days)]
    return [(date, found.get(date, 0)) for date in dates]


def by_category(session: Session, principal: Principal, since: datetime) -> list[tuple[str, int]]:
    """How many messages of each category came in since then, most first."""
    category = col(InboxItem.extracted_data)["category"]["value"].astext
    query = (
        select(category, func.count())
        .where(visible(principal), col(InboxItem.received_at) >= since, col(InboxItem.extracted_data).is_not(None))
        .group_by(category)
        .order_by(func.count().desc(), category)
    )
    return [(name, number) for name, number in session.exec(query)]


def _rows_of(principal: Principal) -> Select[Any]:
    """Messages with what a row shows beside them: channel, folder, whether it is unread, who it is assigned to."""
    shown: list[Any] = [InboxItem, AssistantChannel.name, INBOX_FOLDER, searching.is_unread(principal), User.name]
    shown.append(face_of(col(InboxItem.assigned_to), col(InboxItem.team_id)))
    return (
        sa_select(*shown)
        .options(defer(cast(Any, InboxItem.source_data)))
        .outerjoin(AssistantChannel, col(AssistantChannel.id) == col(InboxItem.channel_id))
        .outerjoin(User, col(User.id) == col(InboxItem.assigned_to))
    )


def _conditions(principal: Principal, folder: str, text: str) -> list[ColumnElement[bool]]:
    inside: Any = INBOX_FOLDER != "spam" if folder == "all" else folder == INBOX_FOLDER
    return [visible(principal), inside, *searching.conditions(principal, text)]


def _has_failed() -> ColumnElement[bool]:
    """Processing gave up, and nobody put the message away since."""
    return cast(ColumnElement[bool], INBOX_FOLDER == "failed")


def _row(
    item: InboxItem,
    channel: str | None,
    folder: str,
    is_unread: bool,
    assigned_to: str | None,
    assigned_picture: str | None,
) -> InboxRow:
    extracted = item.extracted_data or {}
    return InboxRow(
        id=str(item.id),
        source_type=item.source_type.value,
        channel=channel or "",
        sender=item.from_name or item.from_identifier,
        sender_id=item.from_identifier,
        summary=extracted.get("summary") or item.subject or _beginning(item.body),
        body=item.body,
        category=extracted.get("category", {}).get("value", ""),
        urgency=extracted.get("urgency", {}).get("value", ""),
        status=item.status.value,
        processing_status=item.processing_status.value,
        task_id=str(item.routed_to_task_id or ""),
        received_at=item.received_at.isoformat(),
        folder=folder,
        is_unread=is_unread,
        assigned_to=assigned_to or "",
        assigned_picture=assigned_picture or "",
        has_attachments=bool(item.attachments),
        snoozed_until=item.snoozed_until.isoformat() if item.snoozed_until else "",
    )


def _beginning(body: str, words: int = 10) -> str:
    return " ".join(body.split()[:words]) or "(empty message)"
