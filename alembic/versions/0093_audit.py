"""The case log by person, by door and by kind, for the audit log's filters."""

from alembic import op

revision = "0093"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX idx_case_events_principal ON case_events (team_id, principal_id, id)"
        " WHERE principal_id IS NOT NULL"
    )
    op.execute("CREATE INDEX idx_case_events_door ON case_events (team_id, door, id)")
    op.execute("CREATE INDEX idx_case_events_group ON case_events (team_id, split_part(kind, '.', 1), id)")


def downgrade() -> None:
    for name in ("group", "door", "principal"):
        op.execute(f"DROP INDEX idx_case_events_{name}")
