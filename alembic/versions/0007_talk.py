"""Contacts' opt-outs, imports and bulk messages; invitations to teams; digests and reminders; faster talk."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification_digests",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_digests_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_digests")),
    )
    op.create_index("idx_notification_digests_next", "notification_digests", ["next_at"], unique=False)
    op.create_table(
        "contact_opt_outs",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "email", name="contact_channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_contact_opt_outs_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_opt_outs")),
        sa.UniqueConstraint(
            "team_id", "channel", "identifier", name=op.f("uq_contact_opt_outs_team_id_channel_identifier")
        ),
    )
    op.create_table(
        "bulk_messages",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("contact_list_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("sms", "email", name="contact_channel", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_list_id"],
            ["contact_lists.id"],
            name=op.f("fk_bulk_messages_contact_list_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_bulk_messages_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bulk_messages_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_messages")),
    )
    op.create_index(
        "idx_bulk_messages_team", "bulk_messages", ["team_id", sa.literal_column("created_at DESC")], unique=False
    )
    op.create_table(
        "contact_imports",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("contact_list_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column(
            "mapping", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("batch_id", sa.String(length=255), nullable=True),
        sa.Column("total_rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("added", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "errors", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column(
            "done_parts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_list_id"],
            ["contact_lists.id"],
            name=op.f("fk_contact_imports_contact_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_contact_imports_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_contact_imports_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_imports")),
    )
    op.create_index("idx_contact_imports_list", "contact_imports", ["contact_list_id"], unique=False)
    op.create_table(
        "bulk_recipients",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("bulk_message_id", sa.Uuid(), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sent",
                "opted_out",
                "failed",
                name="recipient_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            server_default="queued",
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulk_message_id"],
            ["bulk_messages.id"],
            name=op.f("fk_bulk_recipients_bulk_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_recipients")),
        sa.UniqueConstraint(
            "bulk_message_id", "identifier", name=op.f("uq_bulk_recipients_bulk_message_id_identifier")
        ),
    )
    op.create_table(
        "task_reminders",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("due_soon", "overdue", name="reminder_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("due_date", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_reminders_task_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reminders")),
        sa.UniqueConstraint("task_id", "kind", "due_date", name=op.f("uq_task_reminders_task_id_kind_due_date")),
    )
    op.create_index("idx_contact_members_by_email", "contact_list_members", ["email"], unique=False)
    op.create_index("idx_contact_members_by_phone", "contact_list_members", ["phone"], unique=False)
    op.create_index(
        "uq_contact_members_email",
        "contact_list_members",
        ["contact_list_id", "email"],
        unique=True,
        postgresql_where=sa.text("email IS NOT NULL"),
    )
    op.create_index(
        "uq_contact_members_phone",
        "contact_list_members",
        ["contact_list_id", "phone"],
        unique=True,
        postgresql_where=sa.text("phone IS NOT NULL"),
    )
    op.create_index("idx_contact_lists_team", "contact_lists", ["team_id"], unique=False)
    op.create_index(
        "idx_direct_messages_pair",
        "direct_messages",
        [
            sa.literal_column("LEAST(sender_id, recipient_id)"),
            sa.literal_column("GREATEST(sender_id, recipient_id)"),
            sa.literal_column("created_at DESC"),
            sa.literal_column("id DESC"),
        ],
        unique=False,
    )
    op.create_index(
        "idx_direct_messages_unread",
        "direct_messages",
        ["recipient_id", "sender_id"],
        unique=False,
        postgresql_where=sa.text("NOT is_read"),
    )
    op.create_index(
        "idx_notifications_page",
        "notifications",
        ["user_id", "team_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "idx_tasks_due_all_teams",
        "tasks",
        ["due_date"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'in_progress') AND deleted_at IS NULL"),
    )
    op.add_column(
        "team_invitations", sa.Column("is_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "team_invitations", sa.Column("sent_count", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("team_invitations", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("team_invitations", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("team_invitations", sa.Column("accepted_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_team_invitations_accepted_by"),
        "team_invitations",
        "users",
        ["accepted_by"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_team_invitations_accepted_by"), "team_invitations", type_="foreignkey")
    op.drop_column("team_invitations", "accepted_by")
    op.drop_column("team_invitations", "revoked_at")
    op.drop_column("team_invitations", "sent_at")
    op.drop_column("team_invitations", "sent_count")
    op.drop_column("team_invitations", "is_admin")
    op.drop_index(
        "idx_tasks_due_all_teams",
        table_name="tasks",
        postgresql_where=sa.text("status IN ('pending', 'in_progress') AND deleted_at IS NULL"),
    )
    op.drop_index("idx_notifications_page", table_name="notifications")
    op.drop_index("idx_direct_messages_unread", table_name="direct_messages", postgresql_where=sa.text("NOT is_read"))
    op.drop_index("idx_direct_messages_pair", table_name="direct_messages")
    op.drop_index("idx_contact_lists_team", table_name="contact_lists")
    op.drop_index(
        "uq_contact_members_phone", table_name="contact_list_members", postgresql_where=sa.text("phone IS NOT NULL")
    )
    op.drop_index(
        "uq_contact_members_email", table_name="contact_list_members", postgresql_where=sa.text("email IS NOT NULL")
    )
    op.drop_index("idx_contact_members_by_phone", table_name="contact_list_members")
    op.drop_index("idx_contact_members_by_email", table_name="contact_list_members")
    op.drop_table("task_reminders")
    op.drop_table("bulk_recipients")
    op.drop_index("idx_contact_imports_list", table_name="contact_imports")
    op.drop_table("contact_imports")
    op.drop_index("idx_bulk_messages_team", table_name="bulk_messages")
    op.drop_table("bulk_messages")
    op.drop_table("contact_opt_outs")
    op.drop_index("idx_notification_digests_next", table_name="notification_digests")
    op.drop_table("notification_digests")
