"""What the scheduler looks after: messages without a job, and rows whose time is over."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.domain.receptionist.intake import PROCESS, queue

FORGOTTEN_AFTER = timedelta(seconds=60)
MOST = 500
KEEP_FAILED_JOBS = timedelta(days=30)

_FORGOTTEN = text(
    """
    SELECT i.id FROM inbox_items i
     WHERE i.processing_status IN ('pending', 'processing') AND i.updated_at < :before
       AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs j
                        WHERE j.task_name = :job AND j.status IN ('todo', 'doing')
                          AND j.args -> 'item_ids' ? i.id::text)
     ORDER BY i.received_at LIMIT :most FOR UPDATE OF i SKIP LOCKED
    """
)
_TOUCH = text("UPDATE inbox_items SET updated_at = :now WHERE id = ANY(:ids)")


def queue_forgotten(session: Session, now: datetime) -> int:
    """Queue a job for every message that waits without one; says how many."""
    values = {"before": now - FORGOTTEN_AFTER, "job": PROCESS, "most": MOST}
    ids = [row.id for row in session.execute(_FORGOTTEN, values)]
    if ids:
        session.execute(_TOUCH, {"now": now, "ids": ids})
        queue(session, ids)
    return len(ids)


def sweep_system(session: Session, now: datetime) -> None:
    """Delete cached values and leases that expired, and jobs that ended long ago."""
    epoch = int(now.timestamp())
    session.execute(text("DELETE FROM cache WHERE expiration <= :now"), {"now": epoch})
    session.execute(text("DELETE FROM cache_locks WHERE expiration <= :now"), {"now": epoch})
    session.execute(
        text(
            "DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted') "
            "AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > :before)"
        ),
        {"before": now - KEEP_FAILED_JOBS},
    )
