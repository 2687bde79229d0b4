"""The queue's tables, and `jobs`, the reference's view of them."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_DDL = Path(__file__).parent / "sql" / "0002_queue.sql"

_JOBS = """
CREATE VIEW jobs AS
SELECT j.id,
       j.queue_name::varchar(255) AS queue,
       jsonb_build_object('job', j.task_name, 'args', j.args)::text AS payload,
       j.attempts::smallint AS attempts,
       extract(epoch FROM (SELECT max(at) FROM procrastinate_events
                            WHERE job_id = j.id AND type = 'started'))::integer AS reserved_at,
       extract(epoch FROM coalesce(j.scheduled_at, (SELECT min(at) FROM procrastinate_events
                                                     WHERE job_id = j.id)))::integer AS available_at,
       extract(epoch FROM (SELECT min(at) FROM procrastinate_events WHERE job_id = j.id))::integer AS created_at
  FROM procrastinate_jobs j
 WHERE j.status IN ('todo', 'doing')
"""


def upgrade() -> None:
    op.execute(_DDL.read_text())
    op.execute(_JOBS)


def downgrade() -> None:
    op.execute("DROP VIEW jobs")
    op.execute(
        "DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, "
        "procrastinate_workers CASCADE"
    )
    op.execute(
        """
        DO $$ DECLARE f record; BEGIN
          FOR f IN SELECT oid::regprocedure AS name FROM pg_proc
                    WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\\_%'
          LOOP EXECUTE 'DROP FUNCTION ' || f.name || ' CASCADE'; END LOOP;
        END $$
        """
    )
    op.execute(
        "DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type CASCADE"
    )
