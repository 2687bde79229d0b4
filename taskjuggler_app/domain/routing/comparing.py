"""How a seen value and an expected one are compared: text without regard to case, 5 like "5", words of urgency and
ISO dates and times by their order. Values that cannot be compared are neither equal nor ordered."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from taskjuggler_app.domain.routing.fields import LEVEL_FIELDS, LEVELS

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_CLOCK = re.compile(r"([01][0-9]|2[0-4]):[0-5][0-9]")


def values(seen: object) -> Iterator[object]:
    """The single values of a field: a list's items, or the value itself; nothing for null."""
    if isinstance(seen, list | tuple):
        yield from (item for item in seen if item is not None)
    elif seen is not None:
        yield seen


def number(value: object) -> Decimal | None:
    """The value as a number, from JSON numbers and plain decimal text; true and false are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        decimal = Decimal(repr(value))
        return decimal if decimal.is_finite() else None
    if isinstance(value, str) and _NUMBER.fullmatch(text := value.strip()):
        return Decimal(text)
    return None


def text(value: object) -> str:
    """The value as text to compare: folded, without outer blanks; true and false in JSON's spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return fold(str(value))


def fold(value: str) -> str:
    """Text to compare: without outer blanks, whatever the case."""
    return (value.lower() if value.isascii() else value.casefold()).strip()


def equal(seen: object, expected: object) -> bool:
    """Same text whatever the case, or same number if at least one of the two is a number and not text."""
    if text(seen) == text(expected):
        return True
    if isinstance(seen, str) and isinstance(expected, str):
        return False
    left, right = number(seen), number(expected)
    return left is not None and left == right


def ordered(field: str, seen: object, expected: object, holds: Callable[[Any, Any], bool]) -> bool:
    """Whether the two stand in the order that `holds` asks for; False if they have no common order."""
    left, right = number(seen), number(expected)
    if left is not None and right is not None:
        return holds(left, right)
    if not isinstance(seen, str) or not isinstance(expected, str):
        return False
    a, b = text(seen), text(expected)
    if field in LEVEL_FIELDS and a in LEVELS and b in LEVELS:
        return holds(LEVELS.index(a), LEVELS.index(b))
    if _CLOCK.fullmatch(a) and _CLOCK.fullmatch(b):
        return holds(a, b)
    return _ordered_days(seen.strip(), expected.strip(), holds)


def _ordered_days(seen: str, expected: str, holds: Callable[[Any, Any], bool]) -> bool:
    left, right = _moment(seen), _moment(expected)
    if left is None or right is None:
        return False
    if isinstance(left, datetime) and isinstance(right, datetime):
        return (left.tzinfo is None) == (right.tzinfo is None) and holds(left, right)
    return holds(_day(left), _day(right))


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(value: str) -> date | None:
    """An ISO date or datetime; None for other text."""
    if len(value) < 10 or value[4] != "-":
        return None
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {name: index for index, day in enumerate(DAYS) for name in (day, day[:3])}
_DAY_GROUPS = {"weekday": range(5), "weekdays": range(5), "weekend": range(5, 7), "weekends": range(5, 7)}
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?")
_ISO_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)")
_DAY_SECONDS = 24 * 3600


def seconds(value: object) -> float | None:
    """Seconds since midnight of a time (HH:MM, HH:MM:SS) or of an ISO datetime as written, whatever its offset."""
    if not isinstance(value, str):
        return None
    said = value.strip()
    iso = _ISO_TIME.match(said)
    found = _TIME.fullmatch(iso[1] if iso else said)
    if found is None or (iso and _moment(said[:10]) is None):
        return None
    hour, minute, second, part = found.groups()
    return int(hour) * 3600 + int(minute) * 60 + int(second or 0) + (float(f"0.{part}") if part else 0.0)


def bound(value: object) -> float | None:
    """A limit of a span of time as `seconds`; 24:00 is the end of the day."""
    return float(_DAY_SECONDS) if value in ("24:00", "24:00:00") else seconds(value)


def within_clock(time: float, start: float, end: float) -> bool:
    """Half-open, over midnight when the end is the earlier one; equal ends mean the whole day."""
    if start == end:
        return True
    return start <= time < end if start < end else time >= start or time < end


def weekdays(value: object) -> frozenset[int] | None:
    """The days (Monday is 0) that a name says: monday, mon, weekdays, weekend; None for other values."""
    if not isinstance(value, str):
        return None
    name = text(value)
    if name in _DAYS:
        return frozenset({_DAYS[name]})
    return frozenset(_DAY_GROUPS[name]) if name in _DAY_GROUPS else None


def weekday(value: object) -> int | None:
    """The day of a day's name, an ISO date or an ISO datetime as written; None for other values."""
    if not isinstance(value, str):
        return None
    name = text(value)
    if name in _DAYS:
        return _DAYS[name]
    day = _moment(name[:10]) if len(name) >= 10 else None
    return day.weekday() if day is not None and (len(name) == 10 or name[10] in "t ") else None


def empty(seen: object) -> bool:
    """Nothing, blank text, or a list without items; 0 and false are something."""
    if seen is None:
        return True
    return not seen.strip() if isinstance(seen, str) else isinstance(seen, list | tuple | dict) and not seen
