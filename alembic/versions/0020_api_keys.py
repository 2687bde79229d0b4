"""API keys know their workspace and show their beginning."""

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("personal_access_tokens", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("personal_access_tokens", sa.Column("prefix", sa.String(length=20), nullable=True))
    op.create_foreign_key(
        op.f("fk_personal_access_tokens_team_id"),
        "personal_access_tokens",
        "teams",
        ["team_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_personal_access_tokens_team_id"), "personal_access_tokens", type_="foreignkey")
    op.drop_column("personal_access_tokens", "prefix")
    op.drop_column("personal_access_tokens", "team_id")
