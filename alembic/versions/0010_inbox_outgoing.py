"""The inbox at scale: folders, search, who read what, blocked senders; what goes out and its fate."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_FOLDER = """
CASE WHEN spam_at IS NOT NULL THEN 'spam'
     WHEN status = 'dismissed' THEN 'dismissed'
     WHEN processing_status = 'failed' THEN 'failed'
     WHEN snoozed_until IS NOT NULL THEN 'snoozed'
     ELSE status END
"""
_DOTS = "'+@._-/:#%&=?', '            '"
_SEARCH = f"""
setweight(to_tsvector('simple', translate(coalesce(from_name, '') || ' ' || from_identifier, {_DOTS})), 'A') ||
setweight(to_tsvector('simple', translate(coalesce(subject, ''), {_DOTS})), 'B') ||
setweight(to_tsvector('simple', translate(left(body, 100000), {_DOTS})), 'C')
"""  # a column's definition
_NOW = sa.text("now()")
_EMPTY = sa.text("'{}'::jsonb")


def upgrade() -> None:
    _items()
    _people()
    _outgoing()
    _channel_replies()


def downgrade() -> None:
    for table in ("channel_replies", "outgoing_messages", "blocked_senders", "inbox_reads"):
        op.drop_table(table)
    for index in ("attachments", "snoozed", "team_sender", "team_folder", "search"):
        op.drop_index(f"idx_inbox_{index}", table_name="inbox_items")
    op.create_index(
        "idx_inbox_team_status", "inbox_items", ["team_id", "status", sa.text("received_at DESC"), sa.text("id DESC")]
    )
    op.drop_constraint(op.f("fk_inbox_items_assigned_to"), "inbox_items", type_="foreignkey")
    for column in ("search", "folder", "spam_at", "snoozed_until", "assigned_to"):
        op.drop_column("inbox_items", column)


def _items() -> None:
    op.add_column("inbox_items", sa.Column("assigned_to", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_inbox_items_assigned_to"), "inbox_items", "users", ["assigned_to"], ["id"], ondelete="SET NULL"
    )
    op.add_column("inbox_items", sa.Column("snoozed_until", sa.DateTime(timezone=True)))
    op.add_column("inbox_items", sa.Column("spam_at", sa.DateTime(timezone=True)))
    op.add_column("inbox_items", sa.Column("folder", sa.String(20), sa.Computed(_FOLDER, persisted=True)))
    op.add_column("inbox_items", sa.Column("search", postgresql.TSVECTOR(), sa.Computed(_SEARCH, persisted=True)))
    newest = [sa.text("received_at DESC"), sa.text("id DESC")]
    op.drop_index("idx_inbox_team_status", table_name="inbox_items")
    op.create_index("idx_inbox_team_folder", "inbox_items", ["team_id", "folder", *newest])
    op.create_index("idx_inbox_team_sender", "inbox_items", ["team_id", "from_identifier", newest[0]])
    op.create_index(
        "idx_inbox_attachments",
        "inbox_items",
        ["team_id", *newest],
        postgresql_where=sa.text("attachments <> '[]'::jsonb"),
    )
    op.create_index(
        "idx_inbox_snoozed", "inbox_items", ["snoozed_until"], postgresql_where=sa.text("snoozed_until IS NOT NULL")
    )
    op.create_index("idx_inbox_search", "inbox_items", ["search"], postgresql_using="gin")


def _people() -> None:
    op.create_table(
        "inbox_reads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        _reference("inbox_reads", "user_id", "users"),
        _reference("inbox_reads", "item_id", "inbox_items"),
        _reference("inbox_reads", "team_id", "teams"),
        sa.PrimaryKeyConstraint("user_id", "item_id", name=op.f("pk_inbox_reads")),
    )
    op.create_index(op.f("ix_inbox_reads_item_id"), "inbox_reads", ["item_id"])
    op.create_table(
        "blocked_senders",
        *_record(),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("created_by", sa.Uuid()),
        _reference("blocked_senders", "team_id", "teams"),
        _reference("blocked_senders", "created_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_senders")),
    )
    op.create_index("uq_blocked_senders", "blocked_senders", ["team_id", "address"], unique=True)


def _outgoing() -> None:
    name = "outgoing_messages"
    op.create_table(
        name,
        *_record(),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("inbox_item_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid()),
        sa.Column("kind", _enum("outbox_kind", "email", "sms"), nullable=False),
        sa.Column("purpose", _enum("outgoing_purpose", "auto_reply", "reply"), nullable=False),
        sa.Column(
            "status",
            _enum("outgoing_status", "queued", "sent", "delivered", "failed", "withheld", "cancelled"),
            server_default="queued",
            nullable=False,
        ),
        sa.Column("reason", sa.Text()),
        sa.Column("to_address", sa.String(255), nullable=False),
        sa.Column("sender", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(500)),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(255), nullable=False),
        sa.Column("provider_id", sa.String(255)),
        sa.Column("job_id", sa.BigInteger()),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        _reference(name, "team_id", "teams"),
        _reference(name, "inbox_item_id", "inbox_items"),
        _reference(name, "channel_id", "assistant_channels", "SET NULL"),
        _reference(name, "created_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("idempotency_key", name=op.f(f"uq_{name}_idempotency_key")),
    )
    newest = sa.text("created_at DESC")
    op.create_index("idx_outgoing_item", name, ["inbox_item_id", "created_at"])
    op.create_index("idx_outgoing_to", name, ["team_id", "purpose", "to_address", newest])
    op.create_index("idx_outgoing_team", name, ["team_id", "purpose", newest])
    op.create_index("idx_outgoing_provider", name, ["provider_id"], postgresql_where=sa.text("provider_id IS NOT NULL"))


def _channel_replies() -> None:
    op.create_table(
        "channel_replies",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("open_text", sa.Text(), nullable=False),
        sa.Column("closed_text", sa.Text(), nullable=False),
        sa.Column("hours", postgresql.JSONB(), server_default=_EMPTY, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("window_minutes", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("daily_cap", sa.Integer(), server_default=sa.text("200"), nullable=False),
        _reference("channel_replies", "channel_id", "assistant_channels"),
        _reference("channel_replies", "team_id", "teams"),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_replies")),
    )
    op.create_index(op.f("ix_channel_replies_team_id"), "channel_replies", ["team_id"])


def _record() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
    )


def _reference(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)
