"""The operators of a condition, in one table: what each accepts, when it holds, and how it is said."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from taskjuggler_app.domain.routing import comparing, refusing
from taskjuggler_app.domain.routing.patterns import pattern
from taskjuggler_app.domain.routing.refusing import Refuses


class Operator(StrEnum):
    """The names as stored in a rule."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    CONTAINS_ANY = "contains_any"
    CONTAINS_ALL = "contains_all"
    STARTS_WITH = "starts_with"
    MATCHES = "matches"
    GREATER_THAN = "greater_than"
    LESS_THAN = "less_than"
    BETWEEN = "between"
    IS_EMPTY = "is_empty"
    TIME_BETWEEN = "time_between"
    DAY_IN = "day_in"
    CALLER_IN_LIST = "caller_in_list"
    CALLER_NOT_IN_LIST = "caller_not_in_list"


Holds = Callable[[str, object, Any], bool]  # field, seen, expected


@dataclass(frozen=True, slots=True)
class Spec:
    """One operator. A field with several values satisfies it when any one does; `negation` turns that round, so
    that a missing field satisfies negations only. `failed` completes "category was billing, …". `opposite` is the
    operator that holds exactly when this one does not."""

    holds: Holds
    refuses: Refuses
    failed: str
    held: str
    negation: bool = False
    opposite: Operator | None = None


def _equals(_: str, seen: object, expected: object) -> bool:
    return any(comparing.equal(value, expected) for value in comparing.values(seen))


def _in(_: str, seen: object, expected: object) -> bool:
    wanted = list(comparing.values(expected))
    return any(comparing.equal(value, one) for value in comparing.values(seen) for one in wanted)


def _contains(_: str, seen: object, expected: object) -> bool:
    """A list contains an item equal to the value; text contains the value anywhere in it."""
    if isinstance(seen, list | tuple):
        return any(comparing.equal(value, expected) for value in comparing.values(seen))
    return seen is not None and comparing.text(expected) in comparing.text(seen)


def _contains_any(field: str, seen: object, expected: Any) -> bool:
    return any(_contains(field, seen, one) for one in expected)


def _contains_all(field: str, seen: object, expected: Any) -> bool:
    return all(_contains(field, seen, one) for one in expected)


def _starts(_: str, seen: object, expected: object) -> bool:
    start = comparing.text(expected)
    return any(comparing.text(value).startswith(start) for value in comparing.values(seen))


def _matches(_: str, seen: object, expected: Any) -> bool:
    found = pattern(expected).search
    return any(found(_plain(value)) is not None for value in comparing.values(seen))


def _greater(field: str, seen: object, expected: object) -> bool:
    return any(comparing.ordered(field, v, expected, operator.gt) for v in comparing.values(seen))


def _less(field: str, seen: object, expected: object) -> bool:
    return any(comparing.ordered(field, v, expected, operator.lt) for v in comparing.values(seen))


def _between(field: str, seen: object, expected: Any) -> bool:
    low, high = expected
    return any(
        comparing.ordered(field, v, low, operator.ge) and comparing.ordered(field, v, high, operator.le)
        for v in comparing.values(seen)
    )


def _is_empty(_: str, seen: object, expected: object) -> bool:
    return comparing.empty(seen) is (expected is not False)


def _time_between(_: str, seen: object, expected: Any) -> bool:
    start, end = comparing.bound(expected[0]), comparing.bound(expected[1])
    if start is None or end is None:
        return False
    times = (comparing.seconds(value) for value in comparing.values(seen))
    return any(time is not None and comparing.within_clock(time, start, end) for time in times)


def _day_in(_: str, seen: object, expected: Any) -> bool:
    wanted = frozenset().union(*(comparing.weekdays(one) or () for one in comparing.values(expected)))
    return any(comparing.weekday(value) in wanted for value in comparing.values(seen))


def _not(holds: Holds) -> Holds:
    return lambda field, seen, expected: not holds(field, seen, expected)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else comparing.text(value)


O = Operator  # noqa: E741  # the table reads better with a short name
OPERATORS: dict[Operator, Spec] = {
    O.EQUALS: Spec(_equals, refusing.equal, "not", "as asked", opposite=O.NOT_EQUALS),
    O.NOT_EQUALS: Spec(_not(_equals), refusing.equal, "which is excluded", "not", True, O.EQUALS),
    O.IN: Spec(_in, refusing.unless_list, "none of", "one of", opposite=O.NOT_IN),
    O.NOT_IN: Spec(_not(_in), refusing.unless_list, "one of", "none of", True, O.IN),
    O.CONTAINS: Spec(_contains, refusing.part, "without", "containing", opposite=O.NOT_CONTAINS),
    O.NOT_CONTAINS: Spec(_not(_contains), refusing.part, "containing", "without", True, O.CONTAINS),
    O.CONTAINS_ANY: Spec(_contains_any, refusing.parts, "without any of", "with one of"),
    O.CONTAINS_ALL: Spec(_contains_all, refusing.parts, "without all of", "with all of"),
    O.STARTS_WITH: Spec(_starts, refusing.part, "not starting with", "starting with"),
    O.MATCHES: Spec(_matches, refusing.pattern, "not matching", "matching"),
    O.GREATER_THAN: Spec(_greater, refusing.unordered, "not above", "above"),
    O.LESS_THAN: Spec(_less, refusing.unordered, "not below", "below"),
    O.BETWEEN: Spec(_between, refusing.span, "not between", "between"),
    O.IS_EMPTY: Spec(_is_empty, refusing.nothing, "not empty:", "empty:"),
    O.TIME_BETWEEN: Spec(_time_between, refusing.clock_span, "not between", "between"),
    O.DAY_IN: Spec(_day_in, refusing.days, "not on", "on"),
    O.CALLER_IN_LIST: Spec(_in, refusing.lists, "not in", "in", opposite=O.CALLER_NOT_IN_LIST),
    O.CALLER_NOT_IN_LIST: Spec(_not(_in), refusing.lists, "in", "not in", True, O.CALLER_IN_LIST),
}
CALLER_OPERATORS = frozenset({O.CALLER_IN_LIST, O.CALLER_NOT_IN_LIST})
LISTED = frozenset(
    {O.IN, O.NOT_IN, O.CONTAINS_ANY, O.CONTAINS_ALL, O.BETWEEN, O.TIME_BETWEEN, O.DAY_IN, *CALLER_OPERATORS}
)
"""The operators whose value is a list."""
