"""Due soon and overdue: told once for each due date of a task, whoever runs the tick and however often.

A tick claims tasks with SKIP LOCKED, notes the reminder under a unique key and tells the people, all in one
transaction: killed before its end nothing happened, and the next tick does it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.notifications import ReminderKind, TaskReminder
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember

AHEAD = timedelta(hours=24)
AHEAD_SHORT = timedelta(hours=1)
"""How long before its due date a task counts as due soon: a day, or an hour for one made less than a day before."""
LOOK_BACK = timedelta(days=30)
AT_ONCE = 200


def remind(session: Session, now: datetime) -> int:
    """Tell whom it concerns about the tasks that came due; says how many reminders were given."""
    given = 0
    for kind in ReminderKind:
        for task in claim(session, kind, now):
            given += _give(session, kind, task)
    return given


def claim(session: Session, kind: ReminderKind, now: datetime) -> list[Task]:
    """Tasks that lack this reminder, locked; those that another scheduler holds are skipped."""
    due = col(Task.due_date)
    told = exists().where(
        col(TaskReminder.task_id) == col(Task.id), col(TaskReminder.kind) == kind, col(TaskReminder.due_date) == due
    )
    rows = session.exec(
        select(Task)
        .where(
            col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)),
            col(Task.deleted_at).is_(None),
            col(Task.team_id).is_not(None),
            _when(kind, now),
            ~told,
        )
        .order_by(due)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


def _when(kind: ReminderKind, now: datetime) -> ColumnElement[bool]:
    due = col(Task.due_date)
    if kind is ReminderKind.OVERDUE:
        return and_(due <= now, due > now - LOOK_BACK)
    ahead = case((due - col(Task.created_at) >= AHEAD, AHEAD), else_=AHEAD_SHORT)
    return and_(due > now, due <= now + AHEAD, due - ahead <= now)


def _give(session: Session, kind: ReminderKind, task: Task) -> bool:
    values = {"task_id": task.id, "kind": kind, "due_date": task.due_date, "created_at": clock.utcnow()}
    new = session.execute(
        insert(TaskReminder).values(values).on_conflict_do_nothing().returning(col(TaskReminder.id))
    ).first()
    if new is None or task.team_id is None or task.due_date is None:
        return False
    title = "Due soon" if kind is ReminderKind.DUE_SOON else "Overdue"
    for person in _concerned(session, kind, task):
        notify(
            session,
            person,
            type=f"task_{kind.value}",
            title=title,
            message=task.title,
            link=f"/tasks/{task.id}",
            dedupe_key=f"{kind.value}:{task.id}:{task.due_date.isoformat()}",
            team_id=task.team_id,
            data={"task_id": str(task.id), "due": task.due_date.isoformat()},
        )
    return True


def _concerned(session: Session, kind: ReminderKind, task: Task) -> set[UUID]:
    """The doer, or the requestor of a task that nobody has; when it is overdue, both."""
    member = select(TeamMember.user_id).where(TeamMember.id == task.team_member_id).scalar_subquery()
    doer = session.exec(select(func.coalesce(member, task.owner_id))).one()
    if doer is None:
        return {task.requestor_id}
    return {doer, task.requestor_id} if kind is ReminderKind.OVERDUE else {doer}
