"""Tables: assistant_channels, inbox_items, inbox_reads, blocked_senders, routing_rules."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Computed, Index, String, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from taskjuggler_app.models.base import Base, Created, Record, Timestamps
from taskjuggler_app.models.columns import (
    bool_column,
    enum_column,
    int_column,
    jsonb_column,
    late_reference,
    now_column,
    text_column,
    utc_column,
    varchar_column,
)


class ChannelType(StrEnum):
    """The kind of door that a channel is; `web` and `api` are ours beyond the reference."""

    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    WEB = "web"
    API = "api"


class SourceType(StrEnum):
    """How a request came in; `web` and `api` are ours beyond the reference."""

    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    WEB = "web"
    API = "api"


class ProcessingStatus(StrEnum):
    """How far the worker is with a message; `failed` is a dead letter once `dead_at` is set."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class InboxStatus(StrEnum):
    """What people see of a message."""

    UNPROCESSED = "unprocessed"
    PROCESSED = "processed"
    DISMISSED = "dismissed"
    CREATED_TASK = "created_task"


class ClosedReply(StrEnum):
    """What a reply to a finished task does."""

    REOPEN = "reopen"
    NEW = "new"


class AssistantChannel(Record, Created, table=True):
    """A way into a workspace; `twilio_sid` is the number's, `voicemail_greeting` is spoken before recording.

    `region` is the country (ISO 3166) of numbers written without one. `ring_to` is rung first, for `ring_seconds`.
    `slug` is the address of a web form, `frame_ancestors` the origins whose pages may show it.
    """

    __tablename__ = "assistant_channels"
    __table_args__ = (
        Index("idx_channels_user_id", "user_id"),
        Index("idx_channels_type", "channel_type"),
        Index("idx_channels_team", "team_id"),
        Index(
            "uq_channels_active_phone",
            "phone_number",
            unique=True,
            postgresql_where=text("is_active"),
        ),
        Index(
            "uq_channels_active_email",
            text("lower(email_address)"),
            unique=True,
            postgresql_where=text("is_active"),
        ),
        Index("uq_channels_slug", "slug", unique=True),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = varchar_column(100, default="")
    channel_type: ChannelType = enum_column(ChannelType)
    phone_number: str | None = Field(default=None, max_length=20)
    twilio_sid: str | None = Field(default=None, max_length=50)
    email_address: str | None = Field(default=None, max_length=255)
    is_active: bool = bool_column(default=True)
    greeting_message: str | None = text_column()
    voicemail_greeting: str | None = text_column()
    region: str = varchar_column(2, default="US")
    ring_to: str | None = Field(default=None, max_length=20)
    ring_seconds: int = int_column(default=20)
    texts_missed_callers: bool = bool_column(default=True)
    slug: str | None = Field(default=None, max_length=60)
    frame_ancestors: list[Any] = jsonb_column(default=[])
    closed_reply: ClosedReply = enum_column(ClosedReply, default=ClosedReply.REOPEN)


class InboxItem(Record, Timestamps, table=True):
    """A message as it came in; `source_id` is the provider's, so that a redelivery makes no second one.

    `attachments` are {name, type, size, file_id}, or {name, reason} for one that was not kept, or {url, type} until it
    is fetched. `source_data` is what else the source said. `thread_id` is the id of the thread's first message, whose
    `thread_code` people write as [#code]; `suggested_thread_id` is the thread it may belong to.
    """

    __tablename__ = "inbox_items"
    __table_args__ = (
        Index("idx_inbox_user_status", "user_id", "status"),
        Index("idx_inbox_received", "received_at"),
        Index("idx_inbox_channel", "channel_id"),
        Index("idx_inbox_team_received", "team_id", text("received_at DESC"), text("id DESC")),
        Index(
            "idx_inbox_attachments",
            "team_id",
            text("received_at DESC"),
            text("id DESC"),
            postgresql_where=text("attachments <> '[]'::jsonb"),
        ),
        Index("idx_inbox_snoozed", "snoozed_until", postgresql_where=text("snoozed_until IS NOT NULL")),
        Index("idx_inbox_team_sender", "team_id", "from_identifier", text("received_at DESC")),
        Index(
            "uq_inbox_channel_source",
            "channel_id",
            "source_id",
            unique=True,
            postgresql_where=text("source_id IS NOT NULL"),
        ),
        Index("idx_inbox_thread", "thread_id"),
        Index(
            "uq_inbox_thread_code",
            "thread_code",
            unique=True,
            postgresql_where=text("thread_code IS NOT NULL"),
        ),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    source_type: SourceType = enum_column(SourceType)
    source_id: str | None = Field(default=None, max_length=255)
    channel_id: UUID | None = Field(default=None, foreign_key="assistant_channels.id")
    from_identifier: str = Field(max_length=255)
    from_name: str | None = Field(default=None, max_length=255)
    subject: str | None = Field(default=None, max_length=500)
    body: str = text_column(nullable=False)
    attachments: list[Any] = jsonb_column(default=[])
    extracted_data: dict[str, Any] | None = jsonb_column(nullable=True)
    processing_status: ProcessingStatus = enum_column(ProcessingStatus, default=ProcessingStatus.PENDING)
    processing_error: str | None = text_column()
    attempts: int = int_column(default=0)
    dead_at: datetime | None = utc_column()
    routing_trace: dict[str, Any] | None = jsonb_column(nullable=True)
    routed_to_task_id: UUID | None = Field(default=None)
    routing_rule_id: UUID | None = Field(default=None)
    auto_response_sent: bool = bool_column(default=False)
    auto_response_text: str | None = text_column()
    status: InboxStatus = enum_column(InboxStatus, default=InboxStatus.UNPROCESSED)
    received_at: datetime = utc_column(nullable=False)
    processed_at: datetime | None = utc_column()
    source_data: dict[str, Any] = jsonb_column(default={})
    thread_id: UUID | None = None
    thread_code: str | None = Field(default=None, max_length=12)
    suggested_thread_id: UUID | None = None
    contact_id: UUID | None = late_reference("contact_list_members.id", ondelete="SET NULL")
    assigned_to: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    snoozed_until: datetime | None = utc_column()
    spam_at: datetime | None = utc_column()


_FOLDER = """
CASE WHEN spam_at IS NOT NULL THEN 'spam'
     WHEN status = 'dismissed' THEN 'dismissed'
     WHEN processing_status = 'failed' THEN 'failed'
     WHEN snoozed_until IS NOT NULL THEN 'snoozed'
     ELSE status END
"""
_SENDER = "translate(coalesce(from_name, '') || ' ' || from_identifier, {dots}, {spaces})"
_SUBJECT = "translate(coalesce(subject, ''), {dots}, {spaces})"
_BODY = "translate(left(body, 100000), {dots}, {spaces})"
# Signs that part words here, where PostgreSQL's own parser would see numbers, hosts and addresses.
_DOTS = "+@._-/:#%&=?"


def _words(expression: str, weight: str) -> str:
    inside = expression.format(dots=f"'{_DOTS}'", spaces=f"'{' ' * len(_DOTS)}'")
    return f"setweight(to_tsvector('simple', {inside}), '{weight}')"


# Computed columns that queries read and no message carries: not mapped, or every load and store would fetch them.
_items: Any = InboxItem.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it
_items.append_column(Column("folder", String(20), Computed(_FOLDER, persisted=True)))
_items.append_column(
    Column(
        "search",
        TSVECTOR,
        Computed(" || ".join((_words(_SENDER, "A"), _words(_SUBJECT, "B"), _words(_BODY, "C"))), persisted=True),
    )
)
INBOX_FOLDER = _items.c.folder
INBOX_SEARCH = _items.c.search
Index("idx_inbox_team_folder", _items.c.team_id, INBOX_FOLDER, _items.c.received_at.desc(), _items.c.id.desc())
Index("idx_inbox_search", INBOX_SEARCH, postgresql_using="gin")


class InboxRead(Base, table=True):
    """Somebody has seen a message."""

    __tablename__ = "inbox_reads"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    item_id: UUID = Field(foreign_key="inbox_items.id", ondelete="CASCADE", primary_key=True, index=True)
    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    read_at: datetime = now_column()


class BlockedSender(Record, Created, table=True):
    """A number or address whose messages go to spam unread; folded as senders are."""

    __tablename__ = "blocked_senders"
    __table_args__ = (Index("uq_blocked_senders", "team_id", "address", unique=True),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    address: str = Field(max_length=255)
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")


class RoutingRule(Record, Timestamps, table=True):
    """When a message fits `conditions`, do `actions`; lowest `priority` first, the first match wins."""

    __tablename__ = "routing_rules"
    __table_args__ = (
        Index("idx_routing_rules_user", "user_id", "is_active", "priority"),
        Index("idx_routing_rules_team", "team_id", "is_active", "priority"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=100)
    description: str | None = text_column()
    priority: int = int_column(default=100)
    is_active: bool = bool_column(default=True)
    conditions: list[Any] | dict[str, Any] = jsonb_column()
    actions: dict[str, Any] = jsonb_column()
    times_matched: int = int_column(default=0)
    last_matched_at: datetime | None = utc_column()
