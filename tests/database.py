"""A real PostgreSQL for the tests: one embedded server a machine, one migrated template, a fresh clone on demand."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import fasteners
import psycopg
from psycopg import sql

from taskjuggler_app import migrations
from taskjuggler_app.core import embedded, postgresql

_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30


def _home() -> Path:
    """Where the server keeps its files: in memory where there is room, since every clone copies a thousand of them."""
    name = f"taskjuggler-tests-{getattr(os, 'geteuid', int)()}"
    disk = Path(tempfile.gettempdir())
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return disk / name
    return _MEMORY / f"{name}-{hashlib.sha256(str(disk).encode()).hexdigest()[:8]}"


HOME = _home()
_HEADING = re.compile(r"^--\n-- Name: (.+?); Type: (.+?); Schema: .*\n--\n", flags=re.MULTILINE)
_VERSIONS = Path(__file__).resolve().parents[1] / "alembic" / "versions"


@contextmanager
def server() -> Iterator[str]:
    """The URL of the test server, started by the first process that needs it and stopped by the last that did.

    Durability is off, since nobody needs yesterday's tests.
    """
    HOME.mkdir(exist_ok=True, mode=0o755)
    embedded.ensure_database(HOME)
    try:
        with embedded.in_use(HOME):
            url = embedded.ensure_database(HOME)  # again: somebody may have stopped it a moment ago
            with psycopg.connect(url, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
                connection.execute("SELECT pg_reload_conf()")
            yield url
    finally:
        embedded.stop_database(HOME)


def template(url: str) -> str:
    """The name of a migrated database; made once for each state of the migrations."""
    state = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(_VERSIONS.rglob("*.*")) if p.suffix != ".pyc"))
    name = f"template_{state.hexdigest()[:12]}"
    with fasteners.InterProcessLock(HOME / ".template.lock"), psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            unfinished = f"{name}_unfinished"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
            migrations.upgrade(_renamed(url, unfinished))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
            )
    return name


@contextmanager
def clone(url: str, source: str | None) -> Iterator[str]:
    """A database of one's own, copied from `source` (None: empty), dropped at the end."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        parts = [sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))]
        if source:
            parts.append(sql.SQL("TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(source)))
        connection.execute(sql.SQL(" ").join(parts))
    try:
        yield _renamed(url, name)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def dump(url: str, skip: re.Pattern[str] | None = None) -> list[str]:
    """`pg_dump -s` line by line, without things whose name matches `skip`.

    Statements are sorted by name, and the lines of a table too: a later migration's columns come last.
    """
    command = [str(postgresql.folder() / "pg_dump"), "-s", "--no-owner", "--no-privileges", "-d", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    _, *parts = _HEADING.split(text)
    found = []
    for name, kind, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if skip is None or not skip.search(name):
            lines = [
                line.rstrip(",") for line in body.splitlines() if line and not line.startswith(("--", "\\", "SET "))
            ]
            found.append((kind, name, sorted(lines) if kind == "TABLE" else lines))
    return [f"{kind} {name}: {line.strip()}" for kind, name, lines in sorted(found) for line in lines]


def _renamed(url: str, database: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{database}"
