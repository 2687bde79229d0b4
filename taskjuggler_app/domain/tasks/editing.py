"""Changing what a task says. Two people at one field: the second sees the first's value and chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.parsing import one_line
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import policy, queries, searching, service
from taskjuggler_app.domain.tasks.recurrence import Recurrence
from taskjuggler_app.models.projects import Project
from taskjuggler_app.models.tasks import Priority, Task

FIELDS = ("title", "description", "priority", "due_date", "due_zone", "tags", "recurrence", "project_id")
LONGEST_TEXT = 20_000
MOST_TAGS, MOST_STEPS = 20, 50
_MAY = "Only the one who does this task, its requestor or an admin can change it."


class Changed(Conflict):
    """Somebody else changed the field meanwhile; `theirs` is what it says now, `version` the one to answer with."""

    def __init__(self, field: str, theirs: str, version: int) -> None:
        super().__init__("Somebody changed this meanwhile. Look at what they wrote, then keep theirs or yours.")
        self.field, self.theirs, self.version = field, theirs, version


@dataclass(frozen=True)
class Edit:
    """New values by field's name, and what the editor saw: a field that says something else now is a conflict."""

    values: Mapping[str, Any]
    seen: Mapping[str, Any]


def edit(session: Session, principal: Principal, task_id: UUID, change: Edit) -> Task:
    """Change fields of a task. Changed when one is not what the editor saw; Invalid for a value that cannot be."""
    task = queries.get_for_update(session, principal, task_id)
    require(policy.can_edit(principal, task, queries.doer_id(session, task)), _MAY)
    before: dict[str, Any] = {}
    for name, value in change.values.items():
        if name not in FIELDS:
            raise Invalid("That field cannot be changed.", name)
        current, wanted = getattr(task, name), _checked(session, principal, name, value)
        if name in change.seen and not _same(current, change.seen[name]) and not _same(current, wanted):
            raise Changed(name, _worded(current), task.version)
        if not _same(current, wanted):
            before[name] = current
            setattr(task, name, wanted)
    if before:
        searching.remember_words(session, principal.team_id, task.title, task.description)
        _save(session, principal, task, "edited", {"fields": sorted(before), "before": before})
    return task


def set_checklist(session: Session, principal: Principal, task_id: UUID, steps: Sequence[Mapping[str, Any]]) -> Task:
    """Write the whole checklist: [{id, text, done}]."""
    task = queries.get_for_update(session, principal, task_id)
    require(policy.can_edit(principal, task, queries.doer_id(session, task)), _MAY)
    if len(steps) > MOST_STEPS:
        raise Invalid(f"A checklist has at most {MOST_STEPS} steps.")
    task.checklist = [
        {"id": str(step.get("id") or uuid4().hex[:12]), "text": text, "done": bool(step.get("done"))}
        for step in steps
        if (text := one_line(step.get("text", ""), 300))
    ]
    _save(session, principal, task, "checklist_changed", {"done": sum(s["done"] for s in task.checklist)})
    return task


def add_step(session: Session, principal: Principal, task_id: UUID, text: str) -> Task:
    """One more step at the end of the checklist."""
    task = queries.get_for_update(session, principal, task_id)
    return set_checklist(session, principal, task_id, [*task.checklist, {"text": text}])


def tick_step(session: Session, principal: Principal, task_id: UUID, step_id: str, done: bool) -> Task:
    """Mark a step done, or not. The other steps are left as somebody else may have changed them."""
    task = queries.get_for_update(session, principal, task_id)
    steps = [{**step, "done": done if step["id"] == step_id else step["done"]} for step in task.checklist]
    return set_checklist(session, principal, task_id, steps)


def remove_step(session: Session, principal: Principal, task_id: UUID, step_id: str) -> Task:
    """Take a step off the checklist."""
    task = queries.get_for_update(session, principal, task_id)
    return set_checklist(session, principal, task_id, [step for step in task.checklist if step["id"] != step_id])


def tags_of(text: str) -> list[str]:
    """Tags as people type them: "billing, #urgent call" -> ["billing", "urgent", "call"]."""
    words = [word.strip("#.").lower()[:40] for word in text.replace(",", " ").split()]
    return list(dict.fromkeys(word for word in words if word))[:MOST_TAGS]


def _save(session: Session, principal: Principal, task: Task, action: str, data: dict[str, Any]) -> None:
    task.version += 1
    task.updated_at = clock.utcnow()
    session.add(task)
    session.flush()
    service.record(session, principal, task, action, data)


def _checked(session: Session, principal: Principal, name: str, value: Any) -> Any:
    if name == "title":
        title = one_line(value, service.TITLE_LENGTH)
        if not title:
            raise Invalid("A task needs a title.", "title")
        return title
    if name == "description":
        return str(value).replace("\0", "")[:LONGEST_TEXT] or None
    if name == "tags":
        return tags_of(value) if isinstance(value, str) else tags_of(" ".join(map(str, value)))
    if value in ("", None):
        if name == "priority":
            raise Invalid("A task needs a priority.", "priority")
        return None
    if name == "project_id":
        project = session.get(Project, value)
        if project is None or project.team_id != principal.team_id:
            raise NotFound("There is no such project.")
        return project.id
    return _one_of(name, value)


def _one_of(name: str, value: Any) -> Any:
    try:
        if name == "priority":
            return Priority(value)
        if name == "recurrence":
            return Recurrence(value).value
        if name == "due_zone":
            return value if value in available_timezones() else _refuse(name)
        return _moment(value)
    except (ValueError, TypeError, OverflowError):
        return _refuse(name)


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(ZoneInfo("UTC"))


def _refuse(name: str) -> Any:
    raise Invalid("That is not one of the choices.", name)


def _same(current: Any, other: Any) -> bool:
    return (current or None) == (other or None) or str(current or "") == str(other or "")


def _worded(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, datetime) else str(value or "")
