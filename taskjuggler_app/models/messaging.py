"""Tables: direct_messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, Index, event, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Record, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    jsonb_column,
    text_column,
    utc_column,
)


class DirectMessage(Record, Timestamps, table=True):
    """Direct messages between users."""

    __tablename__ = "direct_messages"
    __table_args__ = (
        Index("idx_direct_messages_sender", "sender_id"),
        Index("idx_direct_messages_recipient", "recipient_id"),
        Index("idx_direct_messages_created", "created_at"),
        Index(
            "idx_direct_messages_pair",
            text("LEAST(sender_id, recipient_id)"),
            text("GREATEST(sender_id, recipient_id)"),
            text("created_at DESC"),
            text("id DESC"),
        ),
        Index(
            "idx_direct_messages_words", "message", postgresql_using="gin", postgresql_ops={"message": "gin_trgm_ops"}
        ),
        Index("idx_direct_messages_unread", "recipient_id", "sender_id", postgresql_where=text("NOT is_read")),
    )

    sender_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    recipient_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    message: str = text_column(nullable=False)
    attachments: list[Any] = jsonb_column(default=[])
    is_read: bool = bool_column(default=False)
    read_at: datetime | None = utc_column()


_trigrams = DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it
event.listen(Base.metadata.tables["direct_messages"], "before_create", _trigrams)
