"""Tables: notifications."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record
from taskjuggler_app.models.columns import (
    bool_column,
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
