"""What files belong to; projects, templates, saved filters; what the task list needs to be fast."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SUBJECTS = ("task", "task_message", "direct_message", "inbox_item")
_OPEN = "deleted_at IS NULL AND status IN ('pending', 'in_progress')"
_DUE = "COALESCE(due_date, 'infinity'::timestamptz), id"
_NEWEST = "created_at DESC, id DESC"
_KEPT = "deleted_at IS NULL"
# name -> (columns, condition)
_INDEXES = {
    "idx_tasks_open_newest": (f"team_id, {_NEWEST}", _OPEN),
    "idx_tasks_open_due": (f"team_id, {_DUE}", _OPEN),
    "idx_tasks_owner_newest": (f"owner_id, {_NEWEST}", _KEPT),
    "idx_tasks_owner_due": (f"owner_id, {_DUE}", _OPEN),
    "idx_tasks_member_newest": (f"team_member_id, {_NEWEST}", _KEPT),
    "idx_tasks_member_due": (f"team_member_id, {_DUE}", _OPEN),
    "idx_tasks_requestor_newest": (f"requestor_id, {_NEWEST}", _KEPT),
    "idx_tasks_project_newest": (f"project_id, {_NEWEST}", _KEPT),
    "idx_tasks_nobodys_newest": (
        f"team_id, {_NEWEST}",
        f"{_OPEN} AND num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) = 0",
    ),
    "idx_tasks_urgent_newest": (f"team_id, priority, {_NEWEST}", _OPEN),
    "idx_tasks_board": ("team_id, status, board_position, id", _KEPT),
    "idx_tasks_bin": ("team_id, deleted_at DESC", "deleted_at IS NOT NULL"),
}
_TABLES = ("task_words", "saved_filters", "process_templates", "project_members", "projects")
_WORDS = r"""
    INSERT INTO task_words (team_id, word)
    SELECT DISTINCT t.team_id, w.word
      FROM tasks t, regexp_split_to_table(lower(t.title || ' ' || coalesce(t.description, '')), '\W+') AS w (word)
     WHERE t.team_id IS NOT NULL AND length(w.word) BETWEEN 3 AND 40 AND w.word !~ '^[0-9_]+$'
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    subject = sa.Enum(*_SUBJECTS, name="file_subject", native_enum=False, create_constraint=True, length=20)
    op.add_column("files", sa.Column("subject_kind", subject, nullable=True))
    op.add_column("files", sa.Column("subject_id", sa.Uuid(), nullable=True))
    op.create_index("idx_files_subject", "files", ["subject_kind", "subject_id"])
    _add_to_tasks()
    _create_tables()
    for name, (columns, condition) in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON tasks ({columns}) WHERE {condition}")
    op.execute("CREATE INDEX idx_tasks_tags ON tasks USING gin (tags jsonb_path_ops)")
    _add_search("tasks", "(title::text || ' '::text) || COALESCE(description, ''::text)")
    _add_search("task_messages", "message")
    op.execute(_WORDS)


def downgrade() -> None:
    for table in ("task_messages", "tasks"):
        op.drop_index(f"idx_{table}_search", table_name=table)
        op.drop_column(table, "search")
    op.drop_index("idx_tasks_tags", table_name="tasks")
    for name in _INDEXES:
        op.drop_index(name, table_name="tasks")
    for table in _TABLES:
        op.drop_table(table)
    op.drop_constraint(op.f("uq_tasks_recurs_from"), "tasks")
    for column in ("board_position", "recurs_from", "recurrence", "checklist", "due_zone"):
        op.drop_column("tasks", column)
    op.drop_index("idx_files_subject", table_name="files")
    op.drop_column("files", "subject_id")
    op.drop_column("files", "subject_kind")
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")


def _add_to_tasks() -> None:
    position = sa.text("(- EXTRACT(epoch FROM now()))")
    empty = sa.text("'[]'::jsonb")
    op.add_column("tasks", sa.Column("due_zone", sa.String(64), nullable=True))
    op.add_column("tasks", sa.Column("checklist", postgresql.JSONB(), server_default=empty, nullable=False))
    op.add_column("tasks", sa.Column("recurrence", sa.String(20), nullable=True))
    op.add_column("tasks", sa.Column("recurs_from", sa.Uuid(), nullable=True))
    op.add_column("tasks", sa.Column("board_position", sa.Float(53), server_default=position, nullable=False))
    op.create_unique_constraint(op.f("uq_tasks_recurs_from"), "tasks", ["recurs_from"])
    op.execute("UPDATE tasks SET board_position = - EXTRACT(epoch FROM created_at)")


def _add_search(table: str, words: str) -> None:
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN search tsvector "
        f"GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, {words})) STORED"
    )
    op.execute(f"CREATE INDEX idx_{table}_search ON {table} USING gin (search)")


def _create_tables() -> None:
    op.create_table(
        "projects",
        *_record(updated=True),
        _team(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("colour", sa.String(20), server_default="accent", nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        _person("created_by"),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("projects", team=True, created_by="SET NULL"),
    )
    op.create_index("idx_projects_team", "projects", ["team_id"])
    op.create_table(
        "project_members",
        *_record(updated=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_members_project_id"), ondelete="CASCADE"
        ),
        *_keys("project_members", team=False, user_id="CASCADE"),
        sa.UniqueConstraint("project_id", "user_id", name=op.f("uq_project_members_project_id_user_id")),
    )
    op.create_index("idx_project_members_user", "project_members", ["user_id"])
    op.create_table(
        "process_templates",
        *_record(updated=True),
        _team(),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("steps", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        _person("created_by"),
        *_keys("process_templates", team=True, created_by="SET NULL"),
    )
    op.create_index("idx_process_templates_team", "process_templates", ["team_id"])
    op.create_table(
        "saved_filters",
        *_record(updated=False),
        _team(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        *_keys("saved_filters", team=True, user_id="CASCADE"),
        sa.UniqueConstraint("team_id", "user_id", "name", name=op.f("uq_saved_filters_team_id_user_id_name")),
    )
    op.create_table(
        "task_words",
        _team(),
        sa.Column("word", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_task_words_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "word", name=op.f("pk_task_words")),
    )
    op.execute("CREATE INDEX idx_task_words_trigrams ON task_words USING gin (word gin_trgm_ops)")


def _record(*, updated: bool) -> list[sa.Column[object]]:
    now = sa.text("now()")
    names = ["created_at", "updated_at"] if updated else ["created_at"]
    times: list[sa.Column[object]] = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False) for name in names
    ]
    return [sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False), *times]


def _team() -> sa.Column[object]:
    return sa.Column("team_id", sa.Uuid(), nullable=False)


def _person(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=True)


def _keys(table: str, *, team: bool, **people: str) -> list[sa.Constraint]:
    keys: list[sa.Constraint] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    if team:
        name = op.f(f"fk_{table}_team_id")
        keys.append(sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=name, ondelete="CASCADE"))
    for column, ondelete in people.items():
        name = op.f(f"fk_{table}_{column}")
        keys.append(sa.ForeignKeyConstraint([column], ["users.id"], name=name, ondelete=ondelete))
    return keys
