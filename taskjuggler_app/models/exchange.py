"""Tables of the task exchange beside the reference's: exchanged tasks, and the log of envelopes in and out."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Record, Timestamps
from taskjuggler_app.models.columns import enum_column, int_column, jsonb_column, money_column, text_column, utc_column


class Kind(StrEnum):
    """What an envelope says; upper case is the exchange format's own."""

    TASK_CREATE = "TASK_CREATE"
    ACCEPT = "ACCEPT"
    REJECT = "REJECT"
    DELEGATE = "DELEGATE"
    STATUS_UPDATE = "STATUS_UPDATE"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"
    REOPEN = "REOPEN"
    MESSAGE = "MESSAGE"
    CLARIFICATION_REQUEST = "CLARIFICATION_REQUEST"
    CLARIFICATION_RESPONSE = "CLARIFICATION_RESPONSE"
    ATTACHMENT_ADD = "ATTACHMENT_ADD"
    PROGRESS_REPORT = "PROGRESS_REPORT"
    TIMELINE_UPDATE = "TIMELINE_UPDATE"
    DISPUTE = "DISPUTE"
    RESOLUTION = "RESOLUTION"


class ExchangeState(StrEnum):
    """Where an exchanged task stands between the two."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    IN_PROGRESS = "IN_PROGRESS"
    BLOCKED = "BLOCKED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class BlockedOn(StrEnum):
    """What a blocked task waits for."""

    INPUT = "input"
    AUTH = "auth"


class Side(StrEnum):
    """Which end of an exchanged task somebody is."""

    REQUESTOR = "requestor"
    DOER = "doer"


class EnvelopeState(StrEnum):
    """received, quarantined, refused: of what came in. queued, delivered, failed: of what goes out."""

    RECEIVED = "received"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class Exchange(Record, Timestamps, table=True):
    """A task between two actors as one workspace sees it, which stands on `side`. `task_ref` is its id in envelopes."""

    __tablename__ = "tef_exchanges"
    __table_args__ = (
        UniqueConstraint("task_ref", "source_actor_id", "side"),
        Index("idx_tef_exchanges_task", "task_id"),
        Index("idx_tef_exchanges_parent", "parent_id"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    task_id: UUID | None = Field(default=None, foreign_key="tasks.id", ondelete="SET NULL")
    task_ref: UUID
    source_actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    target_actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    side: Side = enum_column(Side)
    parent_id: UUID | None = Field(default=None, foreign_key="tef_exchanges.id", ondelete="SET NULL")
    path: list[Any] = jsonb_column(default=[])
    state: ExchangeState = enum_column(ExchangeState, default=ExchangeState.PENDING)
    blocked_on: BlockedOn | None = enum_column(BlockedOn, nullable=True)
    permissions: dict[str, Any] = jsonb_column(default={})
    depth: int = int_column(default=0)
    budget: Decimal | None = money_column(12, 2)
    currency: str | None = Field(default=None, max_length=3)
    progress: int = int_column(default=0)
    disputed_at: datetime | None = utc_column()
    revoked_at: datetime | None = utc_column()


class EnvelopeLog(Record, Timestamps, table=True):
    """An envelope that came in or goes out; a workspace sees a message id once from each source."""

    __tablename__ = "tef_envelopes"
    __table_args__ = (
        UniqueConstraint("team_id", "source_actor_id", "message_id"),
        Index("idx_tef_envelopes_team", "team_id", "created_at"),
        Index("idx_tef_envelopes_target", "target_actor_id", "created_at"),
        Index("idx_tef_envelopes_held", "team_id", postgresql_where=text("state = 'quarantined'")),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    message_id: UUID
    kind: Kind = enum_column(Kind, length=30)
    task_ref: UUID | None = None
    source_actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    target_actor_id: UUID = Field(foreign_key="actors.id", ondelete="CASCADE")
    state: EnvelopeState = enum_column(EnvelopeState)
    body: dict[str, Any] = jsonb_column()
    reason: str | None = text_column()
    attempts: int = int_column(default=0)
    delivered_at: datetime | None = utc_column()
