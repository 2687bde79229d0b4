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
from functools import lru_cache
from itertools import chain, compress
from math import gcd
from operator import ge

from taskjuggler_app.domain.appointments.hours import Hours, Range, day_start, local_date, open_ranges

NEAREST = 3
"""How many times a refusal names."""


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
    """Busy ranges as two sorted lists: their starts, and their ends, each by itself.

    More starts lie before e than ends up to s exactly when something overlaps [s, e): which end belongs to which start
    does not matter, and nothing need be disjoint.
    """

    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, ranges: Iterable[Range]) -> "Busy":
        """Any ranges, in any order; empty ones take no time."""
        pairs = list(ranges)
        starts, ends = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if any(map(ge, starts, ends)):
            return cls.of([pair for pair in pairs if pair[0] < pair[1]])
        starts.sort()
        ends.sort()
        return cls(starts, ends)


NOT_BUSY = Busy((), ())
_EPOCH_SECONDS = date(1970, 1, 1).toordinal() * 86_400


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

    One search a run of equal answers: a taken start with k busy starts before its end is taken until the k-th end, and
    from a free one to the next busy start everything is free.
    """
    starts, ends = busy.starts, busy.ends
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
            if at and (until := ends[at - 1] + before) > start:
                start = opens - (opens - until) // step * step
                continue
            stop = starts[at] - length if at < count else last
            if stop >= last:
                add(range(start, last + 1, step))
                break
            add(range(start, stop + 1, step))
            start += ((stop - start) // step + 1) * step
    return list(chain.from_iterable(runs))


def free_with_any(
    hosts: Sequence[tuple[Hours, Busy]], first: date, last: date, rules: Rules, full_days: Collection[date] = ()
) -> list[int]:
    """The starts at which at least one host is free.

    A host is one big integer: a bit for each start of the grid, cleared where a busy range stands in the way; hosts are
    joined by `or` and read out once. What an earlier host offers is not asked of the later ones.
    """
    if len(hosts) == 1:
        return free(hosts[0][0], first, last, hosts[0][1], rules, full_days)
    if full_days:
        lists = (free(hours, first, last, busy, rules, full_days) for hours, busy in hosts)
        return sorted(set().union(*lists))
    base = first.toordinal() * 86_400 - _EPOCH_SECONDS - 2 * 86_400
    unit = gcd(rules.step, *(_unit(hours, first, last, base) for hours, _ in hosts))
    total = 0
    for hours, busy in hosts:
        missing = _bits(hours, first, last, rules.duration, rules.step, base, unit) & ~total
        if missing.bit_count() * 2 < len(busy.starts):
            total |= _free_of(missing, busy, rules, base, unit)
        elif missing:
            total |= missing & ~_taken(busy, rules, base, unit, missing.bit_length())
    soonest = max(0, -(-(rules.earliest - base) // unit))
    total = total >> soonest << soonest
    found = range(base, base + total.bit_length() * unit, unit)
    return list(compress(found, map(int, reversed(f"{total:b}"))))


@lru_cache(maxsize=1024)
def _unit(hours: Hours, first: date, last: date, base: int) -> int:
    """The greatest step that hits every opening of a host from `base` on."""
    return gcd(*(one[0] - base for one in open_ranges(hours, first, last)))


@lru_cache(maxsize=1024)
def _bits(hours: Hours, first: date, last: date, duration: int, step: int, base: int, unit: int) -> int:
    """The grid of a host's open hours: bit i is set when base + i * unit is a start."""
    everything = in_ranges(open_ranges(hours, first, last), NOT_BUSY, Rules(duration, step))
    digits = bytearray(b"0") * ((everything[-1] - base) // unit + 1 if everything else 1)
    for start in everything:
        digits[-1 - (start - base) // unit] = 49  # "1"
    return int(digits, 2)


def _taken(busy: Busy, rules: Rules, base: int, unit: int, size: int) -> int:
    """The bits, below `size`, of the starts that busy ranges forbid: after start - length and before end + buffer."""
    digits = bytearray(b"0") * size
    earlier, later = base + rules.duration + rules.after - unit, rules.before - base + unit - 1
    for start, end in zip(busy.starts, busy.ends, strict=True):
        lowest = (start - earlier) // unit
        highest = (end + later) // unit
        if lowest < 0:
            lowest = 0
        if highest > size:
            highest = size
        if highest > lowest:
            digits[size - highest : size - lowest] = b"1" * (highest - lowest)
    return int(digits, 2)


def _free_of(starts: int, busy: Busy, rules: Rules, base: int, unit: int) -> int:
    """The bits of `starts` that no busy range forbids: for few of them, each by a search."""
    found = 0
    while starts:
        lowest = starts & -starts
        second = base + (lowest.bit_length() - 1) * unit
        if not _overlaps(busy, second - rules.before, second + rules.duration + rules.after):
            found |= lowest
        starts ^= lowest
    return found


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


def nearest(starts: Sequence[int], wanted: int, count: int = NEAREST) -> list[int]:
    """The offered starts closest to a wanted one, in order of time."""
    place = bisect_left(starts, wanted)
    around = starts[max(0, place - count) : place + count]
    return sorted(sorted(around, key=lambda one: (abs(one - wanted), one))[:count])


def _overlaps(busy: Busy, start: int, end: int) -> bool:
    before = bisect_left(busy.starts, end)
    return before > 0 and busy.ends[before - 1] > start
