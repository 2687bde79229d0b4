"""Which language model wrote the text of an issue's fix."""

import sqlalchemy as sa

from alembic import op

revision = "0065"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("fix_written_by", sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("issues", "fix_written_by")
