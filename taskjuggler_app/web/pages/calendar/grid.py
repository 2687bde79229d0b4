"""The calendar's entries laid out on days: pure values for the page."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.domain.appointments.hours import local_second
from taskjuggler_app.domain.appointments.queries import Entry

OPENS, CLOSES = 6, 22
"""The hours of the day that the week shows; what lies outside stands at the edge."""
ROWS = (CLOSES - OPENS) * 4


@dataclass
class Block:
    """An entry on a day. `rows` is its place in quarter hours as CSS grid-row has it."""

    id: str = ""
    kind: str = "appointment"
    title: str = ""
    time: str = ""
    note: str = ""
    color: str = ""
    href: str = ""
    rows: str = "1 / span 1"
    movable: bool = False


@dataclass
class Half:
    """A half hour that an appointment can be dropped on; `at` is its UTC second as text."""

    at: str = ""
    rows: str = ""


@dataclass
class Day:
    """A day with its entries; `at` is its midnight for drops in the month."""

    date: str = ""
    label: str = ""
    spoken: str = ""
    today: bool = False
    outside: bool = False
    blocks: list[Block] = field(default_factory=list)
    halves: list[Half] = field(default_factory=list)


def shown_days(view: str, anchor: date) -> list[date]:
    """The days of a view around a date."""
    if view == "day":
        return [anchor]
    if view == "week":
        monday = anchor - timedelta(days=anchor.weekday())
        return [monday + timedelta(days=place) for place in range(7)]
    return list(Calendar().itermonthdates(anchor.year, anchor.month))


def neighbour(view: str, anchor: date, by: int) -> date:
    """The date to show after a step forth or back."""
    if view == "month":
        return (anchor.replace(day=1) + timedelta(days=32 if by > 0 else -1)).replace(day=1)
    return anchor + timedelta(days=by * (1 if view == "day" else 7))


def title(view: str, days: list[date], anchor: date) -> str:
    """What the days are called together."""
    if view == "day":
        return f"{anchor:%A} {anchor.day} {anchor:%B %Y}"
    if view == "month":
        return f"{anchor:%B %Y}"
    return f"{days[0].day} {days[0]:%b} - {days[-1].day} {days[-1]:%b %Y}"


def window(days: list[date], zone: str) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day, in UTC."""
    tz = ZoneInfo(zone)
    starts, ends = (datetime.combine(day, time(), tz) for day in (days[0], days[-1] + timedelta(days=1)))
    return starts.astimezone(UTC), ends.astimezone(UTC)


def lay_out(entries: list[Entry], days: list[date], zone: str, *, view: str, anchor: date, today: date) -> list[Day]:
    """Each day with its entries in order of time."""
    tz = ZoneInfo(zone)
    by_day: dict[date, list[Block]] = {}
    for entry in entries:
        start = datetime.fromisoformat(entry.start).astimezone(tz)
        end = datetime.fromisoformat(entry.end).astimezone(tz) if entry.end else start + timedelta(minutes=30)
        by_day.setdefault(start.date(), []).append(_block(entry, start, end))
    return [
        Day(
            date=day.isoformat(),
            label=f"{day:%a} {day.day}" if view != "month" else str(day.day),
            spoken=f"{day:%A} {day.day} {day:%B}",
            today=day == today,
            outside=view == "month" and day.month != anchor.month,
            blocks=by_day.get(day, []),
            halves=[] if view == "month" else _halves(day, zone),
        )
        for day in days
    ]


def _block(entry: Entry, start: datetime, end: datetime) -> Block:
    quarter = min(max((start.hour - OPENS) * 4 + start.minute // 15, 0), ROWS - 1)
    span = min(max(round((end - start).total_seconds() / 900), 2), ROWS - quarter)
    return Block(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        time=f"{start:%H:%M}",
        note=entry.note,
        color=entry.color,
        href=entry.href,
        rows=f"{quarter + 1} / span {span}",
        movable=entry.movable,
    )


def _halves(day: date, zone: str) -> list[Half]:
    return [
        Half(str(local_second(zone, day, OPENS * 60 + place * 30)), f"{place * 2 + 1} / span 2")
        for place in range(ROWS // 2)
    ]
