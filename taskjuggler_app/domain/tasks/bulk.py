"""One change to many tasks, and taking it back.

All or nothing: one refusal refuses the lot. The undo leaves alone what somebody changed since; what they changed
elsewhere in the same task is no obstacle, so that several edits are taken back one after another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.errors import DomainError, Forbidden, Invalid
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import editing, queries, service
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.models.tasks import Task, TaskStatus

MOST = 200
DEEDS = ("status", "doer", "priority", "tag", "due_date", "project_id", "remove")


@dataclass(frozen=True)
class Before:
    """What one task was before a bulk edit: `value` of what `deed` changed, and what it is `since`."""

    task_id: UUID
    deed: str
    value: Any
    since: Any


def apply(session: Session, principal: Principal, task_ids: Sequence[UUID], deed: str, value: Any) -> list[Before]:
    """Do `deed` to each task: set its status, doer (a membership's id, "" for nobody), priority, due_date or
    project_id, add a `tag`, or `remove` it. What already is so is left out of the answer.

    Raises Invalid for no or too many tasks, and what the single verb raises.
    """
    if not 0 < len(task_ids) <= MOST:
        raise Invalid(f"Choose between one and {MOST} tasks.")
    if deed not in DEEDS:
        raise Invalid("That cannot be done to many tasks at once.")
    done = [_one(session, principal, task_id, deed, value) for task_id in sorted(set(task_ids))]
    return [before for before in done if before is not None]


def undo(session: Session, principal: Principal, steps: Sequence[Before]) -> int:
    """Put back what `apply` changed; says how many tasks. A field that was changed since stays as it is now."""
    undone = 0
    for step in steps:
        try:
            if step.deed == "remove":
                taken_away.restore(session, principal, step.task_id)
            else:
                task = queries.get_for_update(session, principal, step.task_id)
                if _value(session, task, step.deed) != step.since:
                    continue
                _put_back(session, principal, task, step)
        except Forbidden:
            raise
        except DomainError:
            continue
        undone += 1
    return undone


def _one(session: Session, principal: Principal, task_id: UUID, deed: str, value: Any) -> Before | None:
    task = queries.get_for_update(session, principal, task_id)
    before, version = _value(session, task, deed), task.version
    if deed == "remove":
        taken_away.remove(session, principal, task_id)
    elif deed == "status":
        if task.status.value != value:
            service.change_status(session, principal, task_id, _status(value))
    elif deed == "doer":
        if str(before or "") != str(value or ""):
            service.assign(session, principal, task_id, parse_uuid(value) if value else None)
    elif deed == "tag":
        tags = editing.tags_of(str(value))
        if not tags:
            raise Invalid("Write a tag.", "tag")
        editing.edit(session, principal, task_id, Edit({"tags": [*task.tags, *tags]}, {}))
    else:
        editing.edit(session, principal, task_id, Edit({deed: value}, {}))
    return Before(task_id, deed, before, _value(session, task, deed)) if task.version != version else None


def _value(session: Session, task: Task, deed: str) -> Any:
    read: dict[str, Callable[[], Any]] = {
        "status": lambda: task.status.value,
        "doer": lambda: queries.doer_member_id(session, task),
        "priority": lambda: task.priority.value,
        "tag": lambda: list(task.tags),
        "due_date": lambda: task.due_date,
        "project_id": lambda: task.project_id,
        "remove": lambda: None,
    }
    return read[deed]()


def _put_back(session: Session, principal: Principal, task: Task, step: Before) -> None:
    if step.deed == "status":
        wanted = _status(step.value)
        if wanted not in (task.status, TaskStatus.PENDING) and task.status not in queries.OPEN:
            service.change_status(session, principal, task.id, TaskStatus.PENDING)  # a closed task reopens first
        service.change_status(session, principal, task.id, wanted)
    elif step.deed == "doer":
        service.assign(session, principal, task.id, step.value)
    else:
        name = "tags" if step.deed == "tag" else step.deed
        editing.edit(session, principal, task.id, Edit({name: step.value}, {}))


def _status(value: Any) -> TaskStatus:
    if value not in TaskStatus._value2member_map_:
        raise Invalid("There is no such status.", "status")
    return TaskStatus(value)
