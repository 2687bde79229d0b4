"""Tables: routing_versions, routing_decisions: what was decided, by which rules, on what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record
from taskjuggler_app.models.columns import jsonb_column, now_column


class RoutingVersion(Record, Created, table=True):
    """A workspace's active rules as they stood when a message was first decided by them."""

    __tablename__ = "routing_versions"
    __table_args__ = (UniqueConstraint("team_id", "fingerprint"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    fingerprint: str = Field(max_length=64)
    rules: list[Any] = jsonb_column(default=[])


class RoutingDecision(Record, table=True):
    """One decision about one message: the version of the rules, the frozen input, the trace, and what followed."""

    __tablename__ = "routing_decisions"
    __table_args__ = (
        Index("idx_routing_decisions_team", "team_id", text("decided_at DESC"), text("id DESC")),
        Index("idx_routing_decisions_item", "inbox_item_id"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    inbox_item_id: UUID = Field(foreign_key="inbox_items.id", ondelete="CASCADE")
    version_id: UUID = Field(foreign_key="routing_versions.id", ondelete="CASCADE")
    input: dict[str, Any] = jsonb_column(default={})
    trace: list[Any] = jsonb_column(default=[])
    outcome: dict[str, Any] = jsonb_column(default={})
    decided_at: datetime = now_column()
