"""Answering a message: by itself after routing, within the storm guard's limits, or a person's own words."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, queue
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import delivering, hours, queries, stormguard, templates
from taskjuggler_app.models.outbox import OutboxKind
from taskjuggler_app.models.outgoing import ChannelReply, OutgoingMessage, OutgoingPurpose, OutgoingStatus
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, RoutingRule
from taskjuggler_app.models.teams import Team

UNDO = timedelta(seconds=10)
LONGEST = 5000
_LOCK = text("SELECT pg_advisory_xact_lock(7242027, hashtext(:who))")
_COUNTED = (OutgoingStatus.QUEUED, OutgoingStatus.SENT, OutgoingStatus.DELIVERED, OutgoingStatus.FAILED)


def after_routing(session: Session, principal: Principal, item: InboxItem) -> OutgoingMessage | None:
    """Queue the automatic reply of the matched rule, else of the channel; None when neither has one.

    When the storm guard says no, the reply is kept as withheld, with the reason.
    """
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    if channel is None:
        return None
    reply = session.get(ChannelReply, channel.id)
    template = _of_rule(session, item) or _of_channel(reply, item)
    kind = kind_of(item.from_identifier)
    if not template or kind is None:
        return None
    body = templates.render(template, values(session, item, channel, reply))
    session.execute(_LOCK, {"who": f"{item.team_id}:{item.from_identifier}"})
    reason = _why_not(session, item, reply)
    message = _message(item, channel, kind, body, f"auto:{item.id}")
    message.purpose = OutgoingPurpose.AUTO_REPLY
    if reason:
        message.status, message.reason = OutgoingStatus.WITHHELD, reason
    session.add(message)
    session.flush()
    if not reason:
        message.job_id = queue.defer(session, delivering.SEND, queue="outgoing", message_id=str(message.id))
        item.auto_response_sent, item.auto_response_text = True, body
    delivering.tell(session, principal, message, f"reply.{message.status.value}", reason)
    return message


def send(session: Session, principal: Principal, item_id: UUID, body: str) -> OutgoingMessage:
    """Answer a message by text or mail, in ten seconds: until then `cancel` takes it back."""
    item = queries.get_for_update(session, principal, item_id)
    body = body.strip()
    if not 1 <= len(body) <= LONGEST:
        raise Invalid(f"Write a reply of at most {LONGEST} characters.", "body")
    kind = kind_of(item.from_identifier)
    channel = session.get(AssistantChannel, item.channel_id) if item.channel_id else None
    if kind is None or (kind is OutboxKind.SMS and (channel is None or not channel.phone_number)):
        raise Conflict("This sender cannot be answered from here: there is no number or address to answer to.")
    message = _message(item, channel, kind, body, "")
    message.idempotency_key = f"reply:{message.id}"
    message.purpose, message.created_by = OutgoingPurpose.REPLY, principal.user_id
    message.send_at = clock.utcnow() + UNDO
    session.add(message)
    session.flush()
    message.job_id = queue.defer(
        session, delivering.SEND, queue="outgoing", run_at=message.send_at, message_id=str(message.id)
    )
    delivering.tell(session, principal, message, "reply.queued")
    return message


def cancel(session: Session, principal: Principal, message_id: UUID) -> OutgoingMessage:
    """Take a reply back before it goes out. Conflict when it is too late."""
    message = session.exec(
        select(OutgoingMessage)
        .where(OutgoingMessage.id == message_id, OutgoingMessage.team_id == principal.team_id)
        .with_for_update()
    ).first()
    if message is None:
        raise NotFound("That reply does not exist, or it is not yours to see.")
    if message.status is not OutgoingStatus.QUEUED or message.sent_at is not None:
        raise Conflict("Too late: the reply is on its way.")
    message.status = OutgoingStatus.CANCELLED
    session.add(message)
    if message.job_id is not None:
        queue.cancel(session, message.job_id)
    delivering.tell(session, principal, message, "reply.cancelled")
    return message


def of_item(session: Session, principal: Principal, item_id: UUID) -> list[OutgoingMessage]:
    """The replies to a message, oldest first, with what became of them."""
    query = select(OutgoingMessage).where(
        OutgoingMessage.team_id == principal.team_id, OutgoingMessage.inbox_item_id == item_id
    )
    return list(session.exec(query.order_by(col(OutgoingMessage.created_at), col(OutgoingMessage.id))))


def kind_of(address: str) -> OutboxKind | None:
    """How an address is answered: by mail, by text, or not at all."""
    if "@" in address:
        return OutboxKind.EMAIL
    digits = address.removeprefix("+")
    return OutboxKind.SMS if digits.isascii() and digits.isdigit() else None


def values(session: Session, item: InboxItem, channel: AssistantChannel, reply: ChannelReply | None) -> dict[str, str]:
    """What a template's variables stand for, for one message."""
    extracted = item.extracted_data or {}
    said = ((extracted.get("contact") or {}).get("name") or {}).get("value")
    return {
        "name": item.from_name or said or "there",
        "summary": str(extracted.get("summary") or item.subject or ""),
        "business": session.get_one(Team, item.team_id).name,
        "hours": hours.said(reply.hours if reply else {}),
        "channel": channel.name,
        "category": str(extracted.get("category", {}).get("value", "")),
    }


