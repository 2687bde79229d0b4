"""Rows of a list under headings: pure values for the page."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.web.components import TaskLine

_STATUSES = {"in_progress": "In progress", "pending": "To do", "completed": "Done", "cancelled": "Cancelled"}
_PRIORITIES = {"urgent": "Urgent", "high": "High", "normal": "Normal", "low": "Low"}
_DATES = ("Overdue", "Today", "In the next 7 days", "Later", "No date")
NOBODY = "Nobody yet"


def grouped(rows: list[TaskLine], by: str, now: datetime, zone: str) -> list[TaskLine]:
    """The rows by status, priority, doer or due date, each group under a heading in its first row; inside a group
    the order stays as it was. Without a grouping the rows come back bare."""
    if not by:
        return [replace(row, head="") for row in rows]
    named = [(_name(row, by, now, ZoneInfo(zone)), row) for row in rows]
    ordered = sorted(named, key=lambda pair: _place(pair[0], by))
    seen: set[str] = set()
    found = []
    for name, row in ordered:
        found.append(replace(row, head="" if name in seen else name))
        seen.add(name)
    return found


def _name(row: TaskLine, by: str, now: datetime, zone: ZoneInfo) -> str:
    if by == "status":
        return _STATUSES.get(row.status, row.status)
    if by == "priority":
        return _PRIORITIES.get(row.priority, row.priority)
    if by == "doer":
        return row.doer or NOBODY
    if not row.due_at:
        return _DATES[4]
    due, today = datetime.fromisoformat(row.due_at).astimezone(zone), now.astimezone(zone).date()
    if row.overdue:
        return _DATES[0]
    if due.date() <= today:
        return _DATES[1]
    return _DATES[2] if due.date() < today + timedelta(days=7) else _DATES[3]


def _place(name: str, by: str) -> tuple[int, str]:
    fixed = {"status": tuple(_STATUSES.values()), "priority": tuple(_PRIORITIES.values()), "due": _DATES}.get(by, ())
    if name in fixed:
        return fixed.index(name), ""
    return (0 if name == NOBODY else 1), name.lower()
