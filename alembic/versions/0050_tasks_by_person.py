"""A person's open tasks and their board along indexes of their own, whether they own, were given or asked for them.

The lists of a person read a page of open tasks without passing the finished ones; the closed columns of their board
read forty cards and not every task that they ever closed.
"""

from alembic import op

revision = "0050"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = "deleted_at IS NULL AND status IN ('pending', 'in_progress')"
_KEPT = "deleted_at IS NULL"
_PEOPLE = {"owner": "owner_id", "member": "team_member_id", "requestor": "requestor_id"}


def upgrade() -> None:
    """Two indexes for each way in which a task is somebody's."""
    for name, column in _PEOPLE.items():
        op.execute(f"CREATE INDEX idx_tasks_{name}_open ON tasks ({column}, created_at DESC, id DESC) WHERE {_OPEN}")
        op.execute(f"CREATE INDEX idx_tasks_{name}_board ON tasks ({column}, status, board_position, id) WHERE {_KEPT}")


def downgrade() -> None:
    """Without them."""
    for name in _PEOPLE:
        op.execute(f"DROP INDEX idx_tasks_{name}_board")
        op.execute(f"DROP INDEX idx_tasks_{name}_open")
