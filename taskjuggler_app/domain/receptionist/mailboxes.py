"""Mail on its way in: stored as delivered, then one message for each mail channel that it is addressed to."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.domain.receptionist import attachments, intake
from taskjuggler_app.domain.receptionist.intake import InboundMessage
from taskjuggler_app.domain.receptionist.mail import ParsedMail
from taskjuggler_app.models.incoming import InboundMail, MailState
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType, InboxItem
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

TAKE_IN = "receptionist.take_mail"
# What the guard against loops and robots reads (RFC 3834, RFC 2919, RFC 8058).
_TOLD_HEADERS = (
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "List-Unsubscribe",
    "Return-Path",
    "Reply-To",
    "X-Auto-Response-Suppress",
    "X-Autoreply",
    "X-Failed-Recipients",
    "Feedback-ID",
    "Message-ID",
    "In-Reply-To",
    "References",
)


def deliver(session: Session, *, storage_key: str, content_type: str, size: int) -> InboundMail:
    """Note a delivery whose bytes are stored, and queue its reading."""
    mail = InboundMail(storage_key=storage_key, content_type=content_type[:255], size=size, created_at=clock.utcnow())
    session.add(mail)
    session.flush()
    defer(session, TAKE_IN, mail_id=str(mail.id))
    return mail


def channels_of(session: Session, addresses: Iterable[str]) -> list[AssistantChannel]:
    """The active mail channels that the addresses belong to; `desk+anything@…` belongs to `desk@…`."""
    wanted = sorted({spelling for address in addresses for spelling in _spellings(address)})
    query = (
        select(AssistantChannel)
        .where(
            AssistantChannel.channel_type == ChannelType.EMAIL,
            AssistantChannel.is_active,
            func.lower(AssistantChannel.email_address).in_(wanted),
        )
        .order_by(col(AssistantChannel.id))
    )
    return list(session.exec(query))


def has(session: Session, channel_id: UUID, mail: ParsedMail) -> bool:
    """Whether the channel has this mail already: a redelivery, whose files need not be kept again."""
    query = select(InboxItem.id).where(InboxItem.channel_id == channel_id, InboxItem.source_id == source_id(mail))
    return session.exec(query).first() is not None


def take_in(
    session: Session,
    delivered: InboundMail,
    channel: AssistantChannel,
    mail: ParsedMail,
    files: Sequence[Received],
    verdicts: Mapping[str, Any],
) -> UUID | None:
    """The message that a mail is on a channel; None when the channel has it already. `files` are kept already."""
    new = intake.accept(session, [_message(session, channel, mail, delivered.created_at, verdicts)])
    for item_id in new:
        kept = [attachments.add(session, channel.team_id, item_id, file) for file in files]
        left_out = [{"name": left.name, "reason": left.reason} for left in mail.skipped]
        attachments.show(session, item_id, [*kept, *left_out])
    return new[0] if new else None


def finish(session: Session, mail_id: UUID, team_id: UUID) -> str | None:
    """The delivery is in the inbox; gives the key of its bytes, which nobody needs any more."""
    delivered = session.get_one(InboundMail, mail_id)
    delivered.state, delivered.team_id = MailState.TAKEN, team_id
    session.add(delivered)
    return delivered.storage_key


def refuse(session: Session, mail_id: UUID, reason: str) -> None:
    """Nobody's mail: the reason stays with the delivery."""
    delivered = session.get(InboundMail, mail_id)
    if delivered is not None and delivered.state is MailState.WAITING:
        delivered.state, delivered.reason = MailState.REFUSED, intake.storable(reason)[:1000]
        session.add(delivered)


def source_id(mail: ParsedMail) -> str:
    """The Message-ID; for a mail without one, a digest of what makes it this mail."""
    if mail.message_id:
        return mail.message_id[:255]
    parts = (mail.sender.address, mail.header("Date") or "", mail.subject, mail.text)
    return "sha256:" + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _message(
    session: Session, channel: AssistantChannel, mail: ParsedMail, received_at: datetime, verdicts: Mapping[str, Any]
) -> InboundMessage:
    sender, forwarder = mail.sender, None
    if mail.original_from is not None and is_colleague(session, channel.team_id, sender.address):
        sender, forwarder = mail.original_from, mail.sender
    quoted = mail.text if mail.visible_text and mail.visible_text != mail.text else ""
    return InboundMessage(
        team_id=channel.team_id,
        user_id=channel.user_id,
        channel_id=channel.id,
        source_type="email",
        source_id=source_id(mail),
        from_identifier=sender.address.lower() or sender.name or "unknown sender",
        from_name=sender.name or None,
        subject=mail.subject or None,
        body=mail.visible_text or mail.text,
        received_at=received_at,
        source_data={
            "headers": {name.lower(): said for name in _TOLD_HEADERS if (said := mail.header(name))},
            "references": [*mail.references, *([mail.in_reply_to] if mail.in_reply_to else [])][-50:],
            "to": [one.address for one in mail.to][:50],
            "cc": [one.address for one in mail.cc][:50],
            "forwarded_by": forwarder.address if forwarder else "",
            "original_from": mail.original_from.address if mail.original_from else "",
            "whole_text": quoted[:200_000],
            "html": (mail.html or "")[:500_000],
            "remote_blocked": mail.remote_blocked,
            "raw_kept_reason": mail.raw_kept_reason or "",
            **verdicts,
        },
    )


def is_colleague(session: Session, team_id: UUID, address: str) -> bool:
    """Whether somebody of the workspace has this address."""
    query = (
        select(User.id)
        .join(TeamMember, col(TeamMember.user_id) == col(User.id))
        .where(TeamMember.team_id == team_id, func.lower(User.email) == address.strip().lower())
    )
    return session.exec(query).first() is not None


def _spellings(address: str) -> tuple[str, ...]:
    folded = address.strip().strip("<>").lower()
    local, _, domain = folded.rpartition("@")
    return (folded, f"{local.partition('+')[0]}@{domain}") if local and domain else (folded,)
