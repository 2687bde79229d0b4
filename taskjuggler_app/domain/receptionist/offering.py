"""From a message to a booking: free times that fit what it asks for, offered in the answer as held times."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import offers
from taskjuggler_app.domain.appointments.offers import OfferedTime
from taskjuggler_app.domain.receptionist import queries, replies
from taskjuggler_app.models.outgoing import OutgoingMessage
from taskjuggler_app.models.receptionist import InboxItem

_LONGEST = 1_000


@dataclass
class Choice:
    """What can be offered: the types, the free times of one, and those that fit the message best."""

    types: list[tuple[str, str]] = field(default_factory=list)
    type_id: str = ""
    times: list[OfferedTime] = field(default_factory=list)
    best: list[str] = field(default_factory=list)


def choice(session: Session, principal: Principal, item_id: UUID, type_id: UUID | None, now: datetime) -> Choice:
    """The times of a type (the first when None is given) for an answer to the message."""
    item = queries.get_for_update(session, principal, item_id)
    known = offers.bookable(session, principal)
    if not known:
        return Choice()
    wanted = type_id or UUID(known[0][0])
    dates, times = _said(item)
    shown, best = offers.fitting(session, principal, wanted, dates, times, now)
    return Choice(known, str(wanted), shown, best)


def answer(
    session: Session,
    principal: Principal,
    item_id: UUID,
    type_id: UUID,
    seconds: list[int],
    words: str,
    now: datetime,
) -> OutgoingMessage:
    """Hold the times and send the answer with a link for each. Taken, and nothing is sent, when one is gone."""
    if not words.strip():
        raise Invalid("Write a line before the times.", "words")
    lines = offers.hold(session, principal, type_id, seconds, f"{principal.team_id}:{item_id}", now)
    body = "\n".join([words.strip()[:_LONGEST], "", *lines, "", "The times are kept for you for a day."])
    return replies.send(session, principal, item_id, body)


def _said(item: InboxItem) -> tuple[list[str], list[str]]:
    """The dates and times of day that the message names, on our clock; a time in a zone of its own is a moment."""
    extracted = item.extracted_data or {}
    dates, times = (
        [one for one in extracted.get(kind) or [] if isinstance(one, dict) and one.get("value")]
        for kind in ("dates", "times")
    )
    elsewhere = [str(one["here"]) for one in times if one.get("here")]
    if elsewhere and len(elsewhere) == len(times):
        return elsewhere, []
    return [str(one["value"]) for one in dates], [str(one.get("here") or one["value"])[-5:] for one in times]
