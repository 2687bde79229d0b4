"""The peer of `slots`, in an environment of its own: rules of dateutil for the hours, an interval tree for bookings.

Written as one would with these libraries: a rule for each window, a tree query for each candidate."""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import FR, MO, TH, TU, WE, WEEKLY, rrule
from intervaltree import IntervalTree  # type: ignore[import-not-found,import-untyped,unused-ignore]  # only the peer's environment has it


def free(asked: dict[str, Any], bookings: list[list[int]]) -> list[int]:
    """The offered starts."""
    zone = ZoneInfo(asked["zone"])
    duration, step, before, after, earliest = asked["rules"]
    first, last = (datetime.fromisoformat(asked[key]) for key in ("first", "last"))
    tree = IntervalTree.from_tuples([tuple(one) for one in bookings])
    found = []
    for opens, closes in asked["windows"]:
        days = rrule(WEEKLY, dtstart=first, until=last, byweekday=(MO, TU, WE, TH, FR))
        for day in days:
            start = (day + timedelta(minutes=opens)).replace(tzinfo=zone).astimezone(UTC).timestamp()
            end = (day + timedelta(minutes=closes)).replace(tzinfo=zone).astimezone(UTC).timestamp()
            second = int(start)
            while second + duration <= end:
                if second >= earliest and not tree.overlaps(second - before, second + duration + after):
                    found.append(second)
                second += step
    return sorted(found)


def main() -> None:
    """JSON in, JSON out: the slots of every calendar, and the CPU time of one."""
    asked = json.load(sys.stdin)
    times = []
    for _ in range(25):
        began = time.process_time_ns()
        free(asked, asked["calendars"][asked["timed"]])
        times.append(time.process_time_ns() - began)
    cpu_ms = sorted(times)[len(times) // 2] / 1e6
    answers = {name: free(asked, bookings) for name, bookings in asked["calendars"].items()}
    json.dump({"cpu_ms": cpu_ms, "slots": answers}, sys.stdout)


main()
