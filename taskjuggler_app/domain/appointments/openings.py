"""What a type offers now: its facts, what is booked in one window, and both given to the pure engine."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.domain.appointments import recurrence, slots
from taskjuggler_app.domain.appointments.facts import Facts
from taskjuggler_app.domain.appointments.hours import Hours, day_start
from taskjuggler_app.domain.appointments.slots import NOT_BUSY, Busy, Reason, Rules

MOST_DAYS = 366
# One row a host: what takes their time, as UTC seconds in no order. The hosts are asked one by one, so that each finds
# its own rows in the index of the exclusion constraint, whatever the others of the installation have.
_BUSY = text(
    """
    SELECT asked.host_id, taken.starts, taken.ends,
           CASE WHEN CAST(:email AS text) = '' THEN 0 ELSE (
               SELECT count(*) FROM appointments WHERE team_id = :team AND guest_email = :email
                  AND status = 'scheduled' AND start_time > :now) END,
           CASE WHEN CAST(:cap AS int) IS NULL THEN NULL ELSE (
               SELECT array_agg(day) FROM (
                   SELECT (start_time AT TIME ZONE :zone)::date AS day FROM appointments
                    WHERE appointment_type_id = :type AND status IN ('held', 'scheduled', 'completed')
                      AND (status <> 'held' OR held_until > :now)
                      AND start_time >= :starts AND start_time < :ends AND id IS DISTINCT FROM CAST(:apart AS uuid)
                    GROUP BY 1 HAVING count(*) >= :cap) AS counted) END
      FROM unnest(CAST(:hosts AS uuid[])) AS asked(host_id), LATERAL (
        SELECT array_agg(floor(date_part('epoch', since))::bigint) AS starts,
               array_agg(ceil(date_part('epoch', until))::bigint) AS ends
          FROM (
            SELECT lower(busy) AS since, upper(busy) AS until FROM appointments
             WHERE host_id = asked.host_id AND status IN ('held', 'scheduled')
               AND (status = 'scheduled' OR held_until > :now)
               AND busy && tstzrange(:starts, :ends) AND id IS DISTINCT FROM CAST(:apart AS uuid)
            UNION ALL
            SELECT start_time, end_time FROM calendar_busy
             WHERE user_id = asked.host_id AND start_time < :ends AND end_time > :starts) AS ranges) AS taken
    """
)


@dataclass(frozen=True)
class Openings:
    """Everything that decides about a type's times in a window of local days.

    `coming` is how many appointments lie ahead of the guest whom `find` was asked about.
    """

    facts: Facts
    hosts: dict[UUID, tuple[Hours, Busy]]
    first: date
    last: date
    rules: Rules
    full_days: frozenset[date]
    coming: int = 0

    def starts(self) -> list[int]:
        """The offered starts, as UTC seconds."""
        return slots.free_with_any(list(self.hosts.values()), self.first, self.last, self.rules, self.full_days)

    def nearest(self, second: int) -> list[int]:
        """The offered starts closest to a wanted one: of the days around it, of all when they lie further away."""
        around = datetime.fromtimestamp(second, ZoneInfo(self.facts.zone)).date()
        first = max(self.first, min(around - timedelta(days=3), self.last))
        last = min(self.last, max(around + timedelta(days=3), self.first))
        near = slots.free_with_any(list(self.hosts.values()), first, last, self.rules, self.full_days)
        found = slots.nearest(near, second)
        close = len(found) == slots.NEAREST and max(abs(one - second) for one in found) < 2 * 86_400
        return found if close else slots.nearest(self.starts(), second)

    def free_hosts(self, second: int) -> list[UUID]:
        """The hosts whom a start can be booked with."""
        return [one for one in self.hosts if not self._reasons(one, second)]

    def why_not(self, second: int) -> list[Reason]:
        """Why a start is not offered, as the host with the fewest reasons has it; [] when it is."""
        return min((self._reasons(one, second) for one in self.hosts), key=len, default=[Reason.CLOSED])

    def _reasons(self, host: UUID, second: int) -> list[Reason]:
        hours, busy = self.hosts[host]
        return slots.why_not(second, hours, self.first, self.last, busy, self.rules, self.full_days)


def find(
    session: Session,
    facts: Facts,
    now: datetime,
    *,
    apart: UUID | None = None,
    only: UUID | None = None,
    email: str = "",
) -> Openings:
    """The openings from today on, as far ahead as the type lets people book.

    apart: an appointment that does not count (it is being moved). only: one host. email: a guest whose coming
    appointments are counted.
    """
    kind = facts.kind
    first = now.astimezone(ZoneInfo(facts.zone)).date()
    last = first + timedelta(days=min(kind.advance_booking_days, MOST_DAYS))
    calendars = _hours(facts, first, last, only)
    margin = timedelta(days=2)
    starts = datetime.fromtimestamp(day_start(facts.zone, first), now.tzinfo) - margin
    values = {
        "hosts": list(calendars),
        "team": kind.team_id,
        "type": kind.id,
        "zone": facts.zone,
        "cap": kind.daily_cap,
        "starts": starts,
        "ends": starts + (last - first) + 3 * margin,
        "now": now,
        "apart": apart,
        "email": email,
    }
    rows: list[Any] = list(session.execute(_BUSY, values))
    hosts = {
        host: (calendars[host], Busy.of(zip(since, until, strict=True)) if since else NOT_BUSY)
        for host, since, until, _, _ in rows
    }
    coming, full = (rows[0][3], rows[0][4]) if rows else (0, None)
    return Openings(facts, hosts, first, last, _rules(facts, now), frozenset(full or ()), coming)


def open_starts(session: Session, facts: Facts, now: datetime) -> list[int]:
    """The starts that a visitor may choose, as UTC seconds."""
    return find(session, facts, now).starts()


def _hours(facts: Facts, first: date, last: date, only: UUID | None) -> dict[UUID, Hours]:
    """Each host's hours with the type's own openings and closings in them."""
    hours = {one.id: one.hours for one in facts.hosts if only is None or one.id == only}
    opened, closed = recurrence.ranges(facts.own, first, last)
    if opened or closed:
        hours = {who: Hours(one.zone, one.weekly, one.overrides, opened, closed) for who, one in hours.items()}
    return hours


def _rules(facts: Facts, now: datetime) -> Rules:
    kind = facts.kind
    return Rules(
        duration=kind.duration_minutes * 60,
        step=kind.step_minutes * 60,
        before=kind.buffer_before_minutes * 60,
        after=kind.buffer_after_minutes * 60,
        earliest=int(now.timestamp()) + kind.notice_minutes * 60 + (1 if now.microsecond else 0),
    )
