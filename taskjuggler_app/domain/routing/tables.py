"""The tables of the index: from a value that was seen to the terms whose literal it satisfies, as bits of one integer.

Each table answers exactly as the operator it stands for; tests hold both against each other.
"""

from decimal import Decimal
from typing import Any

from taskjuggler_app.domain.routing import comparing


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

    def drop(self, value: object, bits: int) -> None:
        """Forget terms that wanted this value."""
        self.has &= ~bits
        forget(self.by_text, comparing.text(value), bits)
        number = comparing.number(value)
        if number is not None:
            forget(self.by_number, number, bits)
            forget(self.by_pure_number, number, bits)

    def of(self, item: object) -> int:
        """The terms that this single value satisfies."""
        hits = self.by_text.get(comparing.text(item), 0)
        if isinstance(item, str):
            if self.by_pure_number and (number := comparing.number(item)) is not None:
                hits |= self.by_pure_number.get(number, 0)
        elif self.by_number and (number := comparing.number(item)) is not None:
            hits |= self.by_number.get(number, 0)
        return hits


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

    def drop(self, value: object, bits: int) -> None:
        """Forget terms that wanted this beginning."""
        self.has &= ~bits
        forget(self.starts, comparing.text(value), bits)

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


def forget(table: dict[Any, int], key: object, bits: int) -> bool:
    """Take these terms from one entry; whether that was its end."""
    left = table.get(key, 0) & ~bits
    if left:
        table[key] = left
        return False
    return table.pop(key, None) is not None
