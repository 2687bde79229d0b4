"""A line of at most ten words that says what a message is about, in the sender's own words."""

import re
from collections.abc import Sequence

from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Part, Span

WORD_LIMIT = 10
LENGTH_LIMIT = 120  # code points, for writing without spaces

_REPLY = re.compile(r"^(?:\s?(?:re|fwd?|fw|aw|wg)\s?:){1,10}\s?", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]{1,2000}(?:[.!?](?=\S)[^.!?\n]{1,500}){0,20}")
_GREETING = re.compile(
    r"^\s{0,3}(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|greetings)"
    r"(?:\s(?:there|all|team|guys|sir|madam|[^\W\d_a-z][\w.'\u2019-]{0,20}|(?:mr|ms|mrs|dr)\.?\s\w{1,20}))?"
    r"(?:[,!:\s-]{1,3}|$))?",
    re.IGNORECASE,
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SENTENCES_READ = 40


def summary(documents: Sequence[Document], evidence: Sequence[Span], name: Span | None = None) -> str:
    """The subject where it says something, else the sentence with most of the category's words, else the first.

    Who is speaking (`name`) is left out where the sentence goes on after it. Empty only for a message without a
    visible character.
    """
    for doc in documents:
        if doc.part is Part.SUBJECT:
            words = _shorten(_REPLY.sub("", doc.raw))
            if len(words.split()) > 1:
                return words
    for doc in documents:
        if doc.part is Part.BODY and (line := _best_sentence(doc, evidence, name)):
            return line
    return next((line for doc in documents if (line := _shorten(doc.raw))), "")


def _best_sentence(doc: Document, evidence: Sequence[Span], name: Span | None) -> str:
    places = [s.start for s in evidence if s.part is doc.part]
    best, most = "", -1.0
    for index, match in enumerate(_SENTENCE.finditer(doc.raw)):
        if index == _SENTENCES_READ:
            break
        line = _shorten(doc.raw[_after_introduction(doc, match, name) : match.end()])
        spoken = sum(match.start() <= place < match.end() for place in places)
        worth = spoken + 0.5 if len(line.split()) > 2 else spoken * 0.2
        if line and worth > most:
            best, most = line, worth
    return best


def _after_introduction(doc: Document, sentence: re.Match[str], name: Span | None) -> int:
    """Where the sentence begins once "this is Maria Lopez at 12 Oak Street," is passed over."""
    if name is None or name.part is not doc.part or not sentence.start() <= name.start < sentence.start() + 25:
        return sentence.start()
    comma = doc.raw.find(",", name.end, min(name.end + 40, sentence.end()))
    goes_on = comma > 0 and len(doc.raw[comma + 1 : min(comma + 100, sentence.end())].split()) > 2
    return comma + 1 if goes_on else sentence.start()


def _shorten(text: str) -> str:
    """Ten words without the greeting; an ellipsis says that there was more."""
    line = " ".join(_UNPRINTABLE.sub(" ", text[:2000]).split())
    line = (_GREETING.sub("", line, count=1) or line).strip(" ,;:-\u2013\u2014")
    words = line.split()
    short = " ".join(words[:WORD_LIMIT])
    if len(short) > LENGTH_LIMIT:
        short = short[: LENGTH_LIMIT - 1]
    if len(short) < len(line):
        short = short.rstrip(" ,;:.-\u2013\u2014") + "…"
    return short[:1].upper() + short[1:]
