"""The bin: tasks taken away can be brought back for a month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import policy, queries, service
from taskjuggler_app.domain.tasks.listing import rows_of
from taskjuggler_app.domain.tasks.rows import TaskRow
from taskjuggler_app.models.tasks import Task

KEPT = timedelta(days=30)
MOST_SHOWN = 200
_MAY = "Only its requestor or an admin can put a task into the bin."


def remove(session: Session, principal: Principal, task_id: UUID) -> Task:
    """Put a task into the bin."""
    task = queries.get_for_update(session, principal, task_id)
    require(policy.can_delete(principal, task), _MAY)
    task.deleted_at = clock.utcnow()
    return _saved(session, principal, task, "deleted")


def restore(session: Session, principal: Principal, task_id: UUID) -> Task:
    """Take a task out of the bin, as it was. NotFound when it is not there."""
    query = select(Task).where(Task.id == task_id, Task.team_id == principal.team_id, col(Task.deleted_at).is_not(None))
    task = session.exec(query.with_for_update()).first()
    if task is None:
        raise NotFound("That task is not in the bin.")
    require(policy.can_delete(principal, task), _MAY)
    task.deleted_at = None
    return _saved(session, principal, task, "restored")


def restore_all(session: Session, principal: Principal, task_ids: Sequence[UUID]) -> int:
    """Take several out of the bin: the undo of taking them away."""
    return len([restore(session, principal, task_id) for task_id in sorted(task_ids)])


def inside(session: Session, principal: Principal) -> list[TaskRow]:
    """What is in the bin, taken away last first."""
    query = (
        select(Task)
        .where(Task.team_id == principal.team_id, col(Task.deleted_at).is_not(None))
        .order_by(col(Task.deleted_at).desc())
        .limit(MOST_SHOWN)
    )
    return rows_of(session, session.exec(query).all())


def sweep(session: Session, now: datetime) -> int:
    """Forget for good what has been in the bin for a month; says how many."""
    gone = session.exec(delete(Task).where(col(Task.deleted_at) < now - KEPT).returning(col(Task.id))).all()
    return len(gone)


def _saved(session: Session, principal: Principal, task: Task, action: str) -> Task:
    task.version += 1
    task.updated_at = clock.utcnow()
    session.add(task)
    session.flush()
    service.record(session, principal, task, action, {})
    return task
