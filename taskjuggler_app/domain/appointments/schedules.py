"""A host's hours: the week, the days that differ, the calendars that keep time busy."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto, live, topics
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments.hours import Hours
from taskjuggler_app.domain.appointments.spec import WEEKDAYS, read_weekly, read_windows, read_zone
from taskjuggler_app.models.appointments import HostOverride, HostSchedule
from taskjuggler_app.models.users import User

OFFICE_HOURS = {day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}
MOST_OVERRIDES = 400


@dataclass
class ScheduleRow:
    """A host's hours as their page shows them: windows are "09:00-12:00" texts by day."""

    timezone: str = "UTC"
    weekly: dict[str, list[list[str]]] = field(default_factory=dict)
    overrides: list[tuple[str, list[list[str]]]] = field(default_factory=list)
    public_slug: str = ""


def own(session: Session, principal: Principal) -> ScheduleRow:
    """The person's own hours; office hours in their zone until they change them."""
    schedule = ensured(session, principal.team_id, _person(principal))
    days = session.exec(
        select(HostOverride)
        .where(HostOverride.team_id == principal.team_id, HostOverride.user_id == principal.user_id)
        .order_by(col(HostOverride.day))
    )
    return ScheduleRow(
        schedule.timezone, schedule.weekly, [(one.day.isoformat(), one.windows) for one in days], schedule.public_slug
    )


def save_week(session: Session, principal: Principal, *, timezone: str, weekly: dict[str, Any]) -> None:
    """Store the week. Raises Invalid for a zone, a day or a window that cannot be used."""
    schedule = ensured(session, principal.team_id, _person(principal))
    zone = read_zone(timezone)
    read_weekly(weekly)
    schedule.timezone, schedule.weekly = zone, {day: weekly[day] for day in WEEKDAYS if weekly.get(day)}
    session.add(schedule)
    session.flush()
    changed(session, principal.team_id)


def set_day(session: Session, principal: Principal, day: date, windows: list[list[str]]) -> None:
    """A day that differs from the week; no windows is a day off."""
    read_windows(windows, day.isoformat())
    ensured(session, principal.team_id, _person(principal))
    kept = select(HostOverride.id).where(
        HostOverride.team_id == principal.team_id, HostOverride.user_id == principal.user_id
    )
    if len(session.exec(kept).all()) >= MOST_OVERRIDES:
        raise Invalid("That is more single days than a calendar needs. Remove old ones first.", "day")
    values = {"team_id": principal.team_id, "user_id": principal.user_id, "day": day, "windows": windows}
    statement = insert(HostOverride).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["team_id", "user_id", "day"], set_={"windows": statement.excluded.windows}
        )
    )
    changed(session, principal.team_id)


def clear_day(session: Session, principal: Principal, day: date) -> None:
    """Back to the week's hours on that day."""
    session.execute(
        delete(HostOverride).where(
            col(HostOverride.team_id) == principal.team_id,
            col(HostOverride.user_id) == principal.user_id,
            col(HostOverride.day) == day,
        )
    )
    changed(session, principal.team_id)


def ensured(session: Session, team_id: UUID, user_id: UUID) -> HostSchedule:
    """The person's schedule in the workspace, made when it is first needed."""
    found = _find(session, team_id, user_id)
    if found is None:
        user = session.get_one(User, user_id)
        slug = f"{slugged(user.name)}-{crypto.token(4).lower().replace('_', '').replace('-', '')[:5]}"
        values = {
            "team_id": team_id,
            "user_id": user_id,
            "timezone": user.timezone,
            "weekly": OFFICE_HOURS,
            "public_slug": slug,
        }
        session.execute(insert(HostSchedule).values(values).on_conflict_do_nothing())
        found = _find(session, team_id, user_id)
    if found is None:
        raise NotFound
    return found


def hours_of(session: Session, team_id: UUID, user_ids: list[UUID], first: date, last: date) -> dict[UUID, Hours]:
    """The hours of several hosts with the single days between `first` and `last`."""
    days: dict[UUID, list[tuple[date, Any]]] = {}
    rows = session.exec(
        select(HostOverride)
        .where(
            HostOverride.team_id == team_id,
            col(HostOverride.user_id).in_(user_ids),
            col(HostOverride.day).between(first, last),
        )
        .order_by(col(HostOverride.day))
    )
    for one in rows:
        days.setdefault(one.user_id, []).append((one.day, read_windows(one.windows, "day")))
    made = {user_id: ensured(session, team_id, user_id) for user_id in user_ids}
    return {
        user_id: Hours(one.timezone, read_weekly(one.weekly), tuple(days.get(user_id, ())))
        for user_id, one in made.items()
    }


def changed(session: Session, team_id: UUID) -> None:
    """Tell open pages that times of the workspace changed."""
    live.publish(session, topics.calendar(team_id))


def slugged(text: str) -> str:
    """The words of a name as they look in an address."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text.lower())
    return "-".join(plain.split())[:60] or "book"


def _find(session: Session, team_id: UUID, user_id: UUID) -> HostSchedule | None:
    """The schedule, read once a transaction: a booking asks for it several times."""
    known: dict[tuple[UUID, UUID], HostSchedule] = session.info.setdefault("host_schedules", {})
    found = known.get((team_id, user_id))
    if found is None or found not in session:
        found = session.exec(
            select(HostSchedule).where(HostSchedule.team_id == team_id, HostSchedule.user_id == user_id)
        ).one_or_none()
        if found is not None:
            known[team_id, user_id] = found
    return found


def _person(principal: Principal) -> UUID:
    if principal.user_id is None:
        raise NotFound
    return principal.user_id
