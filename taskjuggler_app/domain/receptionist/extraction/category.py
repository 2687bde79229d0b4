"""Which kind of work a message asks for, from the words that speak for each kind."""

from collections.abc import Sequence

from taskjuggler_app.domain.receptionist.extraction.category_words import CATEGORY_WORDS
from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Category, Judgement, Span
from taskjuggler_app.domain.receptionist.extraction.words import Lexicon

_LEXICON = Lexicon(CATEGORY_WORDS)
_ENOUGH = 2.0  # the score below which a message says too little to be called anything but general
_MOMENT = 0.75
_NOTHING_KNOWN = 0.3  # confidence of `general` when no word spoke for anything
_EVIDENCE_LIMIT = 12


def category(documents: Sequence[Document], moments: Sequence[Span] = ()) -> Judgement:
    """The category whose words weigh most; each phrase counts once, however often it is repeated.

    Dates and times named (`moments`) lean towards scheduling, but prove nothing alone.
    """
    scores: dict[Category, float] = dict.fromkeys(CATEGORY_WORDS, 0.0)
    evidence: dict[Category, list[Span]] = {name: [] for name in CATEGORY_WORDS}
    heard: set[tuple[Category, str]] = set()
    for doc in documents:
        for hit in _LEXICON.hits(doc):
            if (hit.label, hit.phrase) in heard:
                continue
            heard.add((hit.label, hit.phrase))
            scores[hit.label] += hit.weight
            evidence[hit.label].append(hit.span)
    if moments:
        scores[Category.SCHEDULING] += _MOMENT * min(len(moments), 2)
        evidence[Category.SCHEDULING] += moments[:2]
    best, second = sorted(scores, key=lambda name: -scores[name])[:2]
    if scores[best] < _ENOUGH:
        return Judgement(Category.GENERAL, round(_NOTHING_KNOWN + 0.1 * (_ENOUGH - scores[best]), 2))
    confidence = (scores[best] + 0.5) / (scores[best] + scores[second] + 1.5)
    return Judgement(best, round(min(confidence, 0.95), 2), tuple(evidence[best][:_EVIDENCE_LIMIT]))
