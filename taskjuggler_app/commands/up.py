"""`taskjuggler up`: everything, on one machine, until Ctrl-C or the terminal is closed."""

import multiprocessing
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import psutil
import typer
from rich.markup import escape

from taskjuggler_app.commands import ports
from taskjuggler_app.commands.setup import find_database, out, read_settings, stop

if TYPE_CHECKING:
    from taskjuggler_app.supervisor import Supervisor

START_SECONDS = 60
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Interrupted(BaseException):
    """Somebody asked to stop while things were being prepared."""


def up() -> None:
    """Start the database, the web app, the worker and the scheduler; Ctrl-C stops all of it."""
    is_embedded = read_settings().database_url is None
    data_dir = read_settings().data_dir
    _choose_port()
    _handle(_interrupt)
    from taskjuggler_app.core import embedded

    try:
        with _step("Database"):
            find_database()
        with embedded.in_use(data_dir) if is_embedded else nullcontext():
            has_demo = _prepared()
            _run(data_dir if is_embedded else None, has_demo)
    except _Interrupted:
        out.show_cursor()  # a spinner that was ended from outside leaves it hidden
        out.print("\nStopping…")
    finally:
        if is_embedded and not embedded.stop_database(data_dir):
            out.print("The database runs on: another start from this folder uses it.")
    out.print("Stopped.")


def _prepared() -> bool:
    """Prepare in a process of its own, since its memory is not needed later; whether the demo's people can sign in."""
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    child = fork.Process(target=_prepare, args=(sender,))
    child.start()
    sender.close()
    child.join()
    if child.exitcode != 0:
        sys.exit(1)  # it said why
    return bool(receiver.recv())


def _prepare(answer: Connection) -> None:
    """Everything that the processes find ready. An interruption ends this process from its parent."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from taskjuggler_app import migrations
    from taskjuggler_app.core.errors import DomainError
    from taskjuggler_app.demo import load
    from taskjuggler_app.web import build

    with _step("Migrations"):
        migrations.upgrade(os.environ["DATABASE_URL"])
    with _step("Demo workspace"):
        try:
            load.load_if_empty()
        except DomainError as error:
            _say(f"  {error.message}")
    with _step("Web app"):
        try:
            build.ensure_built(lambda line: _say(f"  {line}"))
        except build.BuildFailed as error:
            stop(str(error))
    answer.send(load.is_loaded())


def _run(embedded_in: Path | None, has_demo: bool) -> None:
    """The processes, until a signal. With an embedded database, that is watched too."""
    from taskjuggler_app.supervisor import Spec, Supervisor

    program = [sys.executable, "-m", "taskjuggler_app"]
    specs = [Spec(name, [*program, name]) for name in ("web", "worker", "scheduler")]
    supervisor = Supervisor(specs, lambda line: out.print(f"[yellow]{escape(line)}[/]"))
    _handle(lambda _number: supervisor.stop())
    try:
        supervisor.start("web")  # the others once it answers, so that it answers sooner
        _wait_for_web(supervisor)
        if not supervisor.stopped():
            supervisor.start("worker", "scheduler")
            _say_ready(has_demo)
        supervisor.watch((lambda: _keep_database(embedded_in, supervisor)) if embedded_in else None)
        out.print("\nStopping…")
    finally:
        supervisor.end()


def _keep_database(data_dir: Path, supervisor: "Supervisor") -> None:
    """Start the embedded database again if it is gone; it comes back on its port unless that was taken meanwhile."""
    from taskjuggler_app.core import embedded

    if embedded.running_url(data_dir) is not None:
        return
    out.print("[yellow]the database is gone; starting it again[/]")
    try:
        url = embedded.ensure_database(data_dir)
    except embedded.DatabaseError as error:
        _say(str(error))
        return
    if url != os.environ["DATABASE_URL"]:
        os.environ["DATABASE_URL"] = url
        supervisor.restart()


def _wait_for_web(supervisor: "Supervisor") -> None:
    address = f"{read_settings().local_url}/healthz"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with _step("Web"):
        for _ in range(START_SECONDS * 10):
            if supervisor.stopped():
                return
            if "web" in supervisor.dead():
                break
            try:
                direct.open(address, timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        stop("the web app does not answer; its messages are above")


def _say_ready(has_demo: bool) -> None:
    from taskjuggler_app.demo import story

    out.print(f"\n[bold]TaskJuggler is at {escape(read_settings().public_url)}[/]")
    if has_demo:
        out.print(f"Sign in as {story.PEOPLE[0].email} with the password: {story.DEMO_PASSWORD}")
    out.print("Ctrl-C stops it.\n")


def _choose_port() -> None:
    """End the command if the app cannot listen; where somebody can answer, offer the next free port first."""
    from taskjuggler_app.core.config import settings

    found = ports.trouble(read_settings().host, read_settings().port)
    if found is None:
        return
    if found.other and sys.stdin.isatty() and typer.confirm(f"Sorry, {found.said}. Use {found.other}?", default=True):
        os.environ["PORT"] = str(found.other)
        settings.cache_clear()
        return
    stop(f"{found.said}. Try: PORT={found.other} make run" if found.other else f"{found.said}.")


def _handle(asked: Callable[[int], None]) -> None:
    """Have whoever asks to stop call `asked`. Under nohup the end of the terminal does not ask."""
    terminals = [number for number in (1, 2) if os.isatty(number)]

    def handler(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            _leave(terminals)
        asked(number)

    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _leave(terminals: list[int]) -> None:
    """Print nowhere from now on: writing to a terminal that was closed is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in terminals:
        os.dup2(nowhere, number)
    os.close(nowhere)


def _interrupt(_number: int) -> None:
    """Stop preparing: end what was started for it (npm, initdb, …), then unwind. Further signals change nothing."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    started = psutil.Process().children(recursive=True)
    for process in started:
        _quietly(process, signal.SIGTERM)
    for process in psutil.wait_procs(started, timeout=5)[1]:
        _quietly(process, signal.SIGKILL)
    raise _Interrupted


def _quietly(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def _say(line: str) -> None:
    out.print(escape(line))


@contextmanager
def _step(name: str) -> Iterator[None]:
    """Says what is going on, with a spinner where somebody looks on, and then how long it took."""
    started = time.monotonic()
    if out.is_terminal:
        with out.status(name):
            yield
    else:
        out.print(f"… {name}")
        yield
    out.print(f"[green]✓[/] {name} [dim]{time.monotonic() - started:.1f} s[/]")
