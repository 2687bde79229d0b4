"""The task exchange: actors' workspaces, exchanged tasks, the log of envelopes."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0040"
down_revision = "0017"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_NOW = sa.text("now()")
_OBJECT = sa.text("'{}'::jsonb")
_LIST = sa.text("'[]'::jsonb")
_STATES = ("DRAFT", "PENDING", "ACCEPTED", "IN_PROGRESS", "BLOCKED", "COMPLETED", "CANCELLED")
_KINDS = (
    *("TASK_CREATE", "ACCEPT", "REJECT", "DELEGATE", "STATUS_UPDATE", "COMPLETE", "CANCEL", "REOPEN", "MESSAGE"),
    *("CLARIFICATION_REQUEST", "CLARIFICATION_RESPONSE", "ATTACHMENT_ADD", "PROGRESS_REPORT", "TIMELINE_UPDATE"),
    *("DISPUTE", "RESOLUTION"),
)


def upgrade() -> None:
    op.add_column("actors", sa.Column("team_id", sa.Uuid()))
    op.add_column("actors", sa.Column("gateway_id", sa.Uuid()))
    op.add_column("actors", sa.Column("last_seen_at", _TIME))
    op.create_foreign_key(op.f("fk_actors_team_id"), "actors", "teams", ["team_id"], ["id"], ondelete="CASCADE")
    op.create_foreign_key(op.f("fk_actors_gateway_id"), "actors", "actors", ["gateway_id"], ["id"], ondelete="SET NULL")
    op.create_index("idx_actors_team", "actors", ["team_id"])
    for name, column, kind in (("person", "user_id", "HUMAN"), ("workspace", "team_id", "TEAM")):
        only = sa.text(f"actor_type = '{kind}'")
        op.create_index(f"uq_actors_{name}", "actors", [column], unique=True, postgresql_where=only)
    _exchanges()
    _envelopes()


def downgrade() -> None:
    op.drop_table("tef_envelopes")
    op.drop_table("tef_exchanges")
    for name in ("uq_actors_workspace", "uq_actors_person", "idx_actors_team"):
        op.drop_index(name, "actors")
    for name in ("last_seen_at", "gateway_id", "team_id"):
        op.drop_column("actors", name)


def _exchanges() -> None:
    op.create_table(
        "tef_exchanges",
        _id(),
        _to("teams.id", "team_id"),
        _to("tasks.id", "task_id", ondelete="SET NULL"),
        sa.Column("task_ref", sa.Uuid(), nullable=False),
        _to("actors.id", "source_actor_id"),
        _to("actors.id", "target_actor_id"),
        sa.Column("side", _words("side", ("requestor", "doer")), nullable=False),
        _to("tef_exchanges.id", "parent_id", ondelete="SET NULL"),
        sa.Column("path", postgresql.JSONB(), nullable=False, server_default=_LIST),
        sa.Column("state", _words("exchange_state", _STATES), nullable=False, server_default="PENDING"),
        sa.Column("blocked_on", _words("blocked_on", ("input", "auth"))),
        sa.Column("permissions", postgresql.JSONB(), nullable=False, server_default=_OBJECT),
        sa.Column("depth", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("budget", sa.Numeric(12, 2)),
        sa.Column("currency", sa.String(3)),
        sa.Column("progress", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("disputed_at", _TIME),
        sa.Column("revoked_at", _TIME),
        *_times(),
        sa.UniqueConstraint("task_ref", "source_actor_id", "side"),
    )
    op.create_index("idx_tef_exchanges_task", "tef_exchanges", ["task_id"])
    op.create_index("idx_tef_exchanges_parent", "tef_exchanges", ["parent_id"])


def _envelopes() -> None:
    states = ("received", "quarantined", "refused", "queued", "delivered", "failed")
    op.create_table(
        "tef_envelopes",
        _id(),
        _to("teams.id", "team_id"),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", _KINDS, 30), nullable=False),
        sa.Column("task_ref", sa.Uuid()),
        _to("actors.id", "source_actor_id"),
        _to("actors.id", "target_actor_id"),
        sa.Column("state", _words("envelope_state", states), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("delivered_at", _TIME),
        *_times(),
        sa.UniqueConstraint("team_id", "source_actor_id", "message_id"),
    )
    op.create_index("idx_tef_envelopes_team", "tef_envelopes", ["team_id", "created_at"])
    op.create_index("idx_tef_envelopes_target", "tef_envelopes", ["target_actor_id", "created_at"])
    held = sa.text("state = 'quarantined'")
    op.create_index("idx_tef_envelopes_held", "tef_envelopes", ["team_id"], postgresql_where=held)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), primary_key=True, server_default=sa.text("gen_random_uuid()"))


def _to(target: str, name: str, ondelete: str = "CASCADE") -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target, ondelete=ondelete), nullable=ondelete == "SET NULL")


def _words(name: str, words: tuple[str, ...], length: int = 20) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=length)


def _times() -> tuple[sa.Column[object], sa.Column[object]]:
    return (
        sa.Column("created_at", _TIME, nullable=False, server_default=_NOW),
        sa.Column("updated_at", _TIME, nullable=False, server_default=_NOW),
    )
