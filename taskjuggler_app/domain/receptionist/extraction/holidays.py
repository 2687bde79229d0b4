"""Days that people call by name: holidays of fixed dates, of weekdays, and those that follow Easter."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

from taskjuggler_app.domain.receptionist.extraction.calendar import nth_weekday


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, nth: int, weekday: int) -> Callable[[int], date]:
    return lambda year: nth_weekday(year, month, nth, weekday)


def _easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


_HOLIDAYS: tuple[tuple[str, Callable[[int], date]], ...] = (
    (r"christmas\seve", _fixed(12, 24)),
    (r"boxing\sday", _fixed(12, 26)),
    (r"new\syear['\u2019]?s?['\u2019]?\seve", _fixed(12, 31)),
    (r"new\syear['\u2019]?s?['\u2019]?\sday", _fixed(1, 1)),
    (r"christmas(?:\sday)?|xmas(?:\sday)?", _fixed(12, 25)),
    (r"valentine['\u2019]?s?\sday", _fixed(2, 14)),
    (r"st\.?\spatrick['\u2019]?s\sday", _fixed(3, 17)),
    (r"independence\sday", _fixed(7, 4)),
    (r"juneteenth", _fixed(6, 19)),
    (r"veterans['\u2019]?\sday", _fixed(11, 11)),
    (r"hallowe['\u2019]?en", _fixed(10, 31)),
    (r"(?:martin\sluther\sking|mlk)(?:,?\sjr\.?)?(?:['\u2019]s)?\sday", _nth(1, 3, 0)),
    (r"presidents?['\u2019]?s?\sday", _nth(2, 3, 0)),
    (r"mother['\u2019]?s['\u2019]?\sday", _nth(5, 2, 6)),
    (r"father['\u2019]?s['\u2019]?\sday", _nth(6, 3, 6)),
    (r"memorial\sday", _nth(5, -1, 0)),
    (r"labou?r\sday", _nth(9, 1, 0)),
    (r"columbus\sday", _nth(10, 2, 0)),
    (r"thanksgiving(?:\sday)?", _nth(11, 4, 3)),
    (r"good\sfriday", _easter(-2)),
    (r"easter\smonday", _easter(1)),
    (r"easter(?:\ssunday)?", _easter(0)),
)
HOLIDAY = "(?:" + "|".join(pattern for pattern, _ in _HOLIDAYS) + r")(?![\w'\u2019])"
_READERS = tuple((re.compile(pattern, re.IGNORECASE), day) for pattern, day in _HOLIDAYS)


def holiday(words: str, today: date, year: int | None, past: bool) -> date:
    """The day of a holiday: in the year said, else the next one, or the last if `past`."""
    day_in = next(day for pattern, day in _READERS if pattern.fullmatch(words))
    if year is not None:
        return day_in(year)
    days = [day_in(today.year + offset) for offset in (-1, 0, 1)]
    return max(d for d in days if d <= today) if past else min(d for d in days if d >= today)
