"""Which kind of work a message asks for: a small linear model, trained by scripts/train_categories.py.

Its scores are sums of weights of words that stand in the message, so each answer names the words that made it.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from taskjuggler_app.domain.receptionist.extraction.category_features import Feature, features
from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Category, Judgement, Span
from taskjuggler_app.domain.receptionist.extraction.words import word_set

_SCALE = 100
"""Weights are stored as whole hundredths."""
_NOTHING_KNOWN = 0.3
_ONE_WORD = 0.5
"""The most that can be believed of a message of which one word is known."""
_EVIDENCE_LIMIT = 8
_SPEAKS = 0.15
"""The share of a category's score from which a word is shown as its evidence."""
_SMALL = word_set(
    "a about after again all also am an and any are as at back be been before but by can come comes could did do "
    "does for from get go going got had has have he hello her here hey hi his i if in into is it its just let "
    "like me my no not of off on one only or our out over please so some still than thank thanks that the their "
    "them then there these they this those to today too up us very was we well were what when which while who "
    "will with would yes you your"
)
"""Words that say nothing to a person about what a message is for, whatever the model learnt from them."""
_WORD = re.compile(r"[^\W_]{1,100}(?:['\u2019][^\W_]{1,20}){0,3}")


@cache
def _model() -> dict[str, Any]:
    source = files("taskjuggler_app.domain.receptionist.extraction").joinpath("category_model.json")
    model: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return model


def category(documents: Sequence[Document]) -> Judgement:
    """The likeliest category, its probability, and the words that spoke for it, the loudest first."""
    model = _model()
    scores = list(model["bias"])
    known: list[tuple[Feature, list[float]]] = []
    for name, feature in features(documents).items():
        weights = model["weights"].get(name)
        if weights is not None:
            known.append((feature, weights))
            for place, weight in enumerate(weights):
                scores[place] += feature.weight * weight / _SCALE
    scores = [score * model["sharpness"] for score in scores]
    best = max(range(len(scores)), key=scores.__getitem__)
    top = max(scores)
    probability = 1 / sum(math.exp(score - top) for score in scores)
    words = {(feature.span.part, feature.span.start) for feature, _ in known if feature.span is not None}
    if not words:
        return Judgement(Category.GENERAL, _NOTHING_KNOWN)
    most = 0.97 if len(words) > 1 else _ONE_WORD
    return Judgement(Category(model["categories"][best]), round(min(probability, most), 2), _evidence(known, best))


def _evidence(known: list[tuple[Feature, list[float]]], best: int) -> tuple[Span, ...]:
    """The spans whose weights lift the category above the mean of all, none inside another."""
    spoken = sorted(
        (
            (feature.weight * (weights[best] - sum(weights) / len(weights)) / _SCALE, feature.span)
            for feature, weights in known
            if feature.span is not None
        ),
        key=lambda said: (-said[0], said[1].part, said[1].start),
    )
    chosen: list[Span] = []
    for worth, said in spoken:
        if worth < _SPEAKS or len(chosen) == _EVIDENCE_LIMIT:
            break
        span = _telling(said)
        if span is not None and all(
            span.part is not other.part or span.end <= other.start or span.start >= other.end for other in chosen
        ):
            chosen.append(span)
    return tuple(chosen)


def _telling(span: Span) -> Span | None:
    """The span from its first to its last word that tells something; None when it has no such word."""
    words = [word for word in _WORD.finditer(span.text) if not _is_small(word.group())]
    if not words:
        return None
    start, end = words[0].start(), words[-1].end()
    return replace(span, start=span.start + start, end=span.start + end, text=span.text[start:end])


def _is_small(word: str) -> bool:
    """Whether it is a bare number or a small word, alone or shortened (it's, I'm, don't)."""
    first, mark, _ = word.casefold().replace("\u2019", "'").partition("'")
    return len(first) == 1 or first.isdecimal() or first in _SMALL or (bool(mark) and first.removesuffix("n") in _SMALL)
