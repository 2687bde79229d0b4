"""From a tile's numbers to what the page shows: the number that answers first, its change, and bars beside the rest."""

from dataclasses import dataclass, field

from taskjuggler_app.domain.analytics.tiles import Tile, TileLine

_BETTER = {
    "routed": 1,
    "response": -1,
    "cycle": -1,
    "award": -1,
    "reopened": 1,
    "kept": -1,
    "corrected": -1,
}
"""Where more is better (1) or worse (-1); more or less of the other numbers is only that."""
_LEADING = {*_BETTER, "work_in", "messages", "late", "bookings", "listings", "bids", "problems"}
"""Tiles whose first line is the answer; the others are lists."""
_BARS = {"work_in", "messages", "categories", "hosts", "load", "states", "done_by", "open_issues", "listings"}
"""Tiles whose lines are parts of a whole, or one thing for each of several people."""


@dataclass
class AnswerLine:
    """A line of a tile. `share` is its bar's length of 100, "" without one; `change` is against the period before."""

    label: str = ""
    text: str = ""
    href: str = ""
    before: str = ""
    before_href: str = ""
    share: str = ""
    change: str = ""
    tone: str = "neutral"


@dataclass
class Answer:
    """A tile as the page shows it; with `leads` its first line stands large."""

    key: str = ""
    title: str = ""
    formula: str = ""
    period: str = ""
    empty: str = ""
    leads: bool = False
    lines: list[AnswerLine] = field(default_factory=list)


def answer(tile: Tile) -> Answer:
    """The tile with its first number's change, and with bars where its lines can be compared."""
    leads = tile.key in _LEADING and bool(tile.lines)
    lines = [AnswerLine(one.label, one.text, one.href, one.before, one.before_href) for one in tile.lines]
    if leads:
        lines[0].change = change(tile.lines[0])
        lines[0].tone = _tone(tile.lines[0], _BETTER.get(tile.key, 0))
    if tile.key in _BARS:
        start = 1 if leads else 0
        numbers = [float(one.value or 0) for one in tile.lines[start:]]
        most = max(numbers, default=0)
        for line, number in zip(lines[start:], numbers, strict=True):
            line.share = f"{100 * number / most:.4g}" if most else ""
    return Answer(tile.key, tile.title, tile.formula, tile.period, tile.empty, leads, lines)


def change(line: TileLine) -> str:
    """How much more or less than before: points of a percentage, else per cent; empty where that says nothing."""
    if line.value is None or line.previous is None:
        return ""
    now, before = float(line.value), float(line.previous)
    if line.unit == "percent":
        points = round(now) - round(before)
        return f"{_signed(points)} {'point' if abs(points) == 1 else 'points'}" if points else ""
    share = round(100 * (now - before) / before) if before else 0
    return f"{_signed(share)} %" if share else ""


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"\N{MINUS SIGN}{-number}"


def _tone(line: TileLine, better: int) -> str:
    if not better or not change(line):
        return "neutral"
    more = 1 if float(line.value or 0) > float(line.previous or 0) else -1
    return "success" if more == better else "warning"
