"""The migrations say what the models say, and the schema is the reference's.

Three checks on scratch databases of an embedded server: alembic finds nothing to generate; the migrated database and
one made from the models are the same in pg_catalog (CHECKs, predicates and operator classes included, which alembic
does not compare); and the reference checker, where it is there, finds no difference.
"""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from sqlalchemy import create_engine
from sqlmodel import SQLModel

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from taskjuggler_app import migrations  # noqa: E402  # after the path, so that it also runs from elsewhere
from taskjuggler_app.core import db  # noqa: E402
from taskjuggler_app.models import metadata  # noqa: E402
from tests import database  # noqa: E402

REFERENCE = Path(os.environ.get("SCHEMA_CHECK", ROOT.parent / "shared" / "schema" / "check_schema.py"))

_CATALOG = {
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' '
               || coalesce(regexp_replace(pg_get_expr(d.adbin, d.adrelid), '::character varying', ''), '')
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace""",
    "constraint": """
        SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
          JOIN pg_class c ON c.oid = k.conrelid
         WHERE c.relnamespace = 'public'::regnamespace AND k.contype <> 'n'""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def catalog(url: str) -> dict[str, str]:
    """What the database consists of, without the queue's own tables."""
    found: dict[str, str] = {}
    with psycopg.connect(url) as connection:
        for kind, query in _CATALOG.items():
            for name, definition in connection.execute(query):
                if "procrastinate_" not in f"{name} {definition}" and not name.startswith("alembic_version"):
                    found[f"{kind} {name}"] = definition
    return found


def differences(server: str) -> list[str]:
    """One line for each thing in which the migrations and the models differ."""
    with database.clone(server, database.template(server)) as migrated, database.clone(server, None) as made:
        migrations.check(migrated)
        engine = create_engine(db.driver_url(made))
        metadata.create_all(engine)
        engine.dispose()
        ours, theirs = catalog(migrated), catalog(made)
        lines = [
            f"{name}\n  migrated: {ours.get(name, '-')}\n  models:   {theirs.get(name, '-')}"
            for name in sorted(ours.keys() | theirs.keys())
            if ours.get(name) != theirs.get(name)
        ]
        if REFERENCE.exists():
            checked = subprocess.run(
                [sys.executable, str(REFERENCE), migrated], capture_output=True, text=True, check=False
            )
            print(checked.stdout.strip())
            if checked.returncode != 0:
                lines.append("the reference checker found differences")
    return lines


def main() -> None:
    """Print the differences; exit 1 if there are any."""
    strays = sorted(set(SQLModel.metadata.tables) - set(metadata.tables))
    found = differences(database.server_url()) + [f"{table} is outside our metadata" for table in strays]
    print("\n".join(found) or "Migrations and models say the same.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
