"""Stored files: what a row knows of bytes kept behind the Files port."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record
from taskjuggler_app.models.columns import enum_column


class FileSubject(StrEnum):
    """The kind of thing that a file belongs to."""

    TASK = "task"
    TASK_MESSAGE = "task_message"
    DIRECT_MESSAGE = "direct_message"
    INBOX_ITEM = "inbox_item"
    PROFILE = "profile"
    EXPORT = "export"


class StoredFile(Record, Created, table=True):
    """A file of a workspace; `storage_key` is its name behind the Files port, `size` is in bytes.

    It belongs to the thing `subject_kind`, `subject_id`; to none while what it goes with is being composed.
    """

    __tablename__ = "files"
    __table_args__ = (
        Index("idx_files_team", "team_id"),
        Index("idx_files_subject", "subject_kind", "subject_id"),
    )

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    content_type: str = Field(max_length=255)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    storage_key: str = Field(max_length=255, unique=True)
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    subject_kind: FileSubject | None = enum_column(FileSubject, nullable=True)
    subject_id: UUID | None = Field(default=None)
