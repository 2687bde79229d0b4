"""How a channel answers by itself: its words in and outside business hours, its hours, its limits."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist import hours, replies, templates
from taskjuggler_app.models.outgoing import ChannelReply
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem

PREVIEWS = 3
LONGEST_WINDOW, LARGEST_CAP = 7 * 24 * 60, 10_000
DEFAULT_OPEN = "Hi {name}, thanks for your message. {business} has it and will get back to you soon."
DEFAULT_CLOSED = "Hi {name}, thanks for your message. {business} is closed now ({hours}) and will answer when open."


@dataclass
class AnswerRow:
    """A channel's automatic answer."""

    channel_id: str = ""
    channel: str = ""
    is_on: bool = False
    open_text: str = DEFAULT_OPEN
    closed_text: str = DEFAULT_CLOSED
    hours: dict[str, Any] = field(default_factory=dict)
    zone: str = "UTC"
    window_minutes: int = 60
    daily_cap: int = 200


@dataclass
class Preview:
    """What the words make of a real message."""

    sender: str = ""
    said: str = ""
    answer: str = ""


def all_of(session: Session, principal: Principal) -> list[AnswerRow]:
    """Every channel of the workspace with its answer, or the one it would start with."""
    query = (
        select(AssistantChannel, ChannelReply)
        .outerjoin(ChannelReply, col(ChannelReply.channel_id) == col(AssistantChannel.id))
        .where(AssistantChannel.team_id == principal.team_id)
        .order_by(col(AssistantChannel.name), col(AssistantChannel.id))
    )
    return [_row(channel, reply, principal.timezone) for channel, reply in session.exec(query)]


def save(
    session: Session,
    principal: Principal,
    channel_id: UUID,
    *,
    is_on: bool,
    open_text: str,
    closed_text: str,
    weekly: object,
    zone: str,
    window_minutes: int = 60,
    daily_cap: int = 200,
) -> ChannelReply:
    """Set how a channel answers. Invalid names the field."""
    require(principal.is_admin, "Only an admin of the workspace can change its replies.")
    channel = _channel(session, principal, channel_id)
    if is_on and not open_text.strip():
        raise Invalid("Write what the channel answers.", "open_text")
    if not 1 <= window_minutes <= LONGEST_WINDOW or not 0 <= daily_cap <= LARGEST_CAP:
        raise Invalid("That is too many, or too few.", "window_minutes")
    values: dict[str, Any] = {
        "team_id": channel.team_id,
        "is_on": is_on,
        "open_text": templates.checked(open_text, "open_text"),
        "closed_text": templates.checked(closed_text, "closed_text"),
        "hours": hours.checked(weekly, zone),
        "zone": zone,
        "window_minutes": window_minutes,
        "daily_cap": daily_cap,
    }
    reply = session.get(ChannelReply, channel_id, with_for_update=True)
    if reply is None:
        reply = ChannelReply(channel_id=channel_id, **values)
    for name, value in values.items():
        setattr(reply, name, value)
    session.add(reply)
    data = {"is_on": is_on, "note": "on" if is_on else "off"}
    record_event(
        session, principal, kind="channel.answer_changed", subject_type="channel", subject_id=channel_id, data=data
    )
    live.publish(session, topics.channels(principal.team_id))
    return reply


def preview(session: Session, principal: Principal, channel_id: UUID, template: str) -> list[Preview]:
    """What the words make of the channel's newest messages. Invalid for a variable there is not."""
    channel = _channel(session, principal, channel_id)
    text = templates.checked(template, "open_text")
    reply = session.get(ChannelReply, channel_id)
    items = session.exec(
        select(InboxItem)
        .where(InboxItem.team_id == principal.team_id, InboxItem.channel_id == channel_id)
        .order_by(col(InboxItem.received_at).desc())
        .limit(PREVIEWS)
    )
    return [
        Preview(
            item.from_name or item.from_identifier,
            item.body[:140],
            templates.render(text, replies.values(session, item, channel, reply)),
        )
        for item in items
    ]


def is_open(session: Session, channel_id: UUID | None, moment: Any) -> bool | None:
    """Whether a channel's business hours hold at `moment`; None for a channel without hours."""
    reply = session.get(ChannelReply, channel_id) if channel_id else None
    if reply is None or not reply.hours:
        return None
    return hours.is_open(reply.hours, reply.zone, moment)


def _channel(session: Session, principal: Principal, channel_id: UUID) -> AssistantChannel:
    channel = session.get(AssistantChannel, channel_id)
    if channel is None or channel.team_id != principal.team_id:
        raise NotFound("That channel does not exist, or it is not yours to see.")
    return channel


def _row(channel: AssistantChannel, reply: ChannelReply | None, zone: str) -> AnswerRow:
    row = AnswerRow(str(channel.id), channel.name or channel.phone_number or channel.email_address or "", zone=zone)
    if reply is not None:
        row.is_on, row.open_text, row.closed_text = reply.is_on, reply.open_text, reply.closed_text
        row.hours, row.zone = reply.hours, reply.zone
        row.window_minutes, row.daily_cap = reply.window_minutes, reply.daily_cap
    return row
