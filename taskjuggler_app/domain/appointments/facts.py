"""What decides about a type's times except what is booked: the type, who keeps it, when they are there. One read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.appointments import schedules
from taskjuggler_app.domain.appointments.hours import Hours
from taskjuggler_app.domain.appointments.recurrence import Opening
from taskjuggler_app.domain.appointments.spec import read_weekly, read_windows
from taskjuggler_app.models.appointments import AppointmentType

# `keeper` has the hosts; one without a schedule has the zone null. `shown` are three texts: the type as JSON, its hosts
# [[id, name, email, zone, weekly, [[day, windows], ...]], ...], its own openings.
WITH = """
    WITH kind AS MATERIALIZED (
        SELECT t.*, teams.name AS business FROM appointment_types t JOIN teams ON teams.id = t.team_id WHERE {which}),
    keeper AS MATERIALIZED (
        SELECT u.id, u.name, u.email, s.timezone, s.weekly, (
            SELECT jsonb_agg(jsonb_build_array(o.day, o.windows) ORDER BY o.day) FROM host_overrides o
             WHERE o.team_id = t.team_id AND o.user_id = u.id
               AND o.day BETWEEN CAST(%(now)s AS timestamptz)::date - 2
                             AND CAST(%(now)s AS timestamptz)::date + t.advance_booking_days + 2) AS days
          FROM kind t JOIN users u ON u.id IN (
                SELECT h.user_id FROM appointment_hosts h WHERE h.appointment_type_id = t.id
                UNION ALL
                SELECT t.user_id WHERE NOT EXISTS (
                    SELECT 1 FROM appointment_hosts h WHERE h.appointment_type_id = t.id))
          LEFT JOIN host_schedules s ON s.team_id = t.team_id AND s.user_id = u.id)
    """
SHOWN = """to_jsonb(t)::text, (
        SELECT jsonb_agg(jsonb_build_array(k.id, k.name, k.email, k.timezone, k.weekly, k.days) ORDER BY k.id)
          FROM keeper k)::text, (
        SELECT jsonb_agg(jsonb_build_array(
                   floor(extract(epoch FROM a.start_time)), ceil(extract(epoch FROM a.end_time)),
                   a.is_available, a.recurrence_pattern) ORDER BY a.start_time, a.id)
          FROM availability_slots a WHERE a.appointment_type_id = t.id)::text"""
BY_SLUG, BY_ID = "t.booking_slug = %(slug)s AND t.is_active", "t.id = %(type_id)s"
_SLUG_ALONE = f"{WITH.format(which=BY_SLUG)} SELECT {SHOWN} FROM kind t"  # noqa: S608  # our own words
_ID_ALONE = f"{WITH.format(which=BY_ID)} SELECT {SHOWN} FROM kind t"  # noqa: S608  # our own words


@dataclass(frozen=True)
class Host:
    """Somebody who takes a type's appointments."""

    id: UUID
    name: str
    email: str
    hours: Hours


@dataclass(frozen=True)
class Facts:
    """A type with its workspace's name, its hosts in order of ids, and its own openings.

    `kind` belongs to no session, and to all who read the same: nobody changes it.
    """

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
    return read(*ask(session, _SLUG_ALONE, {"slug": slug, "now": now}))


def of(session: Session, type_id: UUID, now: datetime) -> Facts:
    """The type, active or not. NotFound when there is none."""
    return read(*ask(session, _ID_ALONE, {"type_id": type_id, "now": now}))


def ask(session: Session, question: str, values: dict[str, Any]) -> Sequence[Any]:
    """The one row of a question that begins with WITH and SHOWN. NotFound when there is no such type.

    In the driver's own words: what visitors ask most costs as little as it can.
    """
    session.flush()
    row = session.connection().exec_driver_sql(question, values).one_or_none()
    if row is None:
        raise NotFound("There is nothing to book at this address.")
    if not (missing := _without_hours(row[1])):
        return row
    team_id = UUID(json.loads(row[0])["team_id"])
    for host_id in missing:
        schedules.ensured(session, team_id, host_id)
    return ask(session, question, values)


@lru_cache(maxsize=512)
def read(kind: str, hosts: str, own: str | None) -> Facts:
    """Read once for each state of a type and its hosts: the texts are their own version."""
    values = json.loads(kind, parse_float=Decimal)
    return Facts(AppointmentType.model_validate(values), values["business"], _hosts(hosts), _openings(own))


@lru_cache(maxsize=512)
def _without_hours(hosts: str) -> tuple[UUID, ...]:
    return tuple(UUID(one[0]) for one in json.loads(hosts) if one[3] is None)


def _hosts(hosts: str) -> tuple[Host, ...]:
    found = []
    for host_id, name, email, zone, weekly, days in json.loads(hosts):
        overrides = tuple((date.fromisoformat(day), read_windows(windows, day)) for day, windows in days or ())
        found.append(Host(UUID(host_id), name, email, Hours(zone, read_weekly(weekly), overrides)))
    return tuple(found)


def _openings(own: str | None) -> tuple[Opening, ...]:
    return tuple(
        Opening(int(start), int(end), is_available=available, pattern=json.dumps(pattern) if pattern else "")
        for start, end, available, pattern in json.loads(own or "[]")
    )
