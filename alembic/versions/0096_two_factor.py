"""The second step of signing in: a person's authenticator app and the recovery codes that stand in for it."""

import sqlalchemy as sa

from alembic import op

revision = "0096"
down_revision = "0094"
branch_labels = None
depends_on = None


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    now = None if nullable else sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=now)


def upgrade() -> None:
    owner = sa.ForeignKey("users.id", ondelete="CASCADE", name="fk_two_factor_user_id")
    op.create_table(
        "two_factor",
        _time("created_at", nullable=False),
        sa.Column("user_id", sa.UUID(), owner, nullable=False),
        sa.Column("secret", sa.String(255), nullable=False),
        sa.Column("last_step", sa.BigInteger()),
        _time("confirmed_at"),
        sa.PrimaryKeyConstraint("user_id", name="pk_two_factor"),
    )
    owner = sa.ForeignKey("users.id", ondelete="CASCADE", name="fk_recovery_codes_user_id")
    op.create_table(
        "recovery_codes",
        _time("created_at", nullable=False),
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), owner, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        _time("used_at"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
    )
    op.create_index("idx_recovery_codes_user", "recovery_codes", ["user_id", "code_hash"], unique=True)


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("two_factor")
