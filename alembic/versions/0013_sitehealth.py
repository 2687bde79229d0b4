"""Issues followed from scan to scan, their places, and the pages that a scan has judged."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_LIST = postgresql.JSONB()
_EMPTY = sa.text("'[]'::jsonb")


def upgrade() -> None:
    op.add_column("sites", sa.Column("timezone", sa.String(64), nullable=False, server_default="UTC"))
    op.add_column("sites", sa.Column("secret", sa.Text()))
    op.add_column("sites", sa.Column("include", _LIST, nullable=False, server_default=_EMPTY))
    op.add_column("sites", sa.Column("exclude", _LIST, nullable=False, server_default=_EMPTY))
    op.add_column("scans", sa.Column("current_url", sa.String(1000)))
    op.add_column("scans", sa.Column("cancelled_at", _TIME))
    for name in ("new_issues", "fixed_issues"):
        op.add_column("scans", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0")))
    _issues()
    op.create_table(
        "issue_places",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
        sa.Column("page_url", sa.String(1000), nullable=False),
        sa.Column("selector", sa.String(500)),
        sa.Column("html_context", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False),
    )
    op.create_index("idx_issue_places_issue", "issue_places", ["issue_id"])
    op.create_table(
        "scan_pages",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
        sa.Column("scan_id", sa.BigInteger(), sa.ForeignKey("scans.id", ondelete="CASCADE"), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("error", sa.Text()),
        sa.Column("seconds", sa.Float(), nullable=False, server_default="0"),
        sa.Column("findings", _LIST, nullable=False, server_default=_EMPTY),
        sa.UniqueConstraint("scan_id", "url"),
    )


def _issues() -> None:
    # Issues of before have no fingerprint: each is an issue of its own.
    op.add_column("issues", sa.Column("fingerprint", sa.String(32)))
    op.execute("UPDATE issues SET fingerprint = md5(id::text)")
    op.alter_column("issues", "fingerprint", nullable=False)
    op.add_column("issues", sa.Column("check_id", sa.String(100)))
    op.execute("UPDATE issues SET check_id = category")
    op.alter_column("issues", "check_id", nullable=False)
    op.add_column("issues", sa.Column("why", sa.String(500), nullable=False, server_default=""))
    op.add_column("issues", sa.Column("source", sa.String(300), nullable=False, server_default=""))
    op.add_column("issues", sa.Column("needs_review", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("issues", sa.Column("place_count", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("issues", sa.Column("first_seen_at", _TIME, nullable=False, server_default=sa.text("now()")))
    op.add_column("issues", sa.Column("fixed_at", _TIME))
    op.add_column("issues", sa.Column("regressed_at", _TIME))
    op.add_column("issues", sa.Column("reason", sa.Text()))
    op.add_column("issues", sa.Column("task_id", sa.Uuid()))
    op.create_foreign_key(op.f("fk_issues_task_id"), "issues", "tasks", ["task_id"], ["id"], ondelete="SET NULL")
    op.create_unique_constraint(op.f("uq_issues_site_id_fingerprint"), "issues", ["site_id", "fingerprint"])


def downgrade() -> None:
    op.drop_table("scan_pages")
    op.drop_table("issue_places")
    op.drop_constraint("uq_issues_site_id_fingerprint", "issues")
    for name in ("task_id", "reason", "regressed_at", "fixed_at", "first_seen_at", "place_count", "needs_review",
                 "source", "why", "check_id", "fingerprint"):  # fmt: skip
        op.drop_column("issues", name)
    for name in ("fixed_issues", "new_issues", "cancelled_at", "current_url"):
        op.drop_column("scans", name)
    for name in ("exclude", "include", "secret", "timezone"):
        op.drop_column("sites", name)
