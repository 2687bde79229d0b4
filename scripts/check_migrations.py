"""The migrations say what the models say, and the schema is the reference's.

    check_migrations.py [SERVER_URL]      a server to make scratch databases on; without it, the tests' embedded one

Three checks: alembic finds nothing to generate; `pg_dump -s` of a migrated database and of one made from the models
are the same (CHECKs, predicates and operator classes included, which alembic does not compare); and the reference
checker, where it is there, finds no difference. Exits 1 with the differences.
"""

import os
import re
import subprocess
import sys
from contextlib import nullcontext
from difflib import unified_diff
from pathlib import Path

from sqlalchemy import create_engine
from sqlmodel import SQLModel

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from taskjuggler_app import migrations  # noqa: E402  # after the path, so that it also runs from elsewhere
from taskjuggler_app.core import db, postgresql  # noqa: E402
from taskjuggler_app.models import metadata  # noqa: E402
from tests import database  # noqa: E402

REFERENCE = Path(os.environ.get("SCHEMA_CHECK", ROOT.parent / "shared" / "schema" / "check_schema.py"))
_HEADING = re.compile(r"^--\n-- Name: (.+?); Type: (.+?); Schema: .*\n--\n", flags=re.MULTILINE)
_NOT_MODELS = re.compile(r"procrastinate_|^jobs$|^alembic_version")


def dump(url: str) -> list[str]:
    """`pg_dump -s` line by line, without the queue's things, in an order that says nothing of who made it.

    Statements are sorted by name, the lines of a table too: a later migration's columns come last.
    """
    command = [str(postgresql.folder() / "pg_dump"), "-s", "--no-owner", "--no-privileges", "-d", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    _, *parts = _HEADING.split(text)
    found = []
    for name, kind, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if not _NOT_MODELS.search(name):
            lines = [line.rstrip(",") for line in body.splitlines() if line and not line.startswith(("--", "\\"))]
            found.append((kind, name, sorted(lines) if kind == "TABLE" else lines))
    return [f"{kind} {name}: {line.strip()}" for kind, name, lines in sorted(found) for line in lines]


def differences(server: str) -> list[str]:
    """One line for each thing in which the migrations and the models differ."""
    with database.clone(server, None) as migrated, database.clone(server, None) as made:
        migrations.upgrade(migrated)
        migrations.check(migrated)
        engine = create_engine(db.driver_url(made))
        metadata.create_all(engine)
        engine.dispose()
        lines = list(unified_diff(dump(migrated), dump(made), "migrated", "models", n=0, lineterm=""))
        if REFERENCE.exists():
            command = [sys.executable, str(REFERENCE), migrated]
            checked = subprocess.run(command, capture_output=True, text=True, check=False)
            print((checked.stdout + checked.stderr).strip())
            if checked.returncode != 0:
                lines.append("the reference checker found differences")
    return lines


def main() -> None:
    """Print the differences; exit 1 if there are any."""
    strays = sorted(set(SQLModel.metadata.tables) - set(metadata.tables))
    given = sys.argv[1] if len(sys.argv) > 1 else None
    with nullcontext(given) if given else database.server() as server:
        found = differences(server) + [f"{table} is outside our metadata" for table in strays]
    print("\n".join(found) or "Migrations and models say the same.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
