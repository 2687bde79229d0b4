"""What decides about a type's times except what is booked: the type, who keeps it, when they are there. One read."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, column, text
from sqlmodel import Session, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.appointments import schedules
from taskjuggler_app.domain.appointments.hours import Hours
from taskjuggler_app.domain.appointments.recurrence import Opening
from taskjuggler_app.domain.appointments.spec import read_weekly, read_windows
from taskjuggler_app.models.appointments import AppointmentType

_KIND = list(AppointmentType.__table__.columns)  # type: ignore[attr-defined]  # SQLModel makes it
_NAMES = ", ".join(f"t.{one.name}" for one in _KIND)
# Hosts: [id, name, email, zone, weekly, [[day, windows], ...]]; a host without a schedule has the zone null.
_QUESTION = f"""
    SELECT {_NAMES}, teams.name AS business, (
        SELECT jsonb_agg(jsonb_build_array(u.id, u.name, u.email, s.timezone, s.weekly, coalesce((
            SELECT jsonb_agg(jsonb_build_array(o.day, o.windows) ORDER BY o.day) FROM host_overrides o
             WHERE o.team_id = t.team_id AND o.user_id = u.id
               AND o.day BETWEEN CAST(:today AS date) - 2 AND CAST(:today AS date) + t.advance_booking_days + 2), '[]'))
            ORDER BY u.id)
          FROM users u LEFT JOIN host_schedules s ON s.team_id = t.team_id AND s.user_id = u.id
         WHERE u.id IN (
            SELECT h.user_id FROM appointment_hosts h WHERE h.appointment_type_id = t.id
            UNION ALL
            SELECT t.user_id WHERE NOT EXISTS (SELECT 1 FROM appointment_hosts h WHERE h.appointment_type_id = t.id))
        )::text AS hosts, (
        SELECT jsonb_agg(jsonb_build_array(
                   floor(extract(epoch FROM a.start_time)), ceil(extract(epoch FROM a.end_time)),
                   a.is_available, a.recurrence_pattern) ORDER BY a.start_time, a.id)
          FROM availability_slots a WHERE a.appointment_type_id = t.id)::text AS own
      FROM appointment_types t JOIN teams ON teams.id = t.team_id
     WHERE """  # noqa: S608  # the columns' own names
_EXTRA = (column("business", Text), column("hosts", Text), column("own", Text))
_BY_SLUG = text(_QUESTION + "t.booking_slug = :slug AND t.is_active").columns(*_KIND, *_EXTRA)
_BY_ID = text(_QUESTION + "t.id = :id").columns(*_KIND, *_EXTRA)


@dataclass(frozen=True)
class Host:
    """Somebody who takes a type's appointments."""

    id: UUID
    name: str
    email: str
    hours: Hours


@dataclass(frozen=True)
class Facts:
    """A type with its workspace's name, its hosts in order of ids, and its own openings."""

    kind: AppointmentType
    business: str
    hosts: tuple[Host, ...]
    own: tuple[Opening, ...]

    @property
    def zone(self) -> str:
        """The zone that the type's days are days of: its first host's."""
        return self.hosts[0].hours.zone

    def keeper(self, host_id: UUID) -> UUID | None:
        """The host, if they (still) keep the type."""
        return host_id if any(one.id == host_id for one in self.hosts) else None


def by_slug(session: Session, slug: str, now: datetime) -> Facts:
    """The active type at an address. NotFound otherwise; one that is not public is still found by its link."""
    found = _ask(session, _BY_SLUG, now, slug=slug)
    if found is None:
        raise NotFound("There is nothing to book at this address.")
    return found


def of(session: Session, type_id: UUID, now: datetime) -> Facts:
    """The type, active or not. NotFound when there is none."""
    found = _ask(session, _BY_ID, now, id=type_id)
    if found is None:
        raise NotFound
    return found


def _ask(session: Session, question: Any, now: datetime, **which: Any) -> Facts | None:
    values = {**which, "today": now.date()}
    row = session.execute(select(AppointmentType, *_EXTRA).from_statement(question), values).one_or_none()
    if row is None:
        return None
    kind, business, hosts, own = row
    if _without_hours(hosts):
        for host_id in _without_hours(hosts):
            schedules.ensured(session, kind.team_id, host_id)
        return _ask(session, question, now, **which)
    return Facts(kind, business, _hosts(hosts), _openings(own))


@lru_cache(maxsize=512)
def _without_hours(hosts: str) -> tuple[UUID, ...]:
    return tuple(UUID(one[0]) for one in json.loads(hosts) if one[3] is None)


@lru_cache(maxsize=512)
def _hosts(hosts: str) -> tuple[Host, ...]:
    """Read once for each state of a type's hours: the text is its own version."""
    found = []
    for host_id, name, email, zone, weekly, days in json.loads(hosts):
        overrides = tuple((date.fromisoformat(day), read_windows(windows, day)) for day, windows in days)
        found.append(Host(UUID(host_id), name, email, Hours(zone, read_weekly(weekly), overrides)))
    return tuple(found)


@lru_cache(maxsize=512)
def _openings(own: str | None) -> tuple[Opening, ...]:
    return tuple(
        Opening(int(start), int(end), is_available=available, pattern=json.dumps(pattern) if pattern else "")
        for start, end, available, pattern in json.loads(own or "[]")
    )
