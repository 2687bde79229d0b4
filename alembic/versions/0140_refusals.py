"""How often an order to the provider was refused for good and ordered again."""

import sqlalchemy as sa

from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment_operations", sa.Column("refusals", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("payment_operations", "refusals")
