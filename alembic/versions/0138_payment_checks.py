"""What is compared with the provider's own record: payments for work, guests' payments, plans."""

import sqlalchemy as sa

from alembic import op

revision = "0138"
down_revision = "0109"
branch_labels = None
depends_on = None

_PAYMENTS = """
INSERT INTO payment_checks (purpose, reference, provider, touched_at, until)
SELECT 'marketplace', id::text, provider, updated_at, now() + interval '30 days' FROM transactions
 WHERE provider <> '' AND (status IN ('pending', 'processing') OR updated_at > now() - interval '30 days')
"""
_BOOKINGS = """
INSERT INTO payment_checks (purpose, reference, provider, touched_at, until)
SELECT 'booking', a.reference, max(a.provider), max(a.created_at), now() + interval '30 days'
  FROM (SELECT split_part(p.account, ':', 2) AS reference, e.created_at,
               CASE WHEN starts_with(e.key, 'payment:emb_') THEN 'embedded' ELSE 'stripe' END AS provider
          FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id
         WHERE starts_with(p.account, 'bookings:') AND e.created_at > now() - interval '30 days') a
 GROUP BY a.reference
"""
_PLANS = """
INSERT INTO payment_checks (purpose, reference, provider, touched_at, until)
SELECT 'plan', id::text, CASE WHEN starts_with(stripe_customer_id, 'emb_') THEN 'embedded' ELSE 'stripe' END,
       updated_at, now() + interval '30 days'
  FROM users WHERE stripe_customer_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "payment_checks",
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("handle", sa.String(255), server_default="", nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("purpose", "reference", name=op.f("pk_payment_checks")),
    )
    op.create_index("idx_payment_checks_until", "payment_checks", ["until"])
    op.create_index(
        "idx_payment_events_problem",
        "payment_events",
        ["received_at"],
        postgresql_where=sa.text("problem IS NOT NULL"),
    )
    for statement in (_PAYMENTS, _BOOKINGS, _PLANS):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("idx_payment_events_problem", table_name="payment_events")
    op.drop_table("payment_checks")
