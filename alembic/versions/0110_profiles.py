"""A profile's picture and an export of everything of mine are files too; a workspace presents itself by one profile."""

from alembic import op

revision = "0110"
down_revision = "0107"
branch_labels = None
depends_on = None

_BEFORE = ("task", "task_message", "direct_message", "inbox_item")
_ADDED = ("profile", "export")


def upgrade() -> None:
    _allow(*_BEFORE, *_ADDED)
    op.execute(
        "DELETE FROM profiles p USING profiles q WHERE p.type = 'personal' AND q.type = 'personal'"
        " AND p.user_id = q.user_id AND p.id > q.id"
    )
    op.execute("CREATE UNIQUE INDEX uq_profiles_person ON profiles (user_id) WHERE type = 'personal'")
    op.execute(
        "CREATE UNIQUE INDEX uq_profiles_workspace ON profiles ((metadata ->> 'team_id')) WHERE type <> 'personal'"
    )


def downgrade() -> None:
    op.drop_index("uq_profiles_workspace", table_name="profiles")
    op.drop_index("uq_profiles_person", table_name="profiles")
    op.execute("DELETE FROM files WHERE subject_kind IN ('profile', 'export')")
    _allow(*_BEFORE)


def _allow(*kinds: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE files DROP CONSTRAINT ck_files_file_subject")
    op.execute(f"ALTER TABLE files ADD CONSTRAINT ck_files_file_subject CHECK (subject_kind IN ({listed}))")
