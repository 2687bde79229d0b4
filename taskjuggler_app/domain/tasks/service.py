"""Writing tasks. Every verb records the task's own action, the case's event, and tells the open pages."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.parsing import one_line
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import policy, projects, queries, repeating, searching
from taskjuggler_app.domain.tasks.drafts import TITLE_LENGTH, TaskDraft
from taskjuggler_app.domain.tasks.transitions import SAID, allowed
from taskjuggler_app.models.tasks import Task, TaskAction, TaskStatus
from taskjuggler_app.models.teams import TeamMember

FOLLOWED = "followed"
"""In a task's metadata: somebody outside the workspace hears what becomes of it, by the job FOLLOW."""
FOLLOW = "task.follow"
UNCLAIMED = "task.unclaimed"
"""The job for a new task that nobody has."""

__all__ = ["TITLE_LENGTH", "TaskDraft", "accept", "assign", "change_status", "create", "decline", "record", "tell"]


def create(session: Session, principal: Principal, draft: TaskDraft) -> Task:
    """Make a task in the principal's workspace. Invalid without a title, NotFound for a project that is not its own."""
    title = one_line(draft.title, TITLE_LENGTH)
    if not title:
        raise Invalid("A task needs a title.", "title")
    if draft.project_id is not None:
        projects.get(session, principal, draft.project_id)
    now = clock.utcnow()
    values = {**vars(draft), "title": title}
    tells_doer = values.pop("tells_doer")
    task = Task(team_id=principal.team_id, created_at=now, updated_at=now, **values)
    session.add(task)
    session.flush()
    searching.remember_words(session, principal.team_id, title, draft.description)
    record(session, principal, task, "created", {"title": title, "source": draft.source_type})
    doer_id = queries.doer_id(session, task)
    if doer_id is not None:
        record(session, principal, task, "assigned", {"to": str(doer_id)})
        if tells_doer:
            _tell_doer(session, principal, task, doer_id)
    elif task.marketplace_vendor_id is None:
        queue.defer(session, UNCLAIMED, task_id=str(task.id))
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
    task.board_position = -now.timestamp()
    record(session, principal, task, "status_changed", {"from": before, "to": status})
    if status is TaskStatus.COMPLETED:
        following = repeating.after(session, principal, task)
        if following is not None:
            create(session, principal, following)
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


def accept(session: Session, principal: Principal, task_id: UUID) -> Task:
    """The doer begins a task that waits; one that nobody has becomes the principal's first."""
    task = queries.get_for_update(session, principal, task_id)
    doer_id = queries.doer_id(session, task)
    require(policy.can_accept(principal, task, doer_id), "Only the one who is to do this task can accept it.")
    if doer_id is None:
        task.owner_id, task.version = principal.user_id, task.version + 1
        record(session, principal, task, "assigned", {"to": str(principal.user_id)})
    return change_status(session, principal, task_id, TaskStatus.IN_PROGRESS)


def decline(session: Session, principal: Principal, task_id: UUID, reason: str = "") -> Task:
    """The doer gives the task back: nobody has it, it waits again, and its requestor is told why."""
    task = queries.get_for_update(session, principal, task_id)
    doer_id = queries.doer_id(session, task)
    require(policy.can_decline(principal, task, doer_id), "Only the one who does this task can give it back.")
    before = task.status
    task.owner_id, task.team_member_id, task.status = None, None, TaskStatus.PENDING
    task.version += 1
    task.updated_at = clock.utcnow()
    session.add(task)
    reason = one_line(reason, 500)
    record(session, principal, task, "declined", {"reason": reason, "from": before})
    if task.requestor_id != principal.user_id:
        notify(
            session,
            task.requestor_id,
            type="task_declined",
            title="Task given back",
            message=f"{task.title}{': ' + reason if reason else ''}",
            link=f"/tasks/{task.id}",
            dedupe_key=f"task_declined:{task.id}:{task.version}",
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
    record(session, principal, task, "assigned", {"to": str(doer_id) if doer_id else None})
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


def record(session: Session, principal: Principal, task: Task, action: str, data: dict[str, Any]) -> None:
    """Write the task's own action and the case's event, and tell the open pages."""
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
    if task.meta.get(FOLLOWED):
        queue.defer(session, FOLLOW, task_id=str(task.id))
    tell(session, principal, task)


def tell(session: Session, principal: Principal, task: Task) -> None:
    """Let the open pages that show the task read it again."""
    live.publish(session, topics.tasks(principal.team_id), topics.task(task.id))
