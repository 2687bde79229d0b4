"""One text for everybody on a list: queued one by one, sent at most once each, never to somebody who opted out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import batches, clock, live, queue, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.contacts import optouts, policy, service
from taskjuggler_app.models.contacts import (
    BulkMessage,
    BulkRecipient,
    ContactChannel,
    ContactList,
    ContactListMember,
    ContactOptOut,
    RecipientState,
)
from taskjuggler_app.models.teams import Team

SEND = "contacts.send"
LONGEST_TEXT = 600
LONGEST_MAIL = 20_000
STOP_LINE = "Reply STOP to end."
LINK_LASTS = timedelta(days=365)
_COUNTS = text("SELECT state, count(*) FROM bulk_recipients WHERE bulk_message_id = :id GROUP BY state")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What to send to one recipient now."""

    channel: ContactChannel
    to: str
    subject: str
    body: str
    key: str


@dataclass
class BulkRow:
    """A bulk message and how far it is."""

    id: str = ""
    channel: str = ""
    list_name: str = ""
    body: str = ""
    at: str = ""
    total: int = 0
    sent: int = 0
    opted_out: int = 0
    failed: int = 0
    waiting: int = 0


def send(
    session: Session, principal: Principal, list_id: UUID, channel: ContactChannel, body: str, subject: str = ""
) -> BulkMessage:
    """Queue the text to everybody on the list who has an address for it and has not opted out. Raises Invalid."""
    require(policy.can_message_list(principal), "Only an admin can write to everybody on a list.")
    to_list = service.visible(session, principal, list_id)
    if principal.user_id is None:
        raise NotFound
    words, title = _checked(channel, body, subject)
    column = col(ContactListMember.phone if channel is ContactChannel.SMS else ContactListMember.email)
    people = session.exec(
        select(column, ContactListMember.name).where(ContactListMember.contact_list_id == list_id, column.is_not(None))
    ).all()
    found = {address: name for address, name in people if address}
    stopped = optouts.opted_out_among(session, principal.team_id, channel, found)
    wanted = {address: name for address, name in found.items() if address not in stopped}
    if not wanted:
        raise Invalid("Nobody on this list can get it: there are no addresses, or all of them opted out.", "body")
    options = {"list": to_list.name, "channel": channel.value}
    message = BulkMessage(
        team_id=principal.team_id,
        contact_list_id=list_id,
        user_id=principal.user_id,
        channel=channel,
        subject=title or None,
        body=words,
        batch_id=batches.start(session, "contacts.bulk", len(wanted), options),
        created_at=clock.utcnow(),
    )
    session.add(message)
    session.flush()
    rows = [{"bulk_message_id": message.id, "identifier": to, "name": name} for to, name in wanted.items()]
    ids = session.execute(insert(BulkRecipient).returning(col(BulkRecipient.id)), rows).scalars()
    queue.defer_many(session, SEND, [{"recipient_id": str(one)} for one in ids], queue="outgoing")
    data = {"list": to_list.name, "channel": channel, "recipients": len(wanted), "opted_out": len(stopped)}
    record_event(
        session, principal, kind="contact_list.messaged", subject_type="contact_list", subject_id=list_id, data=data
    )
    live.publish(session, topics.contacts(principal.team_id))
    return message


def next_for(session: Session, recipient_id: UUID) -> Outgoing | None:
    """What to send to the recipient; None when it was sent, or they opted out meanwhile."""
    found = session.exec(
        select(BulkRecipient, BulkMessage)
        .join(BulkMessage, col(BulkMessage.id) == col(BulkRecipient.bulk_message_id))
        .where(BulkRecipient.id == recipient_id)
        .with_for_update(of=BulkRecipient)
    ).first()
    if found is None or found[0].state is not RecipientState.QUEUED:
        return None
    recipient, message = found
    if optouts.is_opted_out(session, message.team_id, message.channel, recipient.identifier):
        _end(session, recipient, message, RecipientState.OPTED_OUT)
        return None
    team = session.exec(select(Team.name).where(Team.id == message.team_id)).one()
    if message.channel is ContactChannel.SMS:
        body = f"{message.body}\n{team}. {STOP_LINE}"
    else:
        body = f"{message.body}\n\n--\n{team}\nNo more of these mails: {_stop_link(message.team_id, recipient)}"
    return Outgoing(message.channel, recipient.identifier, message.subject or team, body, f"bulk:{recipient.id}")


