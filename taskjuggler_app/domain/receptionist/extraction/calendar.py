"""Calendar arithmetic and the words of the calendar. Everything is relative to the day of receipt."""

import calendar as _calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)(?!\w)\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|"
    r"sun(?:day)?)(?!\w)"
)
WEEKDAYS = r"(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)(?!\w)"
NTH = r"(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)"
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINALS = (
    *_UNITS, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", *(f"twenty {unit}" for unit in _UNITS), "thirtieth", "thirty first",
)  # fmt: skip
DAY_WORD = "(?:" + "|".join(word.replace(" ", r"[\s-]") for word in reversed(_ORDINALS)) + r")(?!\w)"
HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
COUNT = rf"(?:\d{{1,3}}|an?|{HOUR_WORD}|(?:a\s)?couple(?:\sof)?|half\san?)"

# Regions that write the month first (CLDR short date patterns M/d).
_MONTH_FIRST = frozenset({"US", "PH", "PW", "FM", "MH", "AS", "GU", "MP", "PR", "VI", "UM"})


@dataclass(frozen=True, slots=True)
class Moment:
    """When the message came, in the clock of the zone it is read in, and how its region writes a date."""

    local: datetime
    month_first: bool
    region: str

    @classmethod
    def of(cls, local: datetime, region: str) -> "Moment":
        """The moment of receipt for a region (ISO 3166)."""
        return cls(local, region in _MONTH_FIRST, region)

    @property
    def today(self) -> date:
        """The local day of receipt."""
        return self.local.date()


def month_number(word: str) -> int:
    """1..12 of a month's name or abbreviation, in any case."""
    short = word.casefold()[:3]
    return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(short))


def weekday_number(word: str) -> int:
    """0 (Monday) .. 6 of a weekday's name or abbreviation."""
    short = word.casefold()[:3]
    return next(i for i, name in enumerate(_DAYS) if name.startswith(short))


def count_of(word: str) -> float:
    """The number a count word stands for; "half a" is 0.5, "a couple of" 2."""
    word = word.casefold()
    if word.isdecimal():
        return int(word)
    if word.startswith("half"):
        return 0.5
    if "couple" in word:
        return 2
    return _NUMBERS.index(word) + 1 if word in _NUMBERS else 1


def with_year(today: date, month: int, day: int, weekday: int | None, past: bool) -> date:
    """The day in the year it most likely means: where the weekday fits, else the next (or last, if `past`)."""
    years = [today.year - 1, today.year, today.year + 1]
    days = [d for y in years if (d := _day_or_none(y, month, day))]
    if weekday is not None:
        fitting = [d for d in days if d.weekday() == weekday]
        if fitting:
            return min(fitting, key=lambda d: abs((d - today).days))
    if past:
        return max(d for d in days if d <= today)
    coming = [d for d in days if d >= today]
    return min(coming) if coming else next_leap_day(today, month, day)


def next_leap_day(today: date, month: int, day: int) -> date:
    """29 February from today on. ValueError for any other day, which no year has."""
    if (month, day) != (2, 29):
        raise ValueError(day)
    year = today.year
    while not (_calendar.isleap(year) and date(year, 2, 29) >= today):
        year += 1
    return date(year, 2, 29)


def next_month_day(today: date, day: int, past: bool = False) -> date:
    """The next (or last) day of a month with this number, today included; months without it are passed over."""
    if not 1 <= day <= 31:
        raise ValueError(day)
    year, month = today.year, today.month
    while True:
        candidate = _day_or_none(year, month, day)
        if candidate and (candidate <= today if past else candidate >= today):
            return candidate
        month += -1 if past else 1
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def next_weekday(today: date, weekday: int) -> date:
    """The first such weekday after today: on a Monday, "Monday" is in a week."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def last_weekday(today: date, weekday: int) -> date:
    """The last such weekday before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def nth_weekday(year: int, number: int, nth: int, weekday: int) -> date:
    """The nth (1 to 5, or -1 for the last) such weekday of a month. ValueError where the month has no fifth."""
    first, last = whole_month(year, number)
    if nth < 0:
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    day = first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
    if day > last:
        raise ValueError(nth)
    return day


def day_of_word(word: str) -> int:
    """1 to 31 of "first", "twenty-second"."""
    return _ORDINALS.index(word.casefold().replace("-", " ")) + 1


def nth_of(word: str) -> int:
    """1 to 5 of "first" or "1st" and so on, -1 of "last"."""
    word = word.casefold()
    if word == "last":
        return -1
    return int(word[0]) if word[0].isdecimal() else ("first", "second", "third", "fourth", "fifth").index(word) + 1


def week(today: date, offset: int) -> tuple[date, date]:
    """Monday and Sunday (ISO 8601) of the week so many weeks from this one."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
    return monday, monday + timedelta(days=6)


def month(today: date, offset: int) -> tuple[date, date]:
    """First and last day of the month so many months from this one."""
    index = today.year * 12 + today.month - 1 + offset
    return whole_month(index // 12, index % 12 + 1)


def whole_month(year: int, number: int) -> tuple[date, date]:
    """First and last day of a month."""
    first = date(year, number, 1)
    return first, date(year, number, _calendar.monthrange(year, number)[1])


def add_months(today: date, count: int) -> date:
    """The same day so many months on, or that month's last."""
    first, last = month(today, count)
    return first.replace(day=min(today.day, last.day))


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
