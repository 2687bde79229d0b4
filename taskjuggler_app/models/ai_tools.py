"""Tables of what AI vendors work with: their tools, and each run of one."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from taskjuggler_app.models.base import Record, Timestamps
from taskjuggler_app.models.columns import bool_column, enum_column, jsonb_column, text_column, utc_column


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
    """Configuration for AI tools in marketplace."""

    __tablename__ = "ai_tool_configs"
    __table_args__ = (Index("idx_ai_tools_vendor", "vendor_id"),)

    vendor_id: UUID = Field(foreign_key="marketplace_vendors.id", ondelete="CASCADE")
    tool_name: str = Field(max_length=255)
    tool_type: ToolType = enum_column(ToolType, length=50)
    config: dict[str, Any] = jsonb_column()
    is_active: bool = bool_column(default=True)


class AIToolExecution(Record, Timestamps, table=True):
    """Execution history for AI tools."""

    __tablename__ = "ai_tool_executions"
    __table_args__ = (
        Index("idx_ai_executions_task", "task_id"),
        Index("idx_ai_executions_vendor", "vendor_id"),
        Index("idx_ai_executions_status", "status"),
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
