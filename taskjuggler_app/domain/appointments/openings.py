"""What a type offers now: the hours, what is booked and the rules, read for one window and given to the pure engine."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.appointments import recurrence, schedules, slots
from taskjuggler_app.domain.appointments.hours import Hours, day_start
from taskjuggler_app.domain.appointments.slots import NOT_BUSY, Busy, Reason, Rules
from taskjuggler_app.models.appointments import AppointmentHost, AppointmentType, AvailabilitySlot
from taskjuggler_app.models.users import User

MOST_DAYS = 366
# `reach` of slots.Busy, computed where the rows are: the latest end so far, in order of starts.
_BUSY = text(
    """
    WITH taken AS (
        SELECT host_id, floor(extract(epoch FROM lower(busy)))::bigint AS starts,
               ceil(extract(epoch FROM upper(busy)))::bigint AS ends
          FROM appointments
         WHERE host_id = ANY(:hosts) AND status IN ('held', 'scheduled')
           AND (status = 'scheduled' OR held_until > :now)
           AND busy && tstzrange(:starts, :ends) AND id IS DISTINCT FROM CAST(:apart AS uuid)
        UNION ALL
        SELECT user_id, floor(extract(epoch FROM start_time))::bigint, ceil(extract(epoch FROM end_time))::bigint
          FROM calendar_busy
         WHERE user_id = ANY(:hosts) AND start_time < :ends AND end_time > :starts),
    reached AS (
        SELECT host_id, starts, ends, max(ends) OVER (PARTITION BY host_id ORDER BY starts, ends) AS reach FROM taken)
    SELECT host_id, array_agg(starts ORDER BY starts, ends), array_agg(reach ORDER BY starts, ends)
      FROM reached GROUP BY host_id
    """
)
_FULL_DAYS = text(
    """
    SELECT (start_time AT TIME ZONE :zone)::date AS day FROM appointments
     WHERE appointment_type_id = :type AND status IN ('held', 'scheduled', 'completed')
       AND (status <> 'held' OR held_until > :now)
       AND start_time >= :starts AND start_time < :ends AND id IS DISTINCT FROM CAST(:apart AS uuid)
     GROUP BY 1 HAVING count(*) >= :cap
    """
)


@dataclass(frozen=True)
class Openings:
    """Everything that decides about a type's times in a window of local days."""

    kind: AppointmentType
    zone: str
    hosts: dict[UUID, tuple[Hours, Busy]]
    first: date
    last: date
    rules: Rules
    full_days: frozenset[date]

    def starts(self) -> list[int]:
        """The offered starts, as UTC seconds."""
        return slots.free_with_any(list(self.hosts.values()), self.first, self.last, self.rules, self.full_days)

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
    kind: AppointmentType,
    now: datetime,
    *,
    apart: UUID | None = None,
    only: UUID | None = None,
    hosts: list[UUID] | None = None,
) -> Openings:
    """The openings from today on, as far ahead as the type lets people book.

    apart: an appointment that does not count (it is being moved). only: one host. hosts: the type's, when known.
    """
    host_ids = [only] if only else hosts or hosts_of(session, kind)
    zone = schedules.ensured(session, kind.team_id, host_ids[0]).timezone if host_ids else "UTC"
    first = now.astimezone(ZoneInfo(zone)).date()
    last = first + timedelta(days=min(kind.advance_booking_days, MOST_DAYS))
    hours = schedules.hours_of(session, kind.team_id, host_ids, first, last)
    opened, closed = recurrence.ranges(
        session.exec(select(AvailabilitySlot).where(AvailabilitySlot.appointment_type_id == kind.id)), first, last
    )
    if opened or closed:
        hours = {who: Hours(one.zone, one.weekly, one.overrides, opened, closed) for who, one in hours.items()}
    margin = timedelta(days=2)
    starts = datetime.fromtimestamp(day_start(zone, first), now.tzinfo) - margin
    window = {
        "starts": starts,
        "ends": starts + (last - first) + 3 * margin,
        "now": now,
        "apart": apart,
    }
    rows = session.execute(_BUSY, {"hosts": host_ids, **window}) if host_ids else ()
    busy = {host: Busy(since, reach) for host, since, reach in rows}
    full: frozenset[date] = frozenset()
    if kind.daily_cap is not None:
        capped = {"type": kind.id, "zone": zone, "cap": kind.daily_cap, **window}
        full = frozenset(session.execute(_FULL_DAYS, capped).scalars())
    earliest = int(now.timestamp()) + kind.notice_minutes * 60
    if now.microsecond:
        earliest += 1
    rules = Rules(
        duration=kind.duration_minutes * 60,
        step=kind.step_minutes * 60,
        before=kind.buffer_before_minutes * 60,
        after=kind.buffer_after_minutes * 60,
        earliest=earliest,
    )
    calendars = {one: (hours[one], busy.get(one, NOT_BUSY)) for one in host_ids}
    return Openings(kind, zone, calendars, first, last, rules, full)


def open_starts(session: Session, kind: AppointmentType, now: datetime) -> list[int]:
    """The starts that a visitor may choose, as UTC seconds."""
    return find(session, kind, now).starts()


def hosts_of(session: Session, kind: AppointmentType) -> list[UUID]:
    """Who takes the type's appointments; its owner when nobody else is named."""
    named = session.exec(
        select(AppointmentHost.user_id)
        .where(AppointmentHost.appointment_type_id == kind.id)
        .order_by(col(AppointmentHost.user_id))
    ).all()
    return list(named) or [kind.user_id]


def by_slug(session: Session, slug: str) -> AppointmentType:
    """The active type at an address. NotFound otherwise; one that is not public is still found by its link."""
    found = session.exec(
        select(AppointmentType).where(AppointmentType.booking_slug == slug, AppointmentType.is_active)
    ).one_or_none()
    if found is None:
        raise NotFound("There is nothing to book at this address.")
    return found


def names(session: Session, user_ids: list[UUID]) -> dict[UUID, str]:
    """The people's names."""
    rows = session.execute(select(User.id, User.name).where(col(User.id).in_(user_ids)))
    return {user_id: name for user_id, name in rows}  # noqa: C416  # a row is no pair for dict()


def zone_of(session: Session, team_id: UUID, user_id: UUID) -> str:
    """The zone of a host's hours."""
    return schedules.ensured(session, team_id, user_id).timezone
