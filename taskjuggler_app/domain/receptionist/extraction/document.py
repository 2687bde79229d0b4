"""One part of a message prepared for reading: its text, its words, and what other finders already claimed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from taskjuggler_app.domain.receptionist.extraction.values import Bound, Found, Part, Span

READ_LIMIT = 200_000  # code points of a message that are read; nobody states a fact after that
FOUND_LIMIT = 100  # values kept of one kind, so that a hostile message cannot swell what is stored
MASK = "\ufffc"  # stands where an address, number or link was: no word, no digit, no letter

_WORD = re.compile(r"[^\W_]{1,1000}(?:['\u2019][^\W_]{1,100}){0,9}")
_APOSTROPHE = str.maketrans("\u2019", "'")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, folded for comparing, with its place."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """`raw` is what was written; `text` has the same length, with claimed stretches masked."""

    raw: str
    text: str
    part: Part = Part.BODY

    @classmethod
    def read(cls, text: str, part: Part = Part.BODY) -> "Document":
        """The document of a text, no more of it than READ_LIMIT."""
        return cls(text[:READ_LIMIT], text[:READ_LIMIT], part)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words of what is left to read, in order."""
        return tuple(
            Token(m.group().casefold().translate(_APOSTROPHE), m.start(), m.end()) for m in _WORD.finditer(self.text)
        )

    def without(self, spans: Iterable[Span]) -> "Document":
        """The same document with these spans masked; spans of another part are left alone."""
        pieces: list[str] = []
        at = 0
        for span in sorted((s for s in spans if s.part is self.part), key=lambda s: s.start):
            if span.end <= at:
                continue
            start = max(span.start, at)
            pieces += (self.text[at:start], MASK * (span.end - start))
            at = span.end
        return Document(self.raw, "".join((*pieces, self.text[at:])), self.part)

    def span(self, start: int, end: int) -> Span:
        """The span from start to end, as written."""
        return Span(start, end, self.raw[start:end], self.part)

    def found(
        self,
        value: str,
        start: int,
        end: int,
        confidence: float,
        *,
        until: str | None = None,
        bound: Bound | None = None,
    ) -> Found:
        """A value at a place of this document."""
        return Found(value, self.span(start, end), confidence, until, bound)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one rule makes of one match: the value, its confidence, and where it stands if not the whole match."""

    value: str
    confidence: float
    until: str | None = None
    place: tuple[int, int] | None = None
    bound: Bound | None = None
    vague: bool = False


C = TypeVar("C")
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], C], Reading | None]]


def first_claims(doc: Document, rules: Iterable[Rule[C]], context: C) -> list[Found]:
    """Run the rules in order; a stretch of text belongs to the first rule that reads it. Sorted by place.

    A date or time that the calendar does not have (30 February, the year 10000) is no finding.
    """
    taken = bytearray(len(doc.text))
    found: list[Found] = []
    for pattern, read in rules:
        for match in pattern.finditer(doc.text):
            try:
                reading = read(match, context)
            except (ValueError, OverflowError):
                continue
            if reading is None:
                continue
            start, end = reading.place or match.span()
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\1" * (end - start)
            span = doc.span(start, end)
            found.append(Found(reading.value, span, reading.confidence, reading.until, reading.bound, reading.vague))
    found.sort(key=lambda f: f.span.start)
    return found[:FOUND_LIMIT]
