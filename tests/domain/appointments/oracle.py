"""Free times found the slow way: minute by minute, with nothing in common with the engine but the rules' words."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
Minute = int
"""Minutes since 1970 UTC."""


def minute_of(moment: datetime) -> Minute:
    return int(moment.timestamp()) // 60


@cache
def _walls(zone: str, day: date) -> dict[datetime, list[Minute]]:
    """Every UTC minute whose local date is around `day`, by what the clock on the wall shows."""
    tz = ZoneInfo(zone)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    found: dict[datetime, list[Minute]] = {}
    for i in range(90 * 60):
        moment = start + i * MINUTE
        found.setdefault(moment.astimezone(tz).replace(tzinfo=None, fold=0), []).append(minute_of(moment))
    return found


def utc_minute(zone: str, wall: datetime) -> Minute:
    """RFC 5545, 3.3.5: the first of two; in a gap, the offset from before it."""
    walls = _walls(zone, wall.date())
    if wall in walls:
        return min(walls[wall])
    before = max(shown for shown in walls if shown < wall)
    return max(walls[before]) + int((wall - before) / MINUTE)


def free(
    *,
    zone: str,
    weekly: dict[int, list[tuple[int, int]]],
    overrides: dict[date, list[tuple[int, int]]],
    first: date,
    last: date,
    duration: int,
    step: int,
    before: int,
    after: int,
    earliest: Minute,
    bookings: list[tuple[Minute, Minute]],
) -> list[Minute]:
    """The offered starts; all lengths in minutes."""
    is_open: set[Minute] = set()
    day = first
    while day <= last:
        midnight = datetime.combine(day, time())
        for opens, closes in overrides.get(day, weekly.get(day.weekday(), [])):
            ends = [utc_minute(zone, midnight + timedelta(minutes=one)) for one in (opens, closes)]
            is_open.update(range(*ends))
        day += timedelta(days=1)
    taken = {minute for start, end in bookings for minute in range(start, end)}
    offered, opened = [], 0
    for minute in sorted(is_open):
        if minute - 1 not in is_open:
            opened = minute
        if (
            (minute - opened) % step == 0
            and minute >= earliest
            and all(one in is_open for one in range(minute, minute + duration))
            and not any(one in taken for one in range(minute - before, minute + duration + after))
        ):
            offered.append(minute)
    return offered
