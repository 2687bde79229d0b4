"""Answers to keywords, commands and missed calls are in the same log as replies."""

from alembic import op

revision = "0017"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLE, _CHECK = "outgoing_messages", "ck_outgoing_messages_outgoing_purpose"


def upgrade() -> None:
    _purposes("'auto_reply', 'answer', 'reply'")


def downgrade() -> None:
    op.execute("DELETE FROM outgoing_messages WHERE purpose = 'answer'")
    _purposes("'auto_reply', 'reply'")


def _purposes(listed: str) -> None:
    op.drop_constraint(op.f(_CHECK), _TABLE, type_="check")
    op.create_check_constraint(op.f(_CHECK), _TABLE, f"purpose IN ({listed})")
