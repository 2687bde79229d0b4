"""Taking a host's time: under a lock, by the engine's word, and against the database's own constraint.

A booking locks its hosts and its guest (advisory, in one order), asks the engine, and inserts; the exclusion constraint
says the same again in the database, for whoever writes past this file.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.domain.appointments import slots
from taskjuggler_app.domain.appointments.openings import Openings
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType, busy_range

HOLD_MINUTES = 10
_LOCK = text(
    """
    WITH kind AS (SELECT id, user_id FROM appointment_types
                   WHERE id = :type_id OR (booking_slug = :slug AND is_active)),
    keeper AS (SELECT h.user_id FROM appointment_hosts h JOIN kind ON h.appointment_type_id = kind.id)
    SELECT pg_advisory_xact_lock(7242033, key) FROM (
        SELECT DISTINCT hashtext(name) AS key FROM (
            SELECT CAST(user_id AS text) AS name FROM keeper
            UNION ALL SELECT CAST(user_id AS text) FROM kind WHERE NOT EXISTS (SELECT 1 FROM keeper)
            UNION ALL SELECT unnest(CAST(:names AS text[]))) AS named
         ORDER BY 1) AS in_order
    """
)


_TABLE: Any = Appointment.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_COLUMNS = tuple(one.name for one in _TABLE.columns)
_INSERT = insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)


class Taken(Conflict):
    """The time is not free (any more); `nearest` has the closest that are, as UTC seconds."""

    def __init__(self, reason: str, nearest: list[int]) -> None:
        super().__init__(reason)
        self.nearest = nearest


def put(session: Session, found: Openings, second: int, now: datetime, **values: Any) -> Appointment:
    """Give a time to the free host who has the least to do for this type; held unless `values` say otherwise.

    The caller holds the lock of the type's hosts. Taken when no host is free.
    """
    kind = found.facts.kind
    row = {
        "appointment_type_id": kind.id,
        "team_id": kind.team_id,
        "status": AppointmentStatus.HELD,
        "held_until": now + timedelta(minutes=HOLD_MINUTES),
        "price": kind.price,
        "currency": kind.currency,
        **times(kind, datetime.fromtimestamp(second, UTC)),
        **values,
    }
    for host in in_turn(session, kind, found.free_hosts(second), now):
        made = _insert(session, {**row, "host_id": host})
        if made is None and _drop_expired(session, host, now):
            made = _insert(session, {**row, "host_id": host})
        if made is not None:
            return made
    raise refusal(found, second)


def times(kind: AppointmentType, start: datetime) -> dict[str, Any]:
    """The columns of an appointment's time: start, end, and the busy range with both buffers."""
    end = start + timedelta(minutes=kind.duration_minutes)
    before, after = timedelta(minutes=kind.buffer_before_minutes), timedelta(minutes=kind.buffer_after_minutes)
    return {"start_time": start, "end_time": end, "busy": busy_range(start - before, end + after)}


def lock(session: Session, *others: str, slug: str = "", type_id: UUID | None = None) -> None:
    """One booking at a time for each host of the type, and for each guest or visitor named, until the transaction ends.

    Once a transaction: keys are taken in order, so that none waits in a circle.
    """
    session.execute(_LOCK, {"slug": slug, "type_id": type_id, "names": list(others)})


def refusal(found: Openings, second: int) -> Taken:
    """Why a start cannot be had, with the nearest that can."""
    reasons = found.why_not(second)
    said = slots.SAID[reasons[0]] if reasons else "That time has just been taken."
    return Taken(said, found.nearest(second))


def _insert(session: Session, values: dict[str, Any]) -> Appointment | None:
    """None when the exclusion constraint finds something else there."""
    made = Appointment(**values)
    if session.execute(_INSERT, {name: getattr(made, name) for name in _COLUMNS}).one_or_none() is None:
        return None
    make_transient_to_detached(made)  # it is in the database now, as if it had been read from there
    session.add(made)
    return made


def _drop_expired(session: Session, host: UUID, now: datetime) -> bool:
    """Make room of held times that ran out and were not swept yet."""
    gone = session.execute(
        delete(Appointment)
        .where(col(Appointment.host_id) == host, col(Appointment.status) == AppointmentStatus.HELD)
        .where(col(Appointment.held_until) <= now)
        .returning(col(Appointment.id))
    )
    return bool(gone.all())


def in_turn(session: Session, kind: AppointmentType, free: list[UUID], now: datetime) -> list[UUID]:
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
