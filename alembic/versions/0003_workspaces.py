"""Workspaces: team_id on what belongs to one, and the columns the product needs beyond the reference."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_OWNED = ("appointment_types", "assistant_channels", "contact_lists", "inbox_items", "routing_rules", "sites")
_users = sa.table("users", sa.column("id"), sa.column("name"))
_teams = sa.table("teams", sa.column("id"), sa.column("name"), sa.column("created_by"), sa.column("created_at"))
_members = sa.table("team_members", sa.column("team_id"), sa.column("user_id"), sa.column("is_admin"))


def make_missing_workspaces() -> None:
    """A team of one for whoever has rows but made no team: such rows are their person's, not their colleagues'."""
    owners = sa.union(*[sa.select(sa.column("user_id", sa.Uuid())).select_from(sa.table(name)) for name in _OWNED])
    made_none = ~sa.exists().where(_teams.c.created_by == _users.c.id)
    people = sa.select(_users.c.name, _users.c.id).where(_users.c.id.in_(owners), made_none)
    made = _teams.insert().from_select(["name", "created_by"], people).returning(_teams.c.id, _teams.c.created_by)
    teams = made.cte("made")
    op.execute(
        _members.insert()
        .from_select(["team_id", "user_id", "is_admin"], sa.select(teams.c.id, teams.c.created_by, sa.true()))
        .add_cte(teams)
    )


def add_workspace(table: str) -> None:
    """`team_id`, NOT NULL, filled with the first team that the responsible person made."""
    op.add_column(table, sa.Column("team_id", sa.Uuid(), nullable=True))
    rows = sa.table(table, sa.column("team_id"), sa.column("user_id"))
    first = sa.select(_teams.c.id).where(_teams.c.created_by == rows.c.user_id)
    first = first.order_by(_teams.c.created_at, _teams.c.id).limit(1)
    op.execute(rows.update().values(team_id=first.scalar_subquery()))
    op.alter_column(table, "team_id", nullable=False)


def upgrade() -> None:
    make_missing_workspaces()
    add_workspace("appointment_types")
    op.create_foreign_key(
        op.f("fk_appointment_types_team_id"), "appointment_types", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    add_workspace("assistant_channels")
    op.add_column("assistant_channels", sa.Column("name", sa.String(length=100), server_default="", nullable=False))
    op.create_index("idx_channels_team", "assistant_channels", ["team_id"], unique=False)
    op.create_index(
        "uq_channels_active_email",
        "assistant_channels",
        ["email_address"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
    op.create_index(
        "uq_channels_active_phone",
        "assistant_channels",
        ["channel_type", "phone_number"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
    op.create_foreign_key(
        op.f("fk_assistant_channels_team_id"), "assistant_channels", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    add_workspace("contact_lists")
    op.create_foreign_key(
        op.f("fk_contact_lists_team_id"), "contact_lists", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(
        "uq_conversations_pair",
        "conversations",
        [sa.literal_column("LEAST(actor_a_id, actor_b_id)"), sa.literal_column("GREATEST(actor_a_id, actor_b_id)")],
        unique=True,
    )
    op.add_column(
        "inbox_items",
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    add_workspace("inbox_items")
    op.add_column("inbox_items", sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("inbox_items", sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "inbox_items",
        sa.Column("routing_trace", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.create_index(
        "idx_inbox_team_received",
        "inbox_items",
        ["team_id", sa.literal_column("received_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "idx_inbox_team_status",
        "inbox_items",
        ["team_id", "status", sa.literal_column("received_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "uq_inbox_channel_source",
        "inbox_items",
        ["channel_id", "source_id"],
        unique=True,
        postgresql_where=sa.text("source_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_inbox_items_team_id"), "inbox_items", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.add_column("notifications", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("notifications", sa.Column("dedupe_key", sa.String(length=200), nullable=True))
    op.add_column("notifications", sa.Column("link", sa.String(length=500), nullable=True))
    op.create_unique_constraint(op.f("uq_notifications_dedupe_key"), "notifications", ["dedupe_key"])
    op.create_foreign_key(
        op.f("fk_notifications_team_id"), "notifications", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(
        "uq_relationships_pair",
        "relationships",
        [sa.literal_column("LEAST(actor_a_id, actor_b_id)"), sa.literal_column("GREATEST(actor_a_id, actor_b_id)")],
        unique=True,
    )
    add_workspace("routing_rules")
    op.create_index("idx_routing_rules_team", "routing_rules", ["team_id", "is_active", "priority"], unique=False)
    op.create_foreign_key(
        op.f("fk_routing_rules_team_id"), "routing_rules", "teams", ["team_id"], ["id"], ondelete="CASCADE"
    )
    add_workspace("sites")
    op.create_foreign_key(op.f("fk_sites_team_id"), "sites", "teams", ["team_id"], ["id"], ondelete="CASCADE")
    op.add_column("tasks", sa.Column("inbox_item_id", sa.Uuid(), nullable=True))
    op.add_column("tasks", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.create_index(
        "idx_tasks_team_created",
        "tasks",
        ["team_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "idx_tasks_team_status_created",
        "tasks",
        ["team_id", "status", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_unique_constraint(op.f("uq_tasks_inbox_item_id"), "tasks", ["inbox_item_id"])
    op.create_foreign_key(
        op.f("fk_tasks_inbox_item_id"), "tasks", "inbox_items", ["inbox_item_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column("users", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("current_team_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_users_current_team_id"), "users", "teams", ["current_team_id"], ["id"], ondelete="SET NULL"
    )
    op.create_check_constraint(
        "one_doer", "tasks", "num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) <= 1"
    )


def downgrade() -> None:
    op.drop_constraint("one_doer", "tasks", type_="check")
    op.drop_constraint(op.f("fk_users_current_team_id"), "users", type_="foreignkey")
    op.drop_column("users", "current_team_id")
    op.drop_column("users", "phone_verified_at")
    op.drop_column("users", "email_verified_at")
    op.drop_constraint(op.f("fk_tasks_inbox_item_id"), "tasks", type_="foreignkey")
    op.drop_constraint(op.f("uq_tasks_inbox_item_id"), "tasks", type_="unique")
    op.drop_index("idx_tasks_team_status_created", table_name="tasks")
    op.drop_index("idx_tasks_team_created", table_name="tasks")
    op.drop_column("tasks", "version")
    op.drop_column("tasks", "inbox_item_id")
    op.drop_constraint(op.f("fk_sites_team_id"), "sites", type_="foreignkey")
    op.drop_column("sites", "team_id")
    op.drop_constraint(op.f("fk_routing_rules_team_id"), "routing_rules", type_="foreignkey")
    op.drop_index("idx_routing_rules_team", table_name="routing_rules")
    op.drop_column("routing_rules", "team_id")
    op.drop_index("uq_relationships_pair", table_name="relationships")
    op.drop_constraint(op.f("fk_notifications_team_id"), "notifications", type_="foreignkey")
    op.drop_constraint(op.f("uq_notifications_dedupe_key"), "notifications", type_="unique")
    op.drop_column("notifications", "link")
    op.drop_column("notifications", "dedupe_key")
    op.drop_column("notifications", "team_id")
    op.drop_constraint(op.f("fk_inbox_items_team_id"), "inbox_items", type_="foreignkey")
    op.drop_index(
        "uq_inbox_channel_source", table_name="inbox_items", postgresql_where=sa.text("source_id IS NOT NULL")
    )
    op.drop_index("idx_inbox_team_status", table_name="inbox_items")
    op.drop_index("idx_inbox_team_received", table_name="inbox_items")
    op.drop_column("inbox_items", "routing_trace")
    op.drop_column("inbox_items", "dead_at")
    op.drop_column("inbox_items", "attempts")
    op.drop_column("inbox_items", "team_id")
    op.drop_column("inbox_items", "updated_at")
    op.drop_index("uq_conversations_pair", table_name="conversations")
    op.drop_constraint(op.f("fk_contact_lists_team_id"), "contact_lists", type_="foreignkey")
    op.drop_column("contact_lists", "team_id")
    op.drop_constraint(op.f("fk_assistant_channels_team_id"), "assistant_channels", type_="foreignkey")
    op.drop_index("uq_channels_active_phone", table_name="assistant_channels", postgresql_where=sa.text("is_active"))
    op.drop_index("uq_channels_active_email", table_name="assistant_channels", postgresql_where=sa.text("is_active"))
    op.drop_index("idx_channels_team", table_name="assistant_channels")
    op.drop_column("assistant_channels", "name")
    op.drop_column("assistant_channels", "team_id")
    op.drop_constraint(op.f("fk_appointment_types_team_id"), "appointment_types", type_="foreignkey")
    op.drop_column("appointment_types", "team_id")
