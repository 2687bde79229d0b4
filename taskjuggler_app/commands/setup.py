"""What most commands need first: settings that make sense, and a database."""

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from taskjuggler_app.core.config import Settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def stop(message: str, code: int = 1) -> NoReturn:
    """End the command with one line."""
    err.print(f"[bold red]Stopped:[/] {escape(message)}")
    sys.exit(code)


def read_settings() -> "Settings":
    """The settings; ends the command with one line when one is wrong."""
    from taskjuggler_app.core.config import SettingsError, settings

    try:
        return settings()
    except SettingsError as error:
        stop(str(error), code=2)


def open_database() -> str:
    """`find_database`, and this process's sessions use it."""
    url = find_database()
    from taskjuggler_app.core import db

    db.configure(url)
    return url


def find_database() -> str:
    """The URL of the configured database, which answers, or of the embedded one, started if need be."""
    from taskjuggler_app.core.config import settings

    url = read_settings().database_url
    if url:
        _require_answer(url)
    else:
        from taskjuggler_app.core import embedded

        try:
            url = embedded.ensure_database(settings().data_dir)
        except embedded.DatabaseError as error:
            stop(str(error))
    os.environ["DATABASE_URL"] = url  # what this process starts uses the same database
    settings.cache_clear()
    return url


def log_to_terminal() -> None:
    """Log lines of a process whose terminal is shared with others."""
    import logging

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for noisy in ("procrastinate", "apscheduler", "httpx", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _require_answer(url: str) -> None:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.ProgrammingError:
        stop("DATABASE_URL: not readable; a %, @, / or : in the password is written %25, %40, %2F or %3A", code=2)
    except psycopg.Error as error:
        stop(f"DATABASE_URL: the database does not answer: {' '.join(str(error).split())}", code=2)
