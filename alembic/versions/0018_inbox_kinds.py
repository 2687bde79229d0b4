"""The inbox by kind of message, newest first."""

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    newest = [sa.text("received_at DESC"), sa.text("id DESC")]
    op.create_index("idx_inbox_team_source", "inbox_items", ["team_id", "source_type", *newest])


def downgrade() -> None:
    op.drop_index("idx_inbox_team_source", table_name="inbox_items")
