"""How the sender feels, from -1 to 1: weighed words, turned by negations, raised by intensifiers.

The squashing of the sum is that of VADER (Hutto and Gilbert, 2014): s / sqrt(s² + 15), on a table of our own.
"""

import math
from collections.abc import Sequence

from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Mood, Sentiment, Span
from taskjuggler_app.domain.receptionist.extraction.words import Hit, Lexicon, word_set

FEELING_WORDS: dict[Mood, dict[float, str]] = {
    Mood.POSITIVE: {
        3.0: (
            "love it, loved, excellent, amazing, fantastic, wonderful, perfect, awesome, "
            "outstanding, delighted, thrilled"
        ),
        2.0: (
            "great, happy, thank you so much, many thanks, grateful, appreciate*, impressed, "
            "pleased, well done, love, brilliant, recommend you, superb, lovely"
        ),
        1.0: (
            "thank you, thanks, thx, cheers, good, nice, glad, helpful, kind, friendly, sounds "
            "good, enjoy*, smooth, quickly"
        ),
    },
    Mood.NEGATIVE: {
        3.0: (
            "terrible, horrible, awful, unacceptable, disgusting, furious, outrageous, scam, rip "
            "off, ripped off, worst, disgrace*, ridiculous, incompetent, appalling, livid, hate"
        ),
        2.0: (
            "angry, unhappy, disappointed, disappointing, frustrated, frustrating, rude, upset, "
            "annoyed, annoying, useless, fed up, complaint*, poor, bad, unprofessional, ignored, "
            "waste of, killing me, suffer*, never again, mistake, painful"
        ),
        1.0: (
            "problem*, issue*, wrong, broken, late, delay*, fail*, sorry, unfortunately, worried, "
            "concerned, still waiting, third time, nobody, don't agree, won't pay, twice, damaged, "
            "clogged, leak*, noise, sick, confus*, stuck, error"
        ),
    },
}
_LEXICON = Lexicon(FEELING_WORDS)
_NEGATIONS = word_set("not no never isn't wasn't don't doesn't didn't hardly without aren't can't cannot")
_STRONGER = word_set("very really so extremely absolutely totally completely super incredibly beyond too")
_NEUTRAL_BAND = 0.2
_EVIDENCE_LIMIT = 20


def sentiment(documents: Sequence[Document]) -> Sentiment:
    """The feeling of the whole message; no weighed word means 0 with little confidence."""
    total, evidence = 0.0, list[Span]()
    for doc in documents:
        for hit in _LEXICON.hits(doc):
            total += _weight(doc, hit)
            evidence.append(hit.span)
    if not evidence:
        return Sentiment(0.0, Mood.NEUTRAL, 0.4)
    score = round(total / math.sqrt(total * total + 15), 2) + 0.0
    label = Mood.NEUTRAL
    if abs(score) >= _NEUTRAL_BAND:
        label = Mood.POSITIVE if score > 0 else Mood.NEGATIVE
    confidence = min(0.9, 0.5 + 0.4 * abs(score))
    return Sentiment(score, label, round(confidence, 2), tuple(evidence[:_EVIDENCE_LIMIT]))


def _weight(doc: Document, hit: Hit[Mood]) -> float:
    weight = hit.weight if hit.label is Mood.POSITIVE else -hit.weight
    before = [t.word for t in doc.tokens[max(0, hit.token - 3) : hit.token]]
    if any(word in _STRONGER for word in before[-1:]):
        weight *= 1.4
    if any(word in _NEGATIONS for word in before):
        weight *= -0.6
    return weight
