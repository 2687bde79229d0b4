"""Sums of the dashboards by month beside those by day: all are counted anew."""

from alembic import op

revision = "0108"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_analytics_rollups_known_grain"), "analytics_rollups", "grain BETWEEN 0 AND 7")
    op.execute("DELETE FROM analytics_cursors")  # the next fold finds none and makes the counts from the tables


def downgrade() -> None:
    op.drop_constraint(op.f("ck_analytics_rollups_known_grain"), "analytics_rollups")
    op.execute("DELETE FROM analytics_rollups WHERE grain > 3")
