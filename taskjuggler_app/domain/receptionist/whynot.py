"""Why and why not, for whoever may see the message or the task that came of it."""

from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import queries
from taskjuggler_app.domain.routing import why
from taskjuggler_app.domain.routing.why import Why
from taskjuggler_app.domain.tasks import queries as tasks


def of_item(session: Session, principal: Principal, item_id: UUID) -> Why:
    """What every rule says to a message. NotFound when it is not the principal's to see."""
    found = queries.item(session, principal, item_id)
    made = why.of_item(session, principal, item_id)
    return made if made.note else Why(str((found.trace or {}).get("note", "")), made.rows)


def of_task(session: Session, principal: Principal, task_id: UUID) -> Why:
    """What every rule says to the message that a task came of; nothing for one that was written by hand."""
    task = tasks.get(session, principal, task_id)
    return why.of_item(session, principal, task.inbox_item_id) if task.inbox_item_id else Why()
