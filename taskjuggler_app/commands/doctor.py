"""`taskjuggler doctor`: what is configured, what runs embedded, what is missing."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.markup import escape
from rich.table import Table

from taskjuggler_app.commands import ports
from taskjuggler_app.commands.setup import out, read_settings

if TYPE_CHECKING:
    from taskjuggler_app.core.config import Settings


class Finding(NamedTuple):
    """One line of the report; `ok` is None where nothing is needed."""

    what: str
    ok: bool | None
    said: str


def doctor() -> None:
    """Say what is configured, what runs embedded and what is missing; exit 1 if something needed is."""
    chosen = read_settings()
    table = Table("", "What", "How it stands", box=None, pad_edge=False)
    missing = False
    for finding in examine(chosen):
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[dim]·[/]"}[finding.ok]
        table.add_row(mark, finding.what, escape(finding.said))
        missing = missing or finding.ok is False
    out.print(table)
    if missing:
        sys.exit(1)


def examine(chosen: "Settings") -> Iterator[Finding]:
    """Every finding, in the order of what needs what."""
    python_ok = (3, 11) <= sys.version_info < (3, 14)
    yield Finding("Python", python_ok, platform.python_version())
    yield _node()
    yield from _database(chosen)
    yield Finding("Secret key", True, "set" if os.environ.get("SECRET_KEY") else f"in {chosen.data_dir}/secret.key")
    yield Finding("Public address", True, chosen.public_url)
    yield _port(chosen)
    yield _redis(chosen)
    yield _mail(chosen)
    yield _phone(chosen)
    yield _chromium()
    nearest = next(folder for folder in (chosen.data_dir, *chosen.data_dir.parents) if folder.exists())
    free = shutil.disk_usage(nearest).free / 1e9
    yield Finding("Disk", free > 1, f"{free:.0f} GB free")


def _node() -> Finding:
    node = Path(sys.executable).with_name("node")
    try:
        version = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return Finding("Node", False, "missing: run `make install`")
    return Finding("Node", True, f"{version}, used to build the web app only")


def _database(chosen: "Settings") -> Iterator[Finding]:
    from taskjuggler_app import migrations
    from taskjuggler_app.core import embedded

    url = chosen.database_url
    where = "at DATABASE_URL"
    if url is None:
        where = "embedded"
        url = _quietly(lambda: embedded.running_url(chosen.data_dir))
        if url is None:
            home = embedded.location(chosen.data_dir)
            said = f"data in {home}, not running now" if home else "no data yet"
            yield Finding("Database", None, f"embedded, {said}: `make run` starts it")
            return
        where = f"embedded, data in {embedded.location(chosen.data_dir)}"
    found = url
    current = _quietly(lambda: migrations.current(found) or "nothing yet")
    yield Finding("Database", current is not None, where if current else f"{where}, cannot be reached")
    if current is not None:
        newest = migrations.head()
        is_newest = current == newest
        said = f"revision {current}" if is_newest else f"at {current}, newest is {newest}: run `taskjuggler migrate`"
        yield Finding("Migrations", is_newest, said)


def _port(chosen: "Settings") -> Finding:
    import httpx

    found = ports.trouble(chosen.host, chosen.port)
    if found is None:
        return Finding("Port", True, f"{chosen.port} is free: `make run` serves there")
    try:
        ours = httpx.get(f"{chosen.local_url}/healthz", timeout=2, trust_env=False).json() == {"status": "ok"}
    except (httpx.HTTPError, ValueError):
        ours = False
    if ours:
        return Finding("Port", True, f"TaskJuggler runs at {chosen.local_url}")
    return Finding("Port", False, f"{found.said}; try PORT={found.other}" if found.other else found.said)


def _redis(chosen: "Settings") -> Finding:
    if not chosen.redis_url:
        return Finding("Redis", None, "not used: one web process")
    import redis

    where = chosen.redis_url.rpartition("@")[2]
    try:
        redis.Redis.from_url(chosen.redis_url, socket_connect_timeout=3).ping()
    except redis.RedisError:
        return Finding("Redis", False, f"{where} does not answer")
    return Finding("Redis", True, where)


def _mail(chosen: "Settings") -> Finding:
    if chosen.smtp_url is not None:
        return Finding("Mail", True, "SMTP")
    if chosen.sendgrid_api_key is not None:
        return Finding("Mail", True, "SendGrid")
    return Finding("Mail", None, "embedded: kept in the outbox and printed; set SMTP_URL or SENDGRID_API_KEY")


def _phone(chosen: "Settings") -> Finding:
    if bool(chosen.twilio_account_sid) != bool(chosen.twilio_auth_token):
        lacking = "TWILIO_AUTH_TOKEN" if chosen.twilio_account_sid else "TWILIO_ACCOUNT_SID"
        return Finding("Phone", False, f"Twilio needs both: {lacking} is missing, so texts stay in the outbox")
    if chosen.twilio_account_sid:
        return Finding("Phone", True, f"Twilio account {chosen.twilio_account_sid}")
    return Finding("Phone", None, "embedded: `taskjuggler simulate sms` plays the carrier; for Twilio set TWILIO_…")


def _chromium() -> Finding:
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return Finding("Chromium", None, found or "not installed: only tests use it now")


def _quietly(read: Callable[[], str | None]) -> str | None:
    try:
        return read()
    except Exception:  # whatever is wrong, the report says that it cannot be reached
        return None
