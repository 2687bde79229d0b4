"""Tables: routing_versions, routing_decisions: what was decided, by which rules, on what; routing_runs and their
changes: what other rules would have decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record
from taskjuggler_app.models.columns import (
    enum_column,
    int_column,
    jsonb_column,
    now_column,
    text_column,
    utc_column,
)


class RunStatus(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RunAgainst(StrEnum):
    """What a draft is compared with: the rules as they are, or what happened."""

    NOW = "now"
    HAPPENED = "happened"


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


class RoutingRun(Record, Created, table=True):
    """A draft of the rules held against past messages; `rules` as stored ones, switched-off ones included.

    `cursor_at` and `cursor_id` are the decision looked at last: newest first, so a killed worker's successor goes on
    there. `counts` is what has been found so far.
    """

    __tablename__ = "routing_runs"
    __table_args__ = (Index("idx_routing_runs_team", "team_id", text("created_at DESC")),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    title: str = Field(max_length=200)
    rules: list[Any] = jsonb_column(default=[])
    against: RunAgainst = enum_column(RunAgainst, default=RunAgainst.NOW)
    live_rules: list[Any] = jsonb_column(default=[])
    status: RunStatus = enum_column(RunStatus, default=RunStatus.QUEUED)
    total: int = int_column(default=0)
    done: int = int_column(default=0)
    counts: dict[str, Any] = jsonb_column(default={})
    error: str | None = text_column()
    cursor_at: datetime | None = utc_column()
    cursor_id: UUID | None = None
    finished_at: datetime | None = utc_column()


class RoutingRunChange(Record, table=True):
    """A message that the draft would treat otherwise: `place` counts from the newest, before and after are plans."""

    __tablename__ = "routing_run_changes"
    __table_args__ = (UniqueConstraint("run_id", "place"),)

    run_id: UUID = Field(foreign_key="routing_runs.id", ondelete="CASCADE")
    place: int = int_column(default=0)
    inbox_item_id: UUID = Field(foreign_key="inbox_items.id", ondelete="CASCADE")
    kinds: list[Any] = jsonb_column(default=[])
    before: dict[str, Any] = jsonb_column(default={})
    after: dict[str, Any] = jsonb_column(default={})
