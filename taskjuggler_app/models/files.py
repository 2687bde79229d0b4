"""Stored files: what a row knows of bytes kept behind the Files port."""

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from taskjuggler_app.models.base import Created, Record


class StoredFile(Record, Created, table=True):
    """A file of a workspace; `storage_key` is its name behind the Files port, `size` is in bytes."""

    __tablename__ = "files"
    __table_args__ = (Index("idx_files_team", "team_id"),)

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE")
    name: str = Field(max_length=255)
    content_type: str = Field(max_length=255)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    storage_key: str = Field(max_length=255, unique=True)
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
