"""Keeps a few child processes running, and leaves none behind.

A child that dies is started again after a pause that grows while it keeps dying (1 s to 30 s); what it had started
itself ends before that. Stopping asks each with SIGTERM and ends after GRACE seconds what is left. When the supervisor
itself is killed, its children end by themselves in the same way (see `child`).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

GRACE = 10.0
STEADY = 60.0
"""Seconds after which a child counts as healthy and its next pause starts small again."""
LONGEST_PAUSE = 30.0
CHORE_EVERY = 3.0
"""Seconds between two calls of the watcher's chore."""
_POLL = 0.1

Report = Callable[[str], None]


@dataclass(frozen=True)
class Spec:
    """A child process: its name in messages, and how it is started."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class _Child:
    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.pause = 1.0
        self.start_at = 0.0
        self.started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, lifeline: int) -> None:
        """Start the program, tied to this process by the reading end of a pipe that only this process holds open."""
        ties = (os.getpid(), lifeline, GRACE)
        tied = [sys.executable, "-m", "taskjuggler_app.child", *map(str, ties), *self.spec.command]
        env = {**os.environ, **self.spec.env}
        self.process = subprocess.Popen(tied, env=env, start_new_session=True, pass_fds=[lifeline])
        self.started = time.monotonic()

    def send(self, number: signal.Signals) -> None:
        """Signal the child and whatever it started, which may have outlived it."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs the children until `stop` is called."""

    def __init__(self, specs: Sequence[Spec], report: Report) -> None:
        self._children = [_Child(spec) for spec in specs]
        self._report = report
        self._stopping = False  # no Event: its lock is not for signal handlers
        self._lifeline, self._held_open = os.pipe()

    def start(self, *names: str) -> None:
        """Start the children of these names, without names all; `watch` starts what was left out."""
        for child in self._children:
            if child.spec.name in names or not names:
                child.start(self._lifeline)

    def watch(self, chore: Callable[[], None] | None = None) -> None:
        """Start dead children again, and do the chore every few seconds, until `stop`."""
        next_chore = time.monotonic() + CHORE_EVERY
        while not self._stopping:
            for child in self._children:
                self._tend(child)
            if chore is not None and time.monotonic() >= next_chore:
                chore()
                next_chore = time.monotonic() + CHORE_EVERY
            time.sleep(_POLL)

    def restart(self) -> None:
        """Have every child end; the watch starts it again, with the environment as it is then."""
        for child in self._children:
            child.send(signal.SIGTERM)

    def stop(self) -> None:
        """End the watch; safe from a signal handler."""
        self._stopping = True

    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping

    def dead(self) -> list[str]:
        """The names of children that do not run now."""
        return [c.spec.name for c in self._children if c.process is None or c.process.poll() is not None]

    def end(self) -> None:
        """Stop every child and wait for it; the supervisor is of no use afterwards."""
        self._stopping = True
        for child in self._children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in self._children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._report(f"{child.spec.name} did not stop in time and was ended")
            child.send(signal.SIGKILL)
            child.process.wait()
        os.close(self._lifeline)
        os.close(self._held_open)

    def _tend(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                child.start(self._lifeline)
            return
        status = child.process.poll()
        if status is None:
            return
        child.send(signal.SIGKILL)
        if now - child.started > STEADY:
            child.pause = 1.0
        self._report(f"{child.spec.name} ended ({_said(status)}); starting it again in {child.pause:.0f} s")
        child.process, child.start_at = None, now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)


def _said(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit {status}"
