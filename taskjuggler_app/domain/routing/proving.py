"""Proving that no message can give some answers together. What cannot be proved is not claimed.

The proof is by cases: for each kind of field there are a few values that stand for all others with respect to the
questions asked (the limits of ranges and what lies between them, the seven days, …), and none of them fits. Questions
outside the theory of a kind (patterns, for one) are left out, which can only make a claim weaker.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from taskjuggler_app.domain.routing import comparing, kindred
from taskjuggler_app.domain.routing.fields import LEVELS, MESSAGE_FIELDS, Kind
from taskjuggler_app.domain.routing.literals import Literal
from taskjuggler_app.domain.routing.operators import Operator as O  # noqa: N817  # many are named here
from taskjuggler_app.domain.routing.ranges import as_float

_EQUAL = frozenset({O.EQUALS, O.IN})
_ORDER = frozenset({O.GREATER_THAN, O.LESS_THAN, O.BETWEEN})
_PIECES = frozenset({O.CONTAINS, O.STARTS_WITH})
_THEORY: dict[Kind | None, frozenset[O]] = {
    Kind.NUMBER: _EQUAL | _ORDER | {O.IS_EMPTY},
    Kind.LEVEL: _EQUAL | _ORDER | {O.IS_EMPTY},
    Kind.FLAG: _EQUAL | {O.IS_EMPTY},
    Kind.DAY: _EQUAL | {O.DAY_IN, O.IS_EMPTY},
    Kind.MOMENT: frozenset({O.TIME_BETWEEN, O.DAY_IN, O.IS_EMPTY}),
    Kind.DATES: _EQUAL | _ORDER | {O.DAY_IN, O.IS_EMPTY},
    Kind.TIMES: _EQUAL | _ORDER | {O.TIME_BETWEEN, O.IS_EMPTY},
    Kind.TEXT: _EQUAL | _PIECES | {O.IS_EMPTY},
    Kind.LIST: _EQUAL | _PIECES | {O.IS_EMPTY},
    None: frozenset({O.CALLER_IN_LIST}),
}
_SEVERAL = frozenset({Kind.DATES, Kind.TIMES, Kind.LIST, None})
_MONDAY = date(2026, 3, 2)
_AROUND = 8


def clash(literals: Sequence[Literal]) -> tuple[Literal, ...] | None:
    """The answers that no message gives together, as few as were found; None when they may all be given."""
    by_slot: dict[str, list[Literal]] = {}
    for one in literals:
        by_slot.setdefault(one.slot, []).append(one)
    for slot, some in by_slot.items():
        for size in (2, 3):
            for few in combinations(some, size) if len(some) <= 12 else ():
                if _impossible(slot, few):
                    return few
        if _impossible(slot, some):
            return tuple(some)
    return _clash_of_kin(literals)


def _clash_of_kin(literals: Sequence[Literal]) -> tuple[Literal, ...] | None:
    """The same across fields that tell of one fact."""
    for family, some in kin(literals, 2):
        for size in (2, 3):
            for few in combinations(some, size) if len(some) <= 12 else ():
                if family.message(few) is None:
                    return few
        if family.message(some) is None:
            return tuple(some)
    return None


def kin(literals: Sequence[Literal], fewest: int) -> Iterator[tuple[kindred.Family, list[Literal]]]:
    """The families of which that many fields are asked about, with the questions, where all are in the theories."""
    for family in kindred.FAMILIES:
        some = [one for one in literals if one.slot in family.fields]
        if len({one.slot for one in some}) >= fewest and all(_known(one) for one in some):
            yield family, some


def candidates(slot: str, literals: Sequence[Literal]) -> list[Any]:
    """Single values of a slot that stand for all others with respect to the questions; None is not among them."""
    kind = _kind(slot)
    made = _CANDIDATES.get(kind, _listed)(literals)
    return [value for place, value in enumerate(made) if value not in made[:place] or isinstance(value, bool)]


def _kind(slot: str) -> Kind | None:
    return MESSAGE_FIELDS.get(slot)


def _known(one: Literal) -> bool:
    kind = _kind(one.slot)
    return one.condition.operator in _THEORY[kind] and _typed(kind, one)


def _impossible(slot: str, literals: Sequence[Literal]) -> bool:
    answers = {(one.key, one.wanted) for one in literals}
    if any((key, not wanted) in answers for key, wanted in answers):
        return True
    kind = _kind(slot)
    if kind is None and not slot.startswith("caller:"):
        return False
    known = [one for one in literals if _known(one)]
    if not known:
        return False
    if kind in _SEVERAL:
        return _no_list(kind, slot, known)
    if kind is Kind.TEXT:
        return _no_text(slot, known)
    return not any(all(one.holds(value) for one in known) for value in [None, *candidates(slot, known)])


def _no_list(kind: Kind | None, slot: str, literals: Sequence[Literal]) -> bool:
    """A list satisfies a question by any of its items, so each question is looked at beside all refusals."""
    refusals = [one for one in literals if not one.wanted and one.condition.operator is not O.IS_EMPTY]
    asked = [one for one in literals if one.wanted and one.condition.operator is not O.IS_EMPTY]
    if asked and any(one.wanted and one.condition.operator is O.IS_EMPTY for one in literals):
        return True
    for one in asked:
        if kind is Kind.LIST and one.condition.operator is O.STARTS_WITH:
            if _pieces_clash([one], [two for two in refusals if two.condition.operator is O.STARTS_WITH]):
                return True
            continue
        items = candidates(slot, [one, *refusals])
        if not any(one.holds([item]) and all(two.holds([item]) for two in refusals) for item in items):
            return True
    return False


def _no_text(slot: str, literals: Sequence[Literal]) -> bool:
    asked = [one for one in literals if one.wanted and one.condition.operator is not O.IS_EMPTY]
    if asked and any(one.wanted and one.condition.operator is O.IS_EMPTY for one in literals):
        return not any(all(one.holds(value) for one in literals) for value in (None, "", " "))
    same = next((one for one in asked if one.condition.operator in _EQUAL), None)
    if same is not None:
        values = list(comparing.values(same.condition.value))
        return not any(all(one.holds(value) for one in literals) for value in values)
    refusals = [one for one in literals if not one.wanted and one.condition.operator in _PIECES]
    starts = [comparing.text(one.condition.value) for one in asked if one.condition.operator is O.STARTS_WITH]
    apart = any(not (a.startswith(b) or b.startswith(a)) for a, b in combinations(starts, 2))
    return apart or _pieces_clash(asked, refusals)


def _pieces_clash(asked: Sequence[Literal], refusals: Sequence[Literal]) -> bool:
    for one in asked:
        piece = comparing.text(one.condition.value)
        for two in refusals:
            other = comparing.text(two.condition.value)
            if two.condition.operator is O.CONTAINS and other in piece:
                return True
            both_start = one.condition.operator is two.condition.operator is O.STARTS_WITH
            if both_start and piece.startswith(other):
                return True
    return False


def _typed(kind: Kind | None, one: Literal) -> bool:
    """Whether the question's values are of the field's kind, so that the theory covers them."""
    if one.condition.operator in (O.IS_EMPTY, O.TIME_BETWEEN, O.DAY_IN):
        return True
    values = list(comparing.values(one.condition.value))
    if kind is Kind.NUMBER:
        numbers = [comparing.number(value) for value in values]
        return all(number is not None and as_float(number) is not None for number in numbers)
    if kind is Kind.LEVEL:
        return all(comparing.text(value) in LEVELS for value in values)
    if kind is Kind.DATES:
        return all(_day(value) is not None for value in values)
    if kind is Kind.TIMES:
        return all(isinstance(value, str) and comparing.seconds(value) is not None for value in values)
    return kind is Kind.FLAG or all(isinstance(value, str) for value in values)


def _numbers(literals: Sequence[Literal]) -> list[Any]:
    limits = sorted({number for value in _values(literals) if (number := comparing.number(value)) is not None})
    if not limits:
        return [0]
    between = [(low + high) / 2 for low, high in pairwise(limits)]
    every = [limits[0] - 1, *limits, *between, limits[-1] + 1]
    return [int(one) if one == one.to_integral_value() else float(one) for one in every]


def _dates(literals: Sequence[Literal]) -> list[Any]:
    said = {day for value in _values(literals) if (day := _day(value)) is not None} or {_MONDAY}
    near = {day + timedelta(days=n) for day in said for n in range(-_AROUND, _AROUND + 1) if day.year > 1}
    return [day.isoformat() for day in sorted(near)]


def _times(literals: Sequence[Literal]) -> list[Any]:
    limits = {int(second) for value in _values(literals) if (second := comparing.bound(value)) is not None}
    near = {0, *(limit + step for limit in limits for step in (-60, 0, 60))}
    return [f"{second // 3600:02d}:{second // 60 % 60:02d}" for second in sorted(near) if 0 <= second < 86_400]


def _moments(literals: Sequence[Literal]) -> list[Any]:
    limits = {int(second) for value in _values(literals) if (second := comparing.bound(value)) is not None}
    times = sorted({0, 43_200, *(limit for limit in limits if limit < 86_400)})
    clocks = [f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in times]
    days = [(_MONDAY + timedelta(days=n)).isoformat() for n in range(7)]
    return [f"{day}T{time}+00:00" for day in days for time in clocks]


def _listed(literals: Sequence[Literal]) -> list[Any]:
    return [value for value in _values(literals) if isinstance(value, str)]


def _values(literals: Sequence[Literal]) -> Iterator[Any]:
    for one in literals:
        if one.condition.operator is not O.IS_EMPTY:
            yield from comparing.values(one.condition.value)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value.strip()) if isinstance(value, str) and len(value.strip()) == 10 else None
    except ValueError:
        return None


_CANDIDATES: dict[Kind | None, Any] = {
    Kind.NUMBER: _numbers,
    Kind.LEVEL: lambda _: [*LEVELS, 5],
    Kind.FLAG: lambda _: [True, False],
    Kind.DAY: lambda _: list(comparing.DAYS),
    Kind.DATES: _dates,
    Kind.TIMES: _times,
    Kind.MOMENT: _moments,
}
