"""The supervisor with real processes: what it starts again, and that nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from taskjuggler_app import supervisor

SUPERVISE = """
import signal, sys
from taskjuggler_app import supervisor
supervisor.GRACE = 1.0
specs = [supervisor.Spec(name, [sys.executable, "-c", code]) for name, code in zip(sys.argv[1::2], sys.argv[2::2])]
watcher = supervisor.Supervisor(specs, lambda line: print(line, flush=True))
signal.signal(signal.SIGTERM, lambda *_: watcher.stop())
watcher.start()
watcher.watch()
watcher.end()
"""
NOTE_PID = "import os, pathlib, signal, subprocess, sys, time; pathlib.Path({file!r}).write_text(str(os.getpid())); "
PATIENT = NOTE_PID + "time.sleep(1000)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + PATIENT
PARENT = (
    "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', {grandchild!r}], stdout=subprocess.DEVNULL); time.sleep(1000)"
)
Supervise = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    """Starts a supervisor process with children by name and code; ends whatever a failed test left."""
    started: list[subprocess.Popen[str]] = []

    def start(**children: str) -> "subprocess.Popen[str]":
        arguments = [text for pair in children.items() for text in pair]
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, *arguments], stdout=subprocess.PIPE, text=True, cwd=tmp_path
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    for file in tmp_path.glob("*.pid"):
        if alive(file):
            psutil.Process(int(file.read_text())).kill()


def test_stopping_leaves_no_child_and_no_grandchild(supervise: Supervise) -> None:
    grandchild = PATIENT.format(file="grandchild.pid")
    process = supervise(plain=PATIENT.format(file="plain.pid"), parent=PARENT.format(grandchild=grandchild))
    files = _appeared(process, "plain.pid", "grandchild.pid")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert [file.name for file in files if alive(file)] == []


def test_a_child_that_does_not_listen_is_ended_and_named(supervise: Supervise) -> None:
    process = supervise(deaf=STUBBORN.format(file="deaf.pid"))
    (file,) = _appeared(process, "deaf.pid")
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    assert "deaf did not stop in time" in said
    assert not alive(file)


def test_a_dead_child_is_said_and_started_again(supervise: Supervise) -> None:
    process = supervise(worker=PATIENT.format(file="worker.pid"))
    (file,) = _appeared(process, "worker.pid")
    first = int(file.read_text())
    os.kill(first, signal.SIGKILL)
    assert process.stdout is not None
    assert process.stdout.readline() == "worker ended (signal SIGKILL); starting it again in 1 s\n"
    _until(lambda: int(file.read_text() or first) != first and alive(file))


def test_what_a_dead_child_left_ends_before_it_is_started_again(
    supervise: Supervise,
) -> None:
    """A web process whose main half was killed would otherwise keep the port."""
    grandchild = PATIENT.format(file="left.pid")
    code = NOTE_PID.format(file="main.pid") + PARENT.format(grandchild=grandchild)
    process = supervise(web=code)
    main, left = _appeared(process, "main.pid", "left.pid")
    orphan = psutil.Process(int(left.read_text()))
    os.kill(int(main.read_text()), signal.SIGKILL)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("web ended")
    _until(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, seconds=1)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word on a dead parent is Linux's")
def test_killing_the_supervisor_leaves_no_child(supervise: Supervise) -> None:
    process = supervise(a=PATIENT.format(file="a.pid"), b=PATIENT.format(file="b.pid"))
    files = _appeared(process, "a.pid", "b.pid")
    process.kill()
    process.wait()
    _until(lambda: not any(alive(file) for file in files))


def test_stopping_leaves_nothing_of_a_childs_process_group(supervise: Supervise) -> None:
    process = supervise(plain=PATIENT.format(file="plain.pid"))
    (file,) = _appeared(process, "plain.pid")
    group = os.getpgid(int(file.read_text()))
    assert len(_runs_in(group)) == 2, "the child and its guard"
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    _until(lambda: not _runs_in(group), seconds=1)


def test_a_child_that_does_not_listen_is_ended_after_a_killed_supervisor_too(supervise: Supervise) -> None:
    """A hung web process would otherwise keep the port for ever."""
    process = supervise(deaf=STUBBORN.format(file="deaf.pid"))
    (file,) = _appeared(process, "deaf.pid")
    group = os.getpgid(int(file.read_text()))
    process.kill()
    process.wait()
    _until(lambda: not _runs_in(group))


def test_a_child_that_keeps_dying_is_started_less_and_less_often(
    supervise: Supervise,
) -> None:
    process = supervise(broken="raise SystemExit(3)")
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(3)] == [
        f"broken ended (exit 3); starting it again in {pause} s\n" for pause in (1, 2, 4)
    ]


def test_the_watch_does_its_chore_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "CHORE_EVERY", 0.0)
    watcher = supervisor.Supervisor([], print)
    done: list[int] = []

    def chore() -> None:
        done.append(1)
        if len(done) == 3:
            watcher.stop()

    watcher.watch(chore)
    assert len(done) == 3


def alive(file: Path) -> bool:
    """Whether the process that noted its pid in the file runs."""
    try:
        return psutil.Process(int(file.read_text())).status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError, FileNotFoundError):
        return False


def _runs_in(group: int) -> list[int]:
    """The pids of a process group, without those that have ended and were not collected yet."""
    found = []
    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError):
            if process.info["status"] != psutil.STATUS_ZOMBIE and os.getpgid(process.pid) == group:
                found.append(process.pid)
    return found


def _appeared(process: "subprocess.Popen[str]", *names: str) -> list[Path]:
    """The children's files, once each child runs."""
    files = [Path(psutil.Process(process.pid).cwd()) / name for name in names]
    _until(lambda: all(alive(file) for file in files))
    return files


def _until(holds: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
