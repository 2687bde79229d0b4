"""Reading tasks: what a principal may see."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import policy
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.listing import (
    PAGE_SIZE,
    counts,
    created_by_day,
    page,
    page_json,
    rows_of,
)
from taskjuggler_app.domain.tasks.rows import OPEN, ActionRow, TaskDetail, TaskRow, iso
from taskjuggler_app.domain.teams.faces import face_of
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import Task, TaskAction
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

__all__ = [
    "OPEN",
    "PAGE_SIZE",
    "ActionRow",
    "Page",
    "TaskDetail",
    "TaskFilter",
    "TaskRow",
    "counts",
    "created_by_day",
    "detail",
    "doer_id",
    "doer_member_id",
    "get",
    "get_for_update",
    "page",
    "page_json",
    "search",
    "told",
    "visible",
]
GONE = "That task does not exist, or it is not yours to see."


def visible(principal: Principal) -> ColumnElement[bool]:
    """What the principal may see: the workspace's tasks that are not in the bin."""
    return and_(col(Task.team_id) == principal.team_id, col(Task.deleted_at).is_(None))


def get(session: Session, principal: Principal, task_id: UUID) -> Task:
    """The task. NotFound if it is not the principal's to see."""
    task = session.exec(select(Task).where(Task.id == task_id, visible(principal))).first()
    if task is None:
        raise NotFound(GONE)
    return task


def get_for_update(session: Session, principal: Principal, task_id: UUID) -> Task:
    """The task, locked until the transaction ends. NotFound if it is not the principal's to see."""
    task = session.exec(select(Task).where(Task.id == task_id, visible(principal)).with_for_update()).first()
    if task is None:
        raise NotFound(GONE)
    return task


def doer_id(session: Session, task: Task) -> UUID | None:
    """The person who does the task: its owner, or the member it is given to."""
    if task.team_member_id is None:
        return task.owner_id
    return session.exec(select(TeamMember.user_id).where(TeamMember.id == task.team_member_id)).first()


def search(session: Session, principal: Principal, text: str, limit: int = 6) -> list[TaskRow]:
    """The newest tasks that have the words, for the palette."""
    return page(session, principal, TaskFilter(status="any", text=text), size=limit).rows[:limit]


def detail(session: Session, principal: Principal, task_id: UUID) -> TaskDetail:
    """One task with its history. NotFound if it is not the principal's to see."""
    task = get(session, principal, task_id)
    item = session.get(InboxItem, task.inbox_item_id) if task.inbox_item_id else None
    doer = doer_id(session, task)
    return replace(
        told(session, principal, task),
        requestor_picture=_picture(session, task.requestor_id, task.team_id),
        sender=(item.from_name or item.from_identifier) if item else "",
        actions=_actions(session, task_id),
        trace=item.routing_trace if item else None,
        may_move=policy.can_change_status(principal, task, doer),
        may_edit=policy.can_edit(principal, task, doer),
        may_accept=policy.can_accept(principal, task, doer),
        may_decline=policy.can_decline(principal, task, doer),
    )


def told(session: Session, principal: Principal, task: Task) -> TaskDetail:
    """A task that was read or made already, with what it says itself: nothing of its history."""
    requestor = principal.name if task.requestor_id == principal.user_id else ""
    return TaskDetail(
        row=rows_of(session, [task])[0],
        description=task.description or "",
        requestor=requestor or session.exec(select(User.name).where(User.id == task.requestor_id)).one(),
        doer_id=str(doer_id(session, task) or ""),
        doer_member_id=str(doer_member_id(session, task) or ""),
        version=task.version,
        inbox_item_id=str(task.inbox_item_id or ""),
        started_at=iso(task.started_at),
        completed_at=iso(task.completed_at),
        checklist=[dict(step) for step in task.checklist],
    )


def _picture(session: Session, user_id: UUID, team_id: UUID | None) -> str:
    return session.scalar(sa_select(face_of(literal(user_id), literal(team_id)))) or ""


def doer_member_id(session: Session, task: Task) -> UUID | None:
    """The membership of who does the task, if they are of its workspace."""
    if task.team_member_id is not None or task.owner_id is None:
        return task.team_member_id
    return session.exec(
        select(TeamMember.id).where(TeamMember.team_id == task.team_id, TeamMember.user_id == task.owner_id)
    ).first()


def _actions(session: Session, task_id: UUID) -> list[ActionRow]:
    rows = session.exec(
        select(TaskAction, User.name)
        .outerjoin(User, col(User.id) == col(TaskAction.user_id))
        .where(TaskAction.task_id == task_id)
        .order_by(col(TaskAction.created_at), col(TaskAction.action_type) != "created", col(TaskAction.id))
    ).all()
    people = _names(session, {str(row.action_data.get("to") or "") for row, _ in rows if row.action_type == "assigned"})
    return [
        ActionRow(
            id=str(row.id),
            action=row.action_type,
            who=name or "TaskJuggler",
            at=row.created_at.isoformat(),
            data={key: people.get(str(value), str(value or "")) for key, value in row.action_data.items()},
        )
        for row, name in rows
    ]


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    wanted = [UUID(one) for one in ids if one]
    if not wanted:
        return {}
    return {
        str(user_id): name for user_id, name in session.exec(select(User.id, User.name).where(col(User.id).in_(wanted)))
    }
