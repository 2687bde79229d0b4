"""Tables: users, profiles, password_reset_tokens, sessions, personal_access_tokens, and what proves who somebody is."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Text, text
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record, Timestamps
from taskjuggler_app.models.columns import (
    enum_column,
    int_column,
    jsonb_column,
    late_reference,
    metadata_column,
    serial_id,
    text_column,
    utc_column,
    varchar_column,
)


class Plan(StrEnum):
    """What a person pays for."""

    FREE = "free"
    PRO = "pro"
    ENTERPRISE = "enterprise"


class ProfileType(StrEnum):
    """Whom a profile presents."""

    PERSONAL = "personal"
    ORGANIZATION = "organization"
    COMPANY = "company"


class User(Record, Timestamps, table=True):
    """A person with an account; `password` holds a hash, `settings` their preferences and hashed MCP keys."""

    __tablename__ = "users"
    __table_args__ = (
        Index("idx_users_email", "email"),
        Index("idx_users_plan", "plan"),
    )

    email: str = Field(max_length=255, unique=True)
    password: str = Field(max_length=255)
    name: str = Field(max_length=255)
    phone: str | None = Field(default=None, max_length=20)
    timezone: str = varchar_column(50, default="America/New_York")
    plan: Plan = enum_column(Plan, length=50, default=Plan.FREE)
    plan_expires_at: datetime | None = utc_column()
    email_verified_at: datetime | None = utc_column()
    phone_verified_at: datetime | None = utc_column()
    current_team_id: UUID | None = late_reference("teams.id", ondelete="SET NULL")
    stripe_customer_id: str | None = Field(default=None, max_length=255)
    settings: dict[str, Any] = jsonb_column(default={})


class Profile(Record, Timestamps, table=True):
    """How a person, an organization or a company presents itself."""

    __tablename__ = "profiles"
    __table_args__ = (
        Index("idx_profiles_user_id", "user_id"),
        Index("idx_profiles_type", "type"),
        Index("uq_profiles_person", "user_id", unique=True, postgresql_where=text("type = 'personal'")),
        Index(
            "uq_profiles_workspace",
            text("(metadata ->> 'team_id')"),
            unique=True,
            postgresql_where=text("type <> 'personal'"),
        ),
    )

    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE")
    type: ProfileType = enum_column(ProfileType, length=50, default=ProfileType.PERSONAL)
    display_name: str | None = Field(default=None, max_length=255)
    bio: str | None = text_column()
    avatar_url: str | None = Field(default=None, max_length=500)
    website: str | None = Field(default=None, max_length=255)
    meta: dict[str, Any] = metadata_column()


class PasswordResetToken(Base, table=True):
    """The one reset link of an address that counts; `token` holds its hash."""

    __tablename__ = "password_reset_tokens"

    email: str = Field(max_length=255, primary_key=True)
    token: str = Field(max_length=255)
    created_at: datetime | None = utc_column()


class UserSession(Base, table=True):
    """A signed-in device. `id` is the hash of its token, `payload` JSON, `last_activity` epoch seconds."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("idx_sessions_user_id", "user_id"),
        Index("idx_sessions_last_activity", "last_activity"),
    )

    id: str = Field(max_length=255, primary_key=True)
    user_id: UUID | None = Field(default=None)
    ip_address: str | None = Field(default=None, max_length=45)
    user_agent: str | None = text_column()
    payload: str = text_column(nullable=False)
    last_activity: int


class PersonalAccessToken(Base, table=True):
    """A key of a user or an actor: `token` is its hash, `abilities` are `domain:read` or `domain:write`.

    `team_id` is the workspace it acts in, `prefix` its first characters, by which its owner knows it.
    """

    __tablename__ = "personal_access_tokens"
    __table_args__ = (
        Index("idx_pat_tokenable", "tokenable_type", "tokenable_id"),
        Index("idx_pat_token", "token"),
    )

    id: int | None = serial_id()
    tokenable_type: str = Field(max_length=255)
    tokenable_id: UUID
    name: str = Field(max_length=255)
    token: str = Field(max_length=64, unique=True)
    abilities: list[str] | None = Field(default=None, sa_type=ARRAY(Text))
    last_used_at: datetime | None = utc_column()
    expires_at: datetime | None = utc_column()
    created_at: datetime | None = utc_column()
    updated_at: datetime | None = utc_column()
    team_id: UUID | None = late_reference("teams.id", ondelete="CASCADE")
    prefix: str | None = Field(default=None, max_length=20)


class VerificationChannel(StrEnum):
    """What a mailed or texted code proves."""

    EMAIL = "email"
    PHONE = "phone"


class VerificationCode(Record, Created, table=True):
    """A code that was sent to prove an address or a number; stored as a keyed hash."""

    __tablename__ = "verification_codes"
    __table_args__ = (Index("idx_verification_codes_user", "user_id", "channel", "created_at"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    channel: VerificationChannel = enum_column(VerificationChannel)
    target: str = Field(max_length=255)
    code_hash: str = Field(max_length=64)
    attempts: int = int_column(default=0)
    expires_at: datetime = utc_column(nullable=False)


class TwoFactor(Created, table=True):
    """A person's authenticator app: its sealed secret, counting since `confirmed_at`; `last_step` was used last."""

    __tablename__ = "two_factor"

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    secret: str = Field(max_length=255)
    last_step: int | None = Field(default=None, sa_type=BigInteger)
    confirmed_at: datetime | None = utc_column()


class RecoveryCode(Record, Created, table=True):
    """A code that stands in once for the authenticator app; stored as a keyed hash."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("idx_recovery_codes_user", "user_id", "code_hash", unique=True),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = utc_column()


class AccountDeletion(Created, table=True):
    """An account that its person wants deleted: from `due_at` on, unless they keep it before `begun_at`.

    The row of the person stays, without anything about them, for what others keep. `waits_for` says in words what
    still stands in the way; empty when nothing does.
    """

    __tablename__ = "account_deletions"
    __table_args__ = (Index("idx_account_deletions_due", "due_at", postgresql_where=text("finished_at IS NULL")),)

    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    due_at: datetime = utc_column(nullable=False)
    begun_at: datetime | None = utc_column()
    finished_at: datetime | None = utc_column()
    waits_for: str = varchar_column(500, default="")
