"""The way of an outgoing message: handed to the vendor, delivered, or failed with a reason."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.ports import Mail, TextMessage
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models.outbox import OutboxKind
from taskjuggler_app.models.outgoing import OutgoingMessage, OutgoingPurpose, OutgoingStatus
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, SourceType

SEND = "outgoing.send"
_RANK = {OutgoingStatus.QUEUED: 0, OutgoingStatus.SENT: 1, OutgoingStatus.FAILED: 2, OutgoingStatus.DELIVERED: 3}


def begin(session: Session, message_id: UUID) -> TextMessage | Mail | None:
    """What to hand to the vendor, from when on it cannot be taken back; None when there is nothing left to do."""
    message = _locked(session, message_id)
    if message is None or message.status is not OutgoingStatus.QUEUED:
        return None
    message.sent_at = clock.utcnow()
    session.add(message)
    if message.kind is OutboxKind.SMS:
        return TextMessage(
            to=message.to_address,
            sender=message.sender,
            body=message.body,
            idempotency_key=message.idempotency_key,
            team_id=message.team_id,
        )
    return _mail(session, message)


def sent(session: Session, message_id: UUID, provider_id: str) -> None:
    """The vendor took it."""
    message = _locked(session, message_id)
    if message is not None:
        message.provider_id = provider_id[:255] or None
        if message.status is OutgoingStatus.QUEUED:
            _moved(session, message, OutgoingStatus.SENT)
        session.add(message)


def failed(session: Session, message_id: UUID, reason: str) -> None:
    """It will not go out."""
    message = _locked(session, message_id)
    if message is not None and message.status is OutgoingStatus.QUEUED:
        _moved(session, message, OutgoingStatus.FAILED, reason)


def report(
    session: Session,
    status: OutgoingStatus,
    *,
    key: str = "",
    provider_id: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> bool:
    """What the vendor says became of a message, known by our key or the vendor's id; False for one that is not ours.

    Reports come late, twice and out of order: a message only moves on, and what was delivered stays delivered.
    """
    known = OutgoingMessage.idempotency_key == key if key else OutgoingMessage.provider_id == provider_id
    if not (key or provider_id):
        return False
    message = session.exec(select(OutgoingMessage).where(known).with_for_update()).first()
    if message is None:
        return False
    if message.status in _RANK and _RANK[status] > _RANK[message.status]:
        if status is OutgoingStatus.DELIVERED:
            message.delivered_at = at or clock.utcnow()
        _moved(session, message, status, reason)
    return True


def _moved(session: Session, message: OutgoingMessage, status: OutgoingStatus, reason: str = "") -> None:
    message.status, message.reason = status, reason[:1000] or None
    session.add(message)
    tell(session, Principal.system(message.team_id), message, f"reply.{status.value}", reason)


def tell(session: Session, principal: Principal, message: OutgoingMessage, kind: str, note: str = "") -> None:
    """Record what happened to a message with the one it answers, and tell the open pages."""
    data = {"message_id": str(message.id), "to": message.to_address, "note": note or message.body[:200]}
    item_id = message.inbox_item_id
    record_event(session, principal, kind=kind, subject_type="inbox_item", subject_id=item_id, data=data)
    live.publish(session, topics.inbox_item(item_id))


def _mail(session: Session, message: OutgoingMessage) -> Mail:
    item = session.get_one(InboxItem, message.inbox_item_id)
    channel = session.get(AssistantChannel, message.channel_id) if message.channel_id else None
    headers = {}
    if item.source_type is SourceType.EMAIL and item.source_id and not item.source_id.startswith("sha256:"):
        known = [str(one) for one in item.source_data.get("references", [])]
        headers = {"In-Reply-To": item.source_id, "References": " ".join([*known, item.source_id][-20:])}
    if message.purpose is OutgoingPurpose.AUTO_REPLY:
        headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    return Mail(
        to=message.to_address,
        subject=message.subject or "Your message",
        text=message.body,
        idempotency_key=message.idempotency_key,
        reply_to=channel.email_address if channel else None,
        headers=headers,
        team_id=message.team_id,
    )


def _locked(session: Session, message_id: UUID) -> OutgoingMessage | None:
    return session.exec(select(OutgoingMessage).where(OutgoingMessage.id == message_id).with_for_update()).first()
