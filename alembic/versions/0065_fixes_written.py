"""Which language model wrote the text of an issue's fix, and who gets the tasks that a site's rule makes."""

import sqlalchemy as sa

from alembic import op

revision = "0065"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issues", sa.Column("fix_written_by", sa.String(100), nullable=False, server_default=""))
    op.add_column("sites", sa.Column("task_doer", sa.String(20)))


def downgrade() -> None:
    op.drop_column("sites", "task_doer")
    op.drop_column("issues", "fix_written_by")
