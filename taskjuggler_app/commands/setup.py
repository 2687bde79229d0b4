"""What most commands need first: settings that make sense, and a database."""

import os
import sys
from typing import NoReturn

from rich.console import Console

from taskjuggler_app.core.config import Settings, SettingsError, settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def stop(message: str, code: int = 1) -> NoReturn:
    """End the command with one line."""
    err.print(f"[bold red]Stopped:[/] {message}")
    sys.exit(code)


def read_settings() -> Settings:
    """The settings; ends the command with one line when one is wrong."""
    try:
        return settings()
    except SettingsError as error:
        stop(str(error), code=2)


def open_database() -> str:
    """The URL of the configured database, or of the embedded one, started if need be."""
    from taskjuggler_app.core import db, embedded

    url = read_settings().database_url
    if not url:
        try:
            url = embedded.ensure_database(settings().data_dir)
        except embedded.DatabaseError as error:
            stop(str(error))
    db.configure(url)
    os.environ["DATABASE_URL"] = url  # what this process starts uses the same database
    settings.cache_clear()
    return url


def log_to_terminal() -> None:
    """Log lines of a process whose terminal is shared with others."""
    import logging

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for noisy in ("procrastinate", "apscheduler", "httpx", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
