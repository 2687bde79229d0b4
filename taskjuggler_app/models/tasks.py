"""Tables: tasks, task_messages, task_message_reads, task_actions, task_invitations."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, Float, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from taskjuggler_app.core.clock import utcnow
from taskjuggler_app.models.base import Base, Created, Record, Timestamps
from taskjuggler_app.models.columns import (
    enum_column,
    int_column,
    jsonb_column,
    late_reference,
    metadata_column,
    now_column,
    text_column,
    utc_column,
)
from taskjuggler_app.models.receptionist import SourceType


class TaskStatus(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How much a task presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class InvitationStatus(StrEnum):
    """What became of an invitation, to a task or to a team."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


_OPEN = text("deleted_at IS NULL AND status IN ('pending', 'in_progress')")
_KEPT = text("deleted_at IS NULL")
_OPEN_NOBODYS = text(
    "deleted_at IS NULL AND status IN ('pending', 'in_progress')"
    " AND num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) = 0"
)
_DUE = text("COALESCE(due_date, 'infinity'::timestamptz)")
_NEWEST = (text("created_at DESC"), text("id DESC"))
_PEOPLE = {"owner": "owner_id", "member": "team_member_id", "requestor": "requestor_id"}
"""The ways in which a task is somebody's, each with indexes of its own."""
_SEARCHED = "to_tsvector('simple'::regconfig, {})"


def newest_first() -> float:
    """The place of a new task on its board: above all older ones."""
    return -utcnow().timestamp()


class Task(Record, Timestamps, table=True):
    """Work with at most one doer (user, team member or vendor; none: unclaimed) in the workspace `team_id`."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("idx_tasks_requestor", "requestor_id"),
        Index("idx_tasks_owner", "owner_id"),
        Index("idx_tasks_team", "team_id"),
        Index("idx_tasks_status", "status"),
        Index("idx_tasks_process", "process_id"),
        Index("idx_tasks_project", "project_id"),
        Index("idx_tasks_team_created", "team_id", text("created_at DESC"), text("id DESC")),
        Index("idx_tasks_team_status_created", "team_id", "status", text("created_at DESC"), text("id DESC")),
        Index(
            "idx_tasks_due_all_teams",
            "due_date",
            postgresql_where=text("status IN ('pending', 'in_progress') AND deleted_at IS NULL"),
        ),
        Index("idx_tasks_open_newest", "team_id", *_NEWEST, postgresql_where=_OPEN),
        Index("idx_tasks_open_due", "team_id", _DUE, "id", postgresql_where=_OPEN),
        Index("idx_tasks_owner_newest", "owner_id", *_NEWEST, postgresql_where=_KEPT),
        Index("idx_tasks_owner_due", "owner_id", _DUE, "id", postgresql_where=_OPEN),
        Index("idx_tasks_member_newest", "team_member_id", *_NEWEST, postgresql_where=_KEPT),
        Index("idx_tasks_member_due", "team_member_id", _DUE, "id", postgresql_where=_OPEN),
        Index("idx_tasks_requestor_due", "requestor_id", _DUE, "id", postgresql_where=_OPEN),
        Index("idx_tasks_requestor_newest", "requestor_id", *_NEWEST, postgresql_where=_KEPT),
        *[
            Index(f"idx_tasks_{name}_open", column, *_NEWEST, postgresql_where=_OPEN)
            for name, column in _PEOPLE.items()
        ],
        *[
            Index(f"idx_tasks_{name}_board", column, "status", "board_position", "id", postgresql_where=_KEPT)
            for name, column in _PEOPLE.items()
        ],
        *[
            Index(f"idx_tasks_{name}_any_due", column, _DUE, "id", postgresql_where=_KEPT)
            for name, column in _PEOPLE.items()
        ],
        Index("idx_tasks_project_newest", "project_id", *_NEWEST, postgresql_where=_KEPT),
        Index("idx_tasks_nobodys_newest", "team_id", *_NEWEST, postgresql_where=_OPEN_NOBODYS),
        Index("idx_tasks_nobodys_due", "team_id", _DUE, "id", postgresql_where=_OPEN_NOBODYS),
        Index(
            "idx_tasks_urgent_newest",
            "team_id",
            "priority",
            *_NEWEST,
            postgresql_where=_OPEN,
        ),
        Index(
            "idx_tasks_nobodys_board",
            "team_id",
            "status",
            "board_position",
            "id",
            postgresql_where=text(
                "deleted_at IS NULL AND num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) = 0"
            ),
        ),
        Index("idx_tasks_board", "team_id", "status", "board_position", "id", postgresql_where=_KEPT),
        Index("idx_tasks_team_due", "team_id", _DUE, "id", postgresql_where=_KEPT),
        Index("idx_tasks_bin", "team_id", text("deleted_at DESC"), postgresql_where=text("deleted_at IS NOT NULL")),
        Index("idx_tasks_tags", "tags", postgresql_using="gin", postgresql_ops={"tags": "jsonb_path_ops"}),
        CheckConstraint("num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) <= 1", name="one_doer"),
    )

    title: str = Field(max_length=500)
    description: str | None = text_column()
    status: TaskStatus = enum_column(TaskStatus, default=TaskStatus.PENDING)
    priority: Priority = enum_column(Priority, default=Priority.NORMAL)
    requestor_id: UUID = Field(foreign_key="users.id")
    owner_id: UUID | None = Field(default=None, foreign_key="users.id")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id")
    team_member_id: UUID | None = Field(default=None, foreign_key="team_members.id")
    marketplace_vendor_id: UUID | None = Field(default=None, foreign_key="marketplace_vendors.id")
    marketplace_listing_id: UUID | None = late_reference("marketplace_listings.id")
    inbox_item_id: UUID | None = Field(default=None, unique=True, foreign_key="inbox_items.id", ondelete="SET NULL")
    source_type: SourceType | None = enum_column(SourceType, nullable=True)
    source_channel_id: UUID | None = Field(default=None, foreign_key="assistant_channels.id")
    source_channel: str | None = Field(default=None, max_length=50)
    source_channel_ref: str | None = text_column()
    meta: dict[str, Any] = metadata_column()
    tags: list[Any] = jsonb_column(default=[])
    process_id: UUID | None = Field(default=None)
    process_step_id: str | None = Field(default=None, max_length=255)
    project_id: UUID | None = Field(default=None)
    due_date: datetime | None = utc_column()
    started_at: datetime | None = utc_column()
    completed_at: datetime | None = utc_column()
    deleted_at: datetime | None = utc_column()
    version: int = int_column(default=1)
    due_zone: str | None = Field(default=None, max_length=64)
    checklist: list[Any] = jsonb_column(default=[])
    recurrence: str | None = Field(default=None, max_length=20)
    recurs_from: UUID | None = Field(default=None, unique=True)
    board_position: float = Field(
        default_factory=newest_first,
        nullable=False,
        sa_type=Float(53),
        sa_column_kwargs={"server_default": text("(- EXTRACT(epoch FROM now()))")},
    )


class TaskMessage(Record, Timestamps, table=True):
    """A comment on a task, by somebody with an account; `task_created_at` is its task's place in a list."""

    __tablename__ = "task_messages"
    __table_args__ = (
        Index("idx_task_messages_task", "task_id"),
        Index("idx_task_messages_user", "user_id"),
        Index("idx_task_messages_by_task", "team_id", text("task_created_at DESC"), text("task_id DESC")),
    )

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id")
    message: str = text_column(nullable=False)
    attachments: list[Any] = jsonb_column(default=[])
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    task_created_at: datetime | None = utc_column()


