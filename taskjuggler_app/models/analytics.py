"""Tables of the dashboards: what each subject adds to the counts, the counts, and how far they go."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger
from sqlmodel import Field

from taskjuggler_app.models.base import Base
from taskjuggler_app.models.columns import now_column, utc_column

NOBODY = UUID(int=0)
"""In a column of doers, which a primary key holds: nobody does it, or the sum is over all of them."""

MONTHLY = 4
"""What a grain's sums by month have added to its number; their day is the month's first."""


class AnalyticsFact(Base, table=True):
    """What one task, message or appointment adds to the counts of a day. `day` is the workspace's own."""

    __tablename__ = "analytics_facts"
    __table_args__ = (Index("idx_analytics_facts_counted", "team_id", "metric", "day"),)

    subject_id: UUID = Field(primary_key=True)
    metric: str = Field(max_length=20, primary_key=True)
    day: date = Field(primary_key=True)
    bucket: int = Field(sa_type=SmallInteger, primary_key=True)
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    channel: str = Field(max_length=20)
    doer: UUID
    n: int = Field(sa_type=BigInteger)


class AnalyticsRollup(Base, table=True):
    """Sums of facts by day: over all (grain 0), by channel (1), by doer (2), by both (3); by month the same, 4 to 7."""

    __tablename__ = "analytics_rollups"
    __table_args__ = (CheckConstraint("grain BETWEEN 0 AND 7", name="known_grain"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", primary_key=True)
    metric: str = Field(max_length=20, primary_key=True)
    grain: int = Field(sa_type=SmallInteger, primary_key=True)
    day: date = Field(primary_key=True)
    bucket: int = Field(sa_type=SmallInteger, primary_key=True)
    channel: str = Field(max_length=20, primary_key=True)
    doer: UUID = Field(primary_key=True)
    n: int = Field(sa_type=BigInteger)


class AnalyticsCursor(Base, table=True):
    """How far a workspace's counts go: the last event of the case log in them, on the clock of `zone`."""

    __tablename__ = "analytics_cursors"

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", primary_key=True)
    last_event_id: int = Field(sa_type=BigInteger)
    zone: str = Field(max_length=64)
    folded_at: datetime = now_column()


class MondayMail(Base, table=True):
    """Who gets Manager's Monday of which workspace by mail, and when the next one is due."""

    __tablename__ = "monday_mails"
    __table_args__ = (Index("idx_monday_mails_next", "next_at"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", primary_key=True)
    next_at: datetime = utc_column(nullable=False)
