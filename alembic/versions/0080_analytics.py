"""Counts of the dashboards: facts of each subject, their sums, and how far they go."""

from typing import Any

import sqlalchemy as sa

from alembic import op

revision = "0080"
down_revision = "0050"
branch_labels = None
depends_on = None


def _team() -> sa.Column[Any]:
    return sa.Column("team_id", sa.Uuid(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "analytics_facts",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        _team(),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("doer", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_analytics_facts_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subject_id", "metric", "day", "bucket", name=op.f("pk_analytics_facts")),
    )
    op.create_index(op.f("ix_analytics_facts_team_id"), "analytics_facts", ["team_id"])
    op.create_table(
        "analytics_rollups",
        _team(),
        sa.Column("metric", sa.String(length=20), nullable=False),
        sa.Column("grain", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("doer", sa.Uuid(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_analytics_rollups_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "team_id", "metric", "grain", "day", "bucket", "channel", "doer", name=op.f("pk_analytics_rollups")
        ),
    )
    op.create_table(
        "analytics_cursors",
        _team(),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("folded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_analytics_cursors_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_analytics_cursors")),
    )


def downgrade() -> None:
    for table in ("analytics_cursors", "analytics_rollups", "analytics_facts"):
        op.drop_table(table)
