"""What a type offers now: its facts, what is booked in one window, and both given to the pure engine."""

import sys
from array import array
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import repeat
from operator import add, floordiv, sub
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from taskjuggler_app.domain.appointments import facts, recurrence, slots
from taskjuggler_app.domain.appointments.facts import Facts
from taskjuggler_app.domain.appointments.hours import Hours
from taskjuggler_app.domain.appointments.slots import Busy, Reason, Rules

MOST_DAYS = 366
_EPOCH_2000 = 946_684_800
"""PostgreSQL counts from the year 2000 on, in microseconds."""
# What takes the hosts' time, as two lists in order of hosts: a host's starts and ends, eight bytes each, in no order.
# The hosts are asked one by one, so that each finds its own rows in the index of the exclusion constraint, whatever the
# others of the installation have. Days at both ends are there for zones and buffers.
_OPEN = f"""{facts.WITH}
    SELECT {facts.SHOWN}, taken.starts, taken.ends,
           CASE WHEN CAST(%(email)s AS text) = '' THEN 0 ELSE (
               SELECT count(*) FROM appointments WHERE team_id = t.team_id AND guest_email = %(email)s
                  AND status = 'scheduled' AND start_time > %(now)s) END,
           CASE WHEN t.daily_cap IS NULL THEN NULL ELSE (
               SELECT array_agg(day) FROM (
                   SELECT (start_time AT TIME ZONE (SELECT timezone FROM keeper ORDER BY id LIMIT 1))::date AS day
                     FROM appointments
                    WHERE appointment_type_id = t.id AND status IN ('held', 'scheduled', 'completed')
                      AND (status <> 'held' OR held_until > %(now)s)
                      AND start_time >= since AND start_time < until
                      AND id IS DISTINCT FROM CAST(%(apart)s AS uuid)
                    GROUP BY 1 HAVING count(*) >= t.daily_cap) AS counted) END
      FROM kind t, LATERAL (
        SELECT CAST(%(now)s AS timestamptz) - interval '3 days' AS since, CAST(%(now)s AS timestamptz)
               + make_interval(days => least(t.advance_booking_days, 366) + 4) AS until) AS span,
      LATERAL (
        SELECT array_agg(ranges.starts ORDER BY k.id) AS starts, array_agg(ranges.ends ORDER BY k.id) AS ends
          FROM keeper k, LATERAL (
            SELECT string_agg(timestamptz_send(opens), '') AS starts, string_agg(timestamptz_send(closes), '') AS ends
              FROM (
                SELECT lower(busy) AS opens, upper(busy) AS closes FROM appointments
                 WHERE host_id = k.id AND status IN ('held', 'scheduled')
                   AND (status = 'scheduled' OR held_until > %(now)s)
                   AND busy && tstzrange(since, until) AND id IS DISTINCT FROM CAST(%(apart)s AS uuid)
                UNION ALL
                SELECT start_time, end_time FROM calendar_busy
                 WHERE user_id = k.id AND start_time < until AND end_time > since
                   AND end_time > start_time) AS one) AS ranges) AS taken
    """  # noqa: S608  # our own words
_BY_SLUG, _BY_ID = _OPEN.format(which=facts.BY_SLUG), _OPEN.format(which=facts.BY_ID)


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
    now: datetime,
    *,
    slug: str = "",
    type_id: UUID | None = None,
    apart: UUID | None = None,
    keeper: UUID | None = None,
    email: str = "",
) -> Openings:
    """The openings of the active type at an address, or of any type by its id, from today on, as far ahead as it lets
    people book. One question to the database. NotFound when there is no such type.

    apart: an appointment that does not count (it is being moved). keeper: with this host alone, while they keep the
    type. email: a guest whose coming appointments are counted.
    """
    values = {"slug": slug, "type_id": type_id, "now": now, "apart": apart, "email": email}
    kind, keepers, own, starts, ends, coming, full = facts.ask(session, _BY_ID if type_id else _BY_SLUG, values)
    known = facts.read(kind, keepers, own)
    first = now.astimezone(ZoneInfo(known.zone)).date()
    last = first + timedelta(days=min(known.kind.advance_booking_days, MOST_DAYS))
    hours = _hours(known, first, last, known.keeper(keeper) if keeper else None)
    hosts = {
        one.id: (hours[one.id], Busy(_seconds(since), _seconds(until, up=True)))
        for one, since, until in zip(known.hosts, starts, ends, strict=True)
        if one.id in hours
    }
    return Openings(known, hosts, first, last, _rules(known, now), frozenset(full or ()), coming)


def _seconds(moments: bytes | None, *, up: bool = False) -> list[int]:
    """Sorted whole seconds since 1970 of PostgreSQL's times, rounded down, or up."""
    found = array("q", moments or b"")
    if sys.byteorder == "little":
        found.byteswap()
    whole = map(floordiv, found, repeat(-1_000_000 if up else 1_000_000))
    return sorted(map(sub, repeat(_EPOCH_2000), whole) if up else map(add, whole, repeat(_EPOCH_2000)))


def _hours(known: Facts, first: date, last: date, only: UUID | None) -> dict[UUID, Hours]:
    """Each host's hours with the type's own openings and closings in them."""
    hours = {one.id: one.hours for one in known.hosts if only is None or one.id == only}
    opened, closed = recurrence.ranges(known.own, first, last)
    if opened or closed:
        hours = {who: Hours(one.zone, one.weekly, one.overrides, opened, closed) for who, one in hours.items()}
    return hours


def _rules(known: Facts, now: datetime) -> Rules:
    kind = known.kind
    return Rules(
        duration=kind.duration_minutes * 60,
        step=kind.step_minutes * 60,
        before=kind.buffer_before_minutes * 60,
        after=kind.buffer_after_minutes * 60,
        earliest=int(now.timestamp()) + kind.notice_minutes * 60 + (1 if now.microsecond else 0),
    )
