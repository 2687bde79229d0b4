"""Tasks as the API takes and gives them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from taskjuggler_app.api.v1.call import Given, Text
from taskjuggler_app.domain.tasks import bulk, comments, editing
from taskjuggler_app.domain.tasks.comments import CommentRow
from taskjuggler_app.domain.tasks.rows import TaskDetail, TaskRow

Status = Literal["pending", "in_progress", "completed", "cancelled"]
Urgency = Literal["low", "normal", "high", "urgent"]
Ids = Annotated[list[UUID], Field(min_length=1, max_length=bulk.MOST)]
Line = Annotated[str, Text]


class Step(Given):
    """A line of a checklist."""

    id: str = Field("", max_length=40)
    text: Line = Field(min_length=1, max_length=300)
    done: bool = False


class NewTask(Given):
    """A task to be made. Without a doer it waits until somebody takes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Fix the kitchen faucet", "priority": "high", "due_at": "2026-03-02T15:00:00Z"}]
        }
    )
    title: Line = Field(min_length=1, max_length=500)
    description: Line = Field("", max_length=20_000)
    priority: Urgency = "normal"
    due_at: AwareDatetime | None = None
    tags: list[Annotated[str, Text, Field(max_length=40)]] = Field(default_factory=list, max_length=editing.MOST_TAGS)
    doer_member_id: UUID | None = Field(None, description="A membership's id, from /team/members")
    project_id: UUID | None = None
    checklist: list[Step] = Field(default_factory=list, max_length=editing.MOST_STEPS)


class Changes(Given):
    """New values; what is left out stays. `doer_member_id` null gives the task to nobody."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"priority": "urgent", "tags": ["plumbing"]}]})
    title: Line | None = Field(None, min_length=1, max_length=500)
    description: Line | None = Field(None, max_length=20_000)
    priority: Urgency | None = None
    due_at: AwareDatetime | None = None
    tags: list[Annotated[str, Text, Field(max_length=40)]] | None = Field(None, max_length=editing.MOST_TAGS)
    doer_member_id: UUID | None = None
    project_id: UUID | None = None
    checklist: list[Step] | None = Field(None, max_length=editing.MOST_STEPS)


class Move(Given):
    """What a task is to become."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "completed"}]})
    status: Status


class Said(Given):
    """A comment; @Name tells that person."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "@Ada the part has come"}]})
    text: Line = Field(min_length=1, max_length=comments.LONGEST)


class Many(Given):
    """One deed for many tasks: all of them, or none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"task_ids": ["5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1"], "deed": "status", "value": "completed"}]
        }
    )
    task_ids: Ids
    deed: Literal["status", "doer", "priority", "tag", "due_date", "project_id", "remove"]
    value: Line = Field("", max_length=100)


@dataclass(slots=True)
class Task:
    """A task in a list."""

    id: str
    title: str
    status: str
    priority: str
    category: str
    doer: str
    tags: list[str]
    due_at: datetime | None
    overdue: bool
    created_at: datetime
    source: str
    channel: str
    project_id: str | None
    steps: int
    steps_done: int
    version: int


@dataclass(slots=True)
class FullTask(Task):
    """A task with all it says."""

    description: str
    requestor: str
    doer_id: str | None
    doer_member_id: str | None
    inbox_item_id: str | None
    started_at: datetime | None
    completed_at: datetime | None
    checklist: list[dict[str, Any]]


class Comment(BaseModel):
    """Something said about a task."""

    id: str
    who: str
    text: str
    at: datetime
    read_by: str


def comment(row: CommentRow) -> Comment:
    """What somebody said, as the API gives it."""
    return Comment(id=row.id, who=row.who, text=row.text, at=datetime.fromisoformat(row.at), read_by=row.read_by)


def task(row: TaskRow) -> Task:
    """A task of a list."""
    return Task(*_values(row))


def full_task(found: TaskDetail) -> FullTask:
    """A task with all it says."""
    values = (
        *_values(found.row),
        found.description,
        found.requestor,
        found.doer_id or None,
        found.doer_member_id or None,
        found.inbox_item_id or None,
        _moment(found.started_at),
        _moment(found.completed_at),
        found.checklist,
    )
    return FullTask(*values)


def _values(row: TaskRow) -> tuple[Any, ...]:
    """In the order of a Task's fields."""
    return (
        row.id,
        row.title,
        row.status,
        row.priority,
        row.category,
        row.doer,
        row.tags,
        _moment(row.due_at),
        row.overdue,
        _moment(row.created_at),
        row.source_type,
        row.source_channel,
        row.project_id or None,
        row.steps,
        row.steps_done,
        row.version,
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
