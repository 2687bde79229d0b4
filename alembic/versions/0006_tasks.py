"""What files belong to; projects, templates, saved filters; what the task list needs to be fast."""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SUBJECTS = ("task", "task_message", "direct_message", "inbox_item")


def upgrade() -> None:
    subject = sa.Enum(*_SUBJECTS, name="file_subject", native_enum=False, create_constraint=True, length=20)
    op.add_column("files", sa.Column("subject_kind", subject, nullable=True))
    op.add_column("files", sa.Column("subject_id", sa.Uuid(), nullable=True))
    op.create_index("idx_files_subject", "files", ["subject_kind", "subject_id"])


def downgrade() -> None:
    op.drop_index("idx_files_subject", table_name="files")
    op.drop_column("files", "subject_id")
    op.drop_column("files", "subject_kind")
