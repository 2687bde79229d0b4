"""What the task pages show: rows, and how a task becomes one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from taskjuggler_app.core import clock
from taskjuggler_app.models.tasks import Task, TaskStatus

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)


@dataclass
class TaskRow:
    """A task in a list; times are ISO 8601 in UTC, empty for none. `doer` is a name, empty while unclaimed.

    `doer_picture` is the address of the doer's picture, empty for none.
    """

    id: str = ""
    title: str = ""
    status: str = ""
    priority: str = ""
    category: str = ""
    doer: str = ""
    source_type: str = ""
    source_channel: str = ""
    tags: list[str] = field(default_factory=list)
    due_at: str = ""
    due_zone: str = ""
    overdue: bool = False
    created_at: str = ""
    version: int = 1
    project_id: str = ""
    steps_done: int = 0
    steps: int = 0
    recurrence: str = ""
    doer_picture: str = ""


@dataclass
class ActionRow:
    """A line of the task's own history."""

    id: str = ""
    action: str = ""
    who: str = ""
    at: str = ""
    data: dict[str, str] = field(default_factory=dict)


@dataclass
class TaskDetail:
    """A task's page. `checklist` is [{id, text, done}]."""

    row: TaskRow
    description: str = ""
    requestor: str = ""
    requestor_picture: str = ""
    doer_id: str = ""
    doer_member_id: str = ""
    version: int = 1
    inbox_item_id: str = ""
    sender: str = ""
    started_at: str = ""
    completed_at: str = ""
    checklist: list[dict[str, Any]] = field(default_factory=list)
    actions: list[ActionRow] = field(default_factory=list)
    trace: dict[str, Any] | None = None
    may_move: bool = False
    may_edit: bool = False
    may_accept: bool = False
    may_decline: bool = False


def task_row(task: Task, doer: str = "", picture: str = "") -> TaskRow:
    """A task as lists show it, with its doer's name and picture."""
    return TaskRow(
        id=str(task.id),
        title=task.title,
        status=task.status.value,
        priority=task.priority.value,
        category=str(task.meta.get("category", "")),
        doer=doer,
        source_type=task.source_type.value if task.source_type else "",
        source_channel=task.source_channel or "",
        tags=[str(tag) for tag in task.tags],
        due_at=iso(task.due_date),
        due_zone=task.due_zone or "",
        overdue=task.due_date is not None and task.status in OPEN and task.due_date < clock.utcnow(),
        created_at=iso(task.created_at),
        version=task.version,
        project_id=str(task.project_id or ""),
        steps_done=sum(1 for step in task.checklist if step.get("done")),
        steps=len(task.checklist),
        recurrence=task.recurrence or "",
        doer_picture=picture,
    )


def iso(moment: datetime | None) -> str:
    """ISO 8601, or nothing."""
    return moment.isoformat() if moment else ""