def mark(session: Session, recipient_id: UUID, state: RecipientState) -> None:
    """Note that the recipient's message went out, or that its last attempt failed; once."""
    recipient = session.exec(select(BulkRecipient).where(BulkRecipient.id == recipient_id).with_for_update()).first()
    if recipient is not None and recipient.state is RecipientState.QUEUED:
        _end(session, recipient, session.get_one(BulkMessage, recipient.bulk_message_id), state)


def recent(session: Session, principal: Principal) -> list[BulkRow]:
    """The workspace's last ten bulk messages, newest first."""
    rows = session.exec(
        select(BulkMessage, ContactList.name)
        .outerjoin(ContactList, col(ContactList.id) == col(BulkMessage.contact_list_id))
        .where(BulkMessage.team_id == principal.team_id)
        .order_by(col(BulkMessage.created_at).desc())
        .limit(10)
    ).all()
    return [_row(session, row, name or "A deleted list") for row, name in rows]


def reach(session: Session, principal: Principal, list_id: UUID) -> dict[str, int]:
    """How many people of the list a text and a mail would reach."""
    service.visible(session, principal, list_id)
    reached = {}
    for channel, column in ((ContactChannel.SMS, "phone"), (ContactChannel.EMAIL, "email")):
        address = getattr(ContactListMember, column)
        stopped = select(ContactOptOut.identifier).where(
            ContactOptOut.team_id == principal.team_id, ContactOptOut.channel == channel
        )
        query = select(func.count()).select_from(ContactListMember)
        query = query.where(ContactListMember.contact_list_id == list_id, address.is_not(None), ~address.in_(stopped))
        reached[channel.value] = session.exec(query).one()
    return reached


def read_stop_link(token: str) -> tuple[UUID, str] | None:
    """The workspace and address of a mail's link; None when it is not ours or too old."""
    content = cookies.unseal("unsubscribe", token, clock.utcnow())
    return (UUID(content["team"]), content["email"]) if content else None


def _stop_link(team_id: UUID, recipient: BulkRecipient) -> str:
    until = clock.utcnow() + LINK_LASTS
    token = cookies.seal("unsubscribe", {"team": str(team_id), "email": recipient.identifier}, until)
    return f"{settings().public_url.rstrip('/')}/data/contacts/stop/{token}"


def _checked(channel: ContactChannel, body: str, subject: str) -> tuple[str, str]:
    words, title = body.strip(), " ".join(subject.split())[:255]
    if not words:
        raise Invalid("Write what they should read.", "body")
    longest = LONGEST_TEXT if channel is ContactChannel.SMS else LONGEST_MAIL
    if len(words) > longest:
        raise Invalid(f"Use at most {longest:,} characters.", "body")
    if channel is ContactChannel.EMAIL and not title:
        raise Invalid("Write a subject.", "subject")
    return words, title


def _end(session: Session, recipient: BulkRecipient, message: BulkMessage, state: RecipientState) -> None:
    recipient.state = state
    recipient.sent_at = clock.utcnow() if state is RecipientState.SENT else None
    session.add(recipient)
    session.flush()
    batches.part_done(session, message.batch_id, str(recipient.id), failed=state is RecipientState.FAILED)
    live.publish(session, topics.contacts(message.team_id))


def _row(session: Session, message: BulkMessage, list_name: str) -> BulkRow:
    counts: dict[str, int] = {row[0]: row[1] for row in session.execute(_COUNTS, {"id": message.id})}
    return BulkRow(
        id=str(message.id),
        channel=message.channel.value,
        list_name=list_name,
        body=message.body[:200],
        at=message.created_at.isoformat(),
        total=sum(counts.values()),
        sent=counts.get("sent", 0),
        opted_out=counts.get("opted_out", 0),
        failed=counts.get("failed", 0),
        waiting=counts.get("queued", 0),
    )
