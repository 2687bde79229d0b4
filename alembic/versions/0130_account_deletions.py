"""Accounts whose people want them deleted: when that is due, whether it has begun, what stands in the way."""

import sqlalchemy as sa

from alembic import op

revision = "0130"
down_revision = "0142"
branch_labels = None
depends_on = None


def _time(name: str, *, nullable: bool = True, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def upgrade() -> None:
    person = sa.ForeignKey("users.id", ondelete="CASCADE", name="fk_account_deletions_user_id")
    op.create_table(
        "account_deletions",
        _time("created_at", nullable=False, now=True),
        sa.Column("user_id", sa.UUID(), person, nullable=False),
        _time("due_at", nullable=False),
        _time("begun_at"),
        _time("finished_at"),
        sa.Column("waits_for", sa.String(500), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_account_deletions"),
    )
    op.create_index(
        "idx_account_deletions_due", "account_deletions", ["due_at"], postgresql_where=sa.text("finished_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("account_deletions")
