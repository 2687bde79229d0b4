"""Manager's Monday by mail: who chose it in which workspace, and when the next one is due."""

import sqlalchemy as sa

from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def _of(table: str) -> sa.ForeignKey:
    name = op.f(f"fk_monday_mails_{table[:-1]}_id")
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE", name=name)


def upgrade() -> None:
    op.create_table(
        "monday_mails",
        sa.Column("user_id", sa.Uuid(), _of("users"), nullable=False),
        sa.Column("team_id", sa.Uuid(), _of("teams"), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "team_id", name=op.f("pk_monday_mails")),
    )
    op.create_index("idx_monday_mails_next", "monday_mails", ["next_at"])


def downgrade() -> None:
    op.drop_table("monday_mails")
