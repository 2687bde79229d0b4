"""Engines and transactions: the only place that opens a session or commits one."""

import asyncio
import contextvars
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session

from taskjuggler_app.core.config import settings

P = ParamSpec("P")
R = TypeVar("R")

STATEMENT_TIMEOUT_MS = 30_000
READING = "reading"
"""In the `info` of a session that `reading` gave."""
_PING_AFTER_SECONDS = 1.0
_USED = "used_at"


class _Database:
    """The process's engine and the threads that may block on it; both made on first use."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.engine: Engine | None = None
        self.at_once: Engine | None = None
        self.threads: ThreadPoolExecutor | None = None


_db = _Database()


def driver_url(url: str) -> str:
    """The SQLAlchemy form of a PostgreSQL URL: `postgresql+psycopg://…`."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise ValueError("DATABASE_URL must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


def configure(url: str) -> None:
    """Use the database at `url` from now on; an engine made for another one is closed."""
    dispose()
    _db.url = url


def dispose() -> None:
    """Close every connection of the pool and stop its threads."""
    if _db.engine is not None:
        _db.engine.dispose()
    if _db.threads is not None:
        _db.threads.shutdown(wait=False, cancel_futures=True)
    _db.engine = _db.at_once = _db.threads = None


def url() -> str:
    """The database's URL as psycopg reads it."""
    found = _db.url or settings().database_url
    if not found:
        raise RuntimeError("No database is configured: set DATABASE_URL or start with `taskjuggler up`.")
    return found


def engine() -> Engine:
    """The process's engine: as many connections as threads, checked before use when they rested."""
    if _db.engine is None:
        _db.engine = create_engine(
            driver_url(url()),
            pool_size=settings().db_pool_size,
            max_overflow=2,
            pool_recycle=1800,
            json_serializer=dump_json,
            connect_args={"options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"},
        )
        event.listen(_db.engine, "checkin", _rests)
        event.listen(_db.engine, "checkout", _is_there)
    return _db.engine


def _rests(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _is_there(connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that rested for a while whether it still answers; if not, it and the others are made anew.

    One that was used a moment ago is trusted: a server does not restart within a second.
    """
    used = record.info.get(_USED)
    if used is None or time.monotonic() - used < _PING_AFTER_SECONDS:
        return
    dialect = engine().dialect
    try:
        dialect.do_ping(connection)
    except Exception as error:
        if not isinstance(error, dialect.loaded_dbapi.Error):
            raise
        raise InvalidatePoolError from error


@contextmanager
def reading() -> Iterator[Session]:
    """A session that reads: each statement sees what is committed, as in a transaction, without BEGIN and COMMIT.

    What it holds cannot be written: a flush is refused, and so is recording an event.
    """
    if _db.at_once is None:
        _db.at_once = engine().execution_options(isolation_level="AUTOCOMMIT")
    with Session(_db.at_once, autoflush=False, info={READING: True}) as session:
        yield session


@event.listens_for(AnySession, "before_flush")
def _only_reads(session: AnySession, *_: Any) -> None:
    if session.info.get(READING):
        raise RuntimeError("This session is for reading.")


@contextmanager
def transaction() -> Iterator[Session]:
    """One use case's transaction: committed at the end, rolled back on any error."""
    with Session(engine(), expire_on_commit=False) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def ping() -> None:
    """Raise unless the database answers."""
    with engine().connect() as connection:
        connection.execute(text("SELECT 1"))


async def run_in_db(fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a blocking function in the database's own threads, with the caller's context variables."""
    if _db.threads is None:
        _db.threads = ThreadPoolExecutor(settings().db_pool_size, thread_name_prefix="db")
    context = contextvars.copy_context()
    call = partial(context.run, partial(fn, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_db.threads, call)


def dump_json(value: Any) -> str:
    """JSON for JSONB columns: UUIDs, times, decimals and enums as their text."""
    return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
