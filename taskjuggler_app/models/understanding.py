"""How messages are understood: a workspace's language model, the calls made to it, and what people corrected."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    jsonb_column,
    now_column,
    text_column,
    utc_column,
    varchar_column,
)


class CallState(StrEnum):
    """What became of a call; one that stays `started` was cut off, and counts all the same."""

    STARTED = "started"
    USED = "used"
    FAILED = "failed"


class AISettings(Base, table=True):
    """The language model of a workspace: any server that speaks OpenAI's protocol. `key_sealed` is encrypted."""

    __tablename__ = "ai_settings"

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", primary_key=True)
    is_on: bool = bool_column(default=False)
    provider: str = varchar_column(20, default="other")
    base_url: str = varchar_column(500, default="")
    model: str = varchar_column(100, default="")
    key_sealed: str | None = text_column()
    daily_budget: int = int_column(default=200)
    updated_at: datetime = now_column()


class AICall(Record, Created, table=True):
    """A message sent to the model; committed before it is sent, so that the day's budget holds whatever happens."""

    __tablename__ = "ai_calls"
    __table_args__ = (Index("idx_ai_calls_team", "team_id", text("created_at DESC")),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    inbox_item_id: UUID | None = Field(default=None, foreign_key="inbox_items.id", ondelete="SET NULL")
    model: str = varchar_column(100, default="")
    state: CallState = enum_column(CallState, default=CallState.STARTED)
    reason: str | None = text_column()
    input_tokens: int = int_column(default=0)
    output_tokens: int = int_column(default=0)
    ended_at: datetime | None = utc_column()


class FactCorrection(Record, Created, table=True):
    """What a person says a fact is. Never changed: a second thought is another row. `machine` is what was read."""

    __tablename__ = "fact_corrections"
    __table_args__ = (Index("idx_fact_corrections_item", "inbox_item_id", "created_at"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    inbox_item_id: UUID = Field(foreign_key="inbox_items.id", ondelete="CASCADE")
    fact: str = Field(max_length=40)
    machine: dict[str, Any] = jsonb_column(default={})
    value: str = text_column(nullable=False)
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
