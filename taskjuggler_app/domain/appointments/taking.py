"""Taking a host's time: under a lock, by the engine's word, and against the database's own constraint.

A booking locks its hosts (advisory, in order), asks the engine, and inserts; the exclusion constraint says the same
again in the database, for whoever writes past this file.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.domain.appointments import openings, slots
from taskjuggler_app.domain.appointments.openings import Openings
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType, busy_range

HOLD_MINUTES = 10
_LOCK = text("SELECT pg_advisory_xact_lock(7242027, hashtext(:host))")


class Taken(Conflict):
    """The time is not free (any more); `nearest` has the closest that are, as UTC seconds."""

    def __init__(self, reason: str, nearest: list[int]) -> None:
        super().__init__(reason)
        self.nearest = nearest


def insert(session: Session, kind: AppointmentType, second: int, now: datetime) -> Appointment:
    """Hold the time with the free host who has the least to do for this type. Taken when there is none."""
    hosts = openings.hosts_of(session, kind)
    lock(session, hosts)
    session.execute(
        delete(Appointment).where(
            col(Appointment.host_id).in_(hosts),
            col(Appointment.status) == AppointmentStatus.HELD,
            col(Appointment.held_until) <= now,
        )
    )
    found = openings.find(session, kind, now, hosts=hosts)
    for host in _in_turn(session, kind, found.free_hosts(second), now):
        made = Appointment(
            appointment_type_id=kind.id,
            team_id=kind.team_id,
            host_id=host,
            status=AppointmentStatus.HELD,
            start_time=now,
            end_time=now,
            busy=None,
            held_until=now + timedelta(minutes=HOLD_MINUTES),
            price=kind.price,
            currency=kind.currency,
        )
        put(made, kind, datetime.fromtimestamp(second, UTC))
        try:
            with session.begin_nested():
                session.add(made)
                session.flush()
        except IntegrityError:
            continue
        live.publish(session, topics.calendar(kind.team_id))
        return made
    raise refusal(found, second)


def put(made: Appointment, kind: AppointmentType, start: datetime) -> None:
    """Set the times, and the busy range with both buffers."""
    made.start_time, made.end_time = start, start + timedelta(minutes=kind.duration_minutes)
    before, after = timedelta(minutes=kind.buffer_before_minutes), timedelta(minutes=kind.buffer_after_minutes)
    made.busy = busy_range(made.start_time - before, made.end_time + after)


def lock(session: Session, hosts: list[UUID]) -> None:
    """One booking at a time for each host, until the transaction ends; in order, so that none waits in a circle."""
    for host in sorted(hosts, key=str):
        session.execute(_LOCK, {"host": str(host)})


def _in_turn(session: Session, kind: AppointmentType, free: list[UUID], now: datetime) -> list[UUID]:
    """Fair rotation: fewest appointments of this type from a month ago on first, then by id."""
    if len(free) < 2:
        return free
    since = now - timedelta(days=30)
    rows = session.execute(
        select(Appointment.host_id, func.count())
        .where(Appointment.appointment_type_id == kind.id, col(Appointment.start_time) > since)
        .where(col(Appointment.status) != AppointmentStatus.CANCELLED)
        .group_by(col(Appointment.host_id))
    )
    counts = {host: number for host, number in rows}  # noqa: C416  # a row is no pair for dict()
    return sorted(free, key=lambda host: (counts.get(host, 0), str(host)))


def refusal(found: Openings, second: int) -> Taken:
    """Why a start cannot be had, with the nearest that can."""
    reasons = found.why_not(second)
    said = slots.SAID[reasons[0]] if reasons else "That time has just been taken."
    return Taken(said, slots.nearest(found.starts(), second))
