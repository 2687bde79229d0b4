"""The reference schema: every table but the queue's."""

import re
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_DDL = Path(__file__).parent / "sql" / "0001_reference.sql"


def upgrade() -> None:
    op.execute(_DDL.read_text())


def downgrade() -> None:
    tables = re.findall(r"^CREATE TABLE (\w+)", _DDL.read_text(), flags=re.MULTILINE)
    op.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
