"""Files of a task itself."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.files import service as keeping
from taskjuggler_app.domain.files.queries import FileRow
from taskjuggler_app.domain.tasks import policy, queries, service
from taskjuggler_app.models.files import FileSubject


def add(session: Session, principal: Principal, task_id: UUID, file_ids: Sequence[UUID]) -> int:
    """Attach the principal's own uploads to a task; says how many."""
    task = queries.get(session, principal, task_id)
    require(policy.can_comment(principal, task), "Sign in to attach a file.")
    kept = keeping.attach(session, principal, file_ids, FileSubject.TASK, task_id)
    for file in kept:
        service.record(session, principal, task, "attached", {"file_id": str(file.id), "name": file.name})
    return len(kept)


def of_task(session: Session, principal: Principal, task_id: UUID) -> list[FileRow]:
    """The task's files, oldest first. NotFound if the task is not the principal's to see."""
    queries.get(session, principal, task_id)
    return files.of_subjects(session, FileSubject.TASK, [task_id]).get(task_id, [])


def remove(session: Session, principal: Principal, task_id: UUID, file_id: UUID) -> None:
    """Take a file off a task: its uploader, or who may edit the task."""
    task = queries.get(session, principal, task_id)
    file = files.readable(session, principal, file_id)
    if file.subject_kind is not FileSubject.TASK or file.subject_id != task_id:
        raise NotFound("That file is not on this task.")
    may = file.created_by == principal.user_id or policy.can_edit(principal, task, queries.doer_id(session, task))
    require(may, "Only who uploaded the file or may change the task can remove it.")
    keeping.forget(session, file)
    service.record(session, principal, task, "detached", {"name": file.name})
