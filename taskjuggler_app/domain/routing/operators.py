"""The operators of a condition, in one table: what each accepts, when it holds, and how it is said."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.fields import LEVELS, ORDERED, Kind

LIST_LIMIT = 1_000
TEXT_LIMIT = 2_000


class Operator(StrEnum):
    """The names as stored in a rule."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    IN = "in"
    CONTAINS = "contains"
    GREATER_THAN = "greater_than"
    LESS_THAN = "less_than"


Holds = Callable[[str, object, object], bool]  # field, seen, expected
Refuses = Callable[[Kind | None, object], str | None]  # why a value cannot be used; the kind is None for any field


@dataclass(frozen=True, slots=True)
class Spec:
    """One operator. A field with several values satisfies it when any one does; `negation` turns that round, so
    that a missing field satisfies negations only. `failed` completes "category was billing, …"."""

    holds: Holds
    refuses: Refuses
    failed: str
    held: str
    negation: bool = False


def _equals(_: str, seen: object, expected: object) -> bool:
    return any(comparing.equal(value, expected) for value in comparing.values(seen))


def _not_equals(field: str, seen: object, expected: object) -> bool:
    return not _equals(field, seen, expected)


def _in(_: str, seen: object, expected: object) -> bool:
    wanted = list(comparing.values(expected))
    return any(comparing.equal(value, one) for value in comparing.values(seen) for one in wanted)


def _contains(_: str, seen: object, expected: object) -> bool:
    """A list contains an item equal to the value; text contains the value anywhere in it."""
    if isinstance(seen, list | tuple):
        return any(comparing.equal(value, expected) for value in comparing.values(seen))
    return seen is not None and comparing.text(expected) in comparing.text(seen)


def _greater(field: str, seen: object, expected: object) -> bool:
    return any(comparing.ordered(field, v, expected, operator.gt) for v in comparing.values(seen))


def _less(field: str, seen: object, expected: object) -> bool:
    return any(comparing.ordered(field, v, expected, operator.lt) for v in comparing.values(seen))


def _refuse_unless_one(kind: Kind | None, value: object) -> str | None:
    if isinstance(value, str):
        if not value.strip():
            return "needs a value"
        return f"is longer than {TEXT_LIMIT} characters" if len(value) > TEXT_LIMIT else None
    if kind is Kind.FLAG and not isinstance(value, bool):
        return "must be true or false"
    if isinstance(value, bool | int) or (isinstance(value, float) and comparing.number(value) is not None):
        return None
    return "must be one text, number, true or false"


def _refuse_equal(kind: Kind | None, value: object) -> str | None:
    problem = _refuse_unless_one(kind, value)
    if problem is None and kind is Kind.FLAG and comparing.text(value) not in ("true", "false"):
        return "must be true or false"
    if problem is None and kind is Kind.NUMBER and comparing.number(value) is None:
        return "must be a number"
    if problem is None and kind is Kind.LEVEL and comparing.number(value) is None:
        return None if comparing.text(value) in LEVELS else f"must be one of {', '.join(LEVELS)}"
    return problem


def _refuse_unless_list(kind: Kind | None, value: object) -> str | None:
    if not isinstance(value, list) or not value:
        return "must be a list of values, with at least one"
    if len(value) > LIST_LIMIT:
        return f"has more than {LIST_LIMIT} values"
    return next((f"has an item that {p}" for item in value if (p := _refuse_equal(kind, item))), None)


def _refuse_part(kind: Kind | None, value: object) -> str | None:
    if kind in (Kind.NUMBER, Kind.FLAG, Kind.LEVEL):
        return "cannot be looked for inside this field; use equals"
    return _refuse_unless_one(None, value)


def _refuse_unordered(kind: Kind | None, value: object) -> str | None:
    if kind is not None and kind not in ORDERED:
        return "cannot be compared: this field has no order"
    if isinstance(value, bool):
        return "must be a number, a level, a date or a time"
    problem = _refuse_equal(kind, value)
    if problem or kind in (Kind.NUMBER, Kind.LEVEL):
        return problem
    known = any(comparing.ordered("priority", value, other, operator.eq) for other in (value,))
    return None if known else "must be a number, a level, a date (YYYY-MM-DD) or a time (HH:MM)"


OPERATORS: dict[Operator, Spec] = {
    Operator.EQUALS: Spec(_equals, _refuse_equal, "not", "as asked"),
    Operator.NOT_EQUALS: Spec(_not_equals, _refuse_equal, "which is excluded", "not", negation=True),
    Operator.IN: Spec(_in, _refuse_unless_list, "none of", "one of"),
    Operator.CONTAINS: Spec(_contains, _refuse_part, "without", "containing"),
    Operator.GREATER_THAN: Spec(_greater, _refuse_unordered, "not above", "above"),
    Operator.LESS_THAN: Spec(_less, _refuse_unordered, "not below", "below"),
}
