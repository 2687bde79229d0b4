"""Proof and picture of a fix, what a scan found of the whole site, share links, tasks by rule, skipped schedules."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0027"
down_revision = "0040"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_LIST = postgresql.JSONB()
_EMPTY = sa.text("'[]'::jsonb")


def upgrade() -> None:
    for name in ("fix_verified_at", "checked_at", "recheck_asked_at"):
        op.add_column("issues", sa.Column(name, _TIME))
    op.add_column("issues", sa.Column("shot_key", sa.String(100)))
    for name in ("site_findings", "losses"):
        op.add_column("scans", sa.Column(name, _LIST, nullable=False, server_default=_EMPTY))
    op.add_column("sites", sa.Column("share_digest", sa.String(64)))
    op.add_column("sites", sa.Column("share_sealed", sa.Text()))
    op.add_column("sites", sa.Column("task_severity", sa.String(20)))
    op.create_unique_constraint(op.f("uq_sites_share_digest"), "sites", ["share_digest"])
    op.add_column("scheduled_scans", sa.Column("skipped_at", _TIME))


def downgrade() -> None:
    op.drop_column("scheduled_scans", "skipped_at")
    op.drop_constraint(op.f("uq_sites_share_digest"), "sites")
    for name in ("task_severity", "share_sealed", "share_digest"):
        op.drop_column("sites", name)
    for name in ("losses", "site_findings"):
        op.drop_column("scans", name)
    for name in ("shot_key", "recheck_asked_at", "checked_at", "fix_verified_at"):
        op.drop_column("issues", name)
