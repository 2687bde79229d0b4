"""What a killed scan needs of the pages it has judged, so that it loads none of them again."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0084"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scan_pages", sa.Column("kept", postgresql.JSONB()))


def downgrade() -> None:
    op.drop_column("scan_pages", "kept")
