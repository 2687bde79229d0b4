"""Free starts as a month of days and a day of times, in the visitor's zone: pure values for the page."""

from bisect import bisect_left
from calendar import Calendar, monthrange
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.domain.appointments.hours import day_start


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


@dataclass
class Shown:
    """A month, one day of it, and that day's times. `later` names the next month where this one is nearly over."""

    month_label: str = ""
    days: list[DayCell] = field(default_factory=list)
    day: str = ""
    day_label: str = ""
    times: list[TimeCell] = field(default_factory=list)
    later: str = ""


FEW_DAYS = 3
"""With so few free days in a month, the next one is offered too."""


def shown(starts: list[int], zone: str, month: str, day: str, *, twelve: bool) -> Shown:
    """The month YYYY-MM with `day`, or with its first free day when that has nothing (any more)."""
    first = date.fromisoformat(f"{month}-01")
    by_day = {one: _of_day(starts, zone, one) for one in Calendar().itermonthdates(first.year, first.month)}
    mine = {one.isoformat(): times for one, times in by_day.items() if one.month == first.month}
    if not mine.get(day):
        day = next((one for one, times in mine.items() if times), "")
    cells = [_cell(one, len(times), inside=one.month == first.month, chosen=day) for one, times in by_day.items()]
    label = next((cell.label.partition(",")[0] for cell in cells if day and cell.date == day), "")
    times = time_cells(mine.get(day, []), zone, twelve=twelve)
    free_days = sum(bool(one) for one in mine.values())
    later = _later(starts, zone, month) if free_days <= FEW_DAYS else ""
    return Shown(f"{first:%B %Y}", cells, day, label, times, later)


def _later(starts: list[int], zone: str, month: str) -> str:
    """The next month's name, if it has a free time."""
    following = neighbour(month, 1)
    begins, ends = (day_start(zone, date.fromisoformat(f"{one}-01")) for one in (following, neighbour(following, 1)))
    has_any = bisect_left(starts, begins) < bisect_left(starts, ends)
    return f"{date.fromisoformat(f'{following}-01'):%B}" if has_any else ""


def has_times(starts: list[int], zone: str, day: str) -> bool:
    """Whether a local day YYYY-MM-DD has a free time; what is no day has none."""
    try:
        return bool(_of_day(starts, zone, date.fromisoformat(day)))
    except (ValueError, OverflowError):
        return False


def _of_day(starts: list[int], zone: str, day: date) -> list[int]:
    begins, ends = day_start(zone, day), day_start(zone, day + timedelta(days=1))
    return starts[bisect_left(starts, begins) : bisect_left(starts, ends)]


def _cell(day: date, free: int, *, inside: bool, chosen: str) -> DayCell:
    if not inside:
        return DayCell(date=f"pad-{day.isoformat()}")
    times = f"{free} free times" if free != 1 else "1 free time"
    label = f"{day:%A} {day.day} {day:%B}, {times if free else 'nothing free'}"
    return DayCell(day.isoformat(), str(day.day), label, free, day.isoformat() == chosen)


def time_cells(starts: list[int], zone: str, *, twelve: bool) -> list[TimeCell]:
    """The times of one local day. A repeated hour says which of the two it is."""
    tz = ZoneInfo(zone)
    local = [(one, datetime.fromtimestamp(one, tz)) for one in starts]
    texts = Counter(clock(moment, twelve=twelve) for _, moment in local)
    cells = []
    for one, moment in local:
        text = clock(moment, twelve=twelve)
        cells.append(TimeCell(str(one), f"{text} {moment.tzname()}" if texts[text] > 1 else text))
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


def span_label(second: int, minutes: int, zone: str, *, twelve: bool) -> str:
    """A start with its end."""
    ends = datetime.fromtimestamp(second + minutes * 60, ZoneInfo(zone))
    return f"{long_label(second, zone, twelve=twelve)} to {clock(ends, twelve=twelve)}"


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
