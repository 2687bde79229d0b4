"""Who may do what with a task: pure predicates over the principal and the task."""

from uuid import UUID

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.tasks import Task, TaskStatus

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)


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


def can_edit(principal: Principal, task: Task, doer_id: UUID | None) -> bool:
    """Title, text, dates, tags, checklist: the same people who may move the task."""
    return can_change_status(principal, task, doer_id)


def can_decline(principal: Principal, task: Task, doer_id: UUID | None) -> bool:
    """Only the doer gives a task back, and only before it is finished."""
    return doer_id is not None and doer_id == principal.user_id and task.status in OPEN


def can_accept(principal: Principal, task: Task, doer_id: UUID | None) -> bool:
    """The doer accepts a task that waits; anybody of the workspace takes one that nobody has."""
    if task.status is not TaskStatus.PENDING or principal.user_id is None:
        return False
    return doer_id == principal.user_id or (doer_id is None and can_see(principal, task))


def can_delete(principal: Principal, task: Task) -> bool:
    """The requestor and the workspace's admins put a task into the bin, and take it out again."""
    return principal.is_admin or task.requestor_id == principal.user_id


def can_comment(principal: Principal, task: Task) -> bool:
    """Everybody who sees a task may say something about it; the system never does."""
    return principal.user_id is not None and can_see(principal, task)


def can_invite(principal: Principal, task: Task, doer_id: UUID | None) -> bool:
    """Who may give a task to somebody may invite an outsider to it."""
    return can_assign(principal, task, doer_id)
