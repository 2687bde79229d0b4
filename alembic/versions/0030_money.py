"""The ledger, orders to the payment provider, its events, disputes; what vendors, listings and bids gain."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0030"
down_revision = "0021"
branch_labels = None
depends_on = None

_APPEND_ONLY = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: write a movement back instead' USING ERRCODE = 'restrict_violation';
END $$
"""
_BALANCES = """
CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added GROUP BY entry_id HAVING sum(amount) <> 0 OR min(currency) <> max(currency)) THEN
    RAISE EXCEPTION 'a movement does not balance to zero in one currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$
"""
_TRIGGERS = (
    "CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_entries "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger_postings "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()",
    "CREATE TRIGGER balances AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_balances()",
)


def upgrade() -> None:
    op.create_table(
        "embedded_payments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=20), server_default="", nullable=False),
        sa.Column("reference", sa.String(length=64), server_default="", nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column(
            "data", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedded_payments")),
        sa.UniqueConstraint("key", name=op.f("uq_embedded_payments_key")),
    )
    op.create_index("idx_embedded_payments_reference", "embedded_payments", ["reference"], unique=False)
    op.create_table(
        "payment_events",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), server_default="", nullable=False),
        sa.Column("reference", sa.String(length=64), server_default="", nullable=False),
        sa.Column("fact", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_events")),
    )
    op.create_index(
        "idx_payment_events_open",
        "payment_events",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_index("idx_payment_events_reference", "payment_events", ["reference"], unique=False)
    op.create_table(
        "marketplace_matches",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column(
            "score_parts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["marketplace_listings.id"],
            name=op.f("fk_marketplace_matches_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_marketplace_matches_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["marketplace_vendors.id"], name=op.f("fk_marketplace_matches_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_matches")),
        sa.UniqueConstraint("listing_id", "vendor_id", name=op.f("uq_marketplace_matches_listing_id_vendor_id")),
    )
    op.create_table(
        "marketplace_ratings",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("reply", sa.String(length=2000), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_marketplace_ratings_one_to_five")),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["marketplace_listings.id"],
            name=op.f("fk_marketplace_ratings_listing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_marketplace_ratings_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_marketplace_ratings_user_id")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["marketplace_vendors.id"], name=op.f("fk_marketplace_ratings_vendor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_ratings")),
        sa.UniqueConstraint("listing_id", name=op.f("uq_marketplace_ratings_listing_id")),
    )
    op.create_index(
        "idx_marketplace_ratings_vendor",
        "marketplace_ratings",
        ["vendor_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_table(
        "ledger_entries",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("memo", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["transaction_id"], ["transactions.id"], name=op.f("fk_ledger_entries_transaction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entries_key")),
    )
    op.create_index("idx_ledger_entries_transaction", "ledger_entries", ["transaction_id"], unique=False)
    op.create_table(
        "payment_disputes",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "resolved", name="dispute_state", native_enum=False, create_constraint=True, length=20),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "release",
                "refund",
                "split",
                name="dispute_decision",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("refund_amount", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_payment_disputes_decided_by")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_payment_disputes_opened_by")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_payment_disputes_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_payment_disputes_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_disputes")),
    )
    op.create_index("idx_payment_disputes_state", "payment_disputes", ["state", "created_at"], unique=False)
    op.create_index(
        "uq_payment_disputes_open",
        "payment_disputes",
        ["transaction_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "payment_operations",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("transfer", "refund", name="operation_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                name="operation_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("payment_id", sa.String(length=255), server_default="", nullable=False),
        sa.Column("provider_id", sa.String(length=255), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_operations_above_zero")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_payment_operations_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_payment_operations_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_operations")),
    )
    op.create_index("idx_payment_operations_transaction", "payment_operations", ["transaction_id"], unique=False)
    op.create_index(
        "idx_payment_operations_waiting",
        "payment_operations",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_postings_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_postings")),
    )
    op.create_index("idx_ledger_postings_account", "ledger_postings", ["account"], unique=False)
    op.create_index("idx_ledger_postings_entry", "ledger_postings", ["entry_id"], unique=False)
    op.add_column("marketplace_bids", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("marketplace_bids", sa.Column("score", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column(
        "marketplace_bids",
        sa.Column(
            "score_parts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column(
        "marketplace_bids", sa.Column("is_automatic", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "uq_bids_accepted",
        "marketplace_bids",
        ["listing_id"],
        unique=True,
        postgresql_where=sa.text("status = 'accepted'"),
    )
    op.create_index(
        "uq_bids_live",
        "marketplace_bids",
        ["listing_id", "vendor_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('pending', 'accepted')"),
    )
    op.create_foreign_key(
        op.f("fk_marketplace_bids_team_id"), "marketplace_bids", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.add_column("marketplace_listings", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column(
        "marketplace_listings", sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False)
    )
    op.add_column("marketplace_listings", sa.Column("place", sa.String(length=200), server_default="", nullable=False))
    op.add_column("marketplace_listings", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("marketplace_listings", sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("marketplace_listings", sa.Column("closing_note", sa.Text(), nullable=True))
    op.create_index(
        "idx_listings_expiring",
        "marketplace_listings",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("idx_listings_team", "marketplace_listings", ["team_id"], unique=False)
    op.create_index(
        "uq_listings_live_task",
        "marketplace_listings",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("task_id IS NOT NULL AND status IN ('open', 'assigned')"),
    )
    op.create_foreign_key(
        op.f("fk_marketplace_listings_team_id"),
        "marketplace_listings",
        "teams",
        ["team_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column("marketplace_vendors", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column(
        "marketplace_vendors", sa.Column("payouts_ready", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("marketplace_vendors", sa.Column("latitude", sa.Float(precision=53), nullable=True))
    op.add_column("marketplace_vendors", sa.Column("longitude", sa.Float(precision=53), nullable=True))
    op.add_column("marketplace_vendors", sa.Column("service_radius_miles", sa.Integer(), nullable=True))
    op.add_column(
        "marketplace_vendors", sa.Column("rating_count", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("marketplace_vendors", sa.Column("verification_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("marketplace_vendors", sa.Column("verification_note", sa.Text(), nullable=True))
    op.create_index(
        "idx_vendors_categories", "marketplace_vendors", ["categories"], unique=False, postgresql_using="gin"
    )
    op.create_index("idx_vendors_team", "marketplace_vendors", ["team_id"], unique=False)
    op.create_index(
        "uq_vendors_person",
        "marketplace_vendors",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_marketplace_vendors_team_id"), "marketplace_vendors", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.add_column("transactions", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column(
        "transactions", sa.Column("provider", sa.String(length=20), server_default="embedded", nullable=False)
    )
    op.add_column("transactions", sa.Column("checkout_id", sa.String(length=255), nullable=True))
    op.add_column(
        "transactions",
        sa.Column("buyer_fee", sa.Numeric(precision=10, scale=2), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "transactions",
        sa.Column("vendor_fee", sa.Numeric(precision=10, scale=2), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("transactions", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("transactions", sa.Column("release_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("transactions", sa.Column("problem", sa.Text(), nullable=True))
    op.create_index(
        "idx_transactions_releasing",
        "transactions",
        ["release_at"],
        unique=False,
        postgresql_where=sa.text("status = 'processing' AND release_at IS NOT NULL"),
    )
    op.create_index("idx_transactions_team", "transactions", ["team_id"], unique=False)
    op.create_index(
        "uq_transactions_live_listing",
        "transactions",
        ["listing_id"],
        unique=True,
        postgresql_where=sa.text("listing_id IS NOT NULL AND status IN ('pending', 'processing')"),
    )
    op.create_foreign_key(
        op.f("fk_transactions_team_id"), "transactions", "teams", ["team_id"], ["id"], ondelete="SET NULL"
    )
    for statement in (_APPEND_ONLY, _BALANCES, *_TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    op.drop_constraint(op.f("fk_transactions_team_id"), "transactions", type_="foreignkey")
    op.drop_index(
        "uq_transactions_live_listing",
        table_name="transactions",
        postgresql_where=sa.text("listing_id IS NOT NULL AND status IN ('pending', 'processing')"),
    )
    op.drop_index("idx_transactions_team", table_name="transactions")
    op.drop_index(
        "idx_transactions_releasing",
        table_name="transactions",
        postgresql_where=sa.text("status = 'processing' AND release_at IS NOT NULL"),
    )
    op.drop_column("transactions", "problem")
    op.drop_column("transactions", "release_at")
    op.drop_column("transactions", "held_at")
    op.drop_column("transactions", "vendor_fee")
    op.drop_column("transactions", "buyer_fee")
    op.drop_column("transactions", "checkout_id")
    op.drop_column("transactions", "provider")
    op.drop_column("transactions", "team_id")
    op.drop_constraint(op.f("fk_marketplace_vendors_team_id"), "marketplace_vendors", type_="foreignkey")
    op.drop_index(
        "uq_vendors_person", table_name="marketplace_vendors", postgresql_where=sa.text("user_id IS NOT NULL")
    )
    op.drop_index("idx_vendors_team", table_name="marketplace_vendors")
    op.drop_index("idx_vendors_categories", table_name="marketplace_vendors", postgresql_using="gin")
    op.drop_column("marketplace_vendors", "verification_note")
    op.drop_column("marketplace_vendors", "verification_asked_at")
    op.drop_column("marketplace_vendors", "rating_count")
    op.drop_column("marketplace_vendors", "service_radius_miles")
    op.drop_column("marketplace_vendors", "longitude")
    op.drop_column("marketplace_vendors", "latitude")
    op.drop_column("marketplace_vendors", "payouts_ready")
    op.drop_column("marketplace_vendors", "team_id")
    op.drop_constraint(op.f("fk_marketplace_listings_team_id"), "marketplace_listings", type_="foreignkey")
    op.drop_index(
        "uq_listings_live_task",
        table_name="marketplace_listings",
        postgresql_where=sa.text("task_id IS NOT NULL AND status IN ('open', 'assigned')"),
    )
    op.drop_index("idx_listings_team", table_name="marketplace_listings")
    op.drop_index(
        "idx_listings_expiring", table_name="marketplace_listings", postgresql_where=sa.text("status = 'open'")
    )
    op.drop_column("marketplace_listings", "closing_note")
    op.drop_column("marketplace_listings", "completed_at")
    op.drop_column("marketplace_listings", "delivered_at")
    op.drop_column("marketplace_listings", "place")
    op.drop_column("marketplace_listings", "currency")
    op.drop_column("marketplace_listings", "team_id")
    op.drop_constraint(op.f("fk_marketplace_bids_team_id"), "marketplace_bids", type_="foreignkey")
    op.drop_index(
        "uq_bids_live", table_name="marketplace_bids", postgresql_where=sa.text("status IN ('pending', 'accepted')")
    )
    op.drop_index("uq_bids_accepted", table_name="marketplace_bids", postgresql_where=sa.text("status = 'accepted'"))
    op.drop_column("marketplace_bids", "is_automatic")
    op.drop_column("marketplace_bids", "score_parts")
    op.drop_column("marketplace_bids", "score")
    op.drop_column("marketplace_bids", "team_id")
    op.drop_index("idx_ledger_postings_entry", table_name="ledger_postings")
    op.drop_index("idx_ledger_postings_account", table_name="ledger_postings")
    op.drop_table("ledger_postings")
    op.drop_index(
        "idx_payment_operations_waiting", table_name="payment_operations", postgresql_where=sa.text("state = 'waiting'")
    )
    op.drop_index("idx_payment_operations_transaction", table_name="payment_operations")
    op.drop_table("payment_operations")
    op.drop_index("uq_payment_disputes_open", table_name="payment_disputes", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("idx_payment_disputes_state", table_name="payment_disputes")
    op.drop_table("payment_disputes")
    op.drop_index("idx_ledger_entries_transaction", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index("idx_marketplace_ratings_vendor", table_name="marketplace_ratings")
    op.drop_table("marketplace_ratings")
    op.drop_table("marketplace_matches")
    op.drop_index("idx_payment_events_reference", table_name="payment_events")
    op.drop_index(
        "idx_payment_events_open", table_name="payment_events", postgresql_where=sa.text("handled_at IS NULL")
    )
    op.drop_table("payment_events")
    op.drop_index("idx_embedded_payments_reference", table_name="embedded_payments")
    op.drop_table("embedded_payments")
    op.execute("DROP FUNCTION ledger_balances")
    op.execute("DROP FUNCTION ledger_is_append_only")
