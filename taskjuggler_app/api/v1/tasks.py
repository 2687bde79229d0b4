"""Tasks: the workspace's list, one task, what becomes of it, and its talk."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1 import task_shapes
from taskjuggler_app.api.v1.call import Call, Done, Listed, Text, ids
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.api.v1.task_shapes import Changes, Comment, FullTask, Many, Move, NewTask, Said, Status, Task
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import bulk, comments, editing, queries, service
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.receptionist import SourceType
from taskjuggler_app.models.tasks import Priority, TaskStatus

router = APIRouter(prefix="/tasks", tags=["tasks"])
Reads = Annotated[Call, Depends(reads("tasks"))]
Writes = Annotated[Call, Depends(writes("tasks"))]
Changing = Annotated[Call, Depends(changes("tasks"))]


class Wanted(BaseModel):
    """Which tasks, in which order, and which page of them."""

    scope: Literal["all", "mine", "asked", "unassigned"] = "all"
    status: Literal["open", "any", "pending", "in_progress", "completed", "cancelled"] = "open"
    sort: Literal["newest", "due"] = "newest"
    priority: Literal["", "low", "normal", "high", "urgent"] = ""
    due: Literal["", "overdue", "today", "week", "none"] = ""
    q: Annotated[str, Text] = Field("", max_length=100, description="Words to look for")
    tag: Annotated[str, Text] = Field("", max_length=40)
    doer: UUID | None = Field(None, description="A membership's id")
    project: UUID | None = None
    limit: int = Field(queries.PAGE_SIZE, ge=1, le=100)
    cursor: str = Field("", max_length=200)


@router.get("", response_model=Listed[Task])
async def list_tasks(call: Reads, wanted: Annotated[Wanted, Query()]) -> Response:
    """The workspace's tasks, newest or soonest due first."""
    chosen = TaskFilter(
        scope=wanted.scope, status=wanted.status, text=wanted.q, sort=wanted.sort, priority=wanted.priority,
        tag=wanted.tag, due=wanted.due, doer=str(wanted.doer or ""), project=str(wanted.project or ""),
    )  # fmt: skip
    if call.is_plain:
        return await call.ready(queries.page_json, chosen, wanted.cursor, wanted.limit)
    return await call.listed(Task, page, chosen, wanted.cursor, wanted.limit)


@router.post("", status_code=201, response_model=FullTask)
async def create_task(new: NewTask, call: Writes) -> Response:
    """Make a task; its doer is told."""
    return await call.write(FullTask, create, new, status=201)


@router.post("/bulk", response_model=Done)
async def change_many(many: Many, call: Writes) -> Response:
    """Do one thing to up to 200 tasks: one refusal refuses the lot."""
    return await call.write(Done, _many, many)


@router.get("/{task_id}", response_model=FullTask)
async def get_task(task_id: UUID, call: Reads) -> Response:
    """One task. Its ETag names its version, for If-Match."""
    return await call.one(FullTask, one, task_id)


@router.patch("/{task_id}", response_model=FullTask)
async def change_task(task_id: UUID, new: Changes, call: Changing) -> Response:
    """Change what a task says, or who does it."""
    return await call.change(FullTask, _locked, _change, task_id, new)


@router.delete("/{task_id}", status_code=204, response_class=Response)
async def remove_task(task_id: UUID, call: Changing) -> Response:
    """Put a task into the bin."""
    return await call.change(None, _locked, taken_away.remove, task_id)


@router.post("/{task_id}/transition", response_model=FullTask)
async def move_task(task_id: UUID, move: Move, call: Changing) -> Response:
    """Begin, finish, cancel or reopen a task. 409 when it cannot become that from where it is."""
    return await call.change(FullTask, _locked, _move, task_id, move.status)


@router.get("/{task_id}/comments", response_model=Listed[Comment])
async def list_comments(task_id: UUID, call: Reads) -> Response:
    """The newest 200 comments, oldest of them first."""
    return await call.listed(Comment, _comments, task_id)


@router.post("/{task_id}/comments", status_code=201, response_model=Comment)
async def add_comment(task_id: UUID, said: Said, call: Writes) -> Response:
    """Say something about a task."""
    return await call.write(Comment, _comment, task_id, said.text, status=201)


def page(session: Session, principal: Principal, wanted: TaskFilter, cursor: str, size: int) -> Page[Task]:
    found = queries.page(session, principal, wanted, cursor, size)
    return Page([task_shapes.task(row) for row in found.rows], found.next_cursor)


def create(session: Session, principal: Principal, new: NewTask) -> FullTask:
    if principal.user_id is None:
        raise Invalid("A task is asked for by a person.")
    if new.doer_member_id is not None:
        _member(session, principal, new.doer_member_id)
    draft = TaskDraft(
        title=new.title,
        requestor_id=principal.user_id,
        description=new.description or None,
        priority=Priority(new.priority),
        team_member_id=new.doer_member_id,
        due_date=new.due_at,
        tags=editing.tags_of(" ".join(new.tags)),
        project_id=new.project_id,
        source_type=SourceType.API,
    )
    made = service.create(session, principal, draft)
    if new.checklist:
        editing.set_checklist(session, principal, made.id, [step.model_dump() for step in new.checklist])
    session.flush()
    return task_shapes.full_task(queries.told(session, principal, made))


def _member(session: Session, principal: Principal, member_id: UUID) -> None:
    if str(member_id) not in {one.id for one in teams.members(session, principal)}:
        raise Invalid("That person is not in this workspace.", "doer_member_id")


def one(session: Session, principal: Principal, task_id: UUID) -> FullTask:
    return task_shapes.full_task(queries.told(session, principal, queries.get(session, principal, task_id)))


def _locked(session: Session, principal: Principal, task_id: UUID) -> FullTask:
    return task_shapes.full_task(queries.told(session, principal, queries.get_for_update(session, principal, task_id)))


def _change(session: Session, principal: Principal, task_id: UUID, new: Changes) -> FullTask:
    given = new.model_fields_set
    values = {
        {"due_at": "due_date"}.get(name, name): getattr(new, name) for name in given - {"doer_member_id", "checklist"}
    }
    if values:
        editing.edit(session, principal, task_id, Edit(values, {}))
    if "doer_member_id" in given:
        service.assign(session, principal, task_id, new.doer_member_id)
    if new.checklist is not None:
        editing.set_checklist(session, principal, task_id, [step.model_dump() for step in new.checklist])
    return one(session, principal, task_id)


def _move(session: Session, principal: Principal, task_id: UUID, status: Status) -> FullTask:
    service.change_status(session, principal, task_id, TaskStatus(status))
    return one(session, principal, task_id)


def _many(session: Session, principal: Principal, many: Many) -> Done:
    return Done(changed=len(bulk.apply(session, principal, ids(many.task_ids), many.deed, many.value)))


def _comments(session: Session, principal: Principal, task_id: UUID) -> list[Comment]:
    return [task_shapes.comment(row) for row in comments.of_task(session, principal, task_id)]


def _comment(session: Session, principal: Principal, task_id: UUID, text: str) -> Comment:
    made = comments.add(session, principal, task_id, text)
    return Comment(id=str(made.id), who=principal.name, text=made.message, at=made.created_at, read_by="")
