"""Channels of every kind, mail and calls on their way in, threads."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_EMPTY_OBJECT = sa.text("'{}'::jsonb")
_EMPTY_LIST = sa.text("'[]'::jsonb")


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _channels()
    _items()
    _threads()
    _mails()
    _calls()


def _channels() -> None:
    add = op.add_column
    add("assistant_channels", sa.Column("region", sa.String(2), server_default="US", nullable=False))
    add("assistant_channels", sa.Column("ring_to", sa.String(20), nullable=True))
    add("assistant_channels", sa.Column("ring_seconds", sa.Integer(), server_default=sa.text("20"), nullable=False))
    add(
        "assistant_channels",
        sa.Column("texts_missed_callers", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    add("assistant_channels", sa.Column("slug", sa.String(60), nullable=True))
    add(
        "assistant_channels",
        sa.Column(
            "frame_ancestors", postgresql.JSONB(astext_type=sa.Text()), server_default=_EMPTY_LIST, nullable=False
        ),
    )
    add(
        "assistant_channels",
        sa.Column("closed_reply", _choice("closed_reply", "reopen", "new"), server_default="reopen", nullable=False),
    )
    op.create_index("uq_channels_slug", "assistant_channels", ["slug"], unique=True)


def _items() -> None:
    op.add_column(
        "inbox_items",
        sa.Column("source_data", postgresql.JSONB(astext_type=sa.Text()), server_default=_EMPTY_OBJECT, nullable=False),
    )
    op.add_column("inbox_items", sa.Column("thread_id", sa.Uuid(), nullable=True))
    op.add_column("inbox_items", sa.Column("thread_code", sa.String(12), nullable=True))
    op.add_column("inbox_items", sa.Column("suggested_thread_id", sa.Uuid(), nullable=True))
    op.add_column("inbox_items", sa.Column("contact_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_inbox_items_contact_id"),
        "inbox_items",
        "contact_list_members",
        ["contact_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("idx_inbox_thread", "inbox_items", ["thread_id"])
    op.create_index(
        "uq_inbox_thread_code",
        "inbox_items",
        ["thread_code"],
        unique=True,
        postgresql_where=sa.text("thread_code IS NOT NULL"),
    )


def _threads() -> None:
    op.create_table(
        "thread_references",
        _now("created_at"),
        _id(),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_thread_references_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_references")),
        sa.UniqueConstraint("team_id", "reference", name=op.f("uq_thread_references_team_id_reference")),
    )


def _mails() -> None:
    op.create_table(
        "inbound_mails",
        _now("created_at"),
        _id(),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("storage_key", sa.String(255), nullable=False),
        sa.Column("content_type", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", _choice("mail_state", "waiting", "taken", "refused"), server_default="waiting"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_inbound_mails_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mails")),
    )
    op.alter_column("inbound_mails", "state", nullable=False)
    op.create_index("idx_inbound_mails_created", "inbound_mails", ["created_at"])


def _calls() -> None:
    op.create_table(
        "calls",
        _now("created_at"),
        _now("updated_at"),
        _id(),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("call_sid", sa.String(64), nullable=False),
        sa.Column("from_number", sa.String(255), nullable=False),
        sa.Column("to_number", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), server_default="ringing", nullable=False),
        sa.Column("answered_by_owner", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("speech", sa.Text(), nullable=True),
        sa.Column("recording_sid", sa.String(64), nullable=True),
        sa.Column("recording_url", sa.Text(), nullable=True),
        sa.Column("recording_seconds", sa.Integer(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("texted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_calls_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["assistant_channels.id"], name=op.f("fk_calls_channel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("call_sid", name=op.f("uq_calls_call_sid")),
    )
    op.create_index("idx_calls_team", "calls", ["team_id", sa.text("created_at DESC")])


def downgrade() -> None:
    op.drop_table("calls")
    op.drop_table("inbound_mails")
    op.drop_table("thread_references")
    op.drop_index("uq_inbox_thread_code", table_name="inbox_items")
    op.drop_index("idx_inbox_thread", table_name="inbox_items")
    op.drop_constraint(op.f("fk_inbox_items_contact_id"), "inbox_items", type_="foreignkey")
    for name in ("contact_id", "suggested_thread_id", "thread_code", "thread_id", "source_data"):
        op.drop_column("inbox_items", name)
    op.drop_index("uq_channels_slug", table_name="assistant_channels")
    for name in (
        "closed_reply",
        "frame_ancestors",
        "slug",
        "texts_missed_callers",
        "ring_seconds",
        "ring_to",
        "region",
    ):
        op.drop_column("assistant_channels", name)
