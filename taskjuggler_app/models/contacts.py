"""Tables: contact_lists, contact_list_members."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record, Timestamps
from taskjuggler_app.models.columns import metadata_column, text_column


class ContactList(Record, Timestamps, table=True):
    """User-defined contact lists."""

    __tablename__ = "contact_lists"
    __table_args__ = (Index("idx_contact_lists_user", "user_id"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    description: str | None = text_column()


class ContactListMember(Record, Created, table=True):
    """Members of contact lists."""

    __tablename__ = "contact_list_members"
    __table_args__ = (Index("idx_contact_members_list", "contact_list_id"),)

    contact_list_id: UUID = Field(foreign_key="contact_lists.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    email: str | None = Field(default=None, max_length=255)
    phone: str | None = Field(default=None, max_length=20)
    notes: str | None = text_column()
    meta: dict[str, Any] = metadata_column()
