"""Appointments: hosts and their hours, guests, the time that nobody else can book, reminders, calendars."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATUS = "ck_appointments_appointment_status"
_ROWS = """
UPDATE appointments a SET team_id = t.team_id, host_id = t.user_id, busy = tstzrange(a.start_time, a.end_time)
  FROM appointment_types t WHERE t.id = a.appointment_type_id
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.drop_constraint(op.f(_STATUS), "appointments", type_="check")
    op.create_check_constraint(
        op.f(_STATUS), "appointments", "status IN ('held', 'scheduled', 'completed', 'cancelled', 'no_show')"
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_calendar_feeds_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index("idx_calendar_feeds_user", "calendar_feeds", ["user_id"], unique=False)
    op.create_table(
        "calendar_subscriptions",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_fetch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_calendar_subscriptions_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_calendar_subscriptions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_subscriptions")),
    )
    op.create_index("idx_calendar_subscriptions_due", "calendar_subscriptions", ["next_fetch_at"], unique=False)
    op.create_index("idx_calendar_subscriptions_user", "calendar_subscriptions", ["user_id"], unique=False)
    op.create_table(
        "host_overrides",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "windows", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_host_overrides_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_host_overrides_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_overrides")),
        sa.UniqueConstraint("team_id", "user_id", "day", name=op.f("uq_host_overrides_team_id_user_id_day")),
    )
    op.create_table(
        "host_schedules",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("timezone", sa.String(length=50), nullable=False),
        sa.Column(
            "weekly", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("public_slug", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_host_schedules_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_host_schedules_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_schedules")),
        sa.UniqueConstraint("public_slug", name=op.f("uq_host_schedules_public_slug")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_host_schedules_team_id_user_id")),
    )
    op.create_index("idx_host_schedules_user", "host_schedules", ["user_id"], unique=False)
    op.create_table(
        "appointment_hosts",
        sa.Column("appointment_type_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_type_id"],
            ["appointment_types.id"],
            name=op.f("fk_appointment_hosts_appointment_type_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_appointment_hosts_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_appointment_hosts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("appointment_type_id", "user_id", name=op.f("pk_appointment_hosts")),
    )
    op.create_index("idx_appointment_hosts_user", "appointment_hosts", ["user_id"], unique=False)
    op.create_table(
        "calendar_busy",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["calendar_subscriptions.id"],
            name=op.f("fk_calendar_busy_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_calendar_busy_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_busy_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_busy")),
    )
    op.create_index("idx_calendar_busy_user", "calendar_busy", ["user_id", "start_time"], unique=False)
    op.create_index(op.f("ix_calendar_busy_subscription_id"), "calendar_busy", ["subscription_id"], unique=False)
    op.create_table(
        "appointment_reminders",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("email", "sms", name="reminder_kind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_reminders_appointment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_appointment_reminders_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_reminders")),
        sa.UniqueConstraint(
            "appointment_id", "kind", "due_at", name=op.f("uq_appointment_reminders_appointment_id_kind_due_at")
        ),
    )
    op.create_index(
        "idx_appointment_reminders_due",
        "appointment_reminders",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("claimed_at IS NULL"),
    )
    op.add_column(
        "appointment_types", sa.Column("notice_minutes", sa.Integer(), server_default=sa.text("120"), nullable=False)
    )
    op.add_column(
        "appointment_types", sa.Column("step_minutes", sa.Integer(), server_default=sa.text("30"), nullable=False)
    )
    op.add_column("appointment_types", sa.Column("daily_cap", sa.Integer(), nullable=True))
    op.add_column(
        "appointment_types",
        sa.Column(
            "questions", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
    )
    op.add_column(
        "appointment_types",
        sa.Column(
            "reminders", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
    )
    op.add_column(
        "appointment_types",
        sa.Column(
            "location_kind",
            sa.Enum(
                "place", "phone", "video", name="location_kind", native_enum=False, create_constraint=True, length=20
            ),
            server_default="place",
            nullable=False,
        ),
    )
    op.add_column("appointment_types", sa.Column("location", sa.String(length=500), server_default="", nullable=False))
    op.add_column("appointments", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("appointments", sa.Column("host_id", sa.Uuid(), nullable=True))
    op.add_column("appointments", sa.Column("busy", postgresql.TSTZRANGE(), nullable=True))
    op.add_column("appointments", sa.Column("guest_name", sa.String(length=200), server_default="", nullable=False))
    op.add_column("appointments", sa.Column("guest_email", sa.String(length=255), server_default="", nullable=False))
    op.add_column("appointments", sa.Column("guest_phone", sa.String(length=20), server_default="", nullable=False))
    op.add_column("appointments", sa.Column("guest_zone", sa.String(length=50), server_default="UTC", nullable=False))
    op.add_column(
        "appointments",
        sa.Column(
            "answers", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
    )
    op.add_column("appointments", sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("appointments", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("appointments", sa.Column("visitor", sa.String(length=64), server_default="", nullable=False))
    op.add_column("appointments", sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=True))
    op.add_column("appointments", sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False))
    op.add_column(
        "appointments", sa.Column("payment_reference", sa.String(length=255), server_default="", nullable=False)
    )
    op.add_column("appointments", sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "idx_appointments_held",
        "appointments",
        ["held_until"],
        unique=False,
        postgresql_where=sa.text("status = 'held'"),
    )
    op.create_index("idx_appointments_host", "appointments", ["host_id", "start_time"], unique=False)
    op.create_index("idx_appointments_team", "appointments", ["team_id", "start_time"], unique=False)
    op.create_foreign_key(
        op.f("fk_appointments_team_id"), "appointments", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.create_foreign_key(
        op.f("fk_appointments_host_id"), "appointments", "users", ["host_id"], ["id"], ondelete="CASCADE"
    )
    op.execute(_ROWS)
    for column in ("team_id", "host_id", "busy"):
        op.alter_column("appointments", column, nullable=False)
    op.create_check_constraint("ends_later", "appointments", "end_time > start_time")
    op.create_exclude_constraint(
        "no_double_booking",
        "appointments",
        ("host_id", "="),
        ("busy", "&&"),
        where=sa.text("status IN ('held', 'scheduled')"),
        using="gist",
    )


def downgrade() -> None:
    op.drop_constraint("no_double_booking", "appointments", type_="unique")
    op.drop_constraint("ends_later", "appointments", type_="check")
    op.drop_constraint(op.f("fk_appointments_host_id"), "appointments", type_="foreignkey")
    op.drop_constraint(op.f("fk_appointments_team_id"), "appointments", type_="foreignkey")
    op.drop_index("idx_appointments_team", table_name="appointments")
    op.drop_index("idx_appointments_host", table_name="appointments")
    op.drop_index("idx_appointments_held", table_name="appointments", postgresql_where=sa.text("status = 'held'"))
    op.drop_column("appointments", "paid_at")
    op.drop_column("appointments", "payment_reference")
    op.drop_column("appointments", "currency")
    op.drop_column("appointments", "price")
    op.drop_column("appointments", "visitor")
    op.drop_column("appointments", "held_until")
    op.drop_column("appointments", "sequence")
    op.drop_column("appointments", "answers")
    op.drop_column("appointments", "guest_zone")
    op.drop_column("appointments", "guest_phone")
    op.drop_column("appointments", "guest_email")
    op.drop_column("appointments", "guest_name")
    op.drop_column("appointments", "busy")
    op.drop_column("appointments", "host_id")
    op.drop_column("appointments", "team_id")
    op.drop_column("appointment_types", "location")
    op.drop_column("appointment_types", "location_kind")
    op.drop_column("appointment_types", "reminders")
    op.drop_column("appointment_types", "questions")
    op.drop_column("appointment_types", "daily_cap")
    op.drop_column("appointment_types", "step_minutes")
    op.drop_column("appointment_types", "notice_minutes")
    op.drop_index(
        "idx_appointment_reminders_due",
        table_name="appointment_reminders",
        postgresql_where=sa.text("claimed_at IS NULL"),
    )
    op.drop_table("appointment_reminders")
    op.drop_index(op.f("ix_calendar_busy_subscription_id"), table_name="calendar_busy")
    op.drop_index("idx_calendar_busy_user", table_name="calendar_busy")
    op.drop_table("calendar_busy")
    op.drop_index("idx_appointment_hosts_user", table_name="appointment_hosts")
    op.drop_table("appointment_hosts")
    op.drop_index("idx_host_schedules_user", table_name="host_schedules")
    op.drop_table("host_schedules")
    op.drop_table("host_overrides")
    op.drop_index("idx_calendar_subscriptions_user", table_name="calendar_subscriptions")
    op.drop_index("idx_calendar_subscriptions_due", table_name="calendar_subscriptions")
    op.drop_table("calendar_subscriptions")
    op.drop_index("idx_calendar_feeds_user", table_name="calendar_feeds")
    op.drop_table("calendar_feeds")
    op.execute("DELETE FROM appointments WHERE status = 'held'")
    op.drop_constraint(op.f(_STATUS), "appointments", type_="check")
    op.create_check_constraint(
        op.f(_STATUS), "appointments", "status IN ('scheduled', 'completed', 'cancelled', 'no_show')"
    )
    op.execute("DROP EXTENSION btree_gist")
