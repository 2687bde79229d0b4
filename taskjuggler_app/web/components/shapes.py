"""Rows that components draw. A State may hold lists of these, or of any dataclass with the same fields.

Inside `rx.foreach` a component gets a var that answers to the same names. Times are ISO 8601 with an offset;
`when` is the server's own wording of it, shown until the browser's clock replaces it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation. `key` marks the active page; `shortcut` is the letter after g.

    counted: what a number on it counts, for readers.
    """

    key: str
    label: str
    icon: str
    href: str
    shortcut: str = ""
    counted: str = "open"


@dataclass(frozen=True)
class Crumb:
    """A step of the way here; the last one has no href."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several: an option of a select, a tab, a segment."""

    value: str
    label: str
    icon: str = ""
    href: str = ""
    count: int = 0


@dataclass
class ToastLine:
    """A message that goes away. kind: success, error, info. `undo` is the button's label, empty for none."""

    id: str = ""
    kind: str = "success"
    text: str = ""
    undo: str = ""


@dataclass
class NoticeLine:
    """A notification in the bell's panel."""

    id: str = ""
    title: str = ""
    text: str = ""
    href: str = ""
    at: str = ""
    when: str = ""
    unread: bool = False


@dataclass
class PaletteLine:
    """A search result in the command palette."""

    title: str = ""
    note: str = ""
    icon: str = "search"
    href: str = ""


@dataclass
class TaskLine:
    """A task in a list. `doer` is empty while nobody has taken it; `head` begins a group above it.

    `doer_picture` is an address, empty for none.
    """

    id: str = ""
    href: str = ""
    title: str = ""
    status: str = "pending"
    priority: str = "normal"
    category: str = ""
    doer: str = ""
    doer_picture: str = ""
    source: str = ""
    due: str = ""
    due_at: str = ""
    overdue: bool = False
    at: str = ""
    when: str = ""
    head: str = ""
    steps: str = ""
    repeats: bool = False


@dataclass
class BoardColumn:
    """A column of the board: `key` is a status, or a membership's id; `count` says how many cards, "40+" for more."""

    key: str = ""
    title: str = ""
    count: str = ""
    cards: list[TaskLine] = field(default_factory=list)


@dataclass
class InboxLine:
    """A message in the inbox. `state` is its processing status: pending, processing, completed, failed."""

    id: str = ""
    href: str = ""
    channel: str = "sms"
    sender: str = ""
    summary: str = ""
    text: str = ""
    category: str = ""
    state: str = "completed"
    outcome: str = ""
    unread: bool = False
    at: str = ""
    when: str = ""
    has_files: bool = False
    assignee: str = ""
    assignee_picture: str = ""


@dataclass
class EventLine:
    """Something that happened, for a timeline."""

    id: str = ""
    icon: str = "circle-dot"
    who: str = ""
    text: str = ""
    note: str = ""
    at: str = ""
    when: str = ""


@dataclass
class Bar:
    """One bar of a chart. `text` is the value as people read it."""

    label: str = ""
    value: float = 0
    text: str = ""


@dataclass
class PlotSeries:
    """A line or an area of a plot, in the units of its picture; `tone` names its colour and pattern."""

    name: str = ""
    tone: str = "0"
    line: str = ""
    area: str = ""


@dataclass
class PlotColumn:
    """A place on a plot's axis: what the pointer meets there, and its bar where it has one."""

    label: str = ""
    words: str = ""
    href: str = ""
    x: str = "0"
    width: str = "0"
    bar_x: str = "0"
    bar_y: str = "0"
    bar_width: str = "0"
    bar_height: str = ""


@dataclass
class PlotCell:
    """A number of a plot's table or of its map of hours, where shade is how dark it is, 0 to 5."""

    text: str = ""
    href: str = ""
    label: str = ""
    shade: int = 0


@dataclass
class PlotRow:
    """A line of a plot's table, or a weekday of its map."""

    label: str = ""
    day: str = ""
    cells: list[PlotCell] = field(default_factory=list)


@dataclass
class Plot:
    """A chart as it is drawn. kind: graph, heat or funnel."""

    key: str = ""
    title: str = ""
    formula: str = ""
    period: str = ""
    kind: str = "graph"
    is_empty: bool = False
    empty: str = ""
    has_legend: bool = False
    has_bars: bool = False
    top: str = ""
    middle: str = ""
    series: list[PlotSeries] = field(default_factory=list)
    columns: list[PlotColumn] = field(default_factory=list)
    ticks: list[str] = field(default_factory=list)
    heat: list[PlotRow] = field(default_factory=list)
    table: list[PlotRow] = field(default_factory=list)
