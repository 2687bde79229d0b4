"""Days that are counted off: of another month, from the end of one, in weekdays; the end of a working day.

Readers as in date_readings: None when the words only look like a day.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from taskjuggler_app.domain.receptionist.extraction import calendar
from taskjuggler_app.domain.receptionist.extraction.calendar import MONTH, WEEKDAY, Moment
from taskjuggler_app.domain.receptionist.extraction.context import bound
from taskjuggler_app.domain.receptionist.extraction.document import Document, Reading
from taskjuggler_app.domain.receptionist.extraction.values import Found

Match = re.Match[str]

_OFFSET = {"next": 1, "following": 1, "last": -1, "previous": -1}
_DAY_BESIDE = re.compile(
    rf"(?<!\w)(?:today|tomorrow|tmrw|{WEEKDAY}|{MONTH}|\d{{1,2}}(?:st|nd|rd|th))(?!\w)", re.IGNORECASE
)
_BESIDE = 14
_BARE_WEEKDAY = re.compile(WEEKDAY + r"\.?", re.IGNORECASE)
_TWICE = re.compile(r"\s?[,\u2013\u2014-]?\s?\(?")


def _reading(match: Match, day: date, confidence: float) -> Reading:
    return Reading(day.isoformat(), confidence, bound=bound(match.string, match.start()))


def of_month(match: Match, moment: Moment) -> Reading:
    """The 20th of next month, the last day of this month."""
    first, last = calendar.month(moment.today, _OFFSET.get((match["which"] or "").casefold(), 0))
    return _reading(match, first.replace(day=int(match["d"])) if match["d"] else last, 0.88)


def last_day(match: Match, moment: Moment) -> Reading:
    """The last day of October, of this year or the one said."""
    number = calendar.month_number(match["m"])
    year = int(match["y"]) if match["y"] else moment.today.year + int(number < moment.today.month)
    return _reading(match, calendar.whole_month(year, number)[1], 0.9)


def end_of_year(match: Match, moment: Moment) -> Reading:
    """The end of the year, of next year."""
    year = moment.today.year + _OFFSET.get((match["which"] or "").casefold(), 0)
    return _reading(match, date(year, 12, 31), 0.8)


def end_of_day(match: Match, moment: Moment) -> Reading | None:
    """End of day, EOD, close of business: today, unless a day is named beside it ("EOD Friday")."""
    if match.group() == "cob" or match.string[: match.start()].endswith(("at ", "At ")):  # corn, and a way of speaking
        return None
    around = (match.string[max(0, match.start() - _BESIDE) : match.start()], match.string[match.end() :][:_BESIDE])
    return None if any(_DAY_BESIDE.search(one) for one in around) else _reading(match, moment.today, 0.75)


def weekdays_on(match: Match, moment: Moment) -> Reading:
    """Three Fridays from now, two Thursdays ago, Friday after next (the second one that comes)."""
    groups = match.groupdict()
    weekday = calendar.weekday_number(match["wd"].rstrip("s") if len(match["wd"]) > 4 else match["wd"])
    count = int(calendar.count_of(groups["n"])) if groups.get("n") else 2
    if groups.get("ago"):
        day = calendar.last_weekday(moment.today, weekday) - timedelta(weeks=count - 1)
    else:
        day = calendar.next_weekday(moment.today, weekday) + timedelta(weeks=count - 1)
    return _reading(match, day, 0.85)


def named_once(doc: Document, found: list[Found]) -> list[Found]:
    """A day that is said with its weekday beside it ("March 20 (Friday)") is one day, not two."""
    result: list[Found] = []
    for item in found:
        last = result[-1] if result else None
        if last is not None and _same_day(doc, last, item):
            exact = last if _BARE_WEEKDAY.fullmatch(item.span.text) else item
            result[-1] = replace(exact, span=doc.span(last.span.start, item.span.end))
        else:
            result.append(item)
    return result


def _same_day(doc: Document, first: Found, second: Found) -> bool:
    gap = doc.text[first.span.end : second.span.start]
    if len(gap) > 3 or not _TWICE.fullmatch(gap) or first.until or second.until or first.vague or second.vague:
        return False
    bare = [bool(_BARE_WEEKDAY.fullmatch(one.span.text)) for one in (first, second)]
    days = [date.fromisoformat(one.value).weekday() for one in (first, second)]
    return bare[0] != bare[1] and days[0] == days[1]
