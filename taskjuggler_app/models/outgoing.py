"""What goes out to a sender: replies with their fate, and the words a channel answers with."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Record, Timestamps
from taskjuggler_app.models.columns import bool_column, enum_column, int_column, jsonb_column, text_column, utc_column
from taskjuggler_app.models.outbox import OutboxKind


class OutgoingStatus(StrEnum):
    """How far an outgoing message is; `withheld` was never to be sent, `cancelled` was taken back in time."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


class OutgoingPurpose(StrEnum):
    """Why it goes out: the product answers by itself, or a person wrote it."""

    AUTO_REPLY = "auto_reply"
    REPLY = "reply"


class OutgoingMessage(Record, Timestamps, table=True):
    """A reply to a message. `reason` says why it failed or was withheld; `job_id` sends it, and may be cancelled."""

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        Index("idx_outgoing_item", "inbox_item_id", "created_at"),
        Index("idx_outgoing_to", "team_id", "purpose", "to_address", text("created_at DESC")),
        Index("idx_outgoing_team", "team_id", "purpose", text("created_at DESC")),
        Index("idx_outgoing_provider", "provider_id", postgresql_where=text("provider_id IS NOT NULL")),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    inbox_item_id: UUID = Field(foreign_key="inbox_items.id", ondelete="CASCADE")
    channel_id: UUID | None = Field(default=None, foreign_key="assistant_channels.id", ondelete="SET NULL")
    kind: OutboxKind = enum_column(OutboxKind)
    purpose: OutgoingPurpose = enum_column(OutgoingPurpose)
    status: OutgoingStatus = enum_column(OutgoingStatus, default=OutgoingStatus.QUEUED)
    reason: str | None = text_column()
    to_address: str = Field(max_length=255)
    sender: str = Field(max_length=255)
    subject: str | None = Field(default=None, max_length=500)
    body: str = text_column(nullable=False)
    idempotency_key: str = Field(max_length=255, unique=True)
    provider_id: str | None = Field(default=None, max_length=255)
    job_id: int | None = Field(default=None, sa_type=BigInteger)
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    send_at: datetime = utc_column(nullable=False)
    sent_at: datetime | None = utc_column()
    delivered_at: datetime | None = utc_column()


class ChannelReply(Base, table=True):
    """How a channel answers by itself. `hours`: weekday -> [["09:00", "17:00"], …] on the clock of `zone`.

    Without hours the channel is always open; `closed_text` replaces `open_text` outside them.
    """

    __tablename__ = "channel_replies"

    channel_id: UUID = Field(foreign_key="assistant_channels.id", ondelete="CASCADE", primary_key=True)
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", index=True)
    is_on: bool = bool_column(default=False)
    open_text: str = text_column(nullable=False)
    closed_text: str = text_column(nullable=False)
    hours: dict[str, Any] = jsonb_column(default={})
    zone: str = Field(max_length=64)
    window_minutes: int = int_column(default=60)
    daily_cap: int = int_column(default=200)
