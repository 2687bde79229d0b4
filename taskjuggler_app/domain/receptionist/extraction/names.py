"""What the sender calls himself or herself: "this is …", "my name is …", a signature, a name in a form."""

import re

from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Found
from taskjuggler_app.domain.receptionist.extraction.words import word_set

_PART = r"[^\W\d_][^\W\d_'\u2019-]{0,24}(?:['\u2019-][^\W\d_]{1,24}){0,2}"
_FULL = rf"(?P<name>{_PART}(?:[ \u00a0](?:[^\W\d_]\.[ \u00a0])?{_PART}){{0,2}})(?![\w@])"
_TITLE = r"(?:(?:mr|mrs|ms|miss|dr|prof)\.?\s)?"
_START = r"(?:^|[.!?,\n\u2013\u2014-]\s{0,2}|(?:hi|hey|hello|morning|there|afternoon|evening)[\s,!.]{1,3})"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


_PATTERNS: tuple[tuple[re.Pattern[str], float, bool], ...] = (  # pattern, confidence, may be in lower case
    (_compile(rf"(?<!\w)(?:my\sname\sis|my\sname['\u2019]s|name\s?:)\s{{0,2}}{_TITLE}{_FULL}"), 0.93, True),
    (_compile(rf"{_START}(?:this\sis|it['\u2019]?s|it\sis)\s{_TITLE}{_FULL}"), 0.88, False),
    (_compile(rf"{_START}{_FULL}\shere(?=\s{{0,2}}(?:[.,!\n-]|from|at|in|$))"), 0.85, False),
    (
        _compile(rf"{_START}(?:i['\u2019]m|i\sam)\s{_TITLE}{_FULL}(?=\s{{0,2}}(?:[.,!\n]|from|at|with|in|and|$))"),
        0.8,
        False,
    ),
    (
        _compile(
            rf"(?:^|[.!?,]\s{{1,2}})(?:(?:kind|best|warm|many)\s)?(?:regards|thanks|thank\syou|thx|cheers|sincerely|best|"
            rf"yours(?:\s(?:truly|sincerely|faithfully))?|respectfully)[,.!]?\s{{1,4}}{_FULL}(?=\s{{0,2}}(?:$|[,\n.|]))"
        ),
        0.82,
        False,
    ),
    (_compile(rf"(?:^|\s)[-\u2013\u2014~]\s?{_FULL}\s{{0,3}}\Z"), 0.8, False),
    (_compile(rf"[.!?,]\s{{1,2}}{_FULL}\.?\s{{0,3}}\Z"), 0.6, False),
)
# Words that follow "this is", "I'm" or a full stop and are nobody's name.
_NOT_NAMES = word_set(
    "a an the not so very just still here there urgent urgently unacceptable ridiculous really sorry sure "
    "happy glad interested looking trying calling writing having going locked stuck available free late "
    "sick about regarding for from in on at to it its that what why how when where who which please "
    "thanks thank thx you your yours we our us i my me he she they is are was were be been do does did "
    "can could will would should may might no yes yeah ok okay and or but if then also again help asap "
    "emergency important broken leaking down out up fine good great best all any some new old first "
    "second third one two me monday tuesday wednesday thursday friday saturday sunday january february "
    "march april june july august september october november december today tomorrow tonight yesterday "
    "morning afternoon evening hi hey hello dear cheers regards sincerely lol sent call text let get got "
    "need want this these those as by with without because since until never always only more most less "
    "too today's usual ready home work office customer client tenant owner manager everyone anyone "
    "somebody someone nobody folks team sir madam been being confirmed correct wrong true false possible "
    "impossible perfect awesome bye goodbye advance"
)
_TAIL_WORDS = word_set("from at in and with here on of the calling for is")


def sender_name(doc: Document) -> Found | None:
    """The name the sender gives, or None. Names are as written; only "my name is …" is believed in lower case."""
    for pattern, confidence, any_case in _PATTERNS:
        for match in pattern.finditer(doc.text):
            found = _checked(doc, match, confidence, any_case)
            if found is not None:
                return found
    return None


def _checked(doc: Document, match: re.Match[str], confidence: float, any_case: bool) -> Found | None:
    """The leading words that can be a name: capitalised (all of them, if any case will do), no common words."""
    start = match.start("name")
    end = start
    lower = False
    for word in re.finditer(r"[^\s]+", match["name"]):
        text = word.group()
        if text.casefold().rstrip(".") in _NOT_NAMES or text.casefold() in _TAIL_WORDS:
            break
        if text[0].islower():
            if not any_case:
                break
            lower = True
        end = start + word.end()
    if end == start or (end - start == 1) or (doc.text[start:end].isupper() and end - start > 12):
        return None
    whole = end == match.end("name")
    if not whole and confidence < 0.8:
        return None
    return doc.found(" ".join(doc.text[start:end].split()), start, end, confidence - (0.15 if lower else 0.0))
