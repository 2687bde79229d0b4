"""A person's tasks of any state by due date, and nobody's open ones, along indexes of their own."""

from alembic import op

revision = "0087"
down_revision = "0080"
branch_labels = None
depends_on = None

_KEPT = "deleted_at IS NULL"
_NOBODYS = (
    f"{_KEPT} AND status IN ('pending', 'in_progress')"
    " AND num_nonnulls(owner_id, team_member_id, marketplace_vendor_id) = 0"
)
_DUE = "COALESCE(due_date, 'infinity'::timestamptz), id"
_PEOPLE = {"owner": "owner_id", "member": "team_member_id", "requestor": "requestor_id"}


def upgrade() -> None:
    for name, column in _PEOPLE.items():
        op.execute(f"CREATE INDEX idx_tasks_{name}_any_due ON tasks ({column}, {_DUE}) WHERE {_KEPT}")
    op.execute(f"CREATE INDEX idx_tasks_nobodys_due ON tasks (team_id, {_DUE}) WHERE {_NOBODYS}")


def downgrade() -> None:
    op.execute("DROP INDEX idx_tasks_nobodys_due")
    for name in _PEOPLE:
        op.execute(f"DROP INDEX idx_tasks_{name}_any_due")
