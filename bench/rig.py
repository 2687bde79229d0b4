"""What benchmarks share: a durable database of their own, the real processes, load, and a report."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from taskjuggler_app import migrations
from taskjuggler_app.core import db, embedded
from taskjuggler_app.core.config import settings


@contextmanager
def installation() -> Iterator[str]:
    """A migrated, durable database in a folder of its own; gives its URL, and removes all of it at the end.

    With BENCH_HOME=folder it lives there and stays, for the next run.
    """
    kept = os.environ.get("BENCH_HOME", "")
    home = Path(kept or tempfile.mkdtemp(prefix="taskjuggler-bench-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o755)
    port = free_port()
    os.environ.update(DATA_DIR=str(home), PORT=str(port), SECRET_KEY="benchmarks-have-no-secrets", PUBLIC_URL="")
    settings.cache_clear()
    try:
        url = embedded.ensure_database(home)
        migrations.upgrade(url)
        db.configure(url)
        os.environ["DATABASE_URL"] = url
        settings.cache_clear()
        yield url
    finally:
        db.dispose()
        embedded.stop_database(home)
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(*names: str) -> Iterator[dict[str, psutil.Process]]:
    """The real processes (web, worker, scheduler), stopped at the end."""
    started = {
        name: subprocess.Popen([sys.executable, "-m", "taskjuggler_app", name], stdout=subprocess.DEVNULL)
        for name in names
    }
    try:
        if "web" in started:
            wait_for(f"{base_url()}/healthz")
        yield {name: psutil.Process(process.pid) for name, process in started.items()}
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(20)


def base_url() -> str:
    """Where the web process answers."""
    return f"http://127.0.0.1:{settings().port}"


def wait_for(address: str, seconds: float = 60) -> None:
    """Return when the address answers 200."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(address, timeout=1, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    sys.exit(f"{address} does not answer")


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process and its children."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


def rss_mb(process: psutil.Process) -> float:
    """Resident memory of a process and its children, in MB."""
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 1e6


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def report(title: str, rows: Sequence[tuple[str, str]], figures: Mapping[str, float]) -> None:
    """A table for people, then the figures as one flat JSON object on the last line."""
    console = Console(width=110)
    table = Table(title=title, show_header=False, title_justify="left")
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
