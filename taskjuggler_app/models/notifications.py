"""Tables: notifications; and what the product adds: digests and reminders."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    jsonb_column,
    text_column,
    utc_column,
)


class Notification(Record, Created, table=True):
    """User notifications."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("idx_notifications_user", "user_id"),
        Index("idx_notifications_read", "user_id", "is_read"),
        Index("idx_notifications_created", "created_at"),
        Index("idx_notifications_page", "user_id", "team_id", text("created_at DESC"), text("id DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    dedupe_key: str | None = Field(default=None, max_length=200, unique=True)
    link: str | None = Field(default=None, max_length=500)
    type: str = Field(max_length=50)
    title: str = Field(max_length=255)
    message: str = text_column(nullable=False)
    data: dict[str, Any] = jsonb_column(default={})
    is_read: bool = bool_column(default=False)
    read_at: datetime | None = utc_column()


class ReminderKind(StrEnum):
    """What a reminder says of a task's due date."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class NotificationDigest(Base, table=True):
    """When a person's next digest is due, and up to when the last one told them."""

    __tablename__ = "notification_digests"
    __table_args__ = (Index("idx_notification_digests_next", "next_at"),)

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    next_at: datetime = utc_column(nullable=False)
    told_until: datetime = utc_column(nullable=False)


class TaskReminder(Record, Created, table=True):
    """A reminder that was given: one of each kind for each due date of a task."""

    __tablename__ = "task_reminders"
    __table_args__ = (UniqueConstraint("task_id", "kind", "due_date"),)

    task_id: UUID = Field(foreign_key="tasks.id", ondelete="CASCADE")
    kind: ReminderKind = enum_column(ReminderKind)
    due_date: datetime = utc_column(nullable=False)
