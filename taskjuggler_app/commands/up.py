"""`taskjuggler up`: everything, on one machine, until Ctrl-C."""

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import typer

from taskjuggler_app.commands.setup import open_database, out, read_settings, stop
from taskjuggler_app.core import db, embedded
from taskjuggler_app.core.config import Settings, settings
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.supervisor import Spec, Supervisor

START_SECONDS = 60


def up() -> None:
    """Start the database, the web app, the worker and the scheduler; Ctrl-C stops all of it."""
    chosen = read_settings()
    _require_free_port(chosen)
    is_embedded = chosen.database_url is None
    try:
        supervisor = _start()
        _wait_for_web(supervisor)
        _say_ready()
        supervisor.watch()
        out.print("\nStopping…")
        supervisor.end()
    finally:
        db.dispose()
        if is_embedded:
            embedded.stop_database(chosen.data_dir)
    out.print("Stopped.")


def _start() -> Supervisor:
    """Prepare everything, then start the processes."""
    with _step("Database"):
        url = open_database()
    with _step("Migrations"):
        from taskjuggler_app import migrations

        migrations.upgrade(url)
    with _step("Demo workspace"):
        _load_demo()
    with _step("Web app"):
        from taskjuggler_app.web import build

        try:
            build.ensure_built(lambda line: out.print(f"  {line}"))
        except build.BuildFailed as error:
            stop(str(error))
    program = [sys.executable, "-m", "taskjuggler_app"]
    specs = [Spec(name, [*program, name]) for name in ("web", "worker", "scheduler")]
    supervisor = Supervisor(specs, lambda line: out.print(f"[yellow]{line}[/]"))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stop())
    supervisor.start()
    return supervisor


def _load_demo() -> None:
    from taskjuggler_app.demo.load import load_if_empty

    try:
        load_if_empty()
    except DomainError as error:
        out.print(f"  {error.message}")


def _wait_for_web(supervisor: Supervisor) -> None:
    address = f"http://{_reachable(settings().host)}:{settings().port}/healthz"
    with _step("Web, worker and scheduler"):
        for _ in range(START_SECONDS * 10):
            if supervisor.stopped():
                return
            if "web" in supervisor.dead():
                break
            try:
                if httpx.get(address, timeout=1, trust_env=False).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
    supervisor.end()
    stop("the web app does not answer; its messages are above")


def _say_ready() -> None:
    from taskjuggler_app.demo import load, story

    out.print(f"\n[bold]TaskJuggler is at {settings().public_url}[/]")
    if load.is_loaded():
        out.print(f"Sign in as {story.PEOPLE[0].email} with the password: {story.DEMO_PASSWORD}")
    out.print("Ctrl-C stops it.\n")


def _require_free_port(chosen: Settings) -> None:
    if _is_free(chosen.host, chosen.port):
        return
    free = next((port for port in range(chosen.port + 1, chosen.port + 100) if _is_free(chosen.host, port)), 0)
    said = f"port {chosen.port} is taken by another program"
    if free and sys.stdin.isatty() and typer.confirm(f"Sorry, {said}. Use {free}?", default=True):
        import os

        os.environ["PORT"] = str(free)
        settings.cache_clear()
        return
    stop(f"{said}. Try: PORT={free} make run" if free else f"{said}.")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


@contextmanager
def _step(name: str) -> Iterator[None]:
    """A line that says what is going on, and how long it took."""
    started = time.monotonic()
    out.print(f"[dim]…[/] {name}")
    yield
    out.print(f"[green]✓[/] {name} [dim]{time.monotonic() - started:.1f} s[/]")
