"""Writing tasks. Every verb records the task's own action, the case's event, and tells the open pages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import policy, queries, searching
from taskjuggler_app.domain.tasks.transitions import SAID, allowed
from taskjuggler_app.models.receptionist import SourceType
from taskjuggler_app.models.tasks import Priority, Task, TaskAction, TaskStatus
from taskjuggler_app.models.teams import TeamMember

TITLE_LENGTH = 500


@dataclass(frozen=True)
class TaskDraft:
    """What a new task says. At most one of `owner_id` and `team_member_id` names its doer; none: unclaimed.

    `tells_doer` is whether they get a notification.
    """

    title: str
    requestor_id: UUID
    description: str | None = None
    priority: Priority = Priority.NORMAL
    owner_id: UUID | None = None
    team_member_id: UUID | None = None
    due_date: datetime | None = None
    tags: list[str] = field(default_factory=list)
    inbox_item_id: UUID | None = None
    source_type: SourceType | None = None
    source_channel_id: UUID | None = None
    source_channel: str | None = None
    source_channel_ref: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    tells_doer: bool = True


def create(session: Session, principal: Principal, draft: TaskDraft) -> Task:
    """Make a task in the principal's workspace. Invalid without a title."""
    title = " ".join(draft.title.split())[:TITLE_LENGTH]
    if not title:
        raise Invalid("A task needs a title.", "title")
    now = clock.utcnow()
    values = {**vars(draft), "title": title}
    tells_doer = values.pop("tells_doer")
    task = Task(team_id=principal.team_id, created_at=now, updated_at=now, **values)
    session.add(task)
    session.flush()
    searching.remember_words(session, principal.team_id, title, draft.description)
    _record(session, principal, task, "created", {"title": title, "source": draft.source_type})
    doer_id = queries.doer_id(session, task)
    if doer_id is not None:
        _record(session, principal, task, "assigned", {"to": str(doer_id)})
        if tells_doer:
            _tell_doer(session, principal, task, doer_id)
    return task


def change_status(
    session: Session,
    principal: Principal,
    task_id: UUID,
    status: TaskStatus,
    expected_version: int | None = None,
) -> Task:
    """Move a task. Conflict when the table of transitions says no, or it changed since `expected_version`."""
    task = queries.get_for_update(session, principal, task_id)
    doer_id = queries.doer_id(session, task)
    allowed_here = policy.can_change_status(principal, task, doer_id)
    require(allowed_here, "Only the one who does this task, its requestor or an admin can change its status.")
    if expected_version is not None and task.version != expected_version:
        raise Conflict(f"Somebody changed this task meanwhile: it is now {SAID[task.status]}.")
    if not allowed(task.status, status):
        raise Conflict(f"This task is {SAID[task.status]}; it cannot become {SAID[status]} from there.")
    before, now = task.status, clock.utcnow()
    task.status = status
    task.version += 1
    task.updated_at = now
    task.started_at = task.started_at or (now if status is TaskStatus.IN_PROGRESS else None)
    task.completed_at = now if status is TaskStatus.COMPLETED else None
    session.add(task)
    _record(session, principal, task, "status_changed", {"from": before, "to": status})
    if status is TaskStatus.COMPLETED and task.requestor_id != principal.user_id:
        notify(
            session,
            task.requestor_id,
            type="task_completed",
            title="Task done",
            message=task.title,
            link=f"/tasks/{task.id}",
            dedupe_key=f"task_completed:{task.id}:{task.version}",
            team_id=principal.team_id,
        )
    return task


def assign(session: Session, principal: Principal, task_id: UUID, member_id: UUID | None) -> Task:
    """Give the task to a member of the workspace (the membership's id), or to nobody."""
    task = queries.get_for_update(session, principal, task_id)
    require(
        policy.can_assign(principal, task, queries.doer_id(session, task)),
        "Only the one who does this task, its requestor or an admin can give it to somebody else.",
    )
    if member_id is not None:
        member = session.get(TeamMember, member_id)
        if member is None or member.team_id != principal.team_id:
            raise NotFound("That person is not in this workspace.")
    task.owner_id, task.marketplace_vendor_id, task.team_member_id = None, None, member_id
    task.version += 1
    task.updated_at = clock.utcnow()
    session.add(task)
    session.flush()
    doer_id = queries.doer_id(session, task)
    _record(session, principal, task, "assigned", {"to": str(doer_id) if doer_id else None})
    if doer_id is not None:
        _tell_doer(session, principal, task, doer_id)
    return task


def _tell_doer(session: Session, principal: Principal, task: Task, doer_id: UUID) -> None:
    if doer_id == principal.user_id:
        return
    notify(
        session,
        doer_id,
        type="task_assigned",
        title="New task for you",
        message=task.title,
        link=f"/tasks/{task.id}",
        dedupe_key=f"task_assigned:{task.id}:{task.version}",
        team_id=principal.team_id,
        data={"task_id": str(task.id)},
    )


def _record(session: Session, principal: Principal, task: Task, action: str, data: dict[str, Any]) -> None:
    session.add(
        TaskAction(
            task_id=task.id,
            user_id=principal.user_id,
            action_type=action,
            action_data=data,
            created_at=clock.utcnow(),
        )
    )
    session.flush()
    record_event(session, principal, kind=f"task.{action}", subject_type="task", subject_id=task.id, data=data)
    live.publish(session, topics.tasks(principal.team_id), topics.task(task.id))
