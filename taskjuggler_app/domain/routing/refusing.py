"""Why a condition's value could never be evaluated, operator by operator. None: it can.

The kind is that of the field; None stands for a field that may hold anything, where only what has no meaning at all
is refused.
"""

import operator
from collections.abc import Callable

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing import comparing, patterns
from taskjuggler_app.domain.routing.fields import CLOCKED, LEVELS, ORDERED, Kind

LIST_LIMIT = 1_000
TEXT_LIMIT = 2_000
Refuses = Callable[[Kind | None, object], str | None]


def _unless_one(kind: Kind | None, value: object) -> str | None:
    if isinstance(value, str):
        if kind is not None and not value.strip():
            return "needs a value"
        return f"is longer than {TEXT_LIMIT} characters" if len(value) > TEXT_LIMIT else None
    if kind is Kind.FLAG and not isinstance(value, bool):
        return "must be true or false"
    if isinstance(value, bool | int) or (isinstance(value, float) and comparing.number(value) is not None):
        return None
    return "must be one text, number, true or false"


def equal(kind: Kind | None, value: object) -> str | None:
    """One value of the field's kind."""
    problem = _unless_one(kind, value)
    if problem is None and kind is Kind.FLAG and comparing.text(value) not in ("true", "false"):
        return "must be true or false"
    if problem is None and kind is Kind.NUMBER and comparing.number(value) is None:
        return "must be a number"
    if problem is None and kind is Kind.LEVEL and comparing.number(value) is None:
        return None if comparing.text(value) in LEVELS else f"must be one of {', '.join(LEVELS)}"
    if problem is None and kind is Kind.DAY and comparing.text(value) not in comparing.DAYS:
        return "must be a day of the week: monday … sunday"
    return problem


def unless_list(kind: Kind | None, value: object) -> str | None:
    """A list of such values."""
    return _each(value, lambda item: equal(kind, item), may_be_empty=kind is None)


def part(kind: Kind | None, value: object) -> str | None:
    """A piece of text."""
    if kind in (Kind.NUMBER, Kind.FLAG, Kind.LEVEL):
        return "cannot be looked for inside this field; use equals"
    return _unless_one(Kind.TEXT if kind is not None else None, value)


def parts(kind: Kind | None, value: object) -> str | None:
    """Pieces of text."""
    return _each(value, lambda item: part(kind, item))


def pattern(kind: Kind | None, value: object) -> str | None:
    """A regular expression in RE2's syntax, which has no back-references and no look-around."""
    if kind in (Kind.NUMBER, Kind.FLAG):
        return "cannot be matched: this field is no text"
    if not isinstance(value, str) or not value:
        return "must be a regular expression"
    if len(value) > TEXT_LIMIT:
        return f"is longer than {TEXT_LIMIT} characters"
    try:
        patterns.pattern(value)
    except Invalid as error:
        return f"is no regular expression ({error.message})"
    return None


def unordered(kind: Kind | None, value: object) -> str | None:
    """A value that others stand above or below."""
    if kind is not None and kind not in ORDERED:
        return "cannot be compared: this field has no order"
    if isinstance(value, bool):
        return "must be a number, a level, a date or a time"
    problem = equal(kind, value)
    if problem or kind in (Kind.NUMBER, Kind.LEVEL):
        return problem
    known = comparing.ordered("priority", value, value, operator.eq)
    return None if known else "must be a number, a level, a date (YYYY-MM-DD) or a time (HH:MM)"


def span(kind: Kind | None, value: object) -> str | None:
    """Two such values, the lower first."""
    if not isinstance(value, list) or len(value) != 2:
        return "must be two values: the lowest and the highest"
    problem = next((p for item in value if (p := unordered(kind, item))), None)
    if problem:
        return f"has an end that {problem}"
    field = "priority" if kind in (None, Kind.LEVEL) else ""
    low, high = value
    return (
        None if kind is None or comparing.ordered(field, low, high, operator.le) else "must have the lower value first"
    )


def nothing(kind: Kind | None, value: object) -> str | None:
    """Nothing, true, or false for the opposite."""
    return None if value is None or isinstance(value, bool) or value == "" else "must be true or false, or left out"


def clock_span(kind: Kind | None, value: object) -> str | None:
    """Two times of day; the second may be the earlier one."""
    if kind is not None and kind not in CLOCKED:
        return "cannot be asked of this field: it has no time of day"
    if not isinstance(value, list) or len(value) != 2 or any(comparing.bound(item) is None for item in value):
        return "must be two times, as 22:00 and 06:00"
    return None


def days(kind: Kind | None, value: object) -> str | None:
    """Names of days, weekdays, weekend."""
    if kind not in (None, Kind.DAY, Kind.DATES, Kind.MOMENT):
        return "cannot be asked of this field: it has no day"
    names = "must be days of the week, weekdays or weekend"
    return _each(value, lambda item: None if comparing.weekdays(item) is not None else names)


def lists(kind: Kind | None, value: object) -> str | None:
    """Names of contact lists, or addresses."""
    return _each(value, lambda item: _unless_one(kind and Kind.TEXT, item), may_be_empty=kind is None)


def _each(value: object, problem: Callable[[object], str | None], *, may_be_empty: bool = False) -> str | None:
    if not isinstance(value, list) or not (value or may_be_empty):
        return "must be a list of values, with at least one"
    if len(value) > LIST_LIMIT:
        return f"has more than {LIST_LIMIT} values"
    return next((f"has an item that {p}" for item in value if (p := problem(item))), None)
