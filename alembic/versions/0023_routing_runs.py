"""Runs of other rules over past messages."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0023"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json_object, json_list = sa.text("'{}'::jsonb"), sa.text("'[]'::jsonb")
    op.create_table(
        "routing_runs",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rules", postgresql.JSONB(), server_default=json_list, nullable=False),
        sa.Column(
            "against",
            sa.Enum("now", "happened", name="run_against", native_enum=False, create_constraint=True, length=20),
            server_default="now",
            nullable=False,
        ),
        sa.Column("live_rules", postgresql.JSONB(), server_default=json_list, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *("queued", "running", "done", "cancelled", "failed"),
                name="run_status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            server_default="queued",
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default=json_object, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("cursor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_routing_runs_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_routing_runs_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_runs")),
    )
    op.create_index("idx_routing_runs_team", "routing_runs", ["team_id", sa.text("created_at DESC")])
    op.create_table(
        "routing_run_changes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("inbox_item_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", postgresql.JSONB(), server_default=json_list, nullable=False),
        sa.Column("before", postgresql.JSONB(), server_default=json_object, nullable=False),
        sa.Column("after", postgresql.JSONB(), server_default=json_object, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["routing_runs.id"], name=op.f("fk_routing_run_changes_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inbox_item_id"],
            ["inbox_items.id"],
            name=op.f("fk_routing_run_changes_inbox_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_run_changes")),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_routing_run_changes_run_id_place")),
    )


def downgrade() -> None:
    op.drop_table("routing_run_changes")
    op.drop_index("idx_routing_runs_team", table_name="routing_runs")
    op.drop_table("routing_runs")
