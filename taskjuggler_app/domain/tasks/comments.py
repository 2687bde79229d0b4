"""Talk on a task: comments with mentions and files, and who has read them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, literal
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import queries as files
from taskjuggler_app.domain.files import service as keeping
from taskjuggler_app.domain.files.queries import FileRow
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import policy, queries, searching, service
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.domain.teams.faces import face_of
from taskjuggler_app.models.files import FileSubject
from taskjuggler_app.models.tasks import InvitationStatus, Task, TaskInvitation, TaskMessage, TaskMessageRead
from taskjuggler_app.models.users import User

LONGEST = 5_000
MOST_SHOWN = 200


@dataclass
class CommentRow:
    """A comment; `read_by` names who has read it besides its author; `at` is ISO 8601 in UTC.

    `picture` is the address of its author's picture, empty for none and for who has left the workspace.
    """

    id: str = ""
    who: str = ""
    text: str = ""
    at: str = ""
    mine: bool = False
    read_by: str = ""
    picture: str = ""
    files: list[FileRow] = field(default_factory=list)


def add(session: Session, principal: Principal, task_id: UUID, text: str, file_ids: Sequence[UUID] = ()) -> TaskMessage:
    """Say something about a task; whoever is mentioned ("@Ada"), its doer and its requestor are told once."""
    task = queries.get(session, principal, task_id)
    require(policy.can_comment(principal, task), "Sign in to say something.")
    text = text.replace("\0", "").strip()[:LONGEST]
    if principal.user_id is None or not (text or file_ids):
        raise Invalid("Write something first.", "text")
    now = clock.utcnow()
    row = TaskMessage(
        task_id=task_id,
        team_id=task.team_id,
        task_created_at=task.created_at,
        user_id=principal.user_id,
        message=text,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    kept = keeping.attach(session, principal, file_ids, FileSubject.TASK_MESSAGE, row.id)
    row.attachments = [str(file.id) for file in kept]
    searching.remember_words(session, principal.team_id, text)
    mentioned = mentions(text, [(member.user_id, member.name) for member in teams.members(session, principal)])
    service.record(session, principal, task, "commented", {"message_id": str(row.id), "mentions": sorted(mentioned)})
    _tell(session, principal, task, row, mentioned)
    return row


def mentions(text: str, people: Sequence[tuple[str, str]]) -> set[str]:
    """The ids of people whose whole or first name stands after an @, whatever its case."""
    found = set()
    for person_id, name in people:
        names = {name, name.split()[0]} if name.split() else set()
        if any(re.search(rf"(?<!\w)@{re.escape(one)}(?!\w)", text, re.IGNORECASE) for one in names):
            found.add(person_id)
    return found


def of_task(session: Session, principal: Principal, task_id: UUID) -> list[CommentRow]:
    """The newest comments, oldest of them first. NotFound if the task is not the principal's to see."""
    queries.get(session, principal, task_id)
    picture = face_of(col(TaskMessage.user_id), col(TaskMessage.team_id))
    newest = session.exec(
        select(TaskMessage, User.name, picture)
        .join(User, col(User.id) == col(TaskMessage.user_id))
        .where(TaskMessage.task_id == task_id)
        .order_by(col(TaskMessage.created_at).desc(), col(TaskMessage.id).desc())
        .limit(MOST_SHOWN)
    ).all()
    ids = [row.id for row, *_ in newest]
    attached = files.of_subjects(session, FileSubject.TASK_MESSAGE, ids)
    readers = _readers(session, ids)
    return [
        CommentRow(
            id=str(row.id),
            who=name,
            text=row.message,
            at=row.created_at.isoformat(),
            mine=row.user_id == principal.user_id,
            read_by=", ".join(who for user_id, who in readers[row.id] if user_id != row.user_id),
            picture=face or "",
            files=attached.get(row.id, []),
        )
        for row, name, face in reversed(newest)
    ]


def mark_read(session: Session, principal: Principal, task_id: UUID) -> int:
    """Note that the principal has now read the task's comments; says how many were new to them."""
    task = queries.get(session, principal, task_id)
    unread = (
        sa_select(col(TaskMessage.id), literal(principal.user_id), literal(clock.utcnow()))
        .where(col(TaskMessage.task_id) == task_id, col(TaskMessage.user_id) != principal.user_id)
        .where(~sa_select(col(TaskMessageRead.id)).where(_is_mine(principal)).correlate(TaskMessage).exists())
    )
    made = session.execute(
        insert(TaskMessageRead)
        .from_select(["message_id", "user_id", "read_at"], unread)
        .on_conflict_do_nothing()
        .returning(col(TaskMessageRead.id))
    ).all()
    if made:
        service.tell(session, principal, task)
    return len(made)


def _is_mine(principal: Principal) -> ColumnElement[bool]:
    return (col(TaskMessageRead.message_id) == col(TaskMessage.id)) & (
        col(TaskMessageRead.user_id) == principal.user_id
    )


def _readers(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    found: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    query = (
        select(TaskMessageRead, User.name)
        .join(User, col(User.id) == col(TaskMessageRead.user_id))
        .where(col(TaskMessageRead.message_id).in_(ids))
        .order_by(col(TaskMessageRead.read_at))
    )
    for read, name in session.exec(query):
        found[read.message_id].append((read.user_id, name))
    return found


def _guests(session: Session, task: Task) -> dict[UUID, str]:
    """Who keeps an invitation to the task: person -> its code."""
    query = select(TaskInvitation.user_id, TaskInvitation.invite_code).where(
        TaskInvitation.task_id == task.id,
        TaskInvitation.status == InvitationStatus.ACCEPTED,
        col(TaskInvitation.user_id).is_not(None),
    )
    return {user_id: code for user_id, code in session.exec(query) if user_id is not None}


def _tell(session: Session, principal: Principal, task: Task, row: TaskMessage, mentioned: set[str]) -> None:
    guests = _guests(session, task)
    people = {task.requestor_id, queries.doer_id(session, task), *map(UUID, mentioned), *guests}
    others = people - {None, principal.user_id}
    for user_id in sorted(one for one in others if one is not None):
        was_named = str(user_id) in mentioned
        notify(
            session,
            user_id,
            type="task_mention" if was_named else "task_comment",
            title=f"{principal.name} mentioned you" if was_named else f"{principal.name} commented",
            message=f"{task.title}: {row.message[:200]}",
            link=f"/invited/{guests[user_id]}" if user_id in guests else f"/tasks/{task.id}",
            dedupe_key=f"task_comment:{row.id}",
            team_id=principal.team_id,
        )
