"""Days that share their month: "May 5 and 6", "the 5th, 6th or 7th", "5 or 6 June". Each is a day of its own."""

import re
from dataclasses import replace
from datetime import date

from taskjuggler_app.domain.receptionist.extraction import calendar
from taskjuggler_app.domain.receptionist.extraction.calendar import MONTH, Moment
from taskjuggler_app.domain.receptionist.extraction.context import FOLLOWED
from taskjuggler_app.domain.receptionist.extraction.document import FOUND_LIMIT, Document
from taskjuggler_app.domain.receptionist.extraction.values import Found

_OR = r"(?:,?\s{1,2}(?:and|or|&)\s{1,2}|\s?/\s?|,\s{1,2})(?:on\s)?(?:the\s)?"
_DAY = r"(?P<d>[0-3]?\d)(?P<nth>st|nd|rd|th)?"
_NO_HOUR = r"(?!\w|[:.]\d|\s?(?:[ap]\.?\s?m\b|o['\u2019]?clock|hours?|hrs?|h\b|%|[$£€]))"
_MORE = r"(?:,|,?\s{1,2}(?:and|or|&))\s{1,2}(?:the\s)?\d{1,2}"
_END = rf"(?:{FOLLOWED}|(?={_MORE}(?:st|nd|rd|th)?(?!\w))|(?=,?\s(?:19|20)\d\d(?!\w)))"
_NTH_MORE = rf"{_MORE}(?:st|nd|rd|th)(?!\w)"
DAY_END = rf"(?!{_NTH_MORE}(?!{FOLLOWED}|{_NTH_MORE}))(?:{FOLLOWED}|(?={_NTH_MORE}))"
"""What may follow "the 5th" so that it is a day: also another day, as in "the 5th or 6th", but not "or 6th floor"."""
_NEXT = re.compile(rf"{_OR}{_DAY}{_NO_HOUR}{_END}", re.IGNORECASE)
_YEAR = re.compile(r",?\s{1,2}(?P<y>(?:19|20)\d\d)(?!\w)")
_BEFORE = re.compile(rf"(?<![\w$£€#.:/-]){_DAY}{_OR}$", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"{MONTH}\s{{1,2}}(?:the\s)?[0-3]?\d(?:st|nd|rd|th)?", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(?:the\s)?[0-3]?\d(?:st|nd|rd|th)?\s{{1,2}}(?:of\s)?{MONTH}", re.IGNORECASE)
_ALONE = re.compile(r"(?:the\s)?[0-3]?\d(?:st|nd|rd|th)", re.IGNORECASE)
_STRETCH = re.compile(r"\s(?:and|&)\s", re.IGNORECASE)
_BETWEEN = re.compile(r"between\s{1,2}(?:the\s)?$", re.IGNORECASE)
_MONTH_WORD = re.compile(MONTH, re.IGNORECASE)
_MOST = 6


def listed(doc: Document, found: list[Found], moment: Moment) -> list[Found]:
    """The days, and those that are listed with one of them."""
    result: list[Found] = []
    for place, one in enumerate(found):
        following = found[place + 1].span.start if place + 1 < len(found) else len(doc.text)
        days = _with_more(doc, _parted(doc, one), following, moment)
        while result and result[-1].span.end > days[0].span.start:  # "the 5th" of "the 5th or 6th of May"
            result.pop()
        result += days
    return result[:FOUND_LIMIT]


def _parted(doc: Document, one: Found) -> list[Found]:
    """Days as in "June 3rd and 4th" are two days, unless they are said to be the ends of a stretch."""
    link = _STRETCH.search(one.span.text)
    if not one.until or link is None or not _MONTH_WORD.search(one.span.text):
        return [one]
    if _BETWEEN.search(doc.text[max(0, one.span.start - 14) : one.span.start]):
        return [one]
    middle = one.span.start + link.start()
    first = replace(one, span=doc.span(one.span.start, middle), until=None)
    second = doc.span(one.span.start + link.end(), one.span.end)
    return [first, replace(one, value=one.until, span=second, until=None)]


def _with_more(doc: Document, days: list[Found], following: int, moment: Moment) -> list[Found]:
    last, text = days[-1], days[-1].span.text
    if last.until or last.vague:
        return days
    if len(days) == 1 and _DAY_FIRST.fullmatch(text):
        return [*_said_before(doc, last), last]
    names_month = bool(_MONTH_FIRST.search(text))
    if len(days) == 1 and not names_month and not _ALONE.fullmatch(text):
        return days
    if len(days) == 1 and _BETWEEN.search(doc.text[max(0, last.span.start - 14) : last.span.start]):
        return _stretch(doc, last, following, moment)
    while len(days) < _MOST:
        match = _NEXT.match(doc.text, days[-1].span.end)
        if match is None or match.end("nth" if match["nth"] else "d") > following:
            break
        if not (names_month or match["nth"]):
            break
        more = _same_month(days[-1], int(match["d"]), names_month, moment)
        if more is None:
            break
        days = [*days, replace(days[-1], value=more, span=doc.span(match.start("d"), _end(match)), confidence=0.8)]
    return _in_year(doc, days) if names_month else days


def _stretch(doc: Document, first: Found, following: int, moment: Moment) -> list[Found]:
    """Between May 5 and 8: the ends of a stretch."""
    match = _NEXT.match(doc.text, first.span.end)
    if match is None or _end(match) > following or not _STRETCH.search(match.group()):
        return [first]
    until = _same_month(first, int(match["d"]), True, moment)
    return [first if until is None else replace(first, until=until, span=doc.span(first.span.start, _end(match)))]


def _said_before(doc: Document, month_day: Found) -> list[Found]:
    """The 5 and the 6 of "5, 6 or 7 June", in order."""
    found: list[Found] = []
    start, day = month_day.span.start, date.fromisoformat(month_day.value)
    while len(found) < _MOST - 1:
        match = _BEFORE.search(doc.text[max(0, start - 24) : start])
        if match is None or not 1 <= int(match["d"]) < day.day:
            break
        day = day.replace(day=int(match["d"]))
        begin = max(0, start - 24) + match.start("d")
        span = doc.span(begin, begin + match.end("nth" if match["nth"] else "d") - match.start("d"))
        found.insert(0, replace(month_day, value=day.isoformat(), span=span, confidence=0.8))
        start = begin
    return found


def _same_month(last: Found, number: int, names_month: bool, moment: Moment) -> str | None:
    """The day with this number after the last: of its month; where no month was named, of the next one too."""
    day = date.fromisoformat(last.value)
    try:
        if number > day.day:
            return day.replace(day=number).isoformat()
        return None if names_month or not number else calendar.next_month_day(moment.today, number).isoformat()
    except ValueError:
        return None


def _in_year(doc: Document, days: list[Found]) -> list[Found]:
    """A year after the last of the days is the year of all: "March 20 or 21, 2027"."""
    year = _YEAR.match(doc.text, days[-1].span.end)
    if year is None or len(days) < 2:
        return days
    try:
        values = [date.fromisoformat(one.value).replace(year=int(year["y"])).isoformat() for one in days]
    except ValueError:
        return days
    return [replace(one, value=value) for one, value in zip(days, values, strict=True)]


def _end(match: re.Match[str]) -> int:
    return match.end("nth" if match["nth"] else "d")
