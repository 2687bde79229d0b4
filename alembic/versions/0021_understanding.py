"""A workspace's language model, its calls, and corrections of facts by people."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
_ID = sa.text("gen_random_uuid()")


def upgrade() -> None:
    op.create_table(
        "ai_settings",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("provider", sa.String(length=20), server_default="other", nullable=False),
        sa.Column("base_url", sa.String(length=500), server_default="", nullable=False),
        sa.Column("model", sa.String(length=100), server_default="", nullable=False),
        sa.Column("key_sealed", sa.Text(), nullable=True),
        sa.Column("daily_budget", sa.Integer(), server_default=sa.text("200"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_ai_settings_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_ai_settings")),
    )
    op.create_table(
        "ai_calls",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=_ID, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("inbox_item_id", sa.Uuid(), nullable=True),
        sa.Column("model", sa.String(length=100), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), server_default="started", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("output_tokens", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('started', 'used', 'failed')", name=op.f("ck_ai_calls_call_state")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_ai_calls_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["inbox_item_id"], ["inbox_items.id"], name=op.f("fk_ai_calls_inbox_item_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_calls")),
    )
    op.create_index("idx_ai_calls_team", "ai_calls", ["team_id", sa.text("created_at DESC")], unique=False)
    op.create_table(
        "fact_corrections",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("id", sa.Uuid(), server_default=_ID, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("inbox_item_id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("machine", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_fact_corrections_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inbox_item_id"], ["inbox_items.id"], name=op.f("fk_fact_corrections_inbox_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_fact_corrections_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_corrections")),
    )
    op.create_index("idx_fact_corrections_item", "fact_corrections", ["inbox_item_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("idx_fact_corrections_item", table_name="fact_corrections")
    op.drop_table("fact_corrections")
    op.drop_index("idx_ai_calls_team", table_name="ai_calls")
    op.drop_table("ai_calls")
    op.drop_table("ai_settings")
