"""Times offered to one person: held longer than a visitor's, each behind a link that books it.

All offers of one message share a `visitor`, so that taking one lets go of the others.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import announcing, facts, letters, links, openings, taking, wishes
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType

HELD_FOR = timedelta(hours=24)
MOST = 5
_PREFIX = "offer:"


@dataclass
class OfferedTime:
    """A time that could be offered; `second` is its UTC second as text."""

    second: str = ""
    label: str = ""


def bookable(session: Session, principal: Principal) -> list[tuple[str, str]]:
    """The workspace's active types: id and name."""
    found = session.execute(
        select(AppointmentType.id, AppointmentType.name)
        .where(AppointmentType.team_id == principal.team_id, col(AppointmentType.is_active))
        .order_by(col(AppointmentType.name))
    )
    return [(str(type_id), name) for type_id, name in found]


def fitting(
    session: Session, principal: Principal, type_id: UUID, dates: list[str], times: list[str], now: datetime
) -> tuple[list[OfferedTime], list[str]]:
    """Free times to choose from, and which of them fit best what was written. NotFound for another's type."""
    known = _known(session, principal, type_id, now)
    starts = openings.find(session, now, type_id=type_id).starts()
    wanted = wishes.read(dates, times, known.zone)
    best = wishes.fitting(starts, wanted, known.zone)
    more = wishes.fitting(starts, wanted, known.zone, 3 * wishes.OFFERED)
    shown = [OfferedTime(str(one), _label(one, known.zone)) for one in sorted({*best, *more})]
    return shown, [str(one) for one in best]


def hold(
    session: Session, principal: Principal, type_id: UUID, seconds: list[int], message: str, now: datetime
) -> list[str]:
    """Hold the times for one person and say each as a line with its link. Taken when one is not free any more.

    What an earlier offer to the same message held is let go.
    """
    if not 1 <= len(seconds) <= MOST:
        raise Invalid(f"Choose one to {MOST} times.", "times")
    known = _known(session, principal, type_id, now)
    visitor = f"{_PREFIX}{crypto.digest(message)[:40]}"
    taking.lock(session, visitor, type_id=type_id)
    let_go(session, visitor)
    lines = []
    for second in sorted(seconds):
        found = openings.find(session, now, type_id=type_id)
        until = min(now + HELD_FOR, datetime.fromtimestamp(second, now.tzinfo))
        made = taking.put(session, found, second, now, visitor=visitor, held_until=until)
        lines.append(f"{_label(second, known.zone)}: {links.offer(known.kind.booking_slug, made.id, now)}")
        announcing.log(session, made, known.kind, "offered", principal)
    live.publish(session, topics.calendar(principal.team_id))
    return lines


def held(session: Session, appointment_id: UUID, now: datetime) -> Appointment:
    """The offered time behind a link. Conflict when it was booked, or ran out."""
    made = session.get(Appointment, appointment_id)
    free = made is not None and made.status is AppointmentStatus.HELD and not made.guest_email
    if made is None or not free or made.held_until is None or made.held_until <= now:
        raise Conflict("This time is not kept for you any longer. Please choose another one.")
    return made


def let_go(session: Session, visitor: str) -> None:
    """Give back what is held under one name and was not confirmed."""
    if not visitor:
        return
    session.execute(
        delete(Appointment).where(
            col(Appointment.visitor) == visitor,
            col(Appointment.status) == AppointmentStatus.HELD,
            col(Appointment.guest_email) == "",
        )
    )


def _known(session: Session, principal: Principal, type_id: UUID, now: datetime) -> facts.Facts:
    known = facts.of(session, type_id, now)
    if known.kind.team_id != principal.team_id or not known.kind.is_active:
        raise NotFound
    return known


def _label(second: int, zone: str) -> str:
    return letters.when_text(datetime.fromtimestamp(second, UTC), zone)