class TaskMessageRead(Record, table=True):
    """When somebody read a comment."""

    __tablename__ = "task_message_reads"
    __table_args__ = (UniqueConstraint("message_id", "user_id"),)

    message_id: UUID = Field(foreign_key="task_messages.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id")
    read_at: datetime = now_column()


class TaskAction(Record, Created, table=True):
    """One step in a task's own history."""

    __tablename__ = "task_actions"
    __table_args__ = (
        Index("idx_task_actions_task", "task_id"),
        Index("idx_task_actions_user", "user_id"),
    )

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    action_type: str = Field(max_length=50)
    action_data: dict[str, Any] = jsonb_column(default={})


class TaskInvitation(Record, Timestamps, table=True):
    """An invitation to work on a task, for somebody who may not have an account; `user_id` is who keeps it."""

    __tablename__ = "task_invitations"
    __table_args__ = (
        Index("idx_task_invitations_task", "task_id"),
        Index("idx_task_invitations_code", "invite_code"),
        Index("idx_task_invitations_user", "user_id"),
    )

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE")
    email: str | None = Field(default=None, max_length=255)
    phone: str | None = Field(default=None, max_length=20)
    invite_code: str = Field(max_length=32, unique=True)
    invited_by: UUID = Field(foreign_key="users.id")
    status: InvitationStatus = enum_column(InvitationStatus, default=InvitationStatus.PENDING)
    expires_at: datetime | None = utc_column()
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")


def _add_search(table: str, words: str) -> Column[Any]:
    """The words of a row for full-text search. Not mapped: no page reads it, only indexes do."""
    column: Column[Any] = Column("search", TSVECTOR, Computed(_SEARCHED.format(words), persisted=True))
    Base.metadata.tables[table].append_column(column)
    Index(f"idx_{table}_search", column, postgresql_using="gin")
    return column


TASK_SEARCH = _add_search("tasks", "(title::text || ' '::text) || COALESCE(description, ''::text)")
MESSAGE_SEARCH = _add_search("task_messages", "message")
