"""`taskjuggler slots`: the engine on a person's own JSON.

{zone, weekly {mon: [["09:00","12:00"]]}, overrides {date: [...]}, duration_minutes, step_minutes,
buffer_before_minutes, buffer_after_minutes, notice_minutes, now, from, until, bookings [[start, end]]}.
Every error names its place. A time without an offset is a local time of the zone.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.appointments import slots
from taskjuggler_app.domain.appointments.hours import Hours, Range
from taskjuggler_app.domain.appointments.slots import Busy, Rules

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_DAYS = 3_660
MOST_MINUTES = 366 * 1440


@dataclass(frozen=True)
class Spec:
    """A question to the engine."""

    hours: Hours
    first: date
    last: date
    busy: Busy
    rules: Rules


def read(text: str, now: datetime) -> Spec:
    """The spec in a JSON text; `now` stands in when it names none. Invalid says what cannot be used."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise Invalid(f"This is not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise Invalid("A spec is one JSON object.")
    zone = read_zone(raw.get("zone", "UTC"))
    duration = _minutes(raw, "duration_minutes", None, least=1)
    rules = Rules(
        duration=duration,
        step=_minutes(raw, "step_minutes", duration // 60, least=1),
        before=_minutes(raw, "buffer_before_minutes", 0),
        after=_minutes(raw, "buffer_after_minutes", 0),
        earliest=_second(raw.get("now") or now.isoformat(), "now", zone) + _minutes(raw, "notice_minutes", 0),
    )
    first, last = _day(raw.get("from"), "from"), _day(raw.get("until"), "until")
    if last < first:
        raise Invalid("until lies before from.", "until")
    if (last - first).days > MOST_DAYS:
        raise Invalid(f"from and until are more than {MOST_DAYS} days apart.", "until")
    hours = Hours(zone, read_weekly(raw.get("weekly") or {}), read_overrides(raw.get("overrides") or {}))
    return Spec(hours, first, last, Busy.of(_bookings(raw.get("bookings") or [], zone)), rules)


def starts(spec: Spec) -> list[str]:
    """The offered starts, ISO 8601 in UTC."""
    found = slots.free(spec.hours, spec.first, spec.last, spec.busy, spec.rules)
    return [_iso(one) for one in found]


def why(spec: Spec, time: str) -> dict[str, Any]:
    """Whether a start is offered; else the weightiest reason, its sentence, and all reasons."""
    second = _second(time, "TIME", spec.hours.zone)
    reasons = slots.why_not(second, spec.hours, spec.first, spec.last, spec.busy, spec.rules)
    if not reasons:
        return {"time": _iso(second), "offered": True, "reason": None, "text": "It is offered.", "reasons": []}
    named = [reason.value for reason in reasons]
    return {
        "time": _iso(second),
        "offered": False,
        "reason": named[0],
        "text": slots.SAID[reasons[0]],
        "reasons": named,
    }


def read_zone(value: object) -> str:
    """An IANA zone name that this machine knows."""
    try:
        return ZoneInfo(str(value)).key
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError; OSError: the name of a folder
        raise Invalid(f"{value!r} is no time zone (an IANA name such as Europe/Berlin).", "zone") from None


def read_weekly(value: object) -> tuple[tuple[Range, ...], ...]:
    """{mon: [["09:00", "12:00"]], …} as seven tuples of minute ranges; days left out are closed."""
    if not isinstance(value, Mapping):
        raise Invalid('weekly is an object such as {"mon": [["09:00", "12:00"]]}.', "weekly")
    week: list[tuple[Range, ...]] = [()] * 7
    for key, windows in value.items():
        name = str(key).lower()
        if name not in WEEKDAYS and name not in _FULL:
            raise Invalid(f"{key!r} is no weekday: use mon, tue, wed, thu, fri, sat, sun.", "weekly")
        week[WEEKDAYS.index(name[:3])] += read_windows(windows, f"weekly.{key}")
    return tuple(week)


def read_overrides(value: object) -> tuple[tuple[date, tuple[Range, ...]], ...]:
    """{"2026-12-24": [["09:00", "12:00"]], "2026-12-25": []} in order of days."""
    if not isinstance(value, Mapping):
        raise Invalid('overrides is an object such as {"2026-12-25": []}.', "overrides")
    found = {_day(key, "overrides"): read_windows(windows, f"overrides.{key}") for key, windows in value.items()}
    return tuple(sorted(found.items()))


def read_windows(value: object, place: str) -> tuple[Range, ...]:
    """[["09:00", "12:00"], …] as minutes of the day; null is closed."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Invalid(f'{place} is a list of windows such as [["09:00", "12:00"]].', place)
    found = []
    for window in value:
        if not isinstance(window, list) or len(window) != 2:
            raise Invalid(f'{place}: a window is a pair of times such as ["09:00", "12:00"], not {window!r}.', place)
        opens, closes = (read_clock(time, place) for time in window)
        if closes <= opens:
            why = "ends before it starts; hours past midnight are two windows, up to 24:00 and from 00:00"
            raise Invalid(f"{place}: {window[0]}-{window[1]} {why}.", place)
        found.append((opens, closes))
    return tuple(found)


def read_clock(value: object, place: str) -> int:
    """ "09:30" as minutes after midnight; "24:00" ends a day."""
    hour, colon, minute = str(value).partition(":")
    if isinstance(value, str) and colon and _digits(hour, 2) and len(minute) == 2 and _digits(minute, 2):
        total = int(hour) * 60 + int(minute)
        if int(minute) < 60 and total <= 1440:
            return total
    raise Invalid(f"{place}: {value!r} is no time of day such as 09:00.", place)


def _digits(text: str, most: int) -> bool:
    return 1 <= len(text) <= most and text.isascii() and text.isdigit()


def _minutes(raw: Mapping[str, Any], key: str, default: int | None, least: int = 0) -> int:
    """A whole number of minutes, in seconds."""
    value = raw.get(key)
    if value is None:
        value = default
    if value is None:
        raise Invalid(f"{key} is missing.", key)
    whole = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value % 1 == 0
    if not whole or not least <= value <= MOST_MINUTES:
        raise Invalid(f"{key} is a whole number of minutes from {least} on, not {value!r}.", key)
    return int(value) * 60


def _day(value: object, place: str) -> date:
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2200:
        raise Invalid(f"{place}: {value!r} is no date such as 2026-03-08.", place)
    return found


def _bookings(value: object, zone: str) -> list[Range]:
    if not isinstance(value, list):
        raise Invalid("bookings is a list of pairs [start, end].", "bookings")
    found = []
    for place, pair in enumerate(value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise Invalid(f"bookings[{place}] is a pair [start, end], not {pair!r}.", "bookings")
        start, end = _moment(pair[0], f"bookings[{place}]", zone), _moment(pair[1], f"bookings[{place}]", zone)
        if end < start:
            raise Invalid(f"bookings[{place}] ends before it starts.", "bookings")
        if end > start:  # whole seconds around it: starts are whole seconds, so nothing changes
            found.append((math.floor(start.timestamp()), math.ceil(end.timestamp())))
    return found


def _second(value: object, place: str, zone: str) -> int:
    return math.ceil(_moment(value, place, zone).timestamp())


def _moment(value: object, place: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone), fold=0)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not isinstance(value, str) or not 1900 <= moment.year <= 2200:
        raise Invalid(f"{place}: {value!r} is no time such as 2026-03-08T09:00:00Z.", place)
    return moment


def _iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