def _of_rule(session: Session, item: InboxItem) -> str:
    """The reply of the rule that matched: text, or an object that has it under `text`."""
    rule = session.get(RoutingRule, item.routing_rule_id) if item.routing_rule_id else None
    action: Any = rule.actions.get("auto_response") if rule else None
    if isinstance(action, dict):
        action = action.get("text")
    return action if isinstance(action, str) else ""


def _of_channel(reply: ChannelReply | None, item: InboxItem) -> str:
    if reply is None or not reply.is_on:
        return ""
    is_open = hours.is_open(reply.hours, reply.zone, item.received_at)
    return reply.open_text if is_open else reply.closed_text or reply.open_text


def _why_not(session: Session, item: InboxItem, reply: ChannelReply | None) -> str:
    limits = stormguard.Limits(reply.window_minutes, reply.daily_cap) if reply else stormguard.Limits()
    incoming = stormguard.Incoming(
        item.from_identifier, item.subject or "", item.body, item.source_data.get("headers", {})
    )
    return stormguard.why_not(incoming, _past(session, item, limits), limits, is_own=_is_own(session, item))


def _past(session: Session, item: InboxItem, limits: stormguard.Limits) -> stormguard.Past:
    now = clock.utcnow()
    day = now - timedelta(days=1)
    to_sender = [OutgoingMessage.team_id == item.team_id, OutgoingMessage.to_address == item.from_identifier]
    last = session.exec(
        select(OutgoingMessage.body)
        .where(*_automatic(item.team_id), *to_sender)
        .order_by(col(OutgoingMessage.created_at).desc())
        .limit(1)
    ).first()
    same = select(func.count()).where(
        InboxItem.team_id == item.team_id,
        InboxItem.from_identifier == item.from_identifier,
        col(InboxItem.received_at) >= item.received_at - timedelta(hours=1),
        InboxItem.body == item.body,
    )
    return stormguard.Past(
        in_window=_count(session, item, *to_sender, since=now - timedelta(minutes=limits.window_minutes)),
        in_day=_count(session, item, *to_sender, since=day),
        today=_count(session, item, since=day),
        same_text=session.exec(same).one(),
        last_reply=last or "",
    )


def _automatic(team_id: UUID) -> list[Any]:
    return [
        OutgoingMessage.team_id == team_id,
        OutgoingMessage.purpose == OutgoingPurpose.AUTO_REPLY,
        col(OutgoingMessage.status).in_(_COUNTED),
    ]


def _count(session: Session, item: InboxItem, *conditions: Any, since: Any) -> int:
    found: ColumnElement[bool] = col(OutgoingMessage.created_at) >= since
    return session.exec(
        select(func.count()).select_from(OutgoingMessage).where(*_automatic(item.team_id), *conditions, found)
    ).one()


def _is_own(session: Session, item: InboxItem) -> bool:
    """Whether the sender is a channel of this installation: two workspaces must not answer each other for ever."""
    address = item.from_identifier.strip().lower()
    if address and address in settings().mail_from.lower():
        return True
    query = select(AssistantChannel.id).where(
        (col(AssistantChannel.phone_number) == address) | (func.lower(AssistantChannel.email_address) == address)
    )
    return session.exec(query.limit(1)).first() is not None


def _message(
    item: InboxItem, channel: AssistantChannel | None, kind: OutboxKind, body: str, key: str
) -> OutgoingMessage:
    own = (channel.phone_number if kind is OutboxKind.SMS else channel.email_address) if channel else None
    subject = None
    if kind is OutboxKind.EMAIL:
        about = item.subject or "Your message"
        subject = (about if about.lower().startswith("re:") else f"Re: {about}")[:500]
    return OutgoingMessage(
        team_id=item.team_id,
        inbox_item_id=item.id,
        channel_id=channel.id if channel else None,
        kind=kind,
        purpose=OutgoingPurpose.REPLY,
        to_address=item.from_identifier,
        sender=own or settings().mail_from[:255],
        subject=subject,
        body=body,
        idempotency_key=key,
        send_at=clock.utcnow(),
    )
