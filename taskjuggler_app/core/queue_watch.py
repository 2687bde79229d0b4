"""Looking after the queue: how much waits, what failed for good and why, which workers are alive."""

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import cache

WHY_SECONDS = 30 * 24 * 3600
LONGEST_WHY = 500

_DEPTHS = text(
    """
    SELECT queue,
           count(*) FILTER (WHERE reserved_at IS NULL AND available_at <= :now),
           count(*) FILTER (WHERE reserved_at IS NULL AND available_at > :now),
           count(*) FILTER (WHERE reserved_at IS NOT NULL),
           coalesce(:now - min(available_at) FILTER (WHERE reserved_at IS NULL AND available_at <= :now), 0)
      FROM jobs GROUP BY queue ORDER BY queue
    """
)
_FAILED = text(
    """
    SELECT j.id, j.task_name, j.queue_name, j.attempts, c.value AS why,
           (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id) AS at
      FROM procrastinate_jobs j LEFT JOIN cache c ON c.key = 'job:' || j.id
     WHERE j.status = 'failed' ORDER BY j.id DESC LIMIT :most
    """
)
_AGAIN = text("SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs "
              "WHERE id = ANY(:ids) AND status = 'failed'")  # fmt: skip
_DROP = text("DELETE FROM procrastinate_jobs WHERE id = ANY(:ids) AND status = 'failed' RETURNING id")
_FAILED_COUNT = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
_WORKERS = text("SELECT last_heartbeat FROM procrastinate_workers ORDER BY last_heartbeat DESC LIMIT 50")


@dataclass(frozen=True, slots=True)
class Depth:
    """A queue: jobs that wait and are due, that wait for their hour, that run; age in seconds of the oldest due."""

    queue: str
    due: int
    later: int
    running: int
    oldest_seconds: int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job whose last attempt failed; `why` is the error's first line, where it is still known."""

    id: int
    name: str
    queue: str
    attempts: int
    why: str
    at: datetime | None


def depths(session: Session, now: datetime) -> list[Depth]:
    """Every queue that has jobs, by name. The view `jobs` rounds to whole seconds, so now is rounded up."""
    return [Depth(*row) for row in session.execute(_DEPTHS, {"now": math.ceil(now.timestamp())})]


def failed(session: Session, most: int = 50) -> list[FailedJob]:
    """Jobs that failed for good, newest first."""
    return [
        FailedJob(row.id, row.task_name, row.queue_name, row.attempts, row.why or "", row.at)
        for row in session.execute(_FAILED, {"most": most})
    ]


def failed_count(session: Session) -> int:
    """How many failed for good and were not put away."""
    return int(session.execute(_FAILED_COUNT).scalar_one())


def again(session: Session, ids: list[int]) -> int:
    """Give failed jobs one more attempt; says how many there were."""
    return len(session.execute(_AGAIN, {"ids": ids}).all())


def drop(session: Session, ids: list[int]) -> int:
    """Forget failed jobs; says how many there were."""
    return len(session.execute(_DROP, {"ids": ids}).all())


def workers(session: Session) -> list[datetime]:
    """The last sign of life of each worker, newest first."""
    return [row.last_heartbeat for row in session.execute(_WORKERS)]


def remember_why(session: Session, job_id: int, error: BaseException) -> None:
    """Keep what a job failed with, for as long as failed jobs are kept."""
    first = (str(error).strip().splitlines() or [""])[0]
    said = f"{type(error).__name__}: {first}" if first else type(error).__name__
    cache.put(session, f"job:{job_id}", said[:LONGEST_WHY], WHY_SECONDS)
