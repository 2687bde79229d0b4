"""What a tile says. The page, the CSV and the API show the same tiles."""

from dataclasses import dataclass, field
from decimal import Decimal

from taskjuggler_app.domain.analytics.frame import Frame


@dataclass
class TileLine:
    """A name and its number, in this period and the one before; None where there is nothing to measure.

    unit: count, seconds, percent, or a currency (the value is a Decimal then). `text` and `before` are the numbers as
    people read them; `href` leads to the rows that were counted, empty where no page shows just those.
    """

    label: str = ""
    value: float | Decimal | None = None
    text: str = ""
    previous: float | None = None
    before: str = ""
    href: str = ""
    unit: str = "count"


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


def period(frame: Frame) -> str:
    """The frame's days in words."""
    return f"{frame.first:%-d %b %Y} to {frame.last:%-d %b %Y}, {frame.zone}"
