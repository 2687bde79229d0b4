"""Who may do what with a task: pure predicates over the principal and the task."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.tasks import Task


def can_see(principal: Principal, task: Task) -> bool:
    """Everybody of the workspace sees its tasks."""
    return task.team_id == principal.team_id


def can_change_status(principal: Principal, task: Task, doer_id: UUID | None) -> bool:
    """The doer moves a task, its requestor and the workspace's admins may too; an unclaimed one anybody of it."""
    if principal.is_admin or principal.user_id in (task.requestor_id, doer_id):
        return True
    return doer_id is None and can_see(principal, task)


def can_assign(principal: Principal, task: Task, doer_id: UUID | None) -> bool:
    """The same people who may move a task may give it to somebody."""
    return can_change_status(principal, task, doer_id)
