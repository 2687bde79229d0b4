"""Tables of webhooks that go out: who wants which events where, and every delivery."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from taskjuggler_app.models.base import Record, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    jsonb_column,
    text_column,
    utc_column,
    varchar_column,
)


class DeliveryState(StrEnum):
    """Waiting for the worker or its next attempt, taken by the receiver, given up."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookSubscription(Record, Timestamps, table=True):
    """An address that gets events of a workspace's log, from the one after `last_event_id` on. Secrets are sealed."""

    __tablename__ = "webhook_subscriptions"
    __table_args__ = (
        Index("idx_webhook_subscriptions_team", "team_id"),
        Index("idx_webhook_subscriptions_active", "team_id", "last_event_id", postgresql_where=text("is_active")),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    url: str = Field(max_length=2000)
    description: str = varchar_column(200, default="")
    kinds: list[Any] = jsonb_column(default=[])
    secret_sealed: str = text_column(nullable=False)
    former_secret_sealed: str | None = text_column()
    former_until: datetime | None = utc_column()
    is_active: bool = bool_column(default=True)
    off_reason: str | None = text_column()
    failing_since: datetime | None = utc_column()
    last_event_id: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    version: int = int_column(default=1)


class WebhookDelivery(Record, Timestamps, table=True):
    """One event on its way to one address. `body` is what is sent, byte for byte, each time; `tries`: how it went."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("idx_webhook_deliveries_subscription", "subscription_id", text("created_at DESC"), text("id DESC")),
        Index("idx_webhook_deliveries_created", "created_at"),
    )

    subscription_id: UUID = Field(foreign_key="webhook_subscriptions.id", ondelete="CASCADE")
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    message_id: str = Field(max_length=64)
    kind: str = Field(max_length=50)
    body: str = text_column(nullable=False)
    state: DeliveryState = enum_column(DeliveryState, default=DeliveryState.QUEUED)
    attempts: int = int_column(default=0)
    tries: list[Any] = jsonb_column(default=[])
    delivered_at: datetime | None = utc_column()
