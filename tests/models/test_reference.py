"""The tables are those of the reference schema, and models and database agree on values and defaults."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Enum, inspect, text
from sqlmodel import Session

from taskjuggler_app.core.clock import utcnow
from taskjuggler_app.models import Base, metadata
from taskjuggler_app.models.tasks import newest_first

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("SCHEMA_CHECK", ROOT.parent / "shared" / "schema" / "check_schema.py"))


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference schema is not beside this checkout")
def test_the_reference_checker_finds_no_difference(shared_url: str) -> None:
    done = subprocess.run([sys.executable, str(REFERENCE), shared_url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_value_list_of_the_database_is_that_of_its_enum(session: Session) -> None:
    checks: dict[str, str] = {
        f"{table}.{name}": definition
        for table, name, definition in session.execute(
            text(
                "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
        )
    }
    columns = [(c, c.type) for t in metadata.tables.values() for c in t.columns if isinstance(c.type, Enum)]
    assert len(columns) >= 34
    for column, kind in columns:
        found = checks[f"{column.table.name}.ck_{column.table.name}_{kind.name}"]
        assert re.findall(r"'([^']+)'::character varying", found) == kind.enums, column


def test_rows_made_elsewhere_start_with_the_same_values_as_rows_made_here(session: Session) -> None:
    compared = 0
    for table, column, default in _defaults():
        expression = session.execute(
            text("SELECT column_default FROM information_schema.columns WHERE table_name = :t AND column_name = :c"),
            {"t": table, "c": column},
        ).scalar_one()
        assert session.execute(text(f"SELECT {expression}")).scalar_one() == default, f"{table}.{column}"
        compared += 1
    assert compared > 60


def test_attributes_and_columns_have_the_same_name_but_for_metadata() -> None:
    for mapper in Base._sa_registry.mappers:
        for attribute in mapper.column_attrs:
            name = attribute.columns[0].name
            assert attribute.key == ("meta" if name == "metadata" else name)


def _defaults() -> Iterator[tuple[str, str, Any]]:
    """Table, column and Python default of every field that has one, ids and times aside."""
    for mapper in Base._sa_registry.mappers:
        columns = inspect(mapper.class_).columns
        for name, field in mapper.class_.model_fields.items():
            default = field.get_default(call_default_factory=True, validated_data={})
            is_made = field.default_factory in (uuid4, utcnow, newest_first)
            if name in columns and not field.is_required() and default is not None and not is_made:
                yield mapper.class_.__tablename__, columns[name].name, default
