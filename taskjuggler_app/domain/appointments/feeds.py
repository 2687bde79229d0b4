"""Calendars out and in: a person's private feed, the file of one appointment, busy times of subscribed calendars."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar
from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto, queue
from taskjuggler_app.core.errors import Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import ics, links, schedules
from taskjuggler_app.domain.appointments.hours import merge
from taskjuggler_app.models.appointments import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    CalendarBusy,
    CalendarFeed,
    CalendarSubscription,
)
from taskjuggler_app.models.users import User

FETCH = "appointments.fetch_calendar"
EVERY = timedelta(minutes=20)
AHEAD = timedelta(days=370)
MOST_SUBSCRIPTIONS = 10
MOST_EVENTS = 5_000
_DUE = text(
    """
    UPDATE calendar_subscriptions SET next_fetch_at = :next WHERE id IN (
        SELECT id FROM calendar_subscriptions WHERE next_fetch_at <= :now
         ORDER BY next_fetch_at LIMIT 50 FOR UPDATE SKIP LOCKED)
    RETURNING id
    """
)


def new_feed(session: Session, principal: Principal, now: datetime) -> str:
    """A new secret address for the person's appointments; the old one stops working. The token is said once."""
    if principal.user_id is None:
        raise NotFound
    revoke_feed(session, principal, now)
    token = crypto.token()
    feed = CalendarFeed(team_id=principal.team_id, user_id=principal.user_id, token_hash=crypto.digest(token))
    session.add(feed)
    session.flush()
    return token


def revoke_feed(session: Session, principal: Principal, now: datetime) -> None:
    """Close the person's secret address."""
    session.execute(
        update(CalendarFeed)
        .where(col(CalendarFeed.team_id) == principal.team_id, col(CalendarFeed.user_id) == principal.user_id)
        .where(col(CalendarFeed.revoked_at).is_(None))
        .values(revoked_at=now)
    )


def has_feed(session: Session, principal: Principal) -> bool:
    """Whether the person has a secret address that works."""
    mine = select(CalendarFeed.id).where(
        CalendarFeed.team_id == principal.team_id, CalendarFeed.user_id == principal.user_id
    )
    return session.exec(mine.where(col(CalendarFeed.revoked_at).is_(None))).first() is not None


