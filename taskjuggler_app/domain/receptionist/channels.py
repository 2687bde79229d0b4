"""The ways in: phone numbers, mail addresses, web forms and API doors of a workspace."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from uuid import UUID

import phonenumbers
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_email
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.plans import limits
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType, ClosedReply

DEFAULT_REGION = "US"
LONGEST_WORDS = 600
_ADMINS = "Only an admin of the workspace can change its channels."


@dataclass(frozen=True)
class Draft:
    """What a channel's form says; which address it needs depends on the kind. Empty texts mean the usual words."""

    name: str
    kind: ChannelType = ChannelType.SMS
    phone_number: str = ""
    email_address: str = ""
    slug: str = ""
    region: str = DEFAULT_REGION
    greeting: str = ""
    voicemail: str = ""
    ring_to: str = ""
    ring_seconds: int = 20
    texts_missed_callers: bool = True
    frame_ancestors: tuple[str, ...] = ()
    closed_reply: ClosedReply = ClosedReply.REOPEN


def create(
    session: Session, principal: Principal, *, name: str, phone_number: str, kind: ChannelType = ChannelType.SMS
) -> AssistantChannel:
    """Connect a number; the person who does so is responsible for it. Conflict if it is in use."""
    return add(session, principal, Draft(name=name, kind=kind, phone_number=phone_number))


def add(session: Session, principal: Principal, draft: Draft) -> AssistantChannel:
    """Connect a channel of any kind. Conflict if its number, address or form is in use."""
    require(principal.is_admin and principal.user_id is not None, _ADMINS)
    if principal.user_id is None:
        raise NotFound
    limits.require_room(session, principal, "channels")
    channel = AssistantChannel(team_id=principal.team_id, user_id=principal.user_id, channel_type=draft.kind)
    _fill(channel, draft)
    return _saved(session, principal, channel, "channel.created")


def update(
    session: Session, principal: Principal, channel_id: UUID, *, name: str, phone_number: str
) -> AssistantChannel:
    """Change a channel's name and number."""
    channel = _own(session, principal, channel_id)
    channel.name, channel.phone_number = _name(name), e164(phone_number, channel.region)
    return _saved(session, principal, channel, "channel.changed")


def change(session: Session, principal: Principal, channel_id: UUID, draft: Draft) -> AssistantChannel:
    """Make a channel what the draft says; its kind stays, except that a number may take calls or only texts."""
    channel = _own(session, principal, channel_id)
    numbers = (ChannelType.SMS, ChannelType.PHONE)
    if channel.channel_type in numbers and draft.kind in numbers:
        channel.channel_type = draft.kind
    with session.no_autoflush:
        _fill(channel, replace(draft, kind=channel.channel_type))
    return _saved(session, principal, channel, "channel.changed")


def set_active(session: Session, principal: Principal, channel_id: UUID, active: bool) -> AssistantChannel:
    """Pause a channel, or let it take messages again. Conflict if another one uses its number meanwhile."""
    channel = _own(session, principal, channel_id)
    channel.is_active = active
    return _saved(session, principal, channel, "channel.resumed" if active else "channel.paused")


def by_number(session: Session, phone_number: str) -> AssistantChannel | None:
    """The active channel that a number (E.164) belongs to; one number takes calls and texts."""
    return session.exec(
        select(AssistantChannel).where(
            col(AssistantChannel.channel_type).in_((ChannelType.SMS, ChannelType.PHONE)),
            AssistantChannel.phone_number == phone_number,
            AssistantChannel.is_active,
        )
    ).first()


def public_slugs(session: Session, most: int) -> list[str]:
    """The addresses of web forms that are open, by name."""
    is_open = (AssistantChannel.channel_type == ChannelType.WEB, col(AssistantChannel.is_active))
    query = select(AssistantChannel.slug).where(*is_open).order_by(col(AssistantChannel.slug)).limit(most)
    return [slug for slug in session.exec(query) if slug]


