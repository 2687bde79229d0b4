"""The calendar's entries laid out on days: pure values for the page."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.domain.appointments.hours import local_second
from taskjuggler_app.domain.appointments.rows import Entry

OPENS, CLOSES = 6, 22
"""The hours of the day that the week shows; what lies outside stands at the edge."""
STEP = 5
"""Minutes of a row."""
ROWS = (CLOSES - OPENS) * 60 // STEP
SHORTEST = 20
"""Minutes that a block is drawn long at least, so that it can be read."""


@dataclass
class Block:
    """An entry on a day. `rows` is its place as CSS grid-row has it; of entries at the same time each has its lane."""

    id: str = ""
    kind: str = "appointment"
    title: str = ""
    time: str = ""
    note: str = ""
    color: str = ""
    href: str = ""
    rows: str = "1 / span 1"
    lane: int = 0
    lanes: int = 1
    short: bool = False
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


def span(start: str, end: str, zone: str) -> str:
    """From when to when, of ISO times: Mon 8 Jun 2026, 09:30 to 10:00."""
    begins, ends = (datetime.fromisoformat(one).astimezone(ZoneInfo(zone)) for one in (start, end))
    return f"{begins:%a} {begins.day} {begins:%b %Y, %H:%M} to {ends:%H:%M}"


def window(days: list[date], zone: str) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day, in UTC."""
    tz = ZoneInfo(zone)
    starts, ends = (datetime.combine(day, time(), tz) for day in (days[0], days[-1] + timedelta(days=1)))
    return starts.astimezone(UTC), ends.astimezone(UTC)


def lay_out(entries: list[Entry], days: list[date], zone: str, *, view: str, anchor: date, today: date) -> list[Day]:
    """Each day with its entries in order of time."""
    tz = ZoneInfo(zone)
    by_day: dict[date, list[tuple[int, int, Block]]] = {}
    for entry in entries:
        start = datetime.fromisoformat(entry.start).astimezone(tz)
        end = datetime.fromisoformat(entry.end).astimezone(tz) if entry.end else start + timedelta(minutes=30)
        by_day.setdefault(start.date(), []).append(_placed(entry, start, end))
    return [
        Day(
            date=day.isoformat(),
            label=f"{day:%a} {day.day}" if view != "month" else str(day.day),
            spoken=f"{day:%A} {day.day} {day:%B}",
            today=day == today,
            outside=view == "month" and day.month != anchor.month,
            blocks=_side_by_side(by_day.get(day, [])),
            halves=[] if view == "month" else _halves(day, zone),
        )
        for day in days
    ]


def _placed(entry: Entry, start: datetime, end: datetime) -> tuple[int, int, Block]:
    """The block with its first row and the one after its last."""
    first = min(max((start.hour - OPENS) * 60 + start.minute, 0) // STEP, ROWS - SHORTEST // STEP)
    rows = min(max(round((end - start).total_seconds() / 60), SHORTEST) // STEP, ROWS - first)
    block = Block(
        id=entry.id,
        kind=entry.kind,
        title=entry.title,
        time=f"{start:%H:%M}",
        note=entry.note,
        color=entry.color,
        href=entry.href,
        rows=f"{first + 1} / span {rows}",
        short=rows * STEP < 40,
        movable=entry.movable,
    )
    return first, first + rows, block


def _side_by_side(placed: list[tuple[int, int, Block]]) -> list[Block]:
    """A lane for each of the blocks that overlap, the first that is free; a group shares the width."""
    group: list[Block] = []
    ends: list[int] = []
    for first, after, block in sorted(placed, key=lambda one: one[:2]):
        if ends and first >= max(ends):
            group, ends = [], []
        lane = next((lane for lane, end in enumerate(ends) if end <= first), len(ends))
        ends[lane : lane + 1] = [after]
        block.lane = lane
        group.append(block)
        for one in group:
            one.lanes = len(ends)
    return [block for _, _, block in sorted(placed, key=lambda one: one[:2])]


def _halves(day: date, zone: str) -> list[Half]:
    return [
        Half(str(local_second(zone, day, OPENS * 60 + place * 30)), f"{place * 30 // STEP + 1} / span {30 // STEP}")
        for place in range((CLOSES - OPENS) * 2)
    ]
