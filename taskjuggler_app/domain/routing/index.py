"""The index of one field: from what a message has there to the terms it leaves in the running."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.conditions import Condition
from taskjuggler_app.domain.routing.inside import Inside
from taskjuggler_app.domain.routing.operators import Operator
from taskjuggler_app.domain.routing.ranges import EXACT, Ranges, as_float
from taskjuggler_app.domain.routing.tables import Equal, Starts

_SHORT = 64
_KEPT = 4096
_TINY = 1e-4  # below it a float is written with an exponent
_TABLES = ("equal", "unequal", "inside", "listed", "outside", "unlisted", "starts", "ranges")
_HOLDS: dict[Operator, tuple[str, ...]] = {
    Operator.EQUALS: ("equal",),
    Operator.IN: ("equal",),
    Operator.CALLER_IN_LIST: ("equal",),
    Operator.NOT_EQUALS: ("unequal",),
    Operator.NOT_IN: ("unequal",),
    Operator.CALLER_NOT_IN_LIST: ("unequal",),
    Operator.CONTAINS: ("inside", "listed"),
    Operator.CONTAINS_ANY: ("inside", "listed"),
    Operator.NOT_CONTAINS: ("outside", "unlisted"),
    Operator.STARTS_WITH: ("starts",),
    Operator.GREATER_THAN: ("ranges",),
    Operator.LESS_THAN: ("ranges",),
    Operator.BETWEEN: ("ranges",),
}
_EXCLUDING = frozenset(one for one, (table, *_) in _HOLDS.items() if table in ("unequal", "outside"))
"""A term may have several of these on one field: each excludes by itself."""
_SEVERAL = frozenset(
    {Operator.IN, Operator.NOT_IN, Operator.CALLER_IN_LIST, Operator.CALLER_NOT_IN_LIST, Operator.CONTAINS_ANY}
)


class FieldIndex:
    """Which terms a field's value satisfies; a term that asks nothing of the field always is.

    A term has at most one literal of a positive kind here (`add` says False to a second one), so that a list, which
    satisfies a literal by any of its items, can be looked up item by item.
    """

    def __init__(self, field: str) -> None:
        self.field = field
        self.equal, self.unequal = Equal(), Equal()
        self.inside, self.listed = Inside(), Equal()
        self.outside, self.unlisted = Inside(), Equal()
        self.starts, self.ranges = Starts(), Ranges()
        self.needs_empty = self.needs_some = 0
        self.known: dict[str, int] = {}
        self.missing = 0
        self.asks = 0
        self._full = 0
        self._open = (0, 0, 0, 0)
        self._only_inside = False
        self._points: list[float] | None = []
        self._regions: list[int | None] = []
        self._flags: dict[bool, int] = {}
        self._shared: set[str] = set()

    def copy(self) -> "FieldIndex":
        """One that can be changed without this one noticing; `finish` it before use. Tables are shared until then."""
        made = object.__new__(FieldIndex)
        made.__dict__.update(self.__dict__)
        made._shared = set(_TABLES)
        return made

    def _tables(self, operator: Operator) -> list[Any]:
        """The tables that hold an operator's literals, ours to change."""
        names = _HOLDS.get(operator, ())
        for name in self._shared.intersection(names):
            setattr(self, name, getattr(self, name).copy())
        self._shared.difference_update(names)
        return [getattr(self, name) for name in names]

    def add(self, condition: Condition, bit: int) -> bool:
        """Take a literal in, exactly; False when it has to be asked of the survivors instead."""
        operator, value = condition.operator, condition.value
        if operator is Operator.IS_EMPTY and value is not False:
            self.needs_empty |= bit
        elif operator is Operator.IS_EMPTY:
            self.needs_some |= bit
        elif operator not in _HOLDS or (operator not in _EXCLUDING and self._held(operator) & bit):
            return False
        else:
            for table in self._tables(operator):
                for one in _values(condition):
                    table.add(one, bit)
        return True

    def drop(self, condition: Condition, bits: int) -> None:
        """Forget terms of whose literals this is one."""
        for table in self._tables(condition.operator):
            for one in _values(condition):
                table.drop(one, bits)
        self.needs_empty &= ~bits
        self.needs_some &= ~bits

    def _held(self, operator: Operator) -> int:
        table: Equal | Inside | Starts | Ranges = getattr(self, _HOLDS[operator][0])
        return table.has

    def finish(self, full: int) -> None:
        """Make what lookups need; `full` has the bits of all terms."""
        self._full = full
        self.asks = self.needs_empty | self.needs_some | self.equal.has | self.unequal.has | self.inside.has
        self.asks |= self.outside.has | self.starts.has | self.ranges.has
        for table in (self.inside, self.outside, self.starts, self.ranges):
            table.finish()
        self._open = (full & ~self.equal.has, full & ~self.inside.has, full & ~self.ranges.has, full & ~self.starts.has)
        others = self.equal.has | self.unequal.has | self.outside.has | self.starts.has | self.ranges.has
        self._only_inside = not (others | self.needs_empty | self.needs_some)
        self.known, self._flags = {}, {}
        self.missing = self._computed(None)
        self._points = self._limits()
        self._regions = [None] * (2 * len(self._points or ()) + 1)

    def mask(self, value: Any) -> int:
        """The terms that a value other than a known text or None leaves in the running."""
        kind = value.__class__
        if kind is str:
            mask = self._of_text(value)
            if len(value) <= _SHORT and len(self.known) < _KEPT:
                self.known[value] = mask
            return mask
        if kind is bool:
            if value not in self._flags:
                self._flags[value] = self._computed(value)
            return self._flags[value]
        points = self._points
        if points is not None and (
            (kind is int and -EXACT < value < EXACT)
            or (kind is float and (_TINY <= value < EXACT or -EXACT < value <= -_TINY or value == 0))
        ):
            place = bisect_left(points, value)
            region = 2 * place + (place < len(points) and points[place] == value)
            found = self._regions[region]
            if found is None:
                found = self._regions[region] = self._computed(value)
            return found
        return self._computed(value)

    def _limits(self) -> list[float] | None:
        """The numbers at which answers change; None when they change elsewhere too."""
        if self.inside.has or self.outside.has or self.starts.has or self.ranges.points is None:
            return None
        found = set(self.ranges.points)
        for number in (*self.equal.by_number, *self.unequal.by_number):
            point = as_float(number)
            if point is None:
                return None
            found.add(point)
        return sorted(found)

    def _of_text(self, value: str) -> int:
        """As `_computed`, for the usual case: one text."""
        text = comparing.fold(value)
        if self._only_inside:
            return self._open[1] | self.inside.of(text)
        left = self._full
        equal, inside, ranges, starts = self._open
        if self.equal.has:
            left &= equal | (self.equal.of(value) if self.equal.by_pure_number else self.equal.by_text.get(text, 0))
        if self.inside.has:
            left &= inside | self.inside.of(text)
        if self.ranges.has:
            left &= ranges | self.ranges.of(value)
        if self.starts.has:
            left &= starts | self.starts.of(text)
        if self.unequal.has:
            left &= ~self.unequal.of(value)
        if self.outside.has:
            left &= ~self.outside.of(text)
        return left & ~(self.needs_empty if text else self.needs_some)

    def _computed(self, seen: Any) -> int:
        """Any value, table by table."""
        items = list(comparing.values(seen))
        several = isinstance(seen, list | tuple)
        texts = [] if several else [comparing.text(item) for item in items]
        left = self._full & ~(self.needs_some if comparing.empty(seen) else self.needs_empty)
        left &= ~self.equal.has | _any(self.equal, items)
        left &= ~_any(self.unequal, items)
        left &= ~self.inside.has | (_any(self.listed, items) if several else _any(self.inside, texts))
        left &= ~(_any(self.unlisted, items) if several else _any(self.outside, texts))
        left &= ~self.starts.has | _any(self.starts, [comparing.text(item) for item in items])
        return left & (~self.ranges.has | _any(self.ranges, items))


def _any(table: Any, items: list[Any]) -> int:
    """The terms that any of the items satisfies."""
    hits = 0
    for item in items:
        hits |= table.of(item)
    return hits


def _values(condition: Condition) -> Iterable[Any]:
    """What the tables hold of a literal: its values one by one, a comparison whole."""
    if _HOLDS[condition.operator] == ("ranges",):
        return (condition,)
    return comparing.values(condition.value) if condition.operator in _SEVERAL else (condition.value,)
