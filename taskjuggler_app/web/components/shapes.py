"""Rows that components draw. A State may hold lists of these, or of any dataclass with the same fields.

Inside `rx.foreach` a component gets a var that answers to the same names. Times are ISO 8601 with an offset;
`when` is the server's own wording of it, shown until the browser's clock replaces it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation. `key` marks the active page; `shortcut` is the letter after g."""

    key: str
    label: str
    icon: str
    href: str
    shortcut: str = ""


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
    """A task in a list. `doer` is empty while nobody has taken it."""

    id: str = ""
    href: str = ""
    title: str = ""
    status: str = "pending"
    priority: str = "normal"
    category: str = ""
    doer: str = ""
    source: str = ""
    due: str = ""
    due_at: str = ""
    overdue: bool = False
    at: str = ""
    when: str = ""


@dataclass
class BoardColumn:
    """A column of the board: `key` is a status, or a membership's id."""

    key: str = ""
    title: str = ""
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
class TraceCondition:
    """One condition as the router saw it."""

    field: str = ""
    operator: str = ""
    expected: str = ""
    seen: str = ""
    held: bool = False


@dataclass
class TraceRule:
    """One rule in the order tried. outcome: matched, failed, skipped (not reached)."""

    name: str = ""
    outcome: str = "skipped"
    match: str = "all"
    note: str = ""
    conditions: list[TraceCondition] = field(default_factory=list)


@dataclass
class Bar:
    """One bar of a chart. `text` is the value as people read it."""

    label: str = ""
    value: float = 0
    text: str = ""
