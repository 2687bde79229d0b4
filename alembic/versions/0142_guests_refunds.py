"""Guests' refunds: when an appointment's money went back, and whom to tell when the appointment is gone."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointments", sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True))
    about = sa.Column("about", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)
    op.add_column("payment_checks", about)


def downgrade() -> None:
    op.drop_column("payment_checks", "about")
    op.drop_column("appointments", "refunded_at")
