"""The table of comparisons: limits cut the line of numbers into regions, each with the terms that hold there."""

from bisect import bisect_left
from decimal import Decimal

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.conditions import Condition
from taskjuggler_app.domain.routing.operators import OPERATORS, Operator
from taskjuggler_app.domain.routing.tables import forget

EXACT = float(1 << 53)
"""Below it every whole number is a float, and floats compare as their shortest decimals do."""


class Ranges:
    """Terms by greater_than, less_than and between. The limits cut the line of numbers into regions (below the first
    limit, at it, between it and the next, …), each with the terms that hold there; other limits (levels, dates, times)
    are asked one by one."""

    def __init__(self) -> None:
        self.has = 0
        self.numeric: dict[tuple[Operator, Decimal, Decimal], int] = {}
        self.other: dict[str, tuple[Condition, int]] = {}
        self.points: list[float] | None = []
        self.active: list[int] = [0]
        self._ready = False

    def copy(self) -> "Ranges":
        """One that can be changed."""
        made = Ranges()
        made.has, made.numeric, made.other = self.has, dict(self.numeric), dict(self.other)
        made.points, made.active, made._ready = self.points, self.active, self._ready
        return made

    def add(self, condition: Condition, bit: int) -> None:
        """A term with this comparison."""
        self.has |= bit
        key = _key(condition)
        if key is not None:
            self.numeric[key] = self.numeric.get(key, 0) | bit
            self._ready = self._ready and self._fitted(*key, bit)
        else:
            name = repr((condition.operator, condition.value))
            self.other[name] = (condition, self.other.get(name, (condition, 0))[1] | bit)

    def drop(self, condition: Condition, bits: int) -> None:
        """Forget terms that had this comparison."""
        self.has &= ~bits
        key = _key(condition)
        if key is not None:
            forget(self.numeric, key, bits)
            self._ready = self._ready and self._cut(key[1:], bits)
            return
        name = repr((condition.operator, condition.value))
        left = self.other[name][1] & ~bits if name in self.other else 0
        if left:
            self.other[name] = (condition, left)
        else:
            self.other.pop(name, None)

    def _fitted(self, operator: Operator, low: Decimal, high: Decimal, bit: int) -> bool:
        """Put one comparison more into the regions that are there; False when its limits cannot be."""
        floats = [one for limit in (low, high) if (one := as_float(limit)) is not None]
        if self.points is None or len(floats) < 2:
            return False
        self.points, self.active = list(self.points), list(self.active)
        for limit in floats:
            place = bisect_left(self.points, limit)
            if place == len(self.points) or self.points[place] != limit:
                self.points.insert(place, limit)
                self.active[2 * place : 2 * place + 1] = [self.active[2 * place]] * 3
        first, final = (2 * bisect_left(self.points, limit) + 1 for limit in floats)
        if operator is Operator.GREATER_THAN:
            first, final = first + 1, 2 * len(self.points)
        elif operator is Operator.LESS_THAN:
            first, final = 0, final - 1
        self.active[first : final + 1] = [held | bit for held in self.active[first : final + 1]]
        return True

    def _cut(self, limits: tuple[Decimal, Decimal], bits: int) -> bool:
        """Take terms out of the regions, and limits at which nothing changes any more; False without regions."""
        if self.points is None:
            return False
        self.points, self.active = list(self.points), [held & ~bits for held in self.active]
        for limit in {float(one) for one in limits}:
            place = bisect_left(self.points, limit)
            around = self.active[2 * place : 2 * place + 3]
            if place < len(self.points) and self.points[place] == limit and around == around[:1] * 3:
                del self.points[place]
                self.active[2 * place : 2 * place + 3] = around[:1]
        return True

    def finish(self) -> None:
        """Make the regions; without them (`points` is None) when a limit is no exact float."""
        if self._ready:
            return
        self._ready = True
        limits = sorted({limit for _, low, high in self.numeric for limit in (low, high)})
        floats = [as_float(limit) for limit in limits]
        self.points = [one for one in floats if one is not None]
        if len(self.points) != len(limits):
            self.points = None
            return
        at = {limit: 2 * place + 1 for place, limit in enumerate(limits)}
        last = 2 * len(limits)
        changes: list[int] = [0] * (last + 2)
        for (operator, low, high), bits in self.numeric.items():
            if operator is Operator.GREATER_THAN:
                first, final = at[low] + 1, last
            elif operator is Operator.LESS_THAN:
                first, final = 0, at[low] - 1
            else:
                first, final = at[low], at[high]
            if first <= final:
                changes[first] ^= bits
                changes[final + 1] ^= bits
        self.active, held = [], 0
        for change in changes[: last + 1]:
            held ^= change
            self.active.append(held)

    def of(self, item: object) -> int:
        """The terms whose comparison this single value satisfies."""
        number = comparing.number(item)
        if number is None:
            return self._asked(item) if self.other and isinstance(item, str) else 0
        value = as_float(number)
        if value is None or self.points is None:
            return self._compared(number)
        place = bisect_left(self.points, value)
        return self.active[2 * place + (place < len(self.points) and self.points[place] == value)]

    def _asked(self, item: str) -> int:
        hits = 0
        for condition, bits in self.other.values():
            if OPERATORS[condition.operator].holds(condition.field, item, condition.value):
                hits |= bits
        return hits

    def _compared(self, number: Decimal) -> int:
        hits = 0
        for (operator, low, high), bits in self.numeric.items():
            if operator is Operator.GREATER_THAN:
                held = number > low
            elif operator is Operator.LESS_THAN:
                held = number < low
            else:
                held = low <= number <= high
            hits |= bits if held else 0
        return hits


def as_float(number: Decimal) -> float | None:
    """The float that is written as this number; None where floats would not compare as the numbers do."""
    value = float(number)
    return value if -EXACT < value < EXACT and Decimal(repr(value)) == number else None


def _key(condition: Condition) -> tuple[Operator, Decimal, Decimal] | None:
    """The comparison as numbers; None when its limits are none."""
    between = condition.operator is Operator.BETWEEN
    low, high = condition.value if between else (condition.value, condition.value)
    left, right = comparing.number(low), comparing.number(high)
    return None if left is None or right is None else (condition.operator, left, right)
