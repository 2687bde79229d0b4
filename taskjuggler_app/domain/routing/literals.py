"""Conditions taken apart: alternatives of single questions, each with the answer it has to have.

Fewer questions are left than there are operators: a negation is its opposite with the other answer, and what asks
several things at once is several questions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from taskjuggler_app.domain.routing.compiling import Facts, seen
from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType
from taskjuggler_app.domain.routing.operators import CALLER_OPERATORS, OPERATORS, Operator

LIMIT = 64
Term: TypeAlias = "tuple[Literal, ...]"
_OPPOSITES = {
    Operator.NOT_EQUALS: Operator.EQUALS,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.CALLER_NOT_IN_LIST: Operator.CALLER_IN_LIST,
}


@dataclass(frozen=True)
class Literal:
    """One question and the answer that it has to have."""

    condition: Condition
    wanted: bool

    @property
    def slot(self) -> str:
        """What the question looks at: a field, or the sender together with the lists they are in."""
        asked = self.condition
        return f"caller:{asked.field}" if asked.operator in CALLER_OPERATORS else asked.field

    def holds(self, value: Any) -> bool:
        """Whether a value of the slot gives the answer."""
        asked = self.condition
        return OPERATORS[asked.operator].holds(asked.field, value, asked.value) is self.wanted

    def fits(self, facts: Facts) -> bool:
        """Whether a message gives the answer."""
        return self.holds(seen(self.condition, facts))

    @property
    def key(self) -> tuple[str, str, str]:
        """The question alone, to be compared."""
        return self.condition.field, self.condition.operator.value, repr(self.condition.value)


def terms(item: Conditions | Group | Condition, wanted: bool = True) -> list[Term] | None:
    """Alternatives, one of which has to hold for the conditions to come out as wanted; None when there are too many."""
    if isinstance(item, Condition):
        return _of_one(item, wanted)
    if not item.rules:
        return [] if wanted else [()]
    wanted = wanted is (item.match_type is not MatchType.NOT)
    together = (item.match_type is not MatchType.ANY) is wanted
    return _combined((terms(one, wanted) for one in item.rules), together)


def _combined(parts: Iterable[list[Term] | None], together: bool) -> list[Term] | None:
    found: list[Term] = [()] if together else []
    for inner in parts:
        if inner is None:
            return None
        found = [(*left, *right) for left in found for right in inner] if together else [*found, *inner]
        if len(found) > LIMIT:
            return None
    return found


def _of_one(item: Condition, wanted: bool) -> list[Term] | None:
    operator, value = item.operator, item.value
    if operator in _OPPOSITES:
        return _of_one(Condition(item.field, _OPPOSITES[operator], value), not wanted)
    if operator is Operator.IS_EMPTY:
        return [(Literal(Condition(item.field, operator, True), wanted is (value is not False)),)]
    if operator in (Operator.CONTAINS_ANY, Operator.CONTAINS_ALL):
        pieces = [_of_one(Condition(item.field, Operator.CONTAINS, one), wanted) for one in value]
        return _combined(pieces, (operator is Operator.CONTAINS_ALL) is wanted)
    if operator is Operator.IN and not wanted:
        return [tuple(Literal(Condition(item.field, Operator.EQUALS, one), False) for one in value)]
    return [(Literal(item, wanted),)]
