"""What a run of an AI tool knows: its workspace, approval, progress, cost; callbacks that came."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0076"
down_revision = "0065"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_RUNS = "ai_tool_executions"


def upgrade() -> None:
    op.add_column("ai_tool_configs", sa.Column("team_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_ai_tool_configs_team_id", "ai_tool_configs", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index("idx_ai_tools_team", "ai_tool_configs", ["team_id"])
    for column in (
        sa.Column("team_id", sa.Uuid()),
        sa.Column("listing_id", sa.Uuid()),
        sa.Column("approval_id", sa.Uuid()),
        sa.Column("requested_by", sa.Uuid()),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("progress", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("budget", sa.Numeric(10, 2)),
        sa.Column("cost", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.String(3), server_default="USD", nullable=False),
        sa.Column("waits_until", _TIME),
        sa.Column("finishes", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    ):
        op.add_column(_RUNS, column)
    for column_name, target, ondelete in (
        ("team_id", "teams", "CASCADE"),
        ("listing_id", "marketplace_listings", "SET NULL"),
        ("approval_id", "approvals", "SET NULL"),
        ("requested_by", "users", "SET NULL"),
    ):
        op.create_foreign_key(f"fk_{_RUNS}_{column_name}", _RUNS, target, [column_name], ["id"], ondelete=ondelete)
    op.create_index("idx_ai_executions_team", _RUNS, ["team_id", sa.literal_column("created_at DESC")])
    op.create_index("idx_ai_executions_listing", _RUNS, ["listing_id"])
    op.create_index("idx_ai_executions_waiting", _RUNS, ["waits_until"], postgresql_where=sa.text("status = 'running'"))
    op.create_index("uq_ai_executions_approval", _RUNS, ["approval_id"], unique=True)
    op.create_table(
        "ai_tool_callbacks",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("execution_id", sa.Uuid(), sa.ForeignKey(f"{_RUNS}.id", ondelete="CASCADE"), nullable=False),
        sa.Column("received_at", _TIME, server_default=sa.text("now()"), nullable=False),
    )
    op.create_index("idx_ai_tool_callbacks_execution", "ai_tool_callbacks", ["execution_id"])


def downgrade() -> None:
    op.drop_table("ai_tool_callbacks")
    for name in ("idx_ai_executions_team", "idx_ai_executions_listing", "idx_ai_executions_waiting"):
        op.drop_index(name, _RUNS)
    op.drop_index("uq_ai_executions_approval", _RUNS)
    for name in (
        *("team_id", "listing_id", "approval_id", "requested_by", "attempts", "progress", "budget", "cost"),
        *("currency", "waits_until", "finishes"),
    ):
        op.drop_column(_RUNS, name)
    op.drop_column("ai_tool_configs", "team_id")
