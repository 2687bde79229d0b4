"""`taskjuggler up` as a whole: what it starts, and that nothing of it is left when it is stopped."""

import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from taskjuggler_app.core import embedded
from taskjuggler_app.core.config import Settings
from taskjuggler_app.demo import story
from taskjuggler_app.supervisor import GRACE
from taskjuggler_app.web import build

pytestmark = pytest.mark.browser  # it needs the built app, which is made once, not by several test processes


@pytest.fixture(scope="module")
def installed() -> Iterator[dict[str, str]]:
    """The environment of an installation of its own, in a path with a space that PostgreSQL's account may enter."""
    build.ensure_built(print)
    data_dir = Path(tempfile.mkdtemp(prefix="taskjuggler up "))
    data_dir.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    yield {**clean, "DATA_DIR": str(data_dir), "PORT": str(port)}
    embedded.stop_database(data_dir)
    shutil.rmtree(data_dir)


class Up:
    """A running `taskjuggler up` on a terminal."""

    def __init__(self, env: dict[str, str]) -> None:
        self.data_dir = Path(env["DATA_DIR"])
        self.screen, theirs = pty.openpty()
        command = [sys.executable, "-m", "taskjuggler_app", "up"]
        self.process = subprocess.Popen(
            command,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_hear_hangups,
        )
        os.close(theirs)
        self.said = self.read_until("Ctrl-C stops it.", 120)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def read_until(self, wanted: str, seconds: float) -> str:
        """What is printed up to the wanted text."""
        said, deadline = "", time.monotonic() + seconds
        while wanted not in said:
            assert time.monotonic() < deadline, said
            if select.select([self.screen], [], [], 0.2)[0]:
                said += os.read(self.screen, 65536).decode(errors="replace")
        return said

    def left(self) -> list[str]:
        """What still runs of it, the database included."""
        _, alive = psutil.wait_procs(self.family, timeout=GRACE + 5)
        database = ["PostgreSQL"] if embedded.running_url(self.data_dir) else []
        return database + [" ".join(process.cmdline()) for process in alive]


def _hear_hangups() -> None:
    """As from a terminal, also where the tests themselves run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def up(installed: dict[str, str]) -> Iterator[Up]:
    """Started, and ended whatever the test did."""
    running = Up(installed)
    yield running
    running.process.kill()
    running.process.wait()


def test_it_says_where_it_is_and_how_to_sign_in_and_ends_whole_on_sigterm(up: Up) -> None:
    assert "TaskJuggler is at http://127.0.0.1:" in up.said
    assert f"Sign in as {story.PEOPLE[0].email} with the password: {story.DEMO_PASSWORD}" in up.said
    for name in ("web", "worker", "scheduler"):
        assert any(process.cmdline()[-1] == name for process in up.family)
    up.process.send_signal(signal.SIGTERM)
    up.read_until("Stopped.", 30)
    assert up.process.wait(10) == 0
    assert up.left() == []
    os.close(up.screen)


def test_closing_its_terminal_ends_all_of_it_too(up: Up) -> None:
    os.close(up.screen)
    up.process.send_signal(signal.SIGHUP)  # as the kernel does where it is the controlling terminal
    assert up.process.wait(30) == 0
    assert up.left() == []


def test_when_it_is_killed_only_the_database_runs_on_for_the_next_start(up: Up) -> None:
    up.process.kill()
    up.process.wait()
    assert up.left() == ["PostgreSQL"]
    os.close(up.screen)
