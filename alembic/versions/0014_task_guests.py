"""Invitations to tasks are kept by accounts; comments know their workspace; what search and the calendar need."""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0030"
branch_labels = None
depends_on = None


# The vocabulary has the words as the index has them.
_WORDS = """
    INSERT INTO task_words (team_id, word)
    SELECT DISTINCT t.team_id, w.word FROM {table} t, unnest(tsvector_to_array(t.search)) AS w (word)
     WHERE t.team_id IS NOT NULL AND length(w.word) BETWEEN 3 AND 40 AND w.word !~ '^[0-9[:punct:]]+$'
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.add_column("task_invitations", sa.Column("user_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_task_invitations_user_id"), "task_invitations", "users", ["user_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index("idx_task_invitations_user", "task_invitations", ["user_id"])
    op.add_column("task_messages", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_task_messages_team_id"), "task_messages", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.execute("UPDATE task_messages SET team_id = tasks.team_id FROM tasks WHERE tasks.id = task_messages.task_id")
    for table in ("tasks", "task_messages"):
        op.execute(_WORDS.format(table=table))
    op.execute("CREATE INDEX idx_task_messages_team_newest ON task_messages (team_id, created_at DESC)")
    op.execute("CREATE INDEX idx_tasks_calendar ON tasks (team_id, due_date, id) WHERE deleted_at IS NULL")
    op.execute("CREATE INDEX idx_direct_messages_words ON direct_messages USING gin (message gin_trgm_ops)")


def downgrade() -> None:
    op.drop_index("idx_direct_messages_words", table_name="direct_messages")
    op.drop_index("idx_tasks_calendar", table_name="tasks")
    op.drop_index("idx_task_messages_team_newest", table_name="task_messages")
    op.drop_column("task_messages", "team_id")
    op.drop_index("idx_task_invitations_user", table_name="task_invitations")
    op.drop_column("task_invitations", "user_id")
