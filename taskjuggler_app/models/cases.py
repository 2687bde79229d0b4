"""The log of everything that happened, in order, chained by hashes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, Index, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base
from taskjuggler_app.models.columns import jsonb_column, serial_id, utc_column


class CaseEvent(Base, table=True):
    """One event of a workspace. `hash` covers the row and `prev_hash`, the hash of the one before it."""

    __tablename__ = "case_events"
    __table_args__ = (
        Index("idx_case_events_team", "team_id", "id"),
        Index("idx_case_events_subject", "subject_type", "subject_id", "id"),
        Index(
            "idx_case_events_principal",
            "team_id",
            "principal_id",
            "id",
            postgresql_where=text("principal_id IS NOT NULL"),
        ),
        Index("idx_case_events_door", "team_id", "door", "id"),
        Index("idx_case_events_group", "team_id", text("split_part(kind, '.', 1)"), "id"),
    )

    id: int | None = serial_id()
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    subject_type: str = Field(max_length=50)
    subject_id: str = Field(max_length=64)
    kind: str = Field(max_length=50)
    principal_type: str = Field(max_length=20)
    principal_id: UUID | None = None
    door: str = Field(max_length=20)
    data: dict[str, Any] = jsonb_column(default={})
    created_at: datetime = utc_column(nullable=False)
    prev_hash: str = Field(sa_type=CHAR(64))
    hash: str = Field(sa_type=CHAR(64))
