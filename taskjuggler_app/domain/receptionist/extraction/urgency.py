"""How soon somebody should look at a message, from the words that press or ease."""

from collections.abc import Sequence

from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Level, Span, Urgency
from taskjuggler_app.domain.receptionist.extraction.words import Hit, Lexicon, word_set

# The weight is the confidence that the phrase alone gives its level.
URGENCY_WORDS: dict[Level, dict[float, str]] = {
    Level.URGENT: {
        0.9: (
            "emergency, emergencies, urgent, urgently, asap, a s a p, right away, right now, "
            "immediately, straight away, as soon as possible, life threatening, 911, 999"
        ),
        0.8: (
            "burst, flooding, flooded, water everywhere, gas leak, smell gas, gas smell, smoke, "
            "fire, on fire, sparking, no heat, heat has been out, no power, locked out, bleeding, "
            "server is down, site is down, website is down, sewage, break in, broke in, carbon "
            "monoxide, poisoned, unconscious, chest pain, trapped, can't breathe"
        ),
    },
    Level.HIGH: {
        0.75: (
            "today, tonight, this morning, this afternoon, quick as, time sensitive, "
            "deadline, eod, end of day, important, high priority, no hot water, in pain, killing "
            "me, soonest, hurry, final notice, without delay"
        ),
        0.65: (
            "still waiting, third time, second time, yet again, still no, still not, been waiting, "
            "frustrated, unacceptable, overdue, past due, complaint, court, lawsuit, stuck in, "
            "leak, leaking, nobody can work, can't work"
        ),
    },
    Level.LOW: {
        0.85: (
            "no rush, not urgent, no hurry, no emergency, not an emergency, isn't urgent, nothing "
            "urgent, non emergency, whenever you, whenever works, when you get a chance, when you "
            "have time, whenever you have time, at your convenience, at your leisure, low priority, "
            "take your time, not in a hurry, no pressure, someday"
        ),
        0.6: (
            "at some point, eventually, just curious, just wondering, just wanted to say, for your "
            "information, fyi, can wait"
        ),
    },
}
_LEXICON = Lexicon(URGENCY_WORDS)
_NEGATIONS = word_set("not no isn't wasn't never nothing hardly non don't doesn't aren't")


def urgency(documents: Sequence[Document]) -> Urgency:
    """The most pressing level said. Words that ease win over `high` (as "no rush, but today is fine") but not over
    `urgent`; a pressing word right after a negation counts for nothing."""
    hits = [h for doc in documents for h in _LEXICON.hits(doc) if h.label is Level.LOW or not _negated(doc, h)]
    for level in (Level.URGENT, Level.LOW, Level.HIGH):
        said = [h for h in hits if h.label is level]
        if said:
            best = max(h.weight for h in said)
            confidence = min(0.97, best + 0.04 * (len(said) - 1))
            return Urgency(level, round(confidence, 2), _spans(said))
    return Urgency(Level.NORMAL, 0.5)


def _negated(doc: Document, hit: Hit[Level]) -> bool:
    return any(t.word in _NEGATIONS for t in doc.tokens[max(0, hit.token - 2) : hit.token])


def _spans(hits: list[Hit[Level]]) -> tuple[Span, ...]:
    return tuple(h.span for h in hits[:FOUND_LIMIT])
