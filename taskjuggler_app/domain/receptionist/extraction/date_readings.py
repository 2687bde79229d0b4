"""How each way of writing a day is read: one reader a shape, from the match and the moment of receipt.

A reader answers None when the words only look like a day, and may raise ValueError or OverflowError for a day that
the calendar does not have.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from taskjuggler_app.domain.receptionist.extraction import calendar
from taskjuggler_app.domain.receptionist.extraction.calendar import Moment
from taskjuggler_app.domain.receptionist.extraction.context import bound, is_past
from taskjuggler_app.domain.receptionist.extraction.document import Reading
from taskjuggler_app.domain.receptionist.extraction.holidays import holiday as day_of_holiday

Match = re.Match[str]


def _reading(match: Match, day: date, confidence: float, until: date | None = None) -> Reading:
    return Reading(
        day.isoformat(),
        confidence,
        until.isoformat() if until else None,
        bound=bound(match.string, match.start()),
    )


def iso(match: Match, moment: Moment) -> Reading:
    year, month, day = (int(match[g]) for g in ("y", "m", "d"))
    return _reading(match, date(year, month, day), 0.98)


def _year(written: str, moment: Moment) -> int:
    """The year of four digits, or of two: at most a generation ahead, else a year of birth."""
    year = int(written)
    if len(written) == 2:
        year += 2000 if 2000 + year <= moment.today.year + 20 else 1900
    return year


def numeric(match: Match, moment: Moment) -> Reading:
    """12/5/2026: the region says which is the month; dots always put the day first; what cannot be is turned."""
    first, second = int(match["a"]), int(match["b"])
    year = _year(match["y"], moment)
    month_first = moment.month_first and match["sep"] != "."
    month, day = (first, second) if month_first else (second, first)
    unsure = first <= 12 and second <= 12 and first != second
    if month > 12:
        month, day = day, month
    return _reading(match, date(year, month, day), 0.88 if unsure else 0.95)


_NO_DATE_BEFORE = re.compile(
    r"(?:unit|apt|apartment|suite|room|pages?|size|score|ratio|part|bolt|step|wire|rating|blood pressure)\s$",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(
    r"(?:on|by|until|till|before|after|from|since|for|of|to|or|and|the|due|dated?|date:|this|between|openings?)\s{1,2}$",
    re.IGNORECASE,
)


def numeric_short(match: Match, moment: Moment) -> Reading | None:
    """12/5 without a year: only a date where it could not be a fraction or a part of a name."""
    before = match.string[max(0, match.start() - 16) : match.start()]
    prepared = bool(match["wd"]) or bool(_DATE_BEFORE.search(before))
    first, second = int(match["a"]), int(match["b"])
    if _NO_DATE_BEFORE.search(before) or (not prepared and first < second <= 8 and len(match["a"] + match["b"]) == 2):
        return None
    if not prepared and first == second == 10:  # a mark, ten of ten
        return None
    month, day = (first, second) if moment.month_first else (second, first)
    if month > 12:
        month, day = day, month
    return _named(match, moment, month, day, 0.85 if prepared else 0.7)


def month_day(match: Match, moment: Moment) -> Reading | None:
    """May 5, 5 May, the 5th of May, May 3-5: with a year or the next one."""
    ordinal = re.search(r"\d(?:st|nd|rd|th)", match.group(), re.IGNORECASE)
    prepared = _DATE_BEFORE.search(match.string[max(0, match.start() - 16) : match.start()])
    if match["m"] == "may" and not (ordinal or match["y"] or match["wd"] or prepared):
        return None
    return _named(match, moment, calendar.month_number(match["m"]), int(match["d"]), 0.95)


def _named(match: Match, moment: Moment, month: int, day: int, confidence: float) -> Reading:
    groups = match.groupdict()
    weekday = calendar.weekday_number(groups["wd"]) if groups.get("wd") else None
    if groups.get("y"):
        start = date(_year(match["y"], moment), month, day)
    else:
        start = calendar.with_year(moment.today, month, day, weekday, is_past(match.string, match.start()))
    if weekday is not None and start.weekday() != weekday:
        confidence = 0.6
    last = groups.get("d2")
    return _reading(match, start, confidence, start.replace(day=int(last)) if last and int(last) > day else None)


def month(match: Match, moment: Moment) -> Reading | None:
    """A whole month: "in December", "April 2026", "end of March" (its last day)."""
    word = match["m"]
    if word == "may":
        return None
    number, today = calendar.month_number(word), moment.today
    prep = (match["prep"] or "").casefold()
    if match["y"]:
        year = int(match["y"])
    elif not prep:
        return None
    elif prep == "last" or is_past(match.string, match.start()) or prep == "since":
        year = today.year if number < today.month else today.year - 1
    else:
        year = today.year if number >= today.month else today.year + 1
    first, last = calendar.whole_month(year, number)
    if prep.startswith("end"):
        return _reading(match, last, 0.8)
    place = (match.start("m"), match.end())
    return Reading(first.isoformat(), 0.8, last.isoformat(), place, bound(match.string, match.start("m")), vague=True)


def worded(match: Match, moment: Moment) -> Reading:
    """March fifteenth, the first of May."""
    return _named(match, moment, calendar.month_number(match["m"]), calendar.day_of_word(match["d"]), 0.92)


def ordinal(match: Match, moment: Moment) -> Reading:
    """The 5th: of this month, or the next that has it."""
    number = int(match["d"]) if match["d"].isdecimal() else calendar.day_of_word(match["d"])
    day = calendar.next_month_day(moment.today, number, is_past(match.string, match.start()))
    if match["wd"] and day.weekday() != calendar.weekday_number(match["wd"]):
        return _reading(match, day, 0.6)
    return _reading(match, day, 0.85)


def near(match: Match, moment: Moment) -> Reading:
    word = match.group().casefold()
    if "day after" in word:
        offset = 2
    elif "day before" in word:
        offset = -2
    elif word.startswith(("tomo", "tomm", "tmrw", "tmr", "2m")):
        offset = 1
    elif word.startswith(("yest", "last night")):
        offset = -1
    else:
        offset = 0
    return _reading(match, moment.today + timedelta(days=offset), 0.95)


def distance(match: Match, moment: Moment) -> Reading:
    """In two weeks, 3 days ago, within 48 hours."""
    back = match.groupdict().get("ago") is not None
    count = calendar.count_of(match["n"]) * (-1 if back else 1)
    unit = match["unit"].casefold()
    if unit.startswith(("min", "hour", "hr")):
        then = moment.local + timedelta(minutes=count * (1 if unit.startswith("min") else 60))
        day = then.date()
    elif unit.startswith("month"):
        day = calendar.add_months(moment.today, round(count))
    elif unit.startswith("year"):
        day = calendar.add_months(moment.today, round(count * 12))
    else:
        days = 14 if unit.startswith("fort") else 7 if unit.startswith("week") else 1
        day = moment.today + timedelta(days=round(count * days))
    return _reading(match, day, 0.85)


def period(match: Match, moment: Moment) -> Reading:
    """This, next or last week, month, weekend; the end of one is its last day (a week's work ends on Friday)."""
    groups = match.groupdict()
    offset = {"next": 1, "last": -1, "past": -1}.get((groups.get("which") or "this").casefold(), 0)
    unit = match["unit"].casefold()
    if unit == "weekend":
        monday, sunday = calendar.week(moment.today, offset)
        return replace(_reading(match, monday + timedelta(days=5), 0.85, sunday), vague=True)
    first, last = (calendar.week if unit == "week" else calendar.month)(moment.today, offset)
    if groups.get("end"):
        return _reading(match, first + timedelta(days=4) if unit == "week" else last, 0.8)
    return replace(_reading(match, first, 0.75, last), vague=True)


_ABBREVIATED = frozenset({"sat", "sun", "wed", "mon"})
_DAY_BEFORE = re.compile(r"(?:on|by|until|till|before|after|from|since|for|this|next|or|and|to)\s{1,2}$", re.IGNORECASE)
_GOES_ON = re.compile(r"\s(?!(?:at|from|after|before|morning|afternoon|evening|or|and|to)\b)[a-z]")
_OF_NEXT_WEEK = re.compile(
    rf"\s?(?:-|\u2013|/|,|to|or|and|through)\s?{calendar.WEEKDAY}\s(?:of\s)?next\sweek(?!\w)", re.IGNORECASE
)
_NOT_A_DAY = re.compile(r"(?:every|each|black|good|cyber|most|on any)\s{1,2}$", re.IGNORECASE)


def weekday(match: Match, moment: Moment) -> Reading | None:
    """Friday is the next Friday, and "next Friday" too, with less confidence."""
    before = match.string[max(0, match.start() - 10) : match.start()]
    word, which = match["wd"], (match["which"] or "").casefold()
    if _NOT_A_DAY.search(before):
        return None
    if word.casefold() in _ABBREVIATED and not which and not (word[0].isupper() or _DAY_BEFORE.search(before)):
        return None
    if word in ("Sat", "Sun") and _GOES_ON.match(match.string, match.end()):
        return None
    number = calendar.weekday_number(word)
    if _OF_NEXT_WEEK.match(match.string, match.end()):
        return _reading(match, calendar.week(moment.today, 1)[0] + timedelta(days=number), 0.85)
    if which in ("last", "past"):
        return _reading(match, calendar.last_weekday(moment.today, number), 0.85)
    if not which and is_past(match.string, match.start()):
        return _reading(match, calendar.last_weekday(moment.today, number), 0.75)
    return _reading(match, calendar.next_weekday(moment.today, number), 0.75 if which == "next" else 0.85)


def weekday_next_week(match: Match, moment: Moment) -> Reading:
    """Friday next week, next week on Friday: of the week (Monday to Sunday) after this one."""
    monday, _ = calendar.week(moment.today, 1)
    return _reading(match, monday + timedelta(days=calendar.weekday_number(match["wd"] or match["wd2"])), 0.9)


def weeks_on(match: Match, moment: Moment) -> Reading:
    """Tuesday week, a week on Friday, a week from Friday, a fortnight today: so many weeks after that day."""
    word = (match["wd"] or match["wd2"]).casefold()
    if word in ("today", "tomorrow"):
        start = moment.today + timedelta(days=int(word == "tomorrow"))
    else:
        start = calendar.next_weekday(moment.today, calendar.weekday_number(word))
    weeks = int(calendar.count_of(match.groupdict().get("n") or "one")) * (2 if match["unit"] == "fortnight" else 1)
    return _reading(match, start + timedelta(weeks=weeks), 0.85)


def nth_weekday(match: Match, moment: Moment) -> Reading:
    """The first Monday of May, the last Friday of next month: the next such day unless a year is said."""
    nth, weekday_ = calendar.nth_of(match["nth"]), calendar.weekday_number(match["wd"])
    if not match["m"]:
        offset = {"next": 1, "last": -1}.get((match["which"] or "").casefold(), 0)
        first, _ = calendar.month(moment.today, offset)
        return _reading(match, calendar.nth_weekday(first.year, first.month, nth, weekday_), 0.85)
    number = calendar.month_number(match["m"])
    if match["y"]:
        return _reading(match, calendar.nth_weekday(int(match["y"]), number, nth, weekday_), 0.9)
    day = calendar.nth_weekday(moment.today.year, number, nth, weekday_)
    past = is_past(match.string, match.start())
    if past and day > moment.today:
        day = calendar.nth_weekday(moment.today.year - 1, number, nth, weekday_)
    elif not past and day < moment.today:
        day = calendar.nth_weekday(moment.today.year + 1, number, nth, weekday_)
    return _reading(match, day, 0.88)


_WISHED = re.compile(r"(?:merry|happy|blessed|joyful|joyous)\s$", re.IGNORECASE)
_NOUN_AFTER = re.compile(
    r"\s(?:lights?|trees?|party|parties|sale|special|menu|card|dinner|lunch|decorations?|gift|present|egg|play|holidays?|"
    r"music|season|break|bonus|shopping|market|cake|cookies|costume|turkey|deal)s?\b",
    re.IGNORECASE,
)


def holiday(match: Match, moment: Moment) -> Reading | None:
    """Christmas Eve, Labor Day, Easter 2027. A wish ("Merry Christmas") and "Christmas lights" name no day."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    if _WISHED.search(before) or _NOUN_AFTER.match(match.string, match.end()):
        return None
    past = (match["which"] or "").casefold() == "last" or is_past(match.string, match.start())
    year = int(match["y"]) if match["y"] else None
    return _reading(match, day_of_holiday(match["h"], moment.today, year, past), 0.85)


def weekday_of_week(match: Match, moment: Moment) -> Reading:
    """Tuesday of this week, Sunday of last week (Monday to Sunday)."""
    monday, _ = calendar.week(moment.today, -1 if match["which"].casefold() == "last" else 0)
    return _reading(match, monday + timedelta(days=calendar.weekday_number(match["wd"])), 0.88)
