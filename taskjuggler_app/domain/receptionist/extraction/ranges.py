"""Two days that are the ends of one stretch become one finding with `until`."""

import re

from taskjuggler_app.domain.receptionist.extraction.document import Document
from taskjuggler_app.domain.receptionist.extraction.values import Found

_DASH = re.compile(r"\s?(?:-|\u2013|\u2014|through|thru)\s?|\s(?:through|thru)\s", re.IGNORECASE)
_TO = re.compile(r"\s{1,2}(?:to|until|till)\s{1,2}(?:the\s)?", re.IGNORECASE)
_AND = re.compile(r"\s{1,2}and\s{1,2}(?:the\s)?", re.IGNORECASE)
_FROM = re.compile(r"(?:from)\s{1,2}(?:the\s)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between)\s{1,2}(?:the\s)?$", re.IGNORECASE)
_MOVED = re.compile(r"(?:mov|chang|push|reschedul|switch|bump|shift)[^.!?\n]{0,50}$", re.IGNORECASE)


def joined(doc: Document, found: list[Found]) -> list[Found]:
    """Join neighbours linked by "-", "through", "from … to", "between … and"; moving something from a day to
    another day names two days and no stretch."""
    result: list[Found] = []
    for item in found:
        last = result[-1] if result else None
        if last and not last.until and not item.until and item.value > last.value and _linked(doc, last, item):
            confidence = min(last.confidence, item.confidence)
            result[-1] = doc.found(last.value, last.span.start, item.span.end, confidence, until=item.value, bound=None)
        else:
            result.append(item)
    return result


def _linked(doc: Document, first: Found, second: Found) -> bool:
    gap = doc.text[first.span.end : second.span.start]
    if len(gap) > 14:
        return False
    before = doc.text[max(0, first.span.start - 70) : first.span.start]
    if _DASH.fullmatch(gap):
        return True
    if _TO.fullmatch(gap):
        return bool(_FROM.search(before)) and not _MOVED.search(before)
    return bool(_AND.fullmatch(gap) and _BETWEEN.search(before))
