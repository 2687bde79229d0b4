"""Mail and texts of an installation without a mail or phone vendor: kept here to be read in the app."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record
from taskjuggler_app.models.columns import enum_column, text_column


class OutboxKind(StrEnum):
    """What was sent."""

    EMAIL = "email"
    SMS = "sms"


class OutboxMessage(Record, Created, table=True):
    """A message that the embedded adapters took; `idempotency_key` keeps a repeated send from adding another."""

    __tablename__ = "outbox_messages"
    __table_args__ = (Index("idx_outbox_created", "created_at"),)

    kind: OutboxKind = enum_column(OutboxKind)
    to_address: str = Field(max_length=255)
    subject: str | None = Field(default=None, max_length=500)
    body: str = text_column(nullable=False)
    html: str | None = text_column()
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    idempotency_key: str | None = Field(default=None, max_length=255, unique=True)
