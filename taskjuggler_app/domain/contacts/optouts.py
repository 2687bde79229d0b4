"""Who wants no bulk messages from a workspace. Answers to a person's own request are not bulk.

An identifier is an email address or a phone number in any spelling; it is compared in one (lower case, E.164).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import regions
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.contacts import policy
from taskjuggler_app.models.contacts import ContactChannel, ContactOptOut

MOST_SHOWN = 200


@dataclass
class OptOutRow:
    """One opt-out; `at` is ISO 8601 in UTC, `source` says how it came (stop, link, hand)."""

    id: str = ""
    channel: str = ""
    identifier: str = ""
    source: str = ""
    at: str = ""


def opt_out(session: Session, principal: Principal, channel: ContactChannel, identifier: str, source: str) -> bool:
    """Send this address no more bulk messages on `channel`; False when it was so already.

    `source` is what asked for it: stop (a reply), link (in a mail), hand. Raises Invalid for no address at all.
    """
    known = spelled(channel, identifier)
    values = {
        "team_id": principal.team_id,
        "channel": channel,
        "identifier": known,
        "source": source[:50],
        "created_at": clock.utcnow(),
    }
    new = session.execute(
        insert(ContactOptOut)
        .values(values)
        .on_conflict_do_nothing(index_elements=["team_id", "channel", "identifier"])
        .returning(col(ContactOptOut.id))
    ).first()
    if new is not None:
        _record(session, principal, "contact.opted_out", channel, known, source)
    return new is not None


def opt_in(session: Session, principal: Principal, channel: ContactChannel, identifier: str, source: str) -> bool:
    """Take an opt-out back, as START does; False when there was none."""
    known = spelled(channel, identifier)
    gone = session.execute(
        delete(ContactOptOut)
        .where(
            col(ContactOptOut.team_id) == principal.team_id,
            col(ContactOptOut.channel) == channel,
            col(ContactOptOut.identifier) == known,
        )
        .returning(col(ContactOptOut.id))
    ).first()
    if gone is not None:
        _record(session, principal, "contact.opted_in", channel, known, source)
    return gone is not None


def by_hand(session: Session, principal: Principal, channel: ContactChannel, identifier: str, *, out: bool) -> bool:
    """An admin records an opt-out that somebody asked for, or takes one back. Raises Forbidden, Invalid."""
    require(policy.can_change_opt_outs(principal), "Only an admin can change who gets bulk messages.")
    if channel is ContactChannel.SMS:
        identifier = normalise_phone(identifier, regions.of(session, principal))
    verb = opt_out if out else opt_in
    return verb(session, principal, channel, identifier, "hand")


def is_opted_out(session: Session, team_id: UUID, channel: ContactChannel, identifier: str) -> bool:
    """Whether this address wants no bulk messages from the workspace; an unreadable one counts as not."""
    try:
        known = spelled(channel, identifier)
    except Invalid:
        return False
    return bool(opted_out_among(session, team_id, channel, [known]))


def opted_out_among(
    session: Session, team_id: UUID, channel: ContactChannel, identifiers: Iterable[str]
) -> frozenset[str]:
    """Which of these addresses (as stored) want no bulk messages."""
    found = session.exec(
        select(ContactOptOut.identifier).where(
            ContactOptOut.team_id == team_id,
            ContactOptOut.channel == channel,
            col(ContactOptOut.identifier).in_(list(identifiers)),
        )
    )
    return frozenset(found)


def recent(session: Session, principal: Principal) -> list[OptOutRow]:
    """The workspace's opt-outs, newest first."""
    rows = session.exec(
        select(ContactOptOut)
        .where(ContactOptOut.team_id == principal.team_id)
        .order_by(col(ContactOptOut.created_at).desc(), col(ContactOptOut.id))
        .limit(MOST_SHOWN)
    )
    return [OptOutRow(str(r.id), r.channel.value, r.identifier, r.source, r.created_at.isoformat()) for r in rows]


def spelled(channel: ContactChannel, identifier: str) -> str:
    """The address in the one spelling that is compared. Raises Invalid."""
    return normalise_phone(identifier) if channel is ContactChannel.SMS else normalise_email(identifier)


def _record(
    session: Session, principal: Principal, kind: str, channel: ContactChannel, identifier: str, source: str
) -> None:
    data = {"channel": channel, "identifier": identifier, "source": source}
    record_event(session, principal, kind=kind, subject_type="contact", subject_id=identifier, data=data)
    live.publish(session, topics.contacts(principal.team_id))
