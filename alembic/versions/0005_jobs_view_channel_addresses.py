"""`jobs` as the reference means its times; a channel's number and address in use once, whatever its type."""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A waiting job is not reserved, even if it ran before. A job's "scheduled" event bears the time it is scheduled for.
# The casts must not fail: one job for 2039 would make the whole view unreadable.
_JOBS = """
CREATE OR REPLACE VIEW jobs AS
SELECT j.id,
       j.queue_name::varchar(255) AS queue,
       jsonb_build_object('job', j.task_name, 'args', j.args)::text AS payload,
       least(j.attempts, 32767)::smallint AS attempts,
       CASE WHEN j.status = 'doing' THEN extract(epoch FROM e.started)::integer END AS reserved_at,
       least(extract(epoch FROM coalesce(j.scheduled_at, e.deferred)), 2147483647)::integer AS available_at,
       extract(epoch FROM e.deferred)::integer AS created_at
  FROM procrastinate_jobs j
  LEFT JOIN LATERAL (SELECT min(at) FILTER (WHERE type = 'deferred') AS deferred,
                            max(at) FILTER (WHERE type = 'started') AS started
                       FROM procrastinate_events
                      WHERE job_id = j.id) e ON true
 WHERE j.status IN ('todo', 'doing')
"""

_JOBS_BEFORE = """
CREATE OR REPLACE VIEW jobs AS
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
    op.execute(_JOBS)
    _replace_unique("uq_channels_active_phone", ["phone_number"])
    _replace_unique("uq_channels_active_email", [sa.text("lower(email_address)")])


def downgrade() -> None:
    _replace_unique("uq_channels_active_email", ["email_address"])
    _replace_unique("uq_channels_active_phone", ["channel_type", "phone_number"])
    op.execute(_JOBS_BEFORE)


def _replace_unique(name: str, columns: list[str | sa.TextClause]) -> None:
    op.drop_index(name, table_name="assistant_channels")
    op.create_index(name, "assistant_channels", columns, unique=True, postgresql_where=sa.text("is_active"))
