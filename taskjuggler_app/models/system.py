"""Tables: cache, cache_locks, job_batches."""

from sqlalchemy import Index
from sqlmodel import Field

from taskjuggler_app.models.base import Base
from taskjuggler_app.models.columns import text_column


class CacheEntry(Base, table=True):
    """Laravel cache table."""

    __tablename__ = "cache"
    __table_args__ = (Index("idx_cache_expiration", "expiration"),)

    key: str | None = Field(default=None, max_length=255, primary_key=True)
    value: str = text_column(nullable=False)
    expiration: int


class CacheLock(Base, table=True):
    """Laravel cache locks."""

    __tablename__ = "cache_locks"

    key: str | None = Field(default=None, max_length=255, primary_key=True)
    owner: str = Field(max_length=255)
    expiration: int


class JobBatch(Base, table=True):
    """Laravel job batches."""

    __tablename__ = "job_batches"

    id: str | None = Field(default=None, max_length=255, primary_key=True)
    name: str = Field(max_length=255)
    total_jobs: int
    pending_jobs: int
    failed_jobs: int
    failed_job_ids: str = text_column(nullable=False)
    options: str | None = text_column()
    cancelled_at: int | None = None
    created_at: int
    finished_at: int | None = None
