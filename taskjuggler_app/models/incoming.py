"""What is on its way into the inbox: delivered mails, calls, what ties messages together."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record, Timestamps
from taskjuggler_app.models.columns import bool_column, enum_column, text_column, utc_column, varchar_column


class MailState(StrEnum):
    """What became of a delivered mail."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"


class InboundMail(Record, Created, table=True):
    """A mail as the vendor delivered it, kept behind the Files port; the workspace is known once it is read."""

    __tablename__ = "inbound_mails"
    __table_args__ = (Index("idx_inbound_mails_created", "created_at"),)

    team_id: UUID | None = Field(default=None, foreign_key="teams.id", ondelete="CASCADE")
    storage_key: str = Field(max_length=255)
    content_type: str = Field(max_length=255)
    size: int = Field(sa_type=BigInteger)
    state: MailState = enum_column(MailState, default=MailState.WAITING)
    reason: str | None = text_column()


class ThreadReference(Record, Created, table=True):
    """A Message-ID, ours or theirs, and the thread (the id of its first message) that it belongs to."""

    __tablename__ = "thread_references"
    __table_args__ = (UniqueConstraint("team_id", "reference"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    reference: str = Field(max_length=255)
    thread_id: UUID


class Call(Record, Timestamps, table=True):
    """A phone call; `status` is the carrier's last word, `speech` what the caller said, `item_id` what came of it."""

    __tablename__ = "calls"
    __table_args__ = (Index("idx_calls_team", "team_id", text("created_at DESC")),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    channel_id: UUID = Field(foreign_key="assistant_channels.id", ondelete="CASCADE")
    call_sid: str = Field(max_length=64, unique=True)
    from_number: str = Field(max_length=255)
    to_number: str = Field(max_length=20)
    status: str = varchar_column(20, default="ringing")
    answered_by_owner: bool = bool_column(default=False)
    speech: str | None = text_column()
    recording_sid: str | None = Field(default=None, max_length=64)
    recording_url: str | None = text_column()
    recording_seconds: int | None = None
    transcript: str | None = text_column()
    item_id: UUID | None = None
    texted_at: datetime | None = utc_column()
