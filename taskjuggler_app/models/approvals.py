"""Table of approvals: one act each, bound to exactly what it would do."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from taskjuggler_app.models.base import Record, Timestamps
from taskjuggler_app.models.columns import enum_column, jsonb_column, money_column, utc_column, varchar_column


class ApprovalState(StrEnum):
    """Where an approval stands; `used` is its end: it never works twice."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"
    EXPIRED = "expired"


class Approval(Record, Timestamps, table=True):
    """Leave to do one thing once. `fingerprint` is the SHA-256 of exact tool, input and budget.

    `owner_id` is who is asked first; `then_job` is deferred, with the approval's id, when there is an answer.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        Index("idx_approvals_team", "team_id", text("created_at DESC")),
        Index("idx_approvals_subject", "subject_type", "subject_id"),
        Index("idx_approvals_open", "expires_at", postgresql_where=text("state IN ('waiting', 'approved')")),
        CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="used_once"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    subject_type: str = Field(max_length=40)
    subject_id: str = Field(max_length=64)
    tool: str = Field(max_length=200)
    tool_name: str = varchar_column(255, default="")
    summary: str = varchar_column(500, default="")
    given: dict[str, Any] = jsonb_column()
    budget: Decimal | None = money_column()
    currency: str = varchar_column(3, default="USD")
    fingerprint: str = Field(max_length=64)
    state: ApprovalState = enum_column(ApprovalState, default=ApprovalState.WAITING)
    owner_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    proposed_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    decided_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    decided_at: datetime | None = utc_column()
    note: str = varchar_column(500, default="")
    expires_at: datetime = utc_column(nullable=False)
    used_at: datetime | None = utc_column()
    then_job: str = varchar_column(100, default="")
