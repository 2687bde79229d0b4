"""Finding the phrases of a word list in a text, in time proportional to the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from taskjuggler_app.domain.receptionist.extraction.document import Document, Token
from taskjuggler_app.domain.receptionist.extraction.values import Span

L = TypeVar("L")


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for looking up."""
    return frozenset(text.split())


_BREAKS = frozenset(".!?\n;")


@dataclass(frozen=True, slots=True)
class Hit(Generic[L]):
    """A phrase that stands in the text: its label, weight and place, and the index of its first word."""

    label: L
    weight: float
    phrase: str
    span: Span
    token: int


@dataclass(frozen=True, slots=True)
class _Entry(Generic[L]):
    words: tuple[str, ...]
    label: L
    weight: float


class Lexicon(Generic[L]):
    """Phrases by label and weight, from a table {label: {weight: "one, two words, stem*"}}; a star ends a stem."""

    def __init__(self, table: Mapping[L, Mapping[float, str]]) -> None:
        self._exact: dict[str, list[_Entry[L]]] = {}
        self._stems: dict[str, list[_Entry[L]]] = {}
        for label, weights in table.items():
            for weight, phrases in weights.items():
                for phrase in phrases.split(","):
                    self._add(_Entry(tuple(phrase.split()), label, weight))
        self._stem_lengths = sorted({len(stem) for stem in self._stems})

    def _add(self, entry: _Entry[L]) -> None:
        if not entry.words:
            return
        first = entry.words[0]
        index, key = (self._stems, first[:-1]) if first.endswith("*") else (self._exact, first)
        index.setdefault(key, []).append(entry)

    def hits(self, doc: Document) -> Iterator[Hit[L]]:
        """The longest phrase at each word, left to right, none overlapping another."""
        tokens, at = doc.tokens, 0
        while at < len(tokens):
            entry = self._longest(doc, tokens, at)
            if entry is None:
                at += 1
                continue
            last = at + len(entry.words) - 1
            span = doc.span(tokens[at].start, tokens[last].end)
            yield Hit(entry.label, entry.weight, " ".join(entry.words), span, at)
            at = last + 1

    def _longest(self, doc: Document, tokens: tuple[Token, ...], at: int) -> _Entry[L] | None:
        word = tokens[at].word
        best: _Entry[L] | None = None
        candidates = list(self._exact.get(word, ()))
        for length in self._stem_lengths:
            if length > len(word):
                break
            candidates += self._stems.get(word[:length], ())
        for entry in candidates:
            if (best is None or len(entry.words) > len(best.words)) and _stands(doc, tokens, at, entry.words):
                best = entry
        return best


def _stands(doc: Document, tokens: tuple[Token, ...], at: int, words: tuple[str, ...]) -> bool:
    if at + len(words) > len(tokens):
        return False
    for offset, word in enumerate(words[1:], 1):
        token = tokens[at + offset]
        end = tokens[at + offset - 1].end
        if token.start - end > 3 or not _BREAKS.isdisjoint(doc.text[end : token.start]):
            return False
        if not (token.word.startswith(word[:-1]) if word.endswith("*") else token.word == word):
            return False
    return True
