"""Which of the provider's refusals ended a payment that its buyer may still try again."""

import sqlalchemy as sa

from alembic import op

revision = "0121"
down_revision = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transactions", sa.Column("declined_by", sa.String(255), nullable=True))


def downgrade() -> None:
    op.drop_column("transactions", "declined_by")