def by_slug(session: Session, slug: str) -> AssistantChannel | None:
    """The active web form at this address."""
    return session.exec(
        select(AssistantChannel).where(
            AssistantChannel.channel_type == ChannelType.WEB,
            AssistantChannel.slug == slug.lower(),
            AssistantChannel.is_active,
        )
    ).first()


def e164(text: str, region: str = DEFAULT_REGION) -> str:
    """The number in E.164 (+12075550100). Invalid if it is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise Invalid("That is not a phone number. Write it like +1 207 555 0100.", "phone_number") from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid("That phone number has too few or too many digits.", "phone_number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _own(session: Session, principal: Principal, channel_id: UUID) -> AssistantChannel:
    require(principal.is_admin, _ADMINS)
    channel = session.exec(
        select(AssistantChannel)
        .where(AssistantChannel.id == channel_id, AssistantChannel.team_id == principal.team_id)
        .with_for_update()
    ).first()
    if channel is None:
        raise NotFound("That channel does not exist, or it is not yours to see.")
    return channel


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 50:
        raise Invalid("A channel needs a name of at most 50 characters.", "name")
    return name


def _fill(channel: AssistantChannel, draft: Draft) -> None:
    channel.name = _name(draft.name)
    channel.region = _region(draft.region)
    channel.closed_reply = draft.closed_reply
    channel.greeting_message = _words(draft.greeting, "greeting")
    if draft.kind in (ChannelType.SMS, ChannelType.PHONE):
        channel.phone_number = e164(draft.phone_number, channel.region)
        channel.voicemail_greeting = _words(draft.voicemail, "voicemail")
        channel.ring_to = e164(draft.ring_to, channel.region) if draft.ring_to.strip() else None
        channel.ring_seconds = min(max(draft.ring_seconds, 5), 60)
        channel.texts_missed_callers = draft.texts_missed_callers
        if channel.ring_to == channel.phone_number:
            raise Invalid("A channel cannot ring itself: give the owner's own number.", "ring_to")
    elif draft.kind is ChannelType.EMAIL:
        address = draft.email_address.strip()
        channel.email_address = normalise_email(address if "@" in address else f"{address}@{settings().mail_domain}")
    elif draft.kind is ChannelType.WEB:
        channel.slug = _slug(draft.slug or draft.name)
        channel.frame_ancestors = [_origin(one) for one in draft.frame_ancestors][:20]


def _region(text: str) -> str:
    region = text.strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid("That is no country code. Write two letters, like US or DE.", "region")
    return region


def _words(text: str, field: str) -> str | None:
    said = text.strip()
    if len(said) > LONGEST_WORDS:
        raise Invalid(f"That is longer than {LONGEST_WORDS} characters.", field)
    return said or None


def _slug(text: str) -> str:
    slug = "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60].strip("-")
    if len(slug) < 3:
        raise Invalid("The address needs at least 3 letters or digits.", "slug")
    return slug


def _origin(text: str) -> str:
    """An origin that may show the form in a frame, as Content-Security-Policy writes it."""
    parts = urlsplit(text.strip() if "://" in text else f"https://{text.strip()}")
    host = parts.netloc.lower()
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9.-]+(:[0-9]{1,5})?", host):
        raise Invalid(f"{text.strip()[:60]} is no web address. Write it like https://example.com", "frame_ancestors")
    return f"{parts.scheme}://{host}"


def _saved(session: Session, principal: Principal, channel: AssistantChannel, kind: str) -> AssistantChannel:
    what = "The number" if channel.phone_number else "The address"
    number = channel.phone_number or channel.email_address or channel.slug or channel.name
    try:
        with session.begin_nested():
            session.add(channel)
            session.flush()
    except IntegrityError:
        raise Conflict(f"{what} {number} is connected already, here or in another workspace.") from None
    data = {"name": channel.name, "number": number}
    record_event(session, principal, kind=kind, subject_type="channel", subject_id=channel.id, data=data)
    live.publish(session, topics.channels(principal.team_id))
    return channel
