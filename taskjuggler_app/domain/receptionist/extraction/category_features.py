"""What the category model sees of a message: its words, pairs of words, beginnings of words, and the word lists."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from taskjuggler_app.domain.receptionist.extraction.category_words import CATEGORY_WORDS
from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Span
from taskjuggler_app.domain.receptionist.extraction.words import Lexicon

_LEXICON = Lexicon(CATEGORY_WORDS)
_READ = 400
"""Words of a message that are looked at: what it is about is said by then."""
_STEM = 5
_ENDING = re.compile(r"(?:'s|s|es|ed|ing)$")


@dataclass(slots=True)
class Feature:
    """How much of it there is, and where it stands first."""

    weight: float
    span: Span | None = None


def features(documents: Sequence[Document]) -> dict[str, Feature]:
    """Every feature counts once however often it stands there; long messages count each a little less."""
    found: dict[str, Feature] = {}
    lists: dict[str, Feature] = {}
    count = 0
    for doc in documents:
        tokens = doc.tokens[:_READ]
        count += len(tokens)
        words = ["0" if token.word[0].isdecimal() else token.word for token in tokens]
        for number, token in enumerate(tokens):
            span = doc.span(token.start, token.end)
            word = words[number]
            found.setdefault(word, Feature(1.0, span))
            stem = _ENDING.sub("", word)
            if len(stem) > _STEM:
                found.setdefault(f"{stem[:_STEM]}*", Feature(0.7, span))
            elif len(stem) > 2:
                found.setdefault(f"{stem}~", Feature(0.7, span))
            if number:
                pair = doc.span(tokens[number - 1].start, token.end)
                found.setdefault(f"{words[number - 1]} {word}", Feature(0.7, pair))
        if words:
            found.setdefault(f"^ {words[0]}", Feature(0.7, doc.span(tokens[0].start, tokens[0].end)))
        for hit in _LEXICON.hits(doc):
            known = lists.setdefault(f"={hit.label.value}", Feature(0.0, hit.span))
            known.weight += hit.weight
        if "?" in doc.text:
            found.setdefault("?", Feature(0.7))
    scale = 1 / math.sqrt(max(count, 6))
    scaled = {name: Feature(feature.weight * scale * 2, feature.span) for name, feature in found.items()}
    return scaled | {name: Feature(min(feature.weight, 6.0) / 4, feature.span) for name, feature in lists.items()}
