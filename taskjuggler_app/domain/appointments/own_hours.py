"""A type's own openings and closings, beside its hosts' hours: single ones, or rules of RFC 5545 in local time."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Invalid, LimitReached, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import recurrence, schedules, types
from taskjuggler_app.domain.appointments.hours import local_date, local_second
from taskjuggler_app.domain.appointments.recurrence import Opening
from taskjuggler_app.domain.appointments.spec import read_clock, read_zone
from taskjuggler_app.models.appointments import AppointmentType, AvailabilitySlot

MOST = 100
"""Openings and closings that one type may have."""
_AHEAD = timedelta(days=730)


@dataclass
class OwnHoursRow:
    """An opening or closing as the page shows it; `next` is its next day, empty when it is over."""

    id: str = ""
    opens: bool = True
    day: str = ""
    span: str = ""
    rule: str = ""
    zone: str = ""
    next: str = ""


@dataclass(frozen=True)
class Draft:
    """What the form says: a local day and times of it, and a rule when it recurs ("" for once)."""

    opens: bool
    day: date
    starts: str
    ends: str
    zone: str
    rule: str = ""


def add(session: Session, principal: Principal, type_id: UUID, draft: Draft) -> AvailabilitySlot:
    """Open or close a type beyond its hosts' hours. Raises Invalid for a time or a rule that cannot be used."""
    kind = _mine(session, principal, type_id)
    kept = session.exec(select(AvailabilitySlot.id).where(AvailabilitySlot.appointment_type_id == kind.id)).all()
    if len(kept) >= MOST:
        raise LimitReached(f"A type can have {MOST} openings and closings. Remove old ones first.")
    zone = read_zone(draft.zone)
    opens, closes = read_clock(draft.starts, "starts"), read_clock(draft.ends, "ends")
    if closes == opens:
        raise Invalid("It has to end after it starts.", "ends")
    last = draft.day if closes > opens else draft.day + timedelta(days=1)
    start, end = local_second(zone, draft.day, opens), local_second(zone, last, closes)
    pattern = None
    if draft.rule.strip():
        pattern = recurrence.pattern(
            rrule=draft.rule, tzid=zone, local_start=_clock(draft.starts), local_end=_clock(draft.ends)
        )
    made = AvailabilitySlot(
        appointment_type_id=kind.id,
        start_time=datetime.fromtimestamp(start, UTC),
        end_time=datetime.fromtimestamp(end, UTC),
        is_available=draft.opens,
        is_recurring=pattern is not None,
        recurrence_pattern=pattern,
    )
    session.add(made)
    session.flush()
    schedules.changed(session, principal.team_id)
    return made


def remove(session: Session, principal: Principal, slot_id: UUID) -> None:
    """Forget an opening or closing."""
    found = session.get(AvailabilitySlot, slot_id)
    if found is None:
        raise NotFound
    _mine(session, principal, found.appointment_type_id)
    session.delete(found)
    session.flush()
    schedules.changed(session, principal.team_id)


def of(session: Session, principal: Principal, type_id: UUID, now: datetime) -> list[OwnHoursRow]:
    """The type's openings and closings in order of their first day, in the zone of its first host."""
    kind = types.own(session, principal, type_id)
    zone = schedules.ensured(session, kind.team_id, kind.user_id).timezone
    found = session.exec(
        select(AvailabilitySlot)
        .where(AvailabilitySlot.appointment_type_id == kind.id)
        .order_by(col(AvailabilitySlot.start_time))
    )
    return [_row(one, zone, now) for one in found]


def _row(slot: AvailabilitySlot, zone: str, now: datetime) -> OwnHoursRow:
    given = slot.recurrence_pattern or {}
    place = str(given.get("tzid") or zone)
    start, end = int(slot.start_time.timestamp()), int(slot.end_time.timestamp())
    today = local_date(place, int(now.timestamp()))
    coming = [(start, end)]
    if given:
        one = Opening(start, end, pattern=json.dumps(given))
        coming = recurrence.occurrences(one, today, today + _AHEAD)
    following = next((begins for begins, ends in coming if ends > now.timestamp()), None)
    clocks = [datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo(place)) for second in (start, end)]
    return OwnHoursRow(
        id=str(slot.id),
        opens=slot.is_available,
        day=clocks[0].date().isoformat(),
        span=f"{given.get('local_start') or f'{clocks[0]:%H:%M}'}-{given.get('local_end') or f'{clocks[1]:%H:%M}'}",
        rule=str(given.get("rrule") or ""),
        zone=place,
        next=local_date(place, following).isoformat() if following is not None else "",
    )


def _mine(session: Session, principal: Principal, type_id: UUID) -> AppointmentType:
    kind = types.own(session, principal, type_id)
    require(principal.is_admin or kind.user_id == principal.user_id, "Only its owner or an admin can change this.")
    return kind


def _clock(text: str) -> str:
    return text.strip().zfill(5)
