"""The embedded PostgreSQL: a server of our own for installations without DATABASE_URL.

The server outlives whoever started it: the next start finds it again, `stop_database` stops it. Whether it runs is
decided by a real connection, never by a pid file, so a killed parent, a killed server and a reused pid all end in a
working one. A server that was killed comes back on the port it had, so that its clients find it again.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fasteners
import psycopg

from taskjuggler_app.core import postgresql
from taskjuggler_app.core.keptsecret import kept_secret
from taskjuggler_app.core.postgresql import DatabaseError, RunAs

__all__ = ["DatabaseError", "ensure_database", "in_use", "location", "running_url", "stop_database"]

DATABASE = "taskjuggler"
SUPERUSER = "taskjuggler"
START_SECONDS = 180.0
"""How long a start may take: the recovery after a crash replays up to max_wal_size."""

_CONFIG = (
    "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 100\n"
    "shared_buffers = 128MB\nmax_wal_size = 2GB\nwal_compression = on\nlog_min_messages = warning\n"
)
_PASSING = ("still in use", "already exists", "already in use", "could not bind", "starting up", "in recovery mode")
"""What the server's log says when a later try may work: orphans of a killed server, a port just taken, recovery."""


@dataclass(frozen=True)
class _Cluster:
    """Where one embedded server keeps its things, and how its programs are run."""

    home: Path
    programs: Path
    run_as: RunAs

    @property
    def data(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def run(self, program: str, *args: str) -> tuple[int, str]:
        """Run one of the programs; its exit status and what it printed."""
        # Output goes to a file: a pipe would stay open as long as a server that inherits it.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.programs / program), *args],
                cwd=self.home,
                env={**os.environ, "LC_ALL": "C"},  # initdb refuses a locale that the system does not have
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                start_new_session=True,
                **self.run_as,
            )
            output.seek(0)
            return done.returncode, output.read().strip()


