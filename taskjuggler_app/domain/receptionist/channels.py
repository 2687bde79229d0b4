"""The ways in: phone numbers of a workspace."""

from uuid import UUID

import phonenumbers
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType

DEFAULT_REGION = "US"
_ADMINS = "Only an admin of the workspace can change its channels."


def create(
    session: Session, principal: Principal, *, name: str, phone_number: str, kind: ChannelType = ChannelType.SMS
) -> AssistantChannel:
    """Connect a number; the person who does so is responsible for it. Conflict if it is in use."""
    require(principal.is_admin and principal.user_id is not None, _ADMINS)
    if principal.user_id is None:
        raise NotFound
    channel = AssistantChannel(
        team_id=principal.team_id,
        user_id=principal.user_id,
        channel_type=kind,
        name=_name(name),
        phone_number=e164(phone_number),
    )
    return _saved(session, principal, channel, "channel.created")


def update(
    session: Session, principal: Principal, channel_id: UUID, *, name: str, phone_number: str
) -> AssistantChannel:
    """Change a channel's name and number."""
    channel = _own(session, principal, channel_id)
    channel.name, channel.phone_number = _name(name), e164(phone_number)
    return _saved(session, principal, channel, "channel.changed")


def set_active(session: Session, principal: Principal, channel_id: UUID, active: bool) -> AssistantChannel:
    """Pause a channel, or let it take messages again. Conflict if another one uses its number meanwhile."""
    channel = _own(session, principal, channel_id)
    channel.is_active = active
    return _saved(session, principal, channel, "channel.resumed" if active else "channel.paused")


def by_number(session: Session, kind: ChannelType, phone_number: str) -> AssistantChannel | None:
    """The active channel that a number belongs to; `phone_number` is in E.164."""
    return session.exec(
        select(AssistantChannel).where(
            AssistantChannel.channel_type == kind,
            AssistantChannel.phone_number == phone_number,
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


def _saved(session: Session, principal: Principal, channel: AssistantChannel, kind: str) -> AssistantChannel:
    number = channel.phone_number
    try:
        with session.begin_nested():
            session.add(channel)
            session.flush()
    except IntegrityError:
        raise Conflict(f"The number {number} is connected already, here or in another workspace.") from None
    data = {"name": channel.name, "number": number}
    record_event(session, principal, kind=kind, subject_type="channel", subject_id=channel.id, data=data)
    live.publish(session, topics.channels(principal.team_id))
    return channel
