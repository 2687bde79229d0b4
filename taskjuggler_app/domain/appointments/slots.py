"""Free times, as a pure function: hours, busy ranges and a type's rules in, starts out, and on demand why not.

All ranges are half-open. A start s with e = s + duration is offered when

- s is on the grid: a whole number of steps of elapsed time after the start of its merged open range,
- [s, e) lies inside that range,
- [s - buffer before, e + buffer after) overlaps no busy range; busy ranges carry their own buffers already,
- s >= now + notice, and
- the local day of s is not full.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, chain

from taskjuggler_app.domain.appointments.hours import Hours, Range, day_start, local_date, open_ranges


class Reason(StrEnum):
    """Why a time is not offered."""

    CLOSED = "closed"
    NOTICE = "notice"
    BOOKED = "booked"
    BUFFER = "buffer"
    CAP = "cap"
    STEP = "step"


SAID = {
    Reason.CLOSED: "It does not lie inside the open hours.",
    Reason.NOTICE: "It is too soon: bookings need more notice.",
    Reason.BOOKED: "Something else is booked then.",
    Reason.BUFFER: "It is too close to something booked: the time kept free around it is taken.",
    Reason.CAP: "That day is full.",
    Reason.STEP: "Times start at fixed steps from the opening, and this is between two of them.",
}


@dataclass(frozen=True)
class Rules:
    """What an appointment type asks of a time; seconds, and `earliest` a UTC second (now + notice)."""

    duration: int
    step: int
    before: int = 0
    after: int = 0
    earliest: int = 0


@dataclass(frozen=True)
class Busy:
    """Busy ranges by start. `reach[i]` is the latest end among the ranges up to i, so nothing need be disjoint."""

    starts: Sequence[int]
    reach: Sequence[int]

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> "Busy":
        """Any ranges, in any order; empty ones take no time."""
        pairs = [pair for pair in ranges if pair[0] < pair[1]]
        starts = [pair[0] for pair in pairs]
        ordered = sorted(starts)
        if starts != ordered:
            pairs.sort()
            starts = ordered
        ends = [pair[1] for pair in pairs]
        return cls(starts, ends if ends == sorted(ends) else list(accumulate(ends, max)))


NOT_BUSY = Busy((), ())


def free(
    hours: Hours, first: date, last: date, busy: Busy, rules: Rules, full_days: Collection[date] = ()
) -> list[int]:
    """The offered starts of the local days `first` to `last`, both included, as sorted UTC seconds."""
    found = in_ranges(open_ranges(hours, first, last), busy, rules)
    for day in full_days:
        start, end = (day_start(hours.zone, one) for one in (day, day + timedelta(days=1)))
        del found[bisect_left(found, start) : bisect_left(found, end)]
    return found


def in_ranges(ranges: Sequence[Range], busy: Busy, rules: Rules) -> list[int]:
    """The offered starts inside merged open ranges.

    One search a run of equal answers: from a taken start the grid is left for the end of what takes it, and from a
    free one to the next busy range everything is free.
    """
    starts, reach = busy.starts, busy.reach
    duration, step, before, earliest = rules.duration, rules.step, rules.before, rules.earliest
    length = duration + rules.after
    count = len(starts)
    runs: list[range] = []
    add = runs.append
    at = 0
    for opens, closes in ranges:
        last = closes - duration
        start = opens if opens >= earliest else opens - (opens - earliest) // step * step
        while start <= last:
            at = bisect_left(starts, start + length, at)
            if at and (until := reach[at - 1] + before) > start:
                start = opens - (opens - until) // step * step
                continue
            stop = starts[at] - length if at < count else last
            if stop >= last:
                add(range(start, last + 1, step))
                break
            add(range(start, stop + 1, step))
            start += ((stop - start) // step + 1) * step
    return list(chain.from_iterable(runs))


def why_not(
    second: int, hours: Hours, first: date, last: date, busy: Busy, rules: Rules, full_days: Collection[date] = ()
) -> list[Reason]:
    """Every reason that speaks against a start, the weightiest first; [] when it is offered."""
    end = second + rules.duration
    reasons = []
    ranges = open_ranges(hours, first, last)
    place = bisect_right(ranges, second, key=lambda one: one[0]) - 1
    inside = place >= 0 and end <= ranges[place][1]
    if not inside:
        reasons.append(Reason.CLOSED)
    if second < rules.earliest:
        reasons.append(Reason.NOTICE)
    if _overlaps(busy, second, end):
        reasons.append(Reason.BOOKED)
    elif _overlaps(busy, second - rules.before, end + rules.after):
        reasons.append(Reason.BUFFER)
    if full_days and local_date(hours.zone, second) in full_days:
        reasons.append(Reason.CAP)
    if inside and (second - ranges[place][0]) % rules.step:
        reasons.append(Reason.STEP)
    return reasons


def nearest(starts: Sequence[int], wanted: int, count: int = 3) -> list[int]:
    """The offered starts closest to a wanted one, in order of time."""
    place = bisect_left(starts, wanted)
    around = starts[max(0, place - count) : place + count]
    return sorted(sorted(around, key=lambda one: (abs(one - wanted), one))[:count])


def _overlaps(busy: Busy, start: int, end: int) -> bool:
    before = bisect_left(busy.starts, end)
    return before > 0 and busy.reach[before - 1] > start
