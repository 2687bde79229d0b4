"""How a vendor's payout account stands: filled in or not, and what the provider still wants to know."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = sa.Column("payouts", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)
    op.add_column("marketplace_vendors", made)


def downgrade() -> None:
    op.drop_column("marketplace_vendors", "payouts")
