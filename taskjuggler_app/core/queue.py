"""Durable work: a job is a row, committed with the data that caused it, run at least once by a worker.

Jobs live in procrastinate's tables. Deferring calls its public SQL function on the caller's own session, so that
the job exists exactly when the data does; running them is `jobs.worker`'s affair.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

Handler = TypeVar("Handler", bound=Callable[..., None])

_DEFER = text(
    """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY(
        SELECT ROW(:queue, :name, :priority, :lock, :queueing_lock, args, CAST(:run_at AS timestamptz))
               ::procrastinate_job_to_defer_v1
          FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS args)))
    """
)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Try `attempts` times in all, waiting `first` seconds, then `factor` times longer each time, to `longest`."""

    attempts: int = 8
    first: float = 2.0
    factor: float = 3.0
    longest: float = 3600.0

    def delay(self, attempts_made: int) -> timedelta | None:
        """How long to wait after that many failed attempts; None means give up (a dead letter)."""
        if attempts_made >= self.attempts:
            return None
        return timedelta(seconds=min(self.first * self.factor ** max(attempts_made - 1, 0), self.longest))


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job's name, the function that does it, and how it is retried.

    `on_dead`, called with the job's own arguments, tells the domain that the last attempt failed.
    """

    name: str
    handler: Callable[..., None]
    queue: str
    retries: Backoff
    on_dead: Callable[..., None] | None = None


registry: dict[str, JobSpec] = {}


def job(
    name: str,
    *,
    queue: str = "default",
    retries: Backoff | None = None,
    on_dead: Callable[..., None] | None = None,
) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of job `name`. Handlers must be idempotent."""

    def register(handler: Handler) -> Handler:
        if name in registry:
            raise ValueError(f"two handlers for job {name}")
        registry[name] = JobSpec(name, handler, queue, retries or Backoff(), on_dead)
        return handler

    return register


def defer(
    session: Session,
    name: str,
    *,
    queue: str = "default",
    priority: int = 0,
    run_at: datetime | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    **args: Any,
) -> int | None:
    """Queue one job in the caller's transaction and return its id.

    Jobs with the same `lock` never run at the same time. With `queueing_lock`, a job that already waits under the
    same lock makes this one superfluous: None is returned.
    """
    values = _values(name, [args], queue, priority, run_at, lock, queueing_lock)
    if queueing_lock is None:
        return int(session.execute(_DEFER, values).scalar_one())
    try:
        with session.begin_nested():
            return int(session.execute(_DEFER, values).scalar_one())
    except IntegrityError:
        return None


def cancel(session: Session, job_id: int) -> None:
    """Forget a job that has not begun; one that runs or is over is left alone."""
    session.execute(text("SELECT procrastinate_cancel_job_v1(:id, false, true)"), {"id": job_id})


def defer_many(session: Session, name: str, rows: Sequence[Mapping[str, Any]], *, queue: str = "default") -> None:
    """Queue one job for each mapping of arguments, in a single statement."""
    if rows:
        session.execute(_DEFER, _values(name, rows, queue, 0, None, None, None))


def _values(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    queue: str,
    priority: int,
    run_at: datetime | None,
    lock: str | None,
    queueing_lock: str | None,
) -> dict[str, Any]:
    return {
        "name": name,
        "rows": json.dumps(list(rows), default=str),
        "queue": queue,
        "priority": priority,
        "run_at": run_at,
        "lock": lock,
        "queueing_lock": queueing_lock,
    }
