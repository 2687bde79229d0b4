"""Which kind of work a message asks for: a small linear model, trained by scripts/train_categories.py.

Its scores are sums of weights of words that stand in the message, so each answer names the words that made it.
"""

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from taskjuggler_app.domain.receptionist.extraction.category_features import Feature, features
from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Category, Judgement, Span

_NOTHING_KNOWN = 0.3
_ONE_WORD = 0.5
"""The most that can be believed of a message of which one word is known."""
_EVIDENCE_LIMIT = 8
_SPEAKS = 0.15
"""The share of a category's score from which a word is shown as its evidence."""


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
                scores[place] += feature.weight * weight
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
            (feature.weight * (weights[best] - sum(weights) / len(weights)), feature.span)
            for feature, weights in known
            if feature.span is not None
        ),
        key=lambda said: (-said[0], said[1].part, said[1].start),
    )
    chosen: list[Span] = []
    for worth, span in spoken:
        if worth < _SPEAKS or len(chosen) == _EVIDENCE_LIMIT:
            break
        if all(span.part is not other.part or span.end <= other.start or span.start >= other.end for other in chosen):
            chosen.append(span)
    return tuple(chosen)
