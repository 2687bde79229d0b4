"""The one table of what a task may become."""

from taskjuggler_app.models.tasks import TaskStatus

ALLOWED: dict[TaskStatus, frozenset[TaskStatus]] = {
    TaskStatus.PENDING: frozenset({TaskStatus.IN_PROGRESS, TaskStatus.COMPLETED, TaskStatus.CANCELLED}),
    TaskStatus.IN_PROGRESS: frozenset({TaskStatus.PENDING, TaskStatus.COMPLETED, TaskStatus.CANCELLED}),
    TaskStatus.COMPLETED: frozenset({TaskStatus.PENDING}),
    TaskStatus.CANCELLED: frozenset({TaskStatus.PENDING}),
}

SAID = {
    TaskStatus.PENDING: "waiting",
    TaskStatus.IN_PROGRESS: "in progress",
    TaskStatus.COMPLETED: "done",
    TaskStatus.CANCELLED: "cancelled",
}


def allowed(current: TaskStatus, wanted: TaskStatus) -> bool:
    """Whether a task may go from one status to the other."""
    return wanted in ALLOWED[current]
