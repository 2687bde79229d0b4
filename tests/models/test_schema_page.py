"""docs/schema.md says which feature writes and reads each table: this holds it against the sources."""

import ast
import re
from pathlib import Path

import pytest

from taskjuggler_app import models
from taskjuggler_app.models import metadata

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "schema.md"
_ROW = re.compile(r"^\| `(\w+)` \|(.+)\| `([\w/]+\.py)` \|(.+)\| `([\w/]+\.py)` \|$", re.MULTILINE)
ROWS = _ROW.findall(PAGE.read_text())
_QUEUE = {"jobs": ("procrastinate_defer_jobs_v1", "procrastinate_jobs")}
"""The view `jobs` is written through the queue's function, and read with its table where events are wanted."""
_WRITES = frozenset({"insert", "update", "delete"})
_READS = frozenset({"select", "get", "get_one", "exists", "returning"})


def _class_of(table: str) -> str:
    kinds = [one for one in vars(models).values() if getattr(one, "__tablename__", "") == table]
    assert len(kinds) == 1, table
    return str(kinds[0].__name__)


def _names(nodes: list[ast.expr]) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def _calls(tree: ast.AST) -> list[tuple[str, set[str]]]:
    """Every call of the module: what is called, and the names in its arguments."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            found.append((name, _names(node.args)))
    return found


def _statements(tree: ast.AST) -> str:
    """All text of the module, piece by piece, with what stands between two of them a NUL."""
    return "\0".join(
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def writes(source: str, table: str) -> bool:
    """Does the module construct the model, or insert, update or delete its rows?"""
    tree, kind = ast.parse(source), _class_of(table)
    said = _statements(tree)
    if re.search(rf"(INSERT INTO|UPDATE|DELETE FROM)\s+{table}\b", said) or _QUEUE.get(table, ("\0",))[0] in said:
        return True
    return any(name == kind or (name in _WRITES and kind in used) for name, used in _calls(tree))


def reads(source: str, table: str) -> bool:
    """Does the module select the model's rows, or learn from what it changed (RETURNING)?"""
    tree, kind = ast.parse(source), _class_of(table)
    said = _statements(tree)
    selected = rf"((?<!DELETE )FROM|JOIN)\s+{table}\b|(INTO|UPDATE|FROM) {table}\b[^;\0]*RETURNING"
    if re.search(selected, said) or _QUEUE.get(table, ("", "\0"))[1] in said:
        return True
    return any(name in _READS and kind in used for name, used in _calls(tree))


def _source(module: str) -> str:
    return (ROOT / "taskjuggler_app" / module).read_text()


def test_every_table_of_the_reference_stands_there_once() -> None:
    named = [row[0] for row in ROWS]
    assert len(named) == len(set(named)) == 44
    assert set(named) <= {*metadata.tables, "jobs"}
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert len(lines) == len(ROWS), "a row that the test cannot read"


@pytest.mark.skipif(not (ROOT.parent / "shared/schema/schema.md").exists(), reason="no reference beside this checkout")
def test_they_are_the_tables_of_the_reference() -> None:
    reference = (ROOT.parent / "shared/schema/schema.md").read_text()
    assert {row[0] for row in ROWS} == set(re.findall(r"^CREATE TABLE (\w+)", reference, re.MULTILINE))


@pytest.mark.parametrize(("table", "writer"), [(row[0], row[2]) for row in ROWS])
def test_its_writer_writes_it(table: str, writer: str) -> None:
    assert writes(_source(writer), table), f"{writer} does not write {table}"


@pytest.mark.parametrize(("table", "reader"), [(row[0], row[4]) for row in ROWS])
def test_its_reader_reads_it(table: str, reader: str) -> None:
    assert reads(_source(reader), table), f"{reader} does not read {table}"


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_both_features_are_named(row: tuple[str, ...]) -> None:
    assert len(row[1].strip()) > 5
    assert len(row[3].strip()) > 5


def test_the_check_can_tell() -> None:
    importing = "from taskjuggler_app.models.users import User\nx: User | None = None\n"
    assert not writes(importing, "users")
    assert not reads(importing, "users")
    assert writes("session.add(User(email=''))", "users")
    assert reads("session.exec(select(User).where(User.id == 1))", "users")
    assert not writes("session.exec(select(User))", "users")
    assert writes("text('INSERT INTO cache (key) VALUES (1)')", "cache")
    assert not reads("text('DELETE FROM cache')", "cache")
    assert reads("text('SELECT value FROM cache')", "cache")
