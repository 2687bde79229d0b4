"""Fields that tell of one fact in several words: when a message came, what was attached, what came before it, how
urgent it is. A message has such fields all together, or none of them, so answers about two can exclude each other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.compiling import Facts
from taskjuggler_app.domain.routing.fields import LEVELS
from taskjuggler_app.domain.routing.literals import Literal
from taskjuggler_app.domain.routing.operators import Operator

_MONDAY = date(2026, 3, 2)
_MOST_DAYS, _MOST_TIMES = 60, 60


@dataclass(frozen=True)
class Family:
    """Fields, and the values they can have together: those that stand for all others with respect to some questions."""

    fields: frozenset[str]
    made: Callable[[Sequence[Literal]], Iterator[dict[str, Any]]]

    def message(self, literals: Sequence[Literal]) -> Facts | None:
        """These fields of a message that gives all the answers; None when no message does."""
        return next((facts for facts in self.made(literals) if all(one.fits(facts) for one in literals)), None)


def _arrivals(literals: Sequence[Literal]) -> Iterator[dict[str, Any]]:
    for day, minute in product(_days(literals), _times(literals)):
        yield {
            "received": datetime.combine(day, minute).isoformat() + "+00:00",
            "received_date": day.isoformat(),
            "received_weekday": comparing.DAYS[day.weekday()],
            "received_hour": minute.hour,
            "received_time": f"{minute:%H:%M}",
        }
    yield {}


def _days(literals: Sequence[Literal]) -> list[date]:
    """Seven days, and those around the dates that are named."""
    week = [_MONDAY + timedelta(days=n) for n in range(7)]
    named: set[date] = set()
    for value in _values(literals, "received_date"):
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            continue
        named |= {day + timedelta(days=n) for n in range(-8, 9) if day.toordinal() + n > 0}
    return [*sorted(named)[:_MOST_DAYS], *week]


def _times(literals: Sequence[Literal]) -> list[time]:
    """Times of the day at, just before and just after every limit that is named."""
    limits = {int(second) for value in _values(literals) if (second := comparing.bound(value)) is not None}
    for value in _values(literals, "received_hour"):
        number = comparing.number(value)
        if number is not None and -1 <= number <= 24:
            limits |= {(int(number) + step) * 3_600 for step in (-1, 0, 1, 2)}
    near = {0, 43_200, *(limit + step for limit in limits for step in (-60, 0, 60))}
    return [time(s // 3_600, s // 60 % 60, s % 60) for s in sorted(near) if 0 <= s < 86_400][:_MOST_TIMES]


def _attached(literals: Sequence[Literal]) -> Iterator[dict[str, Any]]:
    yield from ({"has_attachments": count > 0, "attachment_count": count} for count in _counts(literals))
    yield {}


def _before(literals: Sequence[Literal]) -> Iterator[dict[str, Any]]:
    for count, is_open in product(_counts(literals), (False, True)):
        if count or not is_open:
            yield {"is_first_message": count == 0, "earlier_messages": count, "has_open_task": is_open}
    yield {}


def _counts(literals: Sequence[Literal]) -> list[int]:
    """Nothing, one, and whole numbers around those that are named."""
    named = {int(number) for value in _values(literals) if (number := comparing.number(value)) is not None}
    return sorted({0, 1, *(number + step for number in named for step in (-1, 0, 1, 2) if number + step >= 0)})


def _urgencies(_: Sequence[Literal]) -> Iterator[dict[str, Any]]:
    yield from ({"urgency": level, "priority": level} for level in (*LEVELS, 5))
    yield {}


def _values(literals: Sequence[Literal], field: str = "") -> Iterator[Any]:
    for one in literals:
        if one.condition.operator is not Operator.IS_EMPTY and field in ("", one.slot):
            yield from comparing.values(one.condition.value)


FAMILIES = (
    Family(
        frozenset({"received", "received_date", "received_weekday", "received_hour", "received_time"}),
        _arrivals,
    ),
    Family(frozenset({"has_attachments", "attachment_count"}), _attached),
    Family(frozenset({"is_first_message", "earlier_messages", "has_open_task"}), _before),
    Family(frozenset({"urgency", "priority"}), _urgencies),
)
