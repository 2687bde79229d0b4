"""Tables of what AI vendors work with: their tools, and each run of one."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Record, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    jsonb_column,
    money_column,
    now_column,
    text_column,
    utc_column,
    varchar_column,
)


class ToolType(StrEnum):
    """How an AI tool is called."""

    API = "api"
    WEBHOOK = "webhook"
    FUNCTION = "function"


class ExecutionStatus(StrEnum):
    """Where a tool's run stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class AIToolConfig(Record, Timestamps, table=True):
    """Configuration for AI tools in marketplace. `config` holds its secret sealed; `team_id` is the vendor's."""

    __tablename__ = "ai_tool_configs"
    __table_args__ = (Index("idx_ai_tools_vendor", "vendor_id"), Index("idx_ai_tools_team", "team_id"))

    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id", ondelete="CASCADE")
    tool_name: str = Field(max_length=255)
    tool_type: ToolType = enum_column(ToolType, length=50)
    config: dict[str, Any] = jsonb_column()
    is_active: bool = bool_column(default=True)
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")


class AIToolExecution(Record, Timestamps, table=True):
    """Execution history for AI tools. `team_id` is the task's workspace.

    A run that waits for its approval is pending; one that waits for a webhook's answer runs until `waits_until`.
    `progress` is a list of {at, text}. `finishes` says that the run's success is the task's end.
    """

    __tablename__ = "ai_tool_executions"
    __table_args__ = (
        Index("idx_ai_executions_task", "task_id"),
        Index("idx_ai_executions_vendor", "vendor_id"),
        Index("idx_ai_executions_status", "status"),
        Index("idx_ai_executions_team", "team_id", text("created_at DESC")),
        Index("idx_ai_executions_listing", "listing_id"),
        Index("idx_ai_executions_waiting", "waits_until", postgresql_where=text("status = 'running'")),
        Index("uq_ai_executions_approval", "approval_id", unique=True),
    )

    task_id: UUID = Field(foreign_key="tasks.id")
    tool_config_id: UUID = Field(foreign_key="ai_tool_configs.id")
    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id")
    status: ExecutionStatus = enum_column(ExecutionStatus, default=ExecutionStatus.PENDING)
    input_data: dict[str, Any] = jsonb_column()
    output_data: dict[str, Any] | None = jsonb_column(nullable=True)
    error_message: str | None = text_column()
    started_at: datetime | None = utc_column()
    completed_at: datetime | None = utc_column()
    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    listing_id: UUID | None = Field(default=None, foreign_key="marketplace_listings.id", ondelete="SET NULL")
    approval_id: UUID | None = Field(default=None, foreign_key="approvals.id", ondelete="SET NULL")
    requested_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    attempts: int = int_column(default=0)
    progress: list[Any] = jsonb_column(default=[])
    budget: Decimal | None = money_column()
    cost: Decimal = money_column(nullable=False, default=Decimal(0))
    currency: str = varchar_column(3, default="USD")
    waits_until: datetime | None = utc_column()
    finishes: bool = bool_column(default=False)


class AIToolCallback(Base, table=True):
    """A signed message of a webhook tool; its signature's digest makes a repetition known."""

    __tablename__ = "ai_tool_callbacks"
    __table_args__ = (Index("idx_ai_tool_callbacks_execution", "execution_id"),)

    digest: str = Field(max_length=64, primary_key=True)
    execution_id: UUID = Field(foreign_key="ai_tool_executions.id", ondelete="CASCADE")
    received_at: datetime = now_column()
