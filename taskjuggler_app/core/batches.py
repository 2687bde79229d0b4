"""Progress of work in many jobs: one row of `job_batches`, counted down as parts are done."""

import json
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import cache, clock, live, topics

KEPT_SECONDS = 7 * 24 * 3600

_START = text(
    """
    INSERT INTO job_batches (id, name, total_jobs, pending_jobs, failed_jobs, failed_job_ids, options, created_at)
    VALUES (:id, :name, :total, :total, 0, '[]', :options, :now)
    """
)
_PART = text(
    """
    UPDATE job_batches
       SET pending_jobs = pending_jobs - 1,
           failed_jobs = failed_jobs + CAST(:failed AS integer),
           failed_job_ids = CASE WHEN :failed THEN (failed_job_ids::jsonb || to_jsonb(CAST(:part AS text)))::text
                                 ELSE failed_job_ids END,
           finished_at = CASE WHEN pending_jobs = 1 THEN :now ELSE finished_at END
     WHERE id = :id
    """
)
_READ = text("SELECT total_jobs, pending_jobs, failed_jobs FROM job_batches WHERE id = :id")


@dataclass
class Progress:
    """How far a batch is."""

    total: int = 0
    pending: int = 0
    failed: int = 0


def start(session: Session, name: str, total: int, options: dict[str, str]) -> str:
    """A new batch of `total` parts; `options` says what it is for."""
    batch_id = str(uuid4())
    values = {"id": batch_id, "name": name, "total": total, "options": json.dumps(options), "now": _epoch()}
    session.execute(_START, values)
    return batch_id


def part_done(session: Session, batch_id: str, part: str, *, failed: bool = False) -> None:
    """Count one part, once however often its job runs, and tell who watches."""
    if cache.claim(session, f"batch:{batch_id}:{part}", KEPT_SECONDS):
        session.execute(_PART, {"id": batch_id, "part": part, "failed": failed, "now": _epoch()})
        live.publish(session, topics.batch(batch_id))


def progress(session: Session, batch_id: str) -> Progress:
    """How far the batch is; nothing at all for an unknown one."""
    row = session.execute(_READ, {"id": batch_id}).first()
    return Progress(row.total_jobs, row.pending_jobs, row.failed_jobs) if row else Progress()


def _epoch() -> int:
    return int(clock.utcnow().timestamp())
