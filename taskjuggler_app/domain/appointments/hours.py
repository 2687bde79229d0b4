"""Opening hours: local times of a week in a zone, laid out on the line of UTC seconds.

Local times are read as RFC 5545 does (3.3.5): a time in a gap has the offset before the gap, a time that happens twice
means the first. Python's fold=0 is the same rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Range = tuple[int, int]
"""Half-open [start, end): seconds since 1970 UTC, or minutes since local midnight."""

DAY_MINUTES = 1440
_NO_RANGES: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Hours:
    """A host's week. `weekly` has seven entries from Monday, each a tuple of minute ranges of the day (24:00 is 1440);
    `overrides` has (day, ranges) in order of days and replaces these, () closes one. `opened` and `closed` are single
    UTC ranges in seconds: opened ones join the hours, closed ones are cut out of everything."""

    zone: str
    weekly: tuple[tuple[Range, ...], ...] = (_NO_RANGES,) * 7
    overrides: tuple[tuple[date, tuple[Range, ...]], ...] = ()
    opened: tuple[Range, ...] = ()
    closed: tuple[Range, ...] = ()


@lru_cache(maxsize=2048)
def open_ranges(hours: Hours, first: date, last: date) -> tuple[Range, ...]:
    """The open UTC ranges of the local days from `first` to `last`, both included: sorted, touching ones merged."""
    laid: list[Range] = []
    weekly = hours.weekly
    ordinal, weekday = first.toordinal(), first.weekday()
    midnights = _midnights(hours.zone, first, last)
    replaced = {day.toordinal(): ranges for day, ranges in hours.overrides}
    for midnight in midnights:
        ranges = replaced.get(ordinal, weekly[weekday]) if replaced else weekly[weekday]
        if midnight is not None:
            for opens, closes in ranges:
                laid.append((midnight + opens * 60, midnight + closes * 60))
        elif ranges:
            laid += _over_a_change(hours.zone, date.fromordinal(ordinal), ranges)
        ordinal += 1
        weekday = weekday + 1 if weekday < 6 else 0
    if hours.opened:
        start, end = day_start(hours.zone, first), day_start(hours.zone, last + timedelta(days=1))
        laid += [(max(a, start), min(b, end)) for a, b in hours.opened]
    merged = merge(laid)
    return tuple(without(merged, merge(hours.closed)) if hours.closed else merged)


def merge(ranges: Iterable[Range]) -> list[Range]:
    """The same times as few sorted ranges: overlapping and touching ones become one, empty ones go."""
    found: list[Range] = []
    start = end = None
    for one in sorted(ranges):
        opens, closes = one
        if closes <= opens:
            continue
        if end is None or start is None or opens > end:
            if start is not None and end is not None:
                found.append((start, end))
            start, end = one
        elif closes > end:
            end = closes
    if start is not None and end is not None:
        found.append((start, end))
    return found


def without(ranges: Iterable[Range], closed: Sequence[Range]) -> list[Range]:
    """`ranges` with the merged ranges `closed` cut out."""
    left: list[Range] = []
    for start, end in ranges:
        for opens, closes in closed:
            if closes <= start or opens >= end:
                continue
            if opens > start:
                left.append((start, opens))
            start = closes
        if start < end:
            left.append((start, end))
    return left


def local_second(zone: str, day: date, minute: int) -> int:
    """The UTC second of a local time, `minute` minutes of the clock after midnight; 1440 is the next midnight."""
    if minute >= DAY_MINUTES:
        day, minute = day + timedelta(days=1), minute - DAY_MINUTES
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return int((local.astimezone(UTC) - _EPOCH).total_seconds())


def day_start(zone: str, day: date) -> int:
    """The UTC second at which a local day begins."""
    return local_second(zone, day, 0)


def local_date(zone: str, second: int) -> date:
    """The local day of a UTC second."""
    return datetime.fromtimestamp(second, ZoneInfo(zone)).date()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _over_a_change(zone: str, day: date, ranges: tuple[Range, ...]) -> list[Range]:
    """The ranges of a day on which the zone's offset changes: each end by itself."""
    return [(local_second(zone, day, opens), local_second(zone, day, closes)) for opens, closes in ranges]


def _midnights(zone: str, first: date, last: date) -> tuple[int | None, ...]:
    """For each day the UTC second of its midnight; None for a day on which the offset changes."""
    if first.year == last.year:
        start = date(first.year, 1, 1).toordinal()
        return _year(zone, first.year)[first.toordinal() - start : last.toordinal() - start + 1]
    found: tuple[int | None, ...] = ()
    for year in range(first.year, last.year + 1):
        found += _midnights(zone, max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
    return found


@lru_cache(maxsize=512)
def _year(zone: str, year: int) -> tuple[int | None, ...]:
    """`_midnights` of a whole year. A day is plain when the offset is the same at each full hour of it, both ends too:
    no zone changes its offset there and back within an hour."""
    tz = ZoneInfo(zone)
    day, found = date(year, 1, 1), []
    while day.year == year:
        start = datetime.combine(day, time(), tz)
        offset = start.utcoffset()
        plain = all((start + timedelta(hours=hour)).utcoffset() == offset for hour in range(1, 25))
        found.append(local_second(zone, day, 0) if plain else None)
        day += timedelta(days=1)
    return tuple(found)
