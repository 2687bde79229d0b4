"""The state of the installation for those who run it: queues, failed jobs, the schedule, workers, versions."""

import platform
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import clock, queue_watch, ticks
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator

ALIVE_WITHIN = timedelta(seconds=15)
LATE_FACTOR = 3
SLACK_SECONDS = 30
SHOWN_VERSIONS = ("taskjuggler", "reflex", "sqlmodel", "psycopg", "procrastinate", "playwright")


@dataclass
class QueueRow:
    """A queue; `oldest` is how long its oldest due job has waited, in words."""

    name: str = ""
    due: int = 0
    later: int = 0
    running: int = 0
    oldest: str = ""
    is_slow: bool = False


@dataclass
class FailedRow:
    """A job that failed for good; `at` is ISO 8601 in UTC."""

    id: str = ""
    name: str = ""
    attempts: int = 0
    why: str = ""
    at: str = ""


@dataclass
class TickRow:
    """A line of the schedule. state: well, late or failed."""

    name: str = ""
    every: str = ""
    last_at: str = ""
    next_at: str = ""
    took: str = ""
    state: str = "well"
    failed: str = ""


@dataclass
class Fact:
    """A name and what it is."""

    name: str = ""
    value: str = ""


@dataclass
class Operations:
    """Everything that the page of operations shows."""

    waiting: int = 0
    failed_jobs: int = 0
    workers_alive: int = 0
    scheduler: str = ""
    scheduler_alive: bool = False
    queues: list[QueueRow] = field(default_factory=list)
    failed: list[FailedRow] = field(default_factory=list)
    schedule: list[TickRow] = field(default_factory=list)
    versions: list[Fact] = field(default_factory=list)


def overview(session: Session, principal: Principal) -> Operations:
    """How the installation is doing. NotFound for anybody but an operator."""
    _require(principal)
    now = clock.utcnow()
    queues = [_queue_row(one) for one in queue_watch.depths(session, now)]
    by, at, schedule = ticks.read(session)
    return Operations(
        waiting=sum(one.due for one in queues),
        failed_jobs=queue_watch.failed_count(session),
        workers_alive=sum(now - seen <= ALIVE_WITHIN for seen in queue_watch.workers(session)),
        scheduler=by,
        scheduler_alive=bool(at) and now - datetime.fromisoformat(at) <= 2 * ALIVE_WITHIN,
        queues=queues,
        failed=[
            FailedRow(str(one.id), one.name, one.attempts, one.why, one.at.isoformat() if one.at else "")
            for one in queue_watch.failed(session)
        ],
        schedule=[_tick_row(one, now) for one in schedule],
        versions=_versions(session),
    )


def retry(session: Session, principal: Principal, job_id: str) -> int:
    """Give one failed job another attempt, or all that are shown when the id is empty; says how many."""
    return queue_watch.again(session, _chosen(session, principal, job_id))


def put_away(session: Session, principal: Principal, job_id: str) -> int:
    """Forget one failed job, or all that are shown when the id is empty; says how many."""
    return queue_watch.drop(session, _chosen(session, principal, job_id))


def _chosen(session: Session, principal: Principal, job_id: str) -> list[int]:
    _require(principal)
    if not job_id:
        return [one.id for one in queue_watch.failed(session)]
    if not job_id.isascii() or not job_id.isdigit() or len(job_id) > 18:
        raise NotFound("That job is not there any more.")
    return [int(job_id)]


def _require(principal: Principal) -> None:
    if not is_operator(principal):
        raise NotFound("Only those who run this installation see its operations.")


def _queue_row(one: queue_watch.Depth) -> QueueRow:
    oldest = _span(one.oldest_seconds) if one.due else ""
    return QueueRow(one.queue, one.due, one.later, one.running, oldest, one.oldest_seconds > SLACK_SECONDS)


def _tick_row(one: ticks.Tick, now: datetime) -> TickRow:
    state = "failed" if one.failed else "well"
    longest = timedelta(seconds=LATE_FACTOR * one.every_seconds + SLACK_SECONDS)
    if not one.last_at or now - datetime.fromisoformat(one.last_at) > longest:
        state = "late"
    took = f"{one.took_ms} ms" if one.last_at else ""
    name = one.name.replace("_", " ")
    return TickRow(name, _span(one.every_seconds), one.last_at, one.next_at, took, state, one.failed)


def _span(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"


def _versions(session: Session) -> list[Fact]:
    server = session.execute(text("SHOW server_version")).scalar_one()
    size = session.execute(text("SELECT pg_size_pretty(pg_database_size(current_database()))")).scalar_one()
    revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return [
        *(Fact(name, version(name)) for name in SHOWN_VERSIONS),
        Fact("Python", platform.python_version()),
        Fact("PostgreSQL", str(server)),
        Fact("Schema", str(revision)),
        Fact("Database size", str(size)),
    ]
