"""Messages that programs and visitors hand in: through the API, and through a channel's web form.

Each exists once: a key of the caller's makes its provider id, and (channel, provider id) is unique.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.files.service import Received
from taskjuggler_app.domain.receptionist import attachments, channels, identity, intake
from taskjuggler_app.domain.receptionist.intake import InboundMessage
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType, InboxItem
from taskjuggler_app.models.teams import Team

API_CHANNEL = "API"
LONGEST_MESSAGE = 5_000
MOST_FILES = 5
LARGEST_FILE = 10_000_000
"""Bytes of one file of a web form."""
MOST_BYTES = 20_000_000
"""Bytes of all its files together."""
_LOCK = text("SELECT pg_advisory_xact_lock(7242027, hashtext(:team))")


@dataclass(frozen=True, slots=True)
class Offered:
    """What a program hands in; empty texts are what it does not say."""

    sender: str
    text: str
    name: str = ""
    subject: str = ""
    channel: str = ""
    external_id: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message that exists now, and whether this call made it."""

    id: UUID
    status: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor wrote into a form. `once` is the form's own number: sent twice, it is one message."""

    name: str
    email: str
    phone: str
    message: str
    once: str


@dataclass
class FormRow:
    """A web form as visitors see it."""

    slug: str = ""
    business: str = ""
    name: str = ""
    greeting: str = ""
    frames: list[str] | None = None


def offer(session: Session, principal: Principal, offered: Offered, key: str = "") -> Accepted:
    """Take a message in. Invalid when the key brought another message before, NotFound for an unknown channel."""
    channel = _api_channel(session, principal, offered.channel)
    own = (
        f"key:{crypto.digest(key)}"
        if key
        else f"ext:{offered.external_id}"
        if offered.external_id
        else f"new:{uuid4()}"
    )
    said = (offered.sender, offered.name, offered.subject, offered.text, offered.external_id)
    fingerprint = crypto.digest("\x1f".join(said))
    message = InboundMessage(
        team_id=channel.team_id,
        user_id=channel.user_id,
        channel_id=channel.id,
        source_type="api",
        source_id=own,
        from_identifier=identity.spelled(offered.sender, channel.region),
        from_name=offered.name or None,
        subject=offered.subject or None,
        body=offered.text,
        received_at=min(offered.received_at or clock.utcnow(), clock.utcnow()),
        source_data={"fingerprint": fingerprint, "by": str(principal.user_id)},
    )
    item, is_new = _taken(session, message)
    if not is_new and key and item.source_data.get("fingerprint") != fingerprint:
        raise Invalid("This Idempotency-Key came with another message before.", "Idempotency-Key")
    return Accepted(item.id, item.status.value, is_new)


def form(session: Session, slug: str) -> FormRow:
    """The web form at an address. NotFound when there is none, or it is paused."""
    channel = _web_channel(session, slug)
    business = session.exec(select(Team.name).where(Team.id == channel.team_id)).one()
    frames = [str(one) for one in channel.frame_ancestors]
    return FormRow(channel.slug or "", business, channel.name, channel.greeting_message or "", frames)


def checked_files(sizes: Sequence[int]) -> None:
    """Invalid when a visitor's files, by their sizes in bytes, are too many or too large."""
    if len(sizes) > MOST_FILES:
        raise Invalid(f"At most {MOST_FILES} files, please.", "files")
    if any(size > LARGEST_FILE for size in sizes):
        raise Invalid(f"A file may have at most {LARGEST_FILE // 1_000_000} MB.", "files")
    if sum(sizes) > MOST_BYTES:
        raise Invalid(f"The files may have at most {MOST_BYTES // 1_000_000} MB together.", "files")


def ask(session: Session, slug: str, asked: Asked, received: Sequence[Received] = ()) -> bool:
    """Take a visitor's message in; False when it was there already. Invalid names the field that is wrong.

    The bytes of the files `received` are kept already; when the message was there, they are nobody's.
    """
    channel = _web_channel(session, slug)
    checked_files([file.size for file in received])
    words = asked.message.strip()
    if not words:
        raise Invalid("Write what it is about.", "message")
    if len(words) > LONGEST_MESSAGE:
        raise Invalid(f"Please say it in at most {LONGEST_MESSAGE} characters.", "message")
    email, phone = asked.email.strip(), asked.phone.strip()
    if not email and not phone:
        raise Invalid("Leave a mail address or a phone number, so that you can be answered.", "email")
    email = _checked(email, "email", channel.region) if email else ""
    phone = _checked(phone, "phone", channel.region) if phone else ""
    once = asked.once or crypto.digest("\x1f".join((email, phone, words)))
    body = f"{words}\n\nPhone: {phone}" if email and phone else words
    message = InboundMessage(
        team_id=channel.team_id,
        user_id=channel.user_id,
        channel_id=channel.id,
        source_type="web",
        source_id=f"form:{once[:100]}",
        from_identifier=email or phone,
        from_name=" ".join(asked.name.split())[:255] or None,
        body=body,
        received_at=clock.utcnow(),
        source_data={"email": email, "phone": phone},
    )
    item, is_new = _taken(session, message)
    if is_new and received:
        attachments.show(
            session, item.id, [attachments.add(session, channel.team_id, item.id, file) for file in received]
        )
    return is_new


def _taken(session: Session, message: InboundMessage) -> tuple[InboxItem, bool]:
    new = intake.accept(session, [message])
    query = select(InboxItem).where(
        InboxItem.channel_id == message.channel_id, InboxItem.source_id == intake.storable(message.source_id)[:255]
    )
    return session.exec(query).one(), bool(new)


def _checked(address: str, field: str, region: str) -> str:
    """The address or number as stored. Invalid, naming the form's field."""
    try:
        return normalise_email(address) if field == "email" else normalise_phone(address, region)
    except Invalid as error:
        raise Invalid(error.message, field) from None


def _web_channel(session: Session, slug: str) -> AssistantChannel:
    found = channels.by_slug(session, slug)
    if found is None:
        raise NotFound("There is no form at this address.")
    return found


def _api_channel(session: Session, principal: Principal, wanted: str) -> AssistantChannel:
    """The channel named, else the workspace's first API channel, made when there is none."""
    conditions: list[Any] = [
        AssistantChannel.team_id == principal.team_id,
        AssistantChannel.channel_type == ChannelType.API,
        AssistantChannel.is_active,
    ]
    query = select(AssistantChannel).order_by(col(AssistantChannel.created_at), col(AssistantChannel.id))
    if wanted:
        try:
            found = session.exec(query.where(AssistantChannel.id == UUID(wanted), *conditions)).first()
        except ValueError:
            found = None
        if found is None:
            raise NotFound("There is no active API channel with this id.")
        return found
    session.execute(_LOCK, {"team": str(principal.team_id)})
    found = session.exec(query.where(*conditions)).first()
    if found is None:
        if principal.user_id is None:
            raise NotFound("This workspace has no API channel.")
        found = AssistantChannel(
            team_id=principal.team_id, user_id=principal.user_id, channel_type=ChannelType.API, name=API_CHANNEL
        )
        session.add(found)
        session.flush()
    return found
