"""Tables: cache, cache_locks, job_batches; and the view jobs. Times are epoch seconds, as the reference has them."""

from sqlalchemy import BigInteger, Index, SmallInteger
from sqlmodel import Field

from taskjuggler_app.models.base import Base, View
from taskjuggler_app.models.columns import text_column


class CacheEntry(Base, table=True):
    """An idempotency key or a computed summary, swept after `expiration`."""

    __tablename__ = "cache"
    __table_args__ = (Index("idx_cache_expiration", "expiration"),)

    key: str = Field(max_length=255, primary_key=True)
    value: str = text_column(nullable=False)
    expiration: int


class CacheLock(Base, table=True):
    """A named lease and who holds it until `expiration`."""

    __tablename__ = "cache_locks"

    key: str = Field(max_length=255, primary_key=True)
    owner: str = Field(max_length=255)
    expiration: int


class JobBatch(Base, table=True):
    """Progress of work in many jobs; `options` is JSON, `cancelled_at` stops what has not started."""

    __tablename__ = "job_batches"

    id: str = Field(max_length=255, primary_key=True)
    name: str = Field(max_length=255)
    total_jobs: int
    pending_jobs: int
    failed_jobs: int
    failed_job_ids: str = text_column(nullable=False)
    options: str | None = text_column()
    cancelled_at: int | None = None
    created_at: int
    finished_at: int | None = None


class QueuedJob(View, table=True):
    """A job that waits or runs; `reserved_at` is set while it runs. Read only: the queue writes its own table."""

    __tablename__ = "jobs"

    id: int = Field(primary_key=True, sa_type=BigInteger)
    queue: str = Field(max_length=255)
    payload: str = text_column(nullable=False)
    attempts: int = Field(sa_type=SmallInteger)
    reserved_at: int | None = None
    available_at: int
    created_at: int
