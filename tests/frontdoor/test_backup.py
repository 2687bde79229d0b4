"""A backup brings everything back on an empty machine, refuses to overwrite, and leaves nothing half done."""

import tarfile
from pathlib import Path

import psycopg
import pytest

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import defer
from tests import factories as make
from tests.frontdoor.test_cli import taskjuggler

SQL = "SELECT count(*) FROM users"


def count(url: str, sql: str = SQL) -> int:
    """A number of the database."""
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def kept(tmp_path: Path, database_url: str) -> Path:
    """An installation with a task and a file, and the archive made of it."""
    home = tmp_path / "first"
    (home / "files" / "ab").mkdir(parents=True)
    (home / "files" / "ab" / "one.txt").write_text("a stored file")
    with transaction() as session:
        make.make_task(session, make.make_owner(session))
        defer(session, "mail.send", queue="outgoing", to="a@example.com")
    done = taskjuggler("backup", str(tmp_path / "kept.tar"), data_dir=home, DATABASE_URL=database_url)
    assert done.returncode == 0, done.stderr
    return tmp_path / "kept.tar"


def test_everything_comes_back_on_an_empty_machine(
    kept: Path, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    assert kept.stat().st_mode & 0o077 == 0
    home = tmp_path / "second"
    home.mkdir()
    done = taskjuggler("restore", str(kept), data_dir=home, DATABASE_URL=empty_url)
    assert done.returncode == 0, done.stderr
    tables = "SELECT count(*) FROM {}"
    for table in ("users", "tasks", "inbox_items", "case_events", "procrastinate_jobs", "alembic_version"):
        assert count(empty_url, tables.format(table)) == count(database_url, tables.format(table)), table
    assert (home / "files" / "ab" / "one.txt").read_text() == "a stored file"
    assert (home / "secret.key").read_text() == (tmp_path / "first" / "secret.key").read_text()
    checked = taskjuggler("verify", data_dir=home, DATABASE_URL=empty_url)
    assert checked.returncode == 0, checked.stdout


def test_accounts_are_replaced_only_when_that_is_said(kept: Path, database_url: str, tmp_path: Path) -> None:
    home, before = tmp_path / "first", count(database_url)
    refused = taskjuggler("restore", str(kept), data_dir=home, DATABASE_URL=database_url)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE users SET name = 'Changed'")
    done = taskjuggler("restore", str(kept), "--replace", data_dir=home, DATABASE_URL=database_url)
    assert done.returncode == 0, done.stderr
    assert (count(database_url), count(database_url, f"{SQL} WHERE name = 'Changed'")) == (before, 0)


def test_what_is_no_backup_changes_nothing(kept: Path, database_url: str, tmp_path: Path) -> None:
    other, before = tmp_path / "other.tar", count(database_url)
    with tarfile.open(other, "w") as tar:
        tar.add(__file__, arcname="readme.py")
    for wrong in (other, tmp_path / "absent.tar", Path(__file__)):
        refused = taskjuggler("restore", str(wrong), "--replace", data_dir=tmp_path, DATABASE_URL=database_url)
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    cut = tmp_path / "cut.tar"
    with tarfile.open(kept) as tar:
        tar.extractall(tmp_path / "in", filter="data")
    dump = tmp_path / "in" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-4000])
    with tarfile.open(cut, "w") as tar:
        for path in (tmp_path / "in").iterdir():
            tar.add(path, arcname=path.name)
    refused = taskjuggler("restore", str(cut), "--replace", data_dir=tmp_path, DATABASE_URL=database_url)
    assert refused.returncode == 1
    assert count(database_url) == before
