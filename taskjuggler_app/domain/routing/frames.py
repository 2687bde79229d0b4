"""Many messages side by side, one column a field: which of them would a rule match?

Each different value of a column is kept once; a condition is asked of those with the engine's own operators, so the
answer is the engine's, and the column of codes does the rest. Only text that rarely repeats is searched as text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.compiling import seen
from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType
from taskjuggler_app.domain.routing.operators import CALLER_OPERATORS, OPERATORS, Operator

_SEARCHED = frozenset({Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL})
_RARELY_REPEATED = 0.2
_FEW = 1_000
_JOINED = 4


class MessageFrame:
    """Messages, ready to be asked."""

    def __init__(self, messages: Sequence[Mapping[str, Any]]) -> None:
        self.size = len(messages)
        self._messages = messages
        self._columns: dict[str, tuple[list[Any], pl.Series]] = {}
        self._texts: dict[str, pl.Series] = {}

    def matching(self, conditions: Conditions) -> pl.Series:
        """Whether each message fits the conditions; none does without any."""
        if not conditions.rules:
            return pl.repeat(False, self.size, eager=True)
        return self._group(conditions)

    def _group(self, group: Conditions | Group) -> pl.Series:
        held: pl.Series | None = None
        for item in group.rules:
            one = self._condition(item) if isinstance(item, Condition) else self._group(item)
            either = group.match_type is MatchType.ANY
            held = one if held is None else (held | one if either else held & one)
        if held is None:
            return pl.repeat(False, self.size, eager=True)
        return ~held if group.match_type is MatchType.NOT else held

    def _condition(self, condition: Condition) -> pl.Series:
        name = f"{condition.field}\0" if condition.operator in CALLER_OPERATORS else condition.field
        if name not in self._columns and name not in self._texts:
            self._prepare(name, condition)
        if name in self._texts and condition.operator in _SEARCHED:
            return self._searched(self._texts[name], condition)
        if name not in self._columns:
            self._columns[name] = _coded([seen(condition, one) for one in self._messages])
        values, codes = self._columns[name]
        holds = OPERATORS[condition.operator].holds
        wanted = [code for code, value in enumerate(values) if holds(condition.field, value, condition.value)]
        if len(wanted) <= _JOINED:
            held = pl.repeat(False, self.size, eager=True)
            for place, code in enumerate(wanted):
                held = codes == code if place == 0 else held | (codes == code)
            return held
        flags = pl.Series([False] * len(values), dtype=pl.Boolean).scatter(wanted, True)
        return flags.gather(codes)

    def _prepare(self, name: str, condition: Condition) -> None:
        """Read a field of every message: as text when almost each has its own, else as codes."""
        column = [seen(condition, one) for one in self._messages]
        sample = column[:_FEW]
        is_text = all(isinstance(value, str) for value in column)
        if is_text and len(set(sample)) > _RARELY_REPEATED * len(sample) and sum(map(len, sample)) > 32 * len(sample):
            self._texts[name] = pl.Series([comparing.text(value) for value in column], dtype=pl.String)
            return
        self._columns[name] = _coded(column)

    def _searched(self, texts: pl.Series, condition: Condition) -> pl.Series:
        pieces = condition.value if isinstance(condition.value, list) else [condition.value]
        held = None
        for piece in pieces:
            one = texts.str.contains(comparing.text(piece), literal=True)
            both = condition.operator is Operator.CONTAINS_ALL
            held = one if held is None else (held & one if both else held | one)
        found = held if held is not None else pl.repeat(False, self.size, eager=True)
        return ~found if condition.operator is Operator.NOT_CONTAINS else found


def _coded(column: Sequence[Any]) -> tuple[list[Any], pl.Series]:
    """The different values, and for each message the place of its own among them."""
    places: dict[Any, int] = {}
    values: list[Any] = []
    codes = []
    for value in column:
        key = (type(value), repr(value) if isinstance(value, list | dict) else value)
        place = places.setdefault(key, len(values))
        if place == len(values):
            values.append(value)
        codes.append(place)
    return values, pl.Series(codes, dtype=pl.UInt32)
