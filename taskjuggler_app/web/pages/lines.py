"""From the domain's rows to the lines that components draw."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.receptionist.queries import InboxRow
from taskjuggler_app.domain.tasks.queries import ActionRow, TaskRow
from taskjuggler_app.domain.tasks.transitions import SAID
from taskjuggler_app.models.tasks import TaskStatus
from taskjuggler_app.web.components import EventLine, InboxLine, TaskLine, TraceCondition, TraceRule

_SOURCES = {"phone": "Call", "sms": "Text message", "email": "Email", "web": "Web form", "api": "API"}
_OUTCOMES = {"matched": "matched", "not_matched": "failed", "not_reached": "skipped"}


def task_line(row: TaskRow) -> TaskLine:
    """A task as a list shows it."""
    source = " · ".join(part for part in (_SOURCES.get(row.source_type, ""), row.source_channel) if part)
    tags = " ".join(f"#{tag}" for tag in row.tags)
    return TaskLine(
        id=row.id,
        href=f"/tasks/{row.id}",
        title=row.title,
        status=row.status,
        priority=row.priority,
        category=row.category,
        doer=row.doer,
        source="  ".join(part for part in (source, tags) if part),
        due=row.due_at[:10],
        due_at=row.due_at,
        overdue=row.overdue,
        at=row.created_at,
        when=row.created_at[:10],
    )


def inbox_line(row: InboxRow) -> InboxLine:
    """A message as a list shows it."""
    return InboxLine(
        id=row.id,
        href=f"/inbox/{row.id}",
        channel=row.source_type,
        sender=row.sender,
        summary=row.summary,
        text=row.body[:200],
        category=row.category,
        state=row.processing_status,
        outcome=_became(row),
        unread=row.status == "unprocessed",
        at=row.received_at,
        when=row.received_at[:10],
    )


def action_line(row: ActionRow) -> EventLine:
    """A line of a task's history."""
    icon, text = _said(row)
    return EventLine(id=row.id, icon=icon, who=row.who, text=text, at=row.at, when=row.at[:10])


def event_line(row: EventRow) -> EventLine:
    """A line of a case's log."""
    icon, text = _EVENTS.get(row.kind, ("circle-dot", row.kind.replace(".", " ").replace("_", " ")))
    note = str(row.data.get("note") or row.data.get("rule") or row.data.get("error") or "")
    return EventLine(id=str(row.id), icon=icon, who=row.who, text=text, note=note, at=row.at, when=row.at[:10])


def trace_rules(stored: dict[str, Any] | None) -> list[TraceRule]:
    """The stored trace of a routing decision, rule by rule."""
    rules: list[dict[str, Any]] = (stored or {}).get("rules", [])
    return [
        TraceRule(
            name=rule["name"],
            outcome=_OUTCOMES[rule["result"]],
            match=rule["match_type"],
            conditions=[
                TraceCondition(
                    field=one["field"].replace("_", " "),
                    operator=one["operator"].replace("_", " "),
                    expected=_shown(one["expected"]),
                    seen=_shown(one["seen"]),
                    held=one["held"],
                )
                for one in _single(rule["conditions"])
            ],
        )
        for rule in rules
    ]


def _single(conditions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The conditions of a stored trace, whatever group they are in."""
    for one in conditions:
        if "group" in one:
            yield from _single(one["conditions"])
        else:
            yield one


def as_id(value: str) -> UUID:
    """The id that a row's text spells."""
    return parse_uuid(value)


def short_day(day: str) -> str:
    """A date as a chart's axis has it: the day of the month."""
    return str(date.fromisoformat(day).day)


_EVENTS = {
    "message.received": ("inbox", "received the message"),
    "message.extracted": ("sparkles", "read the facts out of it"),
    "message.routed": ("route", "decided by the rules"),
    "message.failed": ("circle-alert", "could not process it"),
    "message.retried": ("refresh-cw", "asked to process it again"),
    "message.dismissed": ("circle-x", "dismissed it"),
    "message.restored": ("undo-2", "brought it back"),
    "task.created": ("list-checks", "made the task"),
    "task.assigned": ("user", "gave the task to somebody"),
    "task.status_changed": ("circle-dot", "changed its status"),
    "task.edited": ("pencil", "changed what the task says"),
    "task.commented": ("message-circle", "commented on the task"),
    "task.checklist_changed": ("list-checks", "worked on the checklist"),
    "task.declined": ("undo-2", "gave the task back"),
    "task.deleted": ("trash-2", "put the task into the bin"),
    "task.restored": ("rotate-ccw", "took the task out of the bin"),
    "task.attached": ("paperclip", "attached a file"),
}


_ACTIONS = {
    "edited": ("pencil", "changed what it says"),
    "commented": ("message-circle", "commented"),
    "checklist_changed": ("list-checks", "worked on the checklist"),
    "declined": ("undo-2", "gave it back"),
    "deleted": ("trash-2", "put it into the bin"),
    "restored": ("rotate-ccw", "took it out of the bin"),
    "attached": ("paperclip", "attached a file"),
}


def _became(row: InboxRow) -> str:
    if row.processing_status == "failed":
        return "Failed"
    if row.processing_status in ("pending", "processing"):
        return "Reading…"
    return {"created_task": "Task made", "dismissed": "Dismissed", "processed": "Kept"}.get(row.status, "")


def _said(row: ActionRow) -> tuple[str, str]:
    if row.action == "status_changed":
        to = SAID[TaskStatus(row.data["to"])] if row.data.get("to") in SAID else row.data.get("to", "")
        return "circle-dot", f"set it to {to}"
    if row.action == "assigned":
        return "user", f"gave it to {row.data['to']}" if row.data.get("to") else "took it from its doer"
    if row.action in _ACTIONS:
        return _ACTIONS[row.action]
    if row.action == "created":
        source = _SOURCES.get(row.data.get("source", ""), "")
        return "plus", f"made this task from a {source.lower()}" if source else "made this task"
    return "circle-dot", row.action.replace("_", " ")


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