def ensure_database(data_dir: Path) -> str:
    """Start the server under `data_dir` unless it runs, and return its URL. Concurrent callers start it once.

    Raises DatabaseError, whose message says what to do.
    """
    cluster = _locate(data_dir)
    with _locked(cluster):
        _prepare(cluster)
        port = _running_port(cluster.home) or _start(cluster)
        with psycopg.connect(_url(cluster.home, port, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")
    return _url(cluster.home, port, DATABASE)


def running_url(data_dir: Path) -> str | None:
    """The URL of the server under `data_dir` if it answers, else None. Changes nothing."""
    home = location(data_dir)
    port = _running_port(home) if home else None
    return _url(home, port, DATABASE) if home and port else None


def location(data_dir: Path) -> Path | None:
    """The folder in which `data_dir`'s database lives, if it has one: itself, or the one that stands for it."""
    data_dir = data_dir.resolve()
    return next((h for h in (data_dir, postgresql.outside_home(data_dir)) if _is_made(h / "pgdata")), None)


def stop_database(data_dir: Path) -> bool:
    """Stop the server cleanly; False, and it runs on, if somebody else holds it `in_use`."""
    home = location(data_dir)
    if home is None or not _has_noted(home / "pgdata"):
        return True
    cluster = _locate(data_dir)
    users = fasteners.InterProcessReaderWriterLock(home / ".pg.users")
    if not users.acquire_write_lock(blocking=False):
        return False
    try:
        with _locked(cluster):
            if _running_port(home) or _postmaster_lives(cluster):
                status, said = cluster.run("pg_ctl", "-D", str(cluster.data), "-m", "fast", "-w", "-t", "60", "stop")
                if status != 0:
                    raise DatabaseError(f"PostgreSQL did not stop: {said}")
    finally:
        users.release_write_lock()
    return True


@contextmanager
def in_use(data_dir: Path) -> Iterator[None]:
    """Keep others' `stop_database` from stopping the server under `data_dir` while this lasts. Start it first."""
    cluster = _locate(data_dir)
    with _opening(cluster.home):
        users = fasteners.InterProcessReaderWriterLock(cluster.home / ".pg.users")
        users.acquire_read_lock()
    try:
        _give(cluster, cluster.home / ".pg.users")
        yield
    finally:
        users.release_read_lock()


def _locate(data_dir: Path) -> _Cluster:
    """Data that is there stays where it is and whose it is; new data goes where the server's account can enter."""
    data_dir = data_dir.resolve()
    with _opening(data_dir):
        data_dir.mkdir(parents=True, exist_ok=True)
    if not postgresql.is_root():
        return _Cluster(data_dir, postgresql.folder(), {})
    home = location(data_dir)
    if home is not None:
        run_as = postgresql.owner(home / "pgdata")
    else:
        run_as = postgresql.system_account()
        home = data_dir if postgresql.can_enter(data_dir, run_as) else postgresql.make_outside_home(data_dir)
    return _Cluster(home, postgresql.folder_for(run_as), run_as)


@contextmanager
def _opening(folder: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise DatabaseError(
            f"{error.filename or folder} belongs to another account: start as that one, or set DATA_DIR to a folder "
            "of your own."
        ) from None


@contextmanager
def _locked(cluster: _Cluster) -> Iterator[None]:
    """One at a time starts or stops the server."""
    path = cluster.home / ".pg.lock"
    with _opening(cluster.home), fasteners.InterProcessLock(path):
        _give(cluster, path)
        yield


def _give(cluster: _Cluster, path: Path) -> None:
    """What root makes beside an account's data is that account's, which may start without root the next time."""
    if cluster.run_as:
        os.chown(path, cluster.run_as["user"], cluster.run_as["group"], follow_symlinks=False)


def _is_made(data: Path) -> bool:
    try:
        return data.is_dir() and any(data.iterdir())
    except PermissionError:
        return True


def _prepare(cluster: _Cluster) -> None:
    """Password, log and, the first time, the cluster itself, for which the programs must be the right ones."""
    kept_secret(cluster.home / "pg.password", 24)
    cluster.log.touch(0o600)
    _give(cluster, cluster.home / "pg.password")
    _give(cluster, cluster.log)
    status, said = cluster.run("postgres", "-V")
    if status != 0:
        raise DatabaseError(f"PostgreSQL's programs in {cluster.programs} do not run here ({said}): set DATABASE_URL.")
    major = said.split()[2].split(".")[0]
    if not _is_made(cluster.data):
        _initialise(cluster, int(major))
    version = (cluster.data / "PG_VERSION").read_text().strip()
    if version != major:
        raise DatabaseError(
            f"The data in {cluster.data} is of PostgreSQL {version}, the programs are {major}: dump it with the old "
            "version and restore it with the new one, or set DATABASE_URL."
        )


def _initialise(cluster: _Cluster, major: int) -> None:
    """Make the cluster beside its place and move it there whole; what a killed start left half-made is made anew."""
    draft = cluster.home / "pgdata.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(0o700)
    _give(cluster, draft)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
    security = ["-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={cluster.home / 'pg.password'}"]
    status, said = cluster.run("initdb", "-D", str(draft), *security, "-E", "UTF8", "-k", *locale)
    if status != 0:
        raise DatabaseError(f"The database could not be made: {said[-500:]}")
    with (draft / "postgresql.conf").open("a") as config:
        config.write(_CONFIG)
    draft.rename(cluster.data)


def _url(home: Path, port: str, database: str) -> str:
    return f"postgresql://{SUPERUSER}:{(home / 'pg.password').read_text().strip()}@127.0.0.1:{port}/{database}"


def _running_port(home: Path) -> str | None:
    """The port on which this very cluster answers. A stranger on a reused port fails the password."""
    try:
        port = _noted(home / "pgdata")[3].strip()
        with psycopg.connect(_url(home, port, "postgres"), connect_timeout=5):
            return port
    except psycopg.OperationalError as error:
        return port if "too many clients" in str(error) else None
    except (OSError, IndexError):
        return None


def _has_noted(data: Path) -> bool:
    try:
        return bool(_noted(data))
    except OSError:
        return False


def _noted(data: Path) -> list[str]:
    """What the last server noted in postmaster.pid: its pid, data folder, start time, port, …"""
    return (data / "postmaster.pid").read_text().splitlines()


def _start(cluster: _Cluster) -> str:
    """Start the server and return its port; a killed one may need a while until its orphans are gone."""
    try:
        last_port = int(_noted(cluster.data)[3])
    except (OSError, IndexError, ValueError):
        last_port = 0
    deadline = time.monotonic() + START_SECONDS
    for attempt in range(1000):
        if not _postmaster_lives(cluster):
            # PostgreSQL itself believes any process with that pid. Orphans it notices by their shared memory.
            (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        read_before = cluster.log.stat().st_size
        options = f"-p {last_port if last_port and _is_free(last_port) else _free_port()}"
        place = ("-D", str(cluster.data), "-l", str(cluster.log))
        _, said = cluster.run("pg_ctl", *place, "-w", "-t", "60", "-o", options, "start")
        if port := _running_port(cluster.home):
            return port
        with cluster.log.open("rb") as log:
            log.seek(read_before)
            logged = log.read()[-2000:].decode(errors="replace").strip()
        is_passing = any(word in logged for word in _PASSING)
        if time.monotonic() > deadline or (attempt >= 2 and not is_passing):
            raise DatabaseError(f"PostgreSQL did not start: {logged or said}\nIts log is {cluster.log}")
        time.sleep(0.3)
    raise AssertionError("unreachable: the deadline ends the loop")


def _postmaster_lives(cluster: _Cluster) -> bool:
    """Whether the noted pid is a server on this data: not a zombie, nor a stranger with a reused pid.

    True where that cannot be told, as without /proc: PostgreSQL then decides.
    """
    try:
        process = Path("/proc") / str(int(_noted(cluster.data)[0]))
        if process.is_dir():
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            return state not in ("Z", "X") and (process / "cwd").resolve() == cluster.data.resolve()
        return not Path("/proc/self").exists()
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
