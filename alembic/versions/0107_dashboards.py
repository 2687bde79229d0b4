"""Dashboards: the rows behind a number are found by its metric and day; new counts, so all are counted anew."""

from alembic import op

revision = "0107"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_analytics_facts_team_id", table_name="analytics_facts")
    op.create_index("idx_analytics_facts_counted", "analytics_facts", ["team_id", "metric", "day"])
    op.execute("DELETE FROM analytics_cursors")  # the next fold finds none and makes the counts from the tables


def downgrade() -> None:
    op.drop_index("idx_analytics_facts_counted", table_name="analytics_facts")
    op.create_index("ix_analytics_facts_team_id", "analytics_facts", ["team_id"])
    op.execute("DELETE FROM analytics_cursors")
