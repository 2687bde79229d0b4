"""`jobs` shows the queue as the reference's table would."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core import queue
from taskjuggler_app.core.clock import utcnow
from taskjuggler_app.models import QueuedJob, metadata


def _job(session: Session, job_id: int | None) -> QueuedJob | None:
    session.expire_all()
    return session.exec(select(QueuedJob).where(col(QueuedJob.id) == job_id)).one_or_none()


def _set_status(session: Session, job_id: int | None, status: str) -> None:
    session.execute(
        text("UPDATE procrastinate_jobs SET status = CAST(:s AS procrastinate_job_status) WHERE id = :id"),
        {"s": status, "id": job_id},
    )


def test_the_view_is_no_table_of_ours() -> None:
    assert "jobs" not in metadata.tables


def test_a_waiting_job_is_seen_with_its_arguments(session: Session) -> None:
    job = _job(session, queue.defer(session, "test.job", queue="slow", item="x"))
    assert job is not None
    assert (job.queue, job.attempts, job.reserved_at) == ("slow", 0, None)
    assert json.loads(job.payload) == {"job": "test.job", "args": {"item": "x"}}
    assert job.available_at == job.created_at
    assert abs(job.created_at - utcnow().timestamp()) < 60


def test_a_job_is_reserved_while_it_runs_only_and_gone_when_done(session: Session) -> None:
    job_id = queue.defer(session, "test.job")
    _set_status(session, job_id, "doing")
    running = _job(session, job_id)
    assert running is not None
    assert running.reserved_at is not None
    _set_status(session, job_id, "todo")
    again = _job(session, job_id)
    assert again is not None
    assert again.reserved_at is None
    _set_status(session, job_id, "doing")
    _set_status(session, job_id, "succeeded")
    assert _job(session, job_id) is None


@pytest.mark.parametrize(
    ("run_at", "available_at"),
    [(datetime(2001, 1, 1, tzinfo=UTC), 978_307_200), (datetime(2040, 1, 1, tzinfo=UTC), 2**31 - 1)],
)
def test_a_job_for_another_day_was_still_made_today(session: Session, run_at: datetime, available_at: int) -> None:
    job = _job(session, queue.defer(session, "test.job", run_at=run_at))
    assert job is not None
    assert job.available_at == available_at
    assert abs(job.created_at - utcnow().timestamp()) < 60
