"""Free starts as a month of days and a day of times, in the visitor's zone: pure values for the page."""

from calendar import Calendar, monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass
class DayCell:
    """A day of the month shown. `free` is how many times it has; a padding cell has no number."""

    date: str = ""
    number: str = ""
    label: str = ""
    free: int = 0
    chosen: bool = False


@dataclass
class TimeCell:
    """A time that can be chosen; `second` is its UTC second as text."""

    second: str = ""
    label: str = ""


def month_cells(starts: list[int], zone: str, year: int, month: int, chosen: str) -> list[DayCell]:
    """The weeks of a month from Monday on, with what each day offers."""
    free = Counter(datetime.fromtimestamp(one, ZoneInfo(zone)).date() for one in starts)
    cells = []
    for day in Calendar().itermonthdates(year, month):
        if day.month != month:
            cells.append(DayCell(date=f"pad-{day.isoformat()}"))
            continue
        count = free.get(day, 0)
        times = f"{count} free times" if count != 1 else "1 free time"
        label = f"{day:%A} {day.day} {day:%B}, {times if count else 'nothing free'}"
        cells.append(DayCell(day.isoformat(), str(day.day), label, count, day.isoformat() == chosen))
    return cells


def time_cells(starts: list[int], zone: str, day: str, *, twelve: bool) -> list[TimeCell]:
    """The times of one local day. A repeated hour says which of the two it is."""
    tz = ZoneInfo(zone)
    local = [(one, datetime.fromtimestamp(one, tz)) for one in starts]
    todays = [(one, moment) for one, moment in local if moment.date().isoformat() == day]
    shown = Counter(clock(moment, twelve=twelve) for _, moment in todays)
    cells = []
    for one, moment in todays:
        text = clock(moment, twelve=twelve)
        cells.append(TimeCell(str(one), f"{text} {moment.tzname()}" if shown[text] > 1 else text))
    return cells


def clock(moment: datetime, *, twelve: bool) -> str:
    """14:30, or 2:30 pm."""
    if not twelve:
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"


def long_label(second: int, zone: str, *, twelve: bool) -> str:
    """A start as a sentence has it."""
    moment = datetime.fromtimestamp(second, ZoneInfo(zone))
    return f"{moment:%A} {moment.day} {moment:%B %Y}, {clock(moment, twelve=twelve)}"


def first_month(starts: list[int], zone: str, now: datetime) -> str:
    """The month of the first free time as YYYY-MM; this month when there is none."""
    moment = datetime.fromtimestamp(starts[0], ZoneInfo(zone)) if starts else now
    return f"{moment:%Y-%m}"


def neighbour(month: str, by: int) -> str:
    """The month before or after YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    if by > 0:
        return f"{first + timedelta(days=monthrange(first.year, first.month)[1]):%Y-%m}"
    return f"{first - timedelta(days=1):%Y-%m}"