def by_token(session: Session, token: str, now: datetime) -> str:
    """The appointments behind a secret address, from a month ago on. NotFound for one that does not work."""
    digest = crypto.digest(token.removesuffix(".ics")[:100])
    found = session.exec(
        select(CalendarFeed).where(CalendarFeed.token_hash == digest, col(CalendarFeed.revoked_at).is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound("There is no calendar at this address (any more).")
    rows = session.exec(
        select(AppointmentType, Appointment)
        .join(Appointment, col(Appointment.appointment_type_id) == col(AppointmentType.id))
        .where(Appointment.host_id == found.user_id, Appointment.team_id == found.team_id)
        .where(Appointment.status == AppointmentStatus.SCHEDULED)
        .where(col(Appointment.start_time) > now - timedelta(days=30))
        .order_by(col(Appointment.start_time))
        .limit(1000)
    )
    host = session.get_one(User, found.user_id)
    return ics.feed(f"Appointments of {host.name}", rows.all(), now)


def invitation(session: Session, token: str, now: datetime) -> str:
    """The file of one appointment, for the holder of its link."""
    made = session.get(Appointment, links.read(token.removesuffix(".ics"), now))
    if made is None or made.status is AppointmentStatus.HELD:
        raise NotFound
    kind, host = session.get_one(AppointmentType, made.appointment_type_id), session.get_one(User, made.host_id)
    zone = schedules.ensured(session, made.team_id, made.host_id).timezone
    method = ics.CANCEL if made.status is AppointmentStatus.CANCELLED else ics.REQUEST
    return ics.invitation(kind, made, zone=zone, host=(host.name, host.email), method=method, now=now)


def subscribe(session: Session, principal: Principal, *, name: str, url: str, now: datetime) -> CalendarSubscription:
    """Keep the times of another calendar free of bookings; it is read at once, then every EVERY."""
    if principal.user_id is None:
        raise NotFound
    address = url.strip().replace("webcal://", "https://", 1)
    if not address.startswith(("https://", "http://")) or len(address) > 2_000:
        raise Invalid("Paste the calendar's iCal address: it starts with https:// or webcal://.", "url")
    mine = select(CalendarSubscription.id).where(CalendarSubscription.user_id == principal.user_id)
    if len(session.exec(mine).all()) >= MOST_SUBSCRIPTIONS:
        raise LimitReached(f"You can subscribe to {MOST_SUBSCRIPTIONS} calendars.")
    made = CalendarSubscription(
        team_id=principal.team_id,
        user_id=principal.user_id,
        name=" ".join(name.split())[:100] or "Calendar",
        url=address,
        next_fetch_at=now + EVERY,
    )
    session.add(made)
    session.flush()
    queue.defer(session, FETCH, subscription_id=str(made.id))
    schedules.changed(session, principal.team_id)
    return made


def unsubscribe(session: Session, principal: Principal, subscription_id: UUID) -> None:
    """Forget a calendar and its busy times."""
    session.execute(
        delete(CalendarSubscription)
        .where(col(CalendarSubscription.id) == subscription_id)
        .where(
            col(CalendarSubscription.team_id) == principal.team_id,
            col(CalendarSubscription.user_id) == principal.user_id,
        )
    )
    schedules.changed(session, principal.team_id)


def queue_due(session: Session, now: datetime) -> int:
    """Queue a reading of each subscription whose time has come; any number of ticks may run."""
    due = session.execute(_DUE, {"now": now, "next": now + EVERY}).scalars().all()
    queue.defer_many(session, FETCH, [{"subscription_id": str(one)} for one in due])
    return len(due)


def store(session: Session, subscription_id: UUID, content: str, now: datetime) -> None:
    """Replace the busy times by those of the calendar that was read. Raises Invalid when it is no calendar."""
    ranges = busy_ranges(content, now)
    found = session.get(CalendarSubscription, subscription_id)
    if found is None:
        return
    session.execute(delete(CalendarBusy).where(col(CalendarBusy.subscription_id) == subscription_id))
    session.add_all(
        CalendarBusy(
            subscription_id=found.id,
            team_id=found.team_id,
            user_id=found.user_id,
            start_time=datetime.fromtimestamp(start, UTC),
            end_time=datetime.fromtimestamp(end, UTC),
        )
        for start, end in ranges
    )
    found.fetched_at, found.error = now, ""
    session.add(found)
    session.flush()
    schedules.changed(session, found.team_id)


def failed(session: Session, subscription_id: UUID, why: str) -> None:
    """Say that a calendar cannot be read; what was known of it stays, and nothing new is blocked."""
    found = session.get(CalendarSubscription, subscription_id)
    if found is not None:
        found.error = why[:500]
        session.add(found)
        session.flush()
        schedules.changed(session, found.team_id)


def busy_ranges(content: str, now: datetime) -> list[tuple[int, int]]:
    """The busy times of an iCalendar text from yesterday to AHEAD from now, merged, as UTC seconds.

    Cancelled and transparent events take no time. Floating times and whole days are read in the calendar's own zone.
    """
    try:
        calendar = Calendar.from_ical(content)
    except ValueError as error:
        raise Invalid(f"That is no calendar: {error}.", "url") from None
    zone = _zone(str(calendar.get("X-WR-TIMEZONE", "UTC")))
    first, last = now - timedelta(days=1), now + AHEAD
    moved: dict[str, list[datetime]] = {}
    events = list(islice(calendar.walk("VEVENT"), MOST_EVENTS))
    for event in events:
        if "RECURRENCE-ID" in event:
            moved.setdefault(str(event.get("UID")), []).append(_aware(event.decoded("RECURRENCE-ID"), zone))
    found: list[tuple[int, int]] = []
    for event in events:
        if str(event.get("STATUS", "")) == "CANCELLED" or str(event.get("TRANSP", "")) == "TRANSPARENT":
            continue
        try:
            start, length = _span(event, zone)
            own = "RECURRENCE-ID" in event
            starts = [start] if own else _occurrences(event, start, moved.get(str(event.get("UID")), []), first, last)
        except (ValueError, KeyError, TypeError, OverflowError):
            continue
        for one in starts:
            if first - length < one < last:
                begins = int(one.timestamp())
                found.append((begins, begins + int(length.total_seconds())))
    return merge(found)


def _span(event: Any, zone: ZoneInfo) -> tuple[datetime, timedelta]:
    """Start and length. A start that is a date lasts a day, another without an end no time (RFC 5545, 3.6.1)."""
    begins = event.decoded("DTSTART")
    start = _aware(begins, zone)
    if "DTEND" in event:
        return start, max(_aware(event.decoded("DTEND"), zone) - start, timedelta())
    if "DURATION" in event:
        return start, max(event.decoded("DURATION"), timedelta())
    return start, timedelta() if isinstance(begins, datetime) else timedelta(days=1)


def _occurrences(event: Any, start: datetime, moved: list[datetime], first: datetime, last: datetime) -> list[datetime]:
    """The starts of an event inside the window. A rule is followed in local time, so it keeps its hour over changes."""
    if "RRULE" not in event:
        return [start]
    zone = start.tzinfo
    rules = rruleset()
    rule = event["RRULE"]
    if str(rule.get("FREQ", [""])[0]).upper() not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        return [start]
    text_ = rule.to_ical().decode()
    parts = [part.rstrip("Z") if part.startswith("UNTIL=") else part for part in text_.split(";")]
    parsed: Any = rrulestr(";".join(parts), dtstart=start.replace(tzinfo=None))
    rules.rrule(parsed)
    for dropped in _exceptions(event, start):
        rules.exdate(dropped)
    for one in moved:
        rules.exdate(one.astimezone(zone).replace(tzinfo=None))
    begin, until = (moment.astimezone(zone).replace(tzinfo=None) for moment in (first - timedelta(days=7), last))
    within = (one for one in islice(rules.xafter(begin, inc=True), 2_000) if one <= until)
    return [one.replace(tzinfo=zone) for one in within]


def _exceptions(event: Any, start: datetime) -> list[datetime]:
    given = event.get("EXDATE", [])
    lists = given if isinstance(given, list) else [given]
    zone = start.tzinfo if isinstance(start.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    return [_aware(one.dt, zone).astimezone(zone).replace(tzinfo=None) for some in lists for one in some.dts]


def _aware(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo is not None else value.replace(tzinfo=zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")
