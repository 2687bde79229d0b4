"""Free times that fit what somebody wrote: pure. Dates and times of day in, a few of the free starts out."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.domain.appointments.hours import day_start, local_date

OFFERED = 3
SPREAD = timedelta(hours=2)
"""Offers of one day lie at least this far apart, when nobody named an hour."""


@dataclass(frozen=True)
class Wishes:
    """What a message asks for: local days, local times of day, and whole moments as UTC seconds."""

    days: tuple[date, ...] = ()
    times: tuple[time, ...] = ()
    moments: tuple[int, ...] = ()


def read(dates: Sequence[str], times: Sequence[str], zone: str) -> Wishes:
    """Extracted ISO values; those that cannot be read are left out. A moment without an offset is of the zone."""
    days: list[date] = []
    clocks: list[time] = []
    moments: list[int] = []
    for text in dates:
        try:
            if "T" in text:
                moment = datetime.fromisoformat(text)
                local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
                moments.append(int(local.astimezone(UTC).timestamp()))
            else:
                days.append(date.fromisoformat(text[:10]))
        except (ValueError, OverflowError):
            continue
    for text in times:
        try:
            clocks.append(time.fromisoformat(text[:5]))
        except ValueError:
            continue
    return Wishes(tuple(dict.fromkeys(days)), tuple(dict.fromkeys(clocks)), tuple(dict.fromkeys(moments)))


def fitting(starts: Sequence[int], wishes: Wishes, zone: str, count: int = OFFERED) -> list[int]:
    """The `count` free starts that fit best, in order of time.

    A day with an hour gets its nearest start; a day alone some of its hours, spread; an hour alone the days to come;
    nothing at all the next free times, one a day. Wishes take turns, and what is missing comes from the next free.
    """
    wanted = [*wishes.moments, *(_second(zone, day, at) for day in wishes.days for at in wishes.times)]
    turns = [_nearest(starts, one, count) for one in wanted]
    if not wishes.times:
        turns += [_spread(_of_day(starts, zone, day), count) for day in wishes.days]
    if wishes.times and not wishes.days and not wishes.moments:
        turns += [_daily(starts, zone, at, count) for at in wishes.times]
    chosen: list[int] = []
    for place in range(count):
        for turn in turns:
            if place < len(turn) and turn[place] not in chosen and len(chosen) < count:
                chosen.append(turn[place])
    for one in _one_a_day(starts, zone):
        if len(chosen) < count and one not in chosen:
            chosen.append(one)
    return sorted(chosen)


def _second(zone: str, day: date, at: time) -> int:
    return int(datetime.combine(day, at, ZoneInfo(zone)).timestamp())


def _nearest(starts: Sequence[int], wanted: int, count: int) -> list[int]:
    place = bisect_left(starts, wanted)
    around = starts[max(0, place - count) : place + count]
    return sorted(around, key=lambda one: (abs(one - wanted), one))[:count]


def _of_day(starts: Sequence[int], zone: str, day: date) -> Sequence[int]:
    begins, ends = day_start(zone, day), day_start(zone, day + timedelta(days=1))
    return starts[bisect_left(starts, begins) : bisect_left(starts, ends)]


def _spread(starts: Sequence[int], count: int) -> list[int]:
    found: list[int] = []
    for one in starts:
        if len(found) < count and (not found or one - found[-1] >= SPREAD.total_seconds()):
            found.append(one)
    return found


def _daily(starts: Sequence[int], zone: str, at: time, count: int) -> list[int]:
    """The start nearest to an hour on each of the next free days."""
    found: list[int] = []
    for one in _one_a_day(starts, zone)[:count]:
        day = local_date(zone, one)
        found += _nearest(_of_day(starts, zone, day), _second(zone, day, at), 1)
    return found


def _one_a_day(starts: Sequence[int], zone: str) -> list[int]:
    """The first free start of each day."""
    found: list[int] = []
    place = 0
    while place < len(starts):
        found.append(starts[place])
        place = bisect_left(starts, day_start(zone, local_date(zone, starts[place]) + timedelta(days=1)), place + 1)
    return found
