"""What stands around a date or a time: the words that make it past, open-ended, or no time at all."""

import re

from taskjuggler_app.domain.receptionist.extraction.document import MASK
from taskjuggler_app.domain.receptionist.extraction.values import Bound
from taskjuggler_app.domain.receptionist.extraction.words import word_set

# What may follow a bare number so that it is an hour or a day: "at 3 please", but not "at 3 locations".
FOLLOWED = (
    rf"(?=\s{{0,3}}(?:$|[;:!?()\]\n\"\u2013\u2014{MASK}]|[.,](?!\d)|-\s|"
    r"(?:at|on|if|please|pls|plz|and|or(?!\s(?:\d|more|less|so))|but|so|when|would|will|is|are|was|works?|today|tomorrow|"
    r"tonight|this|next|because|since|thanks|thank|thx|to|for|from|in|with|sharp|instead|latest|i|i'm|we|you|it|he|she|"
    r"they|my|our|can|could|do|does|should|unless|as|maybe|until|till|after|before|between|around|about|by|of|then|"
    r"that|which|again|already|only|not|open|free|ok|okay|onwards?|ish|morning|afternoon|evening|noon)(?!\w)))"
)

_AFTER = re.compile(r"(?:after|from|since|starting)\s{1,2}(?:the\s)?$", re.IGNORECASE)
_BEFORE = re.compile(r"(?:before|by|until|till|til|latest|no later than|within|due)\s{1,2}(?:the\s)?$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?\n]\s")
_WORDS = re.compile(r"[^\W\d_]+")
_PAST = word_set(
    "was were since charged paid bought ordered purchased received signed froze came arrived delivered happened "
    "started broke stopped dated met visited emailed wrote installed replaced fixed did got went had took billed "
    "posted sent"
)
_AHEAD = word_set(
    "can could will would shall should may might please want wants like need needs wondering hoping due available "
    "free book schedule reschedule is are has have be been"
)


def bound(text: str, start: int) -> Bound | None:
    """Whether what begins at `start` is said to be an open end: "after 3", "by Friday"."""
    before = text[max(0, start - 20) : start]
    if _AFTER.search(before):
        return Bound.AFTER
    return Bound.BEFORE if _BEFORE.search(before) else None


def is_past(text: str, start: int) -> bool:
    """Whether the words just before, in the same sentence, tell of something that happened."""
    before = _SENTENCE_END.split(text[max(0, start - 60) : start])[-1]
    for word in reversed([w.casefold() for w in _WORDS.findall(before)]):
        if word in _AHEAD:
            return False
        if word in _PAST:
            return True
    return False
