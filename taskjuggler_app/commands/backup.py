"""`taskjuggler backup` and `restore`: the database, the files and the key of secrets in one archive."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from taskjuggler_app.commands.setup import find_database, out, read_settings, stop

DUMP, MANIFEST, FILES, KEY = "database.dump", "manifest.json", "files", "secret.key"
ARCHIVE = Annotated[Path, typer.Argument(help="the archive, NAME.tar", show_default=False)]
REPLACE = Annotated[bool, typer.Option("--replace", help="throw away what the database and the files hold now")]


def backup(archive: ARCHIVE) -> None:
    """Write everything into one archive while the program runs. It holds secrets: keep it like a key."""
    url = find_database()
    draft = archive.with_name(f".{archive.name}.partial")
    with tempfile.TemporaryDirectory() as work:
        dump, manifest = Path(work) / DUMP, Path(work) / MANIFEST
        # The database first: a file without its row is harmless, a row without its file is not.
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", url)
        manifest.write_text(json.dumps({"made_by": version("taskjuggler"), "at": _now(), "holds": [DUMP, FILES, KEY]}))
        home = read_settings().data_dir
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as tar:
            for path in (manifest, dump, home / FILES, home / KEY):
                if path.exists():
                    tar.add(path, arcname=path.name)
            stream.flush()
            os.fsync(descriptor)
    draft.replace(archive)
    out.print(f"Kept in {archive}, {archive.stat().st_size / 1e6:.1f} MB. It holds secrets: keep it like a key.")


def restore(archive: ARCHIVE, replace: REPLACE = False) -> None:
    """Bring back what an archive holds. Stop the program first; accounts are replaced only with --replace."""
    url = find_database()
    if not replace and _is_used(url):
        stop("this installation has accounts: --replace throws them away for what the archive holds")
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        try:
            with tarfile.open(archive, "r:") as tar:
                tar.extractall(folder, filter="data")
        except (OSError, tarfile.TarError) as error:
            stop(f"{archive} cannot be read: {error}")
        if not (folder / DUMP).exists() or not (folder / MANIFEST).exists():
            stop(f"{archive} is no backup of TaskJuggler")
        # All or nothing: one transaction.
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run("pg_restore", *options, f"--dbname={url}", str(folder / DUMP))
        _put_back(folder, read_settings().data_dir)
    from taskjuggler_app import migrations

    migrations.upgrade(url)
    out.print("Restored, and migrated to this program's schema. Start it as ever.")


def _put_back(folder: Path, home: Path) -> None:
    if (folder / FILES).exists():
        shutil.rmtree(home / FILES, ignore_errors=True)
        shutil.copytree(folder / FILES, home / FILES)
    if (folder / KEY).exists():
        shutil.copy2(folder / KEY, home / KEY)
        (home / KEY).chmod(0o600)


def _is_used(url: str) -> bool:
    import psycopg

    with psycopg.connect(url) as connection:
        made = connection.execute("SELECT to_regclass('public.users') IS NOT NULL").fetchone()
        return bool(made and made[0]) and connection.execute("SELECT 1 FROM users LIMIT 1").fetchone() is not None


def _run(program: str, *arguments: str) -> None:
    from taskjuggler_app.core import postgresql

    found = postgresql.folder() / program
    ran = subprocess.run([str(found), *arguments], capture_output=True, text=True, check=False)
    if ran.returncode:
        lines = ran.stderr.strip().splitlines() or ["it did not say why"]
        stop(f"{program} did not work: {lines[-1]}")


def _now() -> str:
    from taskjuggler_app.core import clock

    return clock.utcnow().isoformat()
