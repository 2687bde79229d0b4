"""The case of a task on one timeline, read from the log of events: the message it came from, what was read out of it,
which rule decided, and everything that happened to the task since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.tasks import queries
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import TaskMessage
from taskjuggler_app.models.users import User

LONGEST_NOTE = 300
_FIELDS = {
    "due_date": "due date",
    "due_zone": "zone",
    "project_id": "project",
    "recurrence": "repetition",
}


@dataclass
class StoryRow:
    """One thing that happened. `note` says more in words; `to` names who got the task, or its new status."""

    id: int = 0
    kind: str = ""
    who: str = ""
    door: str = ""
    at: str = ""
    to: str = ""
    note: str = ""


def of_task(session: Session, principal: Principal, task_id: UUID) -> list[StoryRow]:
    """Everything, oldest first. NotFound if the task is not the principal's to see."""
    task = queries.get(session, principal, task_id)
    events = cases.thread(session, principal, {"inbox_item": task.inbox_item_id, "task": task_id})
    item = session.get(InboxItem, task.inbox_item_id) if task.inbox_item_id else None
    names = _names(session, events)
    said = _comments(session, events)
    return [_row(event, item, names, said) for event in events]


def _row(event: EventRow, item: InboxItem | None, names: dict[str, str], said: dict[str, str]) -> StoryRow:
    row = StoryRow(event.id, event.kind, event.who, event.door, event.at)
    data = event.data
    if event.kind == "message.received" and item is not None:
        row.who = item.from_name or item.from_identifier or row.who
        row.note = item.body or ""
    elif event.kind == "message.extracted" and item is not None:
        row.note = facts(item.extracted_data or {})
    elif event.kind == "message.routed":
        row.note = f"{data['rule']}: {data.get('note') or ''}" if data.get("rule") else str(data.get("note") or "")
    elif event.kind == "task.assigned":
        row.to = names.get(str(data.get("to") or ""), "")
    elif event.kind == "task.status_changed":
        row.to = str(data.get("to") or "")
    elif event.kind == "task.commented":
        row.note = said.get(str(data.get("message_id") or ""), "")
    elif event.kind == "task.edited":
        row.note = ", ".join(_FIELDS.get(name, name) for name in data.get("fields", []))
    else:
        row.note = str(next((data[key] for key in ("reason", "name", "to", "note", "error") if data.get(key)), ""))
    row.note = " ".join(row.note.split())[:LONGEST_NOTE]
    return row


def facts(extracted: dict[str, Any]) -> str:
    """What was read out of a message, in words: "Maintenance, urgent; tomorrow 9am; +12075550110"."""
    parts = [str((extracted.get(name) or {}).get("value") or "") for name in ("category", "urgency")]
    texts = [
        str(one.get("text") or one.get("value") or "")
        for name in ("dates", "times", "phones", "emails", "urls")
        for one in extracted.get(name) or []
        if isinstance(one, dict)
    ]
    first = ", ".join(part for part in parts if part).capitalize()
    return "; ".join(part for part in (first, *texts) if part)


def _names(session: Session, events: Sequence[EventRow]) -> dict[str, str]:
    ids = {str(event.data["to"]) for event in events if event.kind == "task.assigned" and event.data.get("to")}
    found = session.exec(select(User.id, User.name).where(col(User.id).in_([UUID(one) for one in ids])))
    return {str(user_id): name for user_id, name in found}


def _comments(session: Session, events: Sequence[EventRow]) -> dict[str, str]:
    ids = [UUID(str(one.data["message_id"])) for one in events if one.data.get("message_id")]
    found = session.exec(select(TaskMessage.id, TaskMessage.message).where(col(TaskMessage.id).in_(ids)))
    return {str(message_id): text for message_id, text in found}
