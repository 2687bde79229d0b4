"""What changed, told to every open page: NOTIFY in the writer's transaction, LISTEN in each web process."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

import psycopg
from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core import db

CHANNEL = "live"
_log = logging.getLogger(__name__)
_NOTIFY = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")


def publish(session: Session, *topics: str) -> None:
    """Tell the listeners, when this transaction commits, that each topic changed.

    PostgreSQL drops repeats of one topic inside a transaction, and drops all of them on rollback.
    """
    if topics:
        session.execute(_NOTIFY, {"channel": CHANNEL, "topics": list(topics)})


async def listen(on_topic: Callable[[str], None], on_reconnect: Callable[[], Awaitable[None] | None]) -> None:
    """Call `on_topic` for each change until cancelled.

    Holds one connection outside the pool. When it breaks, listens again with growing pauses (0.2 s to 5 s)
    and calls `on_reconnect`, since what changed meanwhile is unknown.
    """
    pause, first = 0.2, True
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(db.url(), autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if not first and (waiting := on_reconnect()) is not None:
                    await waiting
                pause, first = 0.2, False
                async for notification in connection.notifies():
                    on_topic(notification.payload)
        except psycopg.Error as error:
            _log.warning("live updates lost the database (%s); trying again in %.1f s", error, pause)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.sleep(pause)
        pause, first = min(pause * 2, 5.0), False
