"""iCalendar (RFC 5545) and iTIP (RFC 5546) of appointments.

A VTIMEZONE has one RRULE-free observance an offset change, each with its own DTSTART: some readers (ical.js) take only
the first of several values of an RDATE.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from taskjuggler_app.core.config import settings
from taskjuggler_app.models.appointments import Appointment, AppointmentType

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
_PRODUCT = "-//TaskJuggler//Appointments//EN"


def invitation(
    kind: AppointmentType, made: Appointment, *, zone: str, host: tuple[str, str], method: str, now: datetime
) -> str:
    """The invitation for a guest (REQUEST) or its withdrawal (CANCEL). host: name and address."""
    calendar = _calendar(method)
    calendar.add_component(timezone(zone, made.start_time.year))
    event = _event(kind, made, zone, now)
    organizer = vCalAddress(f"mailto:{host[1]}")
    organizer.params["CN"] = vText(host[0])
    event["organizer"] = organizer
    guest = vCalAddress(f"mailto:{made.guest_email}")
    guest.params["CN"], guest.params["RSVP"] = vText(made.guest_name), vText("FALSE")
    guest.params["PARTSTAT"] = vText("ACCEPTED")
    event.add("attendee", guest, encode=False)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    calendar.add_component(event)
    return _text(calendar)


def feed(name: str, rows: Iterable[tuple[AppointmentType, Appointment]], now: datetime) -> str:
    """A person's appointments for the calendars that subscribe to them; times in UTC."""
    calendar = _calendar(PUBLISH)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for kind, made in rows:
        event = _event(kind, made, "UTC", now)
        event["summary"] = vText(f"{kind.name}: {made.guest_name}")
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    return _text(calendar)


@lru_cache(maxsize=256)
def timezone(zone: str, year: int) -> Timezone:
    """The zone's offsets from the year before to two years after, one observance a change."""
    tz, component = ZoneInfo(zone), Timezone()
    component.add("tzid", zone)
    begins = datetime(year - 1, 1, 1, tzinfo=UTC)
    before = begins.astimezone(tz)
    component.add_component(_observance(before, before))
    moment = begins
    for _ in range(4 * 366):
        following = moment + timedelta(days=1)
        if following.astimezone(tz).utcoffset() != moment.astimezone(tz).utcoffset():
            change = _change(tz, moment, following)
            component.add_component(_observance((change - timedelta(seconds=1)).astimezone(tz), change.astimezone(tz)))
        moment = following
    return component


def _change(tz: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second of the new offset between two moments."""
    old = low.astimezone(tz).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(tz).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


def _observance(before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    """One offset from the change on; DTSTART is the local time by the offset before (RFC 5545, 3.6.5)."""
    part = TimezoneDaylight() if after.dst() else TimezoneStandard()
    old, new = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
    part.add("dtstart", (after.astimezone(UTC) + old).replace(tzinfo=None))
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", new)
    part.add("tzname", after.tzname() or "")
    return part


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(kind: AppointmentType, made: Appointment, zone: str, now: datetime) -> Event:
    """What an invitation and a feed have in common; the UID never changes, SEQUENCE only grows."""
    tz = ZoneInfo(zone)
    host = urlsplit(settings().public_url).hostname or "taskjuggler"
    event = Event()
    event.add("uid", f"appointment-{made.id}@{host}")
    event.add("sequence", made.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", made.start_time.astimezone(UTC if zone == "UTC" else tz))
    event.add("dtend", made.end_time.astimezone(UTC if zone == "UTC" else tz))
    event.add("summary", kind.name)
    if kind.location:
        event.add("location", kind.location)
    if kind.description:
        event.add("description", kind.description)
    return event


def _text(calendar: Calendar) -> str:
    written: bytes = calendar.to_ical()
    return written.decode()
