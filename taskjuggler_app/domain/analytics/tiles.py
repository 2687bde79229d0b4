"""What a tile and a chart say. The page, the CSV and the API show the same ones."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlencode

from taskjuggler_app.domain.analytics.frame import Frame


@dataclass
class TileLine:
    """A name and its number, in this period and the one before; None where there is nothing to measure.

    unit: count, seconds, percent, or a currency (the value is a Decimal then). `text` and `before` are the numbers as
    people read them; `href` and `before_href` lead to the rows that were counted.
    """

    label: str = ""
    value: float | Decimal | None = None
    text: str = ""
    previous: float | None = None
    before: str = ""
    href: str = ""
    unit: str = "count"
    before_href: str = ""


@dataclass
class Tile:
    """One question, its answer and how it is reckoned.

    `period` is in words, the zone with it; "now" for what is counted at this moment.
    """

    key: str = ""
    title: str = ""
    formula: str = ""
    period: str = ""
    lines: list[TileLine] = field(default_factory=list)
    empty: str = ""


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STATE_NAMES = ("Waiting", "In progress", "Done", "Cancelled")
"""As people read `facts.STATES`."""
NOW = "now"
"""The period of what is counted at this moment."""


class Kind(StrEnum):
    """How a chart is drawn."""

    LINE = "line"
    BARS = "bars"
    HEAT = "heat"
    FLOW = "flow"
    HISTOGRAM = "histogram"
    TREND = "trend"
    FUNNEL = "funnel"


@dataclass
class Point:
    """A place on a chart's axis: its name, and for each series its number (None: nothing measured) and its rows."""

    label: str = ""
    numbers: list[float | None] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)


@dataclass
class Chart:
    """A picture of numbers: points along an axis, one number for each series. The rest is as a tile has it."""

    key: str = ""
    title: str = ""
    formula: str = ""
    period: str = ""
    kind: Kind = Kind.BARS
    series: list[str] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    unit: str = "count"
    empty: str = "Nothing was counted."

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(number for point in self.points for number in point.numbers)


@dataclass
class Board:
    """A dashboard: what it asks, and what the answers were counted in."""

    key: str
    frame: Frame
    tiles: list[Tile]
    charts: list[Chart]


def shown(value: float | None, unit: str) -> str:
    """A number as people read it; nothing to measure is a dash."""
    if value is None:
        return "—"
    if unit == "seconds":
        return duration(value)
    if unit == "percent":
        return f"{value:.0f} %"
    return f"{value:,.0f}"


def duration(seconds: float) -> str:
    """Minutes, hours or days, two figures of it."""
    for name, length in (("d", 86_400), ("h", 3_600)):
        if seconds >= length:
            return f"{seconds / length:.1f} {name}"
    return f"{max(1, round(seconds / 60))} min"


def line(
    label: str, value: float | None, previous: float | None, unit: str, href: str = "", *, compares: bool = True
) -> TileLine:
    """A line with both numbers in words."""
    return TileLine(label, value, shown(value, unit), previous, shown(previous, unit) if compares else "", href, unit)


def counted(
    frame: Frame, of: str, label: str, now: float | None, before: float | None, unit: str = "count", **more: object
) -> TileLine:
    """A line whose numbers lead to the rows that were counted: `drilling` has the measure `of`, narrowed by `more`."""
    made = line(label, now, before, unit)
    made.href = rows_href(frame, of, **more) if now else ""
    made.before_href = rows_href(frame.previous, of, **more) if before else ""
    return made


def rows_href(frame: Frame, of: str, **more: object) -> str:
    """Where the page is with the rows of a measure in the frame."""
    asked = {
        "of": of,
        "from": frame.first.isoformat(),
        "to": frame.last.isoformat(),
        "channel": frame.channel or "",
        "person": str(frame.doer or ""),
        "team": frame.team_asked,
        "site": str(frame.site or ""),
        **{name: str(value) for name, value in more.items()},
    }
    return f"/dashboards/rows?{urlencode({name: value for name, value in asked.items() if value})}"


def percent(part: int, whole: int) -> float | None:
    """A share of 100; None of nothing."""
    return 100 * part / whole if whole else None


def step_name(frame: Frame) -> str:
    """A day or a week as a chart's axis has it."""
    if frame.first == frame.last:
        return f"{frame.first:%-d %b}"
    same_month = frame.first.month == frame.last.month
    return f"{frame.first:%-d} to {frame.last:%-d %b}" if same_month else f"{frame.first:%-d %b} to {frame.last:%-d %b}"


def period(frame: Frame) -> str:
    """The frame's days in words."""
    return f"{frame.first:%-d %b %Y} to {frame.last:%-d %b %Y}, {frame.zone}"
