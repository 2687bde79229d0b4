"""Tables: contact_lists, contact_list_members; and what the product adds: opt-outs, imports, bulk messages."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record, Timestamps
from taskjuggler_app.models.columns import (
    enum_column,
    int_column,
    jsonb_column,
    metadata_column,
    text_column,
    utc_column,
)


class ContactChannel(StrEnum):
    """A way to write to a contact."""

    SMS = "sms"
    EMAIL = "email"


class RecipientState(StrEnum):
    """What became of one recipient of a bulk message."""

    QUEUED = "queued"
    SENT = "sent"
    OPTED_OUT = "opted_out"
    FAILED = "failed"


class ContactList(Record, Timestamps, table=True):
    """User-defined contact lists."""

    __tablename__ = "contact_lists"
    __table_args__ = (
        Index("idx_contact_lists_user", "user_id"),
        Index("idx_contact_lists_team", "team_id"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    description: str | None = text_column()


class ContactListMember(Record, Created, table=True):
    """Members of contact lists; emails in lower case, phones in E.164, each at most once in a list."""

    __tablename__ = "contact_list_members"
    __table_args__ = (
        Index("idx_contact_members_list", "contact_list_id"),
        Index(
            "uq_contact_members_email",
            "contact_list_id",
            "email",
            unique=True,
            postgresql_where=text("email IS NOT NULL"),
        ),
        Index(
            "uq_contact_members_phone",
            "contact_list_id",
            "phone",
            unique=True,
            postgresql_where=text("phone IS NOT NULL"),
        ),
        Index("idx_contact_members_by_phone", "phone"),
        Index("idx_contact_members_by_email", "email"),
    )

    contact_list_id: UUID = Field(foreign_key="contact_lists.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    email: str | None = Field(default=None, max_length=255)
    phone: str | None = Field(default=None, max_length=20)
    notes: str | None = text_column()
    meta: dict[str, Any] = metadata_column()


class ContactOptOut(Record, Created, table=True):
    """Somebody who wants no bulk messages from a workspace; `identifier` is an email or a phone as stored."""

    __tablename__ = "contact_opt_outs"
    __table_args__ = (UniqueConstraint("team_id", "channel", "identifier"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    channel: ContactChannel = enum_column(ContactChannel)
    identifier: str = Field(max_length=255)
    source: str = Field(max_length=50)


class ContactImport(Record, Created, table=True):
    """A CSV file on its way into a list: its text, which column is what, and what came of its rows."""

    __tablename__ = "contact_imports"
    __table_args__ = (Index("idx_contact_imports_list", "contact_list_id"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    contact_list_id: UUID = Field(foreign_key="contact_lists.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    file_name: str = Field(max_length=255)
    content: str = text_column(nullable=False)
    mapping: dict[str, Any] = jsonb_column(default={})
    region: str = Field(max_length=2)
    batch_id: str | None = Field(default=None, max_length=255)
    total_rows: int = int_column(default=0)
    added: int = int_column(default=0)
    merged: int = int_column(default=0)
    refused: int = int_column(default=0)
    errors: list[Any] = jsonb_column(default=[])
    done_parts: list[Any] = jsonb_column(default=[])
    finished_at: datetime | None = utc_column()


class BulkMessage(Record, Created, table=True):
    """One text for everybody on a list."""

    __tablename__ = "bulk_messages"
    __table_args__ = (Index("idx_bulk_messages_team", "team_id", text("created_at DESC")),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    contact_list_id: UUID | None = Field(default=None, foreign_key="contact_lists.id", ondelete="SET NULL")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    channel: ContactChannel = enum_column(ContactChannel)
    subject: str | None = Field(default=None, max_length=255)
    body: str = text_column(nullable=False)
    batch_id: str = Field(max_length=255)


class BulkRecipient(Record, table=True):
    """One address of a bulk message, written to at most once."""

    __tablename__ = "bulk_recipients"
    __table_args__ = (UniqueConstraint("bulk_message_id", "identifier"),)

    bulk_message_id: UUID = Field(foreign_key="bulk_messages.id", ondelete="CASCADE")
    identifier: str = Field(max_length=255)
    name: str = Field(max_length=255)
    state: RecipientState = enum_column(RecipientState, default=RecipientState.QUEUED)
    sent_at: datetime | None = utc_column()
