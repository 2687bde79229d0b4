"""Tables: teams, team_members, team_invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from taskjuggler_app.models.base import Record, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    now_column,
    utc_column,
)
from taskjuggler_app.models.tasks import InvitationStatus


class Team(Record, Timestamps, table=True):
    """A workspace; whoever signs up gets one of their own."""

    __tablename__ = "teams"
    __table_args__ = (Index("idx_teams_created_by", "created_by"),)

    name: str = Field(max_length=255)
    description: str | None = Field(default=None, max_length=500)
    avatar_url: str | None = Field(default=None, max_length=500)
    created_by: UUID | None = Field(default=None, foreign_key="users.id")


class TeamMember(Record, Timestamps, table=True):
    """Somebody's place in a workspace: members see, admins edit."""

    __tablename__ = "team_members"
    __table_args__ = (
        UniqueConstraint("team_id", "user_id"),
        Index("idx_team_members_team", "team_id"),
        Index("idx_team_members_user", "user_id"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    is_admin: bool = bool_column(default=False)
    joined_at: datetime = now_column()


class TeamInvitation(Record, Timestamps, table=True):
    """An invitation into a workspace, by mail or by text."""

    __tablename__ = "team_invitations"
    __table_args__ = (
        Index("idx_team_invitations_team", "team_id"),
        Index("idx_team_invitations_code", "invite_code"),
        Index("idx_team_invitations_email", "email"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    email: str | None = Field(default=None, max_length=255)
    phone: str | None = Field(default=None, max_length=20)
    invite_code: str = Field(max_length=32, unique=True)
    invited_by: UUID = Field(foreign_key="users.id")
    status: InvitationStatus = enum_column(InvitationStatus, default=InvitationStatus.PENDING)
    expires_at: datetime | None = utc_column()
    is_admin: bool = bool_column(default=False)
    sent_count: int = int_column(default=0)
    sent_at: datetime | None = utc_column()
    revoked_at: datetime | None = utc_column()
    accepted_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
