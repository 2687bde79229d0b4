"""A person's open tasks and their board along indexes of their own, whether they own, were given or asked for them.

The lists of a person read a page of open tasks without passing the finished ones; the closed columns of a board read
forty cards and not every task that was ever closed. The calendar's index serves the order by due date as well. A
comment knows its task's place in the list, so that a search by comments reads along it.
"""

import sqlalchemy as sa

from alembic import op

revision = "0050"
down_revision = "0076"
branch_labels = None
depends_on = None

_KEPT = "deleted_at IS NULL"
_OPEN = f"{_KEPT} AND status IN ('pending', 'in_progress')"
_NOBODYS = f"{_KEPT} AND num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) = 0"
_DUE = "COALESCE(due_date, 'infinity'::timestamptz)"
_PEOPLE = {"owner": "owner_id", "member": "team_member_id", "requestor": "requestor_id"}
_CALENDAR = "CREATE INDEX idx_tasks_calendar ON tasks (team_id, due_date, id)"


def upgrade() -> None:
    """Two indexes for each way in which a task is somebody's; nobody's board; the order by due date."""
    for name, column in _PEOPLE.items():
        op.execute(f"CREATE INDEX idx_tasks_{name}_open ON tasks ({column}, created_at DESC, id DESC) WHERE {_OPEN}")
        op.execute(f"CREATE INDEX idx_tasks_{name}_board ON tasks ({column}, status, board_position, id) WHERE {_KEPT}")
    op.execute(f"CREATE INDEX idx_tasks_nobodys_board ON tasks (team_id, status, board_position, id) WHERE {_NOBODYS}")
    op.execute(f"CREATE INDEX idx_tasks_requestor_due ON tasks (requestor_id, {_DUE}, id) WHERE {_OPEN}")
    op.execute(f"CREATE INDEX idx_tasks_team_due ON tasks (team_id, {_DUE}, id) WHERE {_KEPT}")
    op.execute("DROP INDEX idx_tasks_calendar")
    op.add_column("task_messages", sa.Column("task_created_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE task_messages m SET task_created_at = t.created_at FROM tasks t WHERE t.id = m.task_id")
    op.execute("CREATE INDEX idx_task_messages_by_task ON task_messages (team_id, task_created_at DESC, task_id DESC)")
    op.execute("DROP INDEX idx_task_messages_team_newest")


def downgrade() -> None:
    """Without them."""
    op.execute("CREATE INDEX idx_task_messages_team_newest ON task_messages (team_id, created_at DESC)")
    op.execute("DROP INDEX idx_task_messages_by_task")
    op.drop_column("task_messages", "task_created_at")
    op.execute(f"{_CALENDAR} WHERE {_KEPT}")
    for name in ("team_due", "requestor_due", "nobodys_board"):
        op.execute(f"DROP INDEX idx_tasks_{name}")
    for name in _PEOPLE:
        op.execute(f"DROP INDEX idx_tasks_{name}_board")
        op.execute(f"DROP INDEX idx_tasks_{name}_open")
