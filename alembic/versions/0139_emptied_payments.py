"""Since when nothing of a payment is held any more: a job whose money is on its way back can be awarded again."""

import sqlalchemy as sa

from alembic import op

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None

_EMPTY = """
UPDATE transactions t SET emptied_at = t.updated_at
 WHERE t.held_at IS NOT NULL
   AND (SELECT coalesce(sum(amount), 0) FROM ledger_postings WHERE account = 'held:' || t.id) = 0
"""
_LIVE = "listing_id IS NOT NULL AND status IN ('pending', 'processing')"


def upgrade() -> None:
    op.add_column("transactions", sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_EMPTY)
    _one_live(_LIVE + " AND emptied_at IS NULL")


def downgrade() -> None:
    _one_live(_LIVE)
    op.drop_column("transactions", "emptied_at")


def _one_live(where: str) -> None:
    op.drop_index("uq_transactions_live_listing", table_name="transactions")
    op.create_index(
        "uq_transactions_live_listing", "transactions", ["listing_id"], unique=True, postgresql_where=sa.text(where)
    )
