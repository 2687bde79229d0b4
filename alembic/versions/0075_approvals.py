"""Approvals: leave to do one thing once."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0075"
down_revision = "0014"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_STATES = ("waiting", "approved", "refused", "used", "expired")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("tool", sa.String(200), nullable=False),
        sa.Column("tool_name", sa.String(255), server_default="", nullable=False),
        sa.Column("summary", sa.String(500), server_default="", nullable=False),
        sa.Column("given", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("budget", sa.Numeric(10, 2)),
        sa.Column("currency", sa.String(3), server_default="USD", nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="approval_state", native_enum=False, create_constraint=True, length=20),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("owner_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("proposed_by", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("decided_at", _TIME),
        sa.Column("note", sa.String(500), server_default="", nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.Column("then_job", sa.String(100), server_default="", nullable=False),
        sa.Column("created_at", _TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", _TIME, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="used_once"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("idx_approvals_team", "approvals", ["team_id", sa.literal_column("created_at DESC")])
    op.create_index("idx_approvals_subject", "approvals", ["subject_type", "subject_id"])
    op.create_index(
        "idx_approvals_open",
        "approvals",
        ["expires_at"],
        postgresql_where=sa.text("state IN ('waiting', 'approved')"),
    )


def downgrade() -> None:
    op.drop_table("approvals")
