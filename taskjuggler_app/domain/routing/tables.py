"""The tables of the index: from a value that was seen to the terms whose literal it satisfies, as bits of one integer.

Each table answers exactly as the operator it stands for; tests hold both against each other.
"""

from bisect import bisect_left
from decimal import Decimal
from typing import Any

from taskjuggler_app.domain.routing import comparing
from taskjuggler_app.domain.routing.conditions import Condition
from taskjuggler_app.domain.routing.operators import OPERATORS, Operator

EXACT = float(1 << 53)
"""Below it every whole number is a float, and floats compare as their shortest decimals do."""
_LONG_WORD = 64
_WORDS_KEPT = 50_000


class Equal:
    """Terms by the value they want, or by the value they exclude."""

    def __init__(self) -> None:
        self.has = 0
        self.by_text: dict[str, int] = {}
        self.by_number: dict[Decimal, int] = {}
        self.by_pure_number: dict[Decimal, int] = {}
        """Those whose value is a number and not text: text that reads as a number equals only these."""

    def copy(self) -> "Equal":
        """One that can be changed."""
        made = Equal()
        made.has, made.by_text = self.has, dict(self.by_text)
        made.by_number, made.by_pure_number = dict(self.by_number), dict(self.by_pure_number)
        return made

    def add(self, value: object, bit: int) -> None:
        """A term that wants this value."""
        self.has |= bit
        text, number = comparing.text(value), comparing.number(value)
        self.by_text[text] = self.by_text.get(text, 0) | bit
        if number is not None:
            self.by_number[number] = self.by_number.get(number, 0) | bit
            if not isinstance(value, str):
                self.by_pure_number[number] = self.by_pure_number.get(number, 0) | bit

    def drop(self, bits: int) -> None:
        """Forget terms."""
        if not self.has & bits:
            return
        self.has &= ~bits
        self.by_text = dropped(self.by_text, bits)
        self.by_number = dropped(self.by_number, bits)
        self.by_pure_number = dropped(self.by_pure_number, bits)

    def of(self, item: object) -> int:
        """The terms that this single value satisfies."""
        hits = self.by_text.get(comparing.text(item), 0)
        if isinstance(item, str):
            if self.by_pure_number and (number := comparing.number(item)) is not None:
                hits |= self.by_pure_number.get(number, 0)
        elif self.by_number and (number := comparing.number(item)) is not None:
            hits |= self.by_number.get(number, 0)
        return hits


class Inside:
    """Terms by a piece of text. A piece without blanks lies inside one word of the text; of one with blanks the
    longest word is looked for, and then the whole piece."""

    def __init__(self) -> None:
        self.has = 0
        self.pieces: dict[str, int] = {}
        self.everywhere = 0
        self._keys: dict[str, list[str]] = {}
        self._lengths: list[int] = []
        self._words: dict[str, tuple[int, tuple[tuple[str, int], ...]]] = {}
        self._seen: set[str] = set()
        self._telling: set[str] = set()
        self._ready = False

    def copy(self) -> "Inside":
        """One that can be changed."""
        made = Inside()
        made.has, made.pieces, made.everywhere = self.has, dict(self.pieces), self.everywhere
        if self._ready:
            made._keys, made._lengths, made._words = self._keys, self._lengths, self._words
            made._seen, made._telling, made._ready = self._seen, self._telling, True
        return made

    def add(self, value: object, bit: int) -> None:
        """A term that looks for this piece."""
        self._ready = False
        self.has |= bit
        piece = comparing.text(value)
        if piece:
            self.pieces[piece] = self.pieces.get(piece, 0) | bit
        else:
            self.everywhere |= bit

    def drop(self, bits: int) -> None:
        """Forget terms."""
        if not self.has & bits:
            return
        self.has &= ~bits
        self._ready = False
        self.everywhere &= ~bits
        self.pieces = dropped(self.pieces, bits)

    def finish(self) -> None:
        """Make what lookups need."""
        if self._ready:
            return
        self._ready = True
        self._keys, self._words, self._seen, self._telling = {}, {}, set(), set()
        for piece in self.pieces:
            key = max(piece.split(), key=len)
            self._keys.setdefault(key, []).append(piece)
        self._lengths = sorted({len(key) for key in self._keys})

    def of(self, text: str) -> int:
        """The terms whose piece is inside the text (folded)."""
        words = set(text.split())
        hits = self.everywhere
        if not self._seen.issuperset(words):
            for word in words - self._seen:
                hits |= self._look(word, text)
        for word in words & self._telling:
            bits, pieces = self._words[word]
            hits |= bits
            for piece, more in pieces:
                if piece in text:
                    hits |= more
        return hits

    def _look(self, word: str, text: str) -> int:
        """What a word not met before brings; kept for the next text: terms that have it, and pieces that may be."""
        bits, pieces = 0, []
        for key in self._keys_inside(word):
            for piece in self._keys[key]:
                if piece == key:
                    bits |= self.pieces[piece]
                else:
                    pieces.append((piece, self.pieces[piece]))
        if len(word) <= _LONG_WORD and len(self._seen) < _WORDS_KEPT:
            if bits or pieces:
                self._words[word] = (bits, tuple(pieces))
                self._telling.add(word)
            self._seen.add(word)
        for piece, more in pieces:
            bits |= more if piece in text else 0
        return bits

    def _keys_inside(self, word: str) -> set[str]:
        size = len(word)
        if size > _LONG_WORD:
            return {key for key in self._keys if key in word}
        keys = self._keys
        spans = (word[at : at + n] for n in self._lengths if n <= size for at in range(size - n + 1))
        return {span for span in spans if span in keys}


class Starts:
    """Terms by how a text begins."""

    def __init__(self) -> None:
        self.has = 0
        self.starts: dict[str, int] = {}
        self._lengths: list[int] = []

    def copy(self) -> "Starts":
        """One that can be changed."""
        made = Starts()
        made.has, made.starts = self.has, dict(self.starts)
        return made

    def add(self, value: object, bit: int) -> None:
        """A term that wants this beginning."""
        self.has |= bit
        start = comparing.text(value)
        self.starts[start] = self.starts.get(start, 0) | bit

    def drop(self, bits: int) -> None:
        """Forget terms."""
        if not self.has & bits:
            return
        self.has &= ~bits
        self.starts = dropped(self.starts, bits)

    def finish(self) -> None:
        """Make what lookups need."""
        self._lengths = sorted({len(start) for start in self.starts})

    def of(self, text: str) -> int:
        """The terms whose beginning the text has (folded)."""
        hits = 0
        for length in self._lengths:
            if length > len(text):
                break
            hits |= self.starts.get(text[:length], 0)
        return hits


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
        self._ready = False
        self.has |= bit
        between = condition.operator is Operator.BETWEEN
        low, high = condition.value if between else (condition.value, condition.value)
        left, right = comparing.number(low), comparing.number(high)
        if left is not None and right is not None:
            key = (condition.operator, left, right)
            self.numeric[key] = self.numeric.get(key, 0) | bit
        else:
            name = repr((condition.operator, condition.value))
            self.other[name] = (condition, self.other.get(name, (condition, 0))[1] | bit)

    def drop(self, bits: int) -> None:
        """Forget terms."""
        if not self.has & bits:
            return
        self.has &= ~bits
        self._ready = False
        self.numeric = dropped(self.numeric, bits)
        self.other = {name: (c, left) for name, (c, held) in self.other.items() if (left := held & ~bits)}

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


def dropped(table: dict[Any, int], bits: int) -> dict[Any, int]:
    """The table without these terms."""
    return {key: left for key, held in table.items() if (left := held & ~bits)}
