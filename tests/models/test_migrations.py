"""Migrations go up and down, one migrator at a time, whole or not at all."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.exc import ProgrammingError

from taskjuggler_app import migrations
from tests import database

ROOT = Path(__file__).resolve().parents[2]
REVISIONS = [r.revision for r in ScriptDirectory(str(ROOT / "alembic")).walk_revisions()][::-1]


def test_the_models_need_no_further_migration(shared_url: str) -> None:
    migrations.check(shared_url)


def test_every_migration_undoes_exactly_what_it_did(empty_url: str) -> None:
    migrations.upgrade(empty_url, REVISIONS[0])
    schema = database.dump(empty_url)
    for before, after in pairwise(REVISIONS):
        migrations.upgrade(empty_url, after)
        changed = database.dump(empty_url)
        assert changed != schema
        migrations.downgrade(empty_url, before)
        assert database.dump(empty_url) == schema, after
        migrations.upgrade(empty_url, after)
        schema = changed
    assert migrations.current(empty_url) == migrations.head()


def test_all_the_way_down_leaves_nothing_and_up_again_brings_the_same(empty_url: str) -> None:
    migrations.upgrade(empty_url)
    schema = database.dump(empty_url)
    migrations.downgrade(empty_url, "base")
    assert {line.split()[1].rstrip(":") for line in database.dump(empty_url)} == {"alembic_version"}
    assert migrations.current(empty_url) is None
    migrations.upgrade(empty_url)
    assert database.dump(empty_url) == schema


def test_a_migration_that_fails_leaves_no_trace_of_those_before_it(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("CREATE TABLE outbox_messages ()")
    schema = database.dump(empty_url)
    with pytest.raises(ProgrammingError, match="already exists"):
        migrations.upgrade(empty_url)
    assert database.dump(empty_url) == schema


def test_two_migrators_at_once_both_succeed_from_any_folder(empty_url: str, tmp_path: Path) -> None:
    code = "import sys; from taskjuggler_app import migrations; migrations.upgrade(sys.argv[1])"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_url],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    assert said == ["", ""]
    assert migrations.current(empty_url) == migrations.head()


def test_rows_from_before_workspaces_go_to_a_workspace_of_their_own_person(empty_url: str) -> None:
    migrations.upgrade(empty_url, "0002")
    with psycopg.connect(empty_url) as connection:
        connection.execute(
            """
            INSERT INTO users (email, password, name)
            SELECT n || '@example.com', 'x', n FROM unnest(ARRAY['owner', 'colleague', 'idle']) n
            """
        )
        connection.execute("INSERT INTO teams (name, created_by) SELECT 'Shop', id FROM users WHERE name = 'owner'")
        connection.execute("INSERT INTO team_members (team_id, user_id) SELECT t.id, u.id FROM teams t, users u")
        connection.execute(
            "INSERT INTO contact_lists (user_id, name) SELECT id, name FROM users WHERE name IN ('owner', 'colleague')"
        )
    migrations.upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        lists = connection.execute(
            "SELECT l.name, t.name FROM contact_lists l JOIN teams t ON t.id = l.team_id ORDER BY l.name"
        ).fetchall()
        admins = connection.execute(
            "SELECT t.name, u.name FROM team_members m JOIN teams t ON t.id = m.team_id "
            "JOIN users u ON u.id = m.user_id WHERE m.is_admin"
        ).fetchall()
        teams = connection.execute("SELECT name FROM teams ORDER BY created_at, name").fetchall()
    assert lists == [("colleague", "colleague"), ("owner", "Shop")]
    assert admins == [("colleague", "colleague")]
    assert teams == [("Shop",), ("colleague",)]
