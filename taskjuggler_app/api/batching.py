"""Group commit: what arrives while a commit runs shares the next one, and everybody waits for their own."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from taskjuggler_app.core.db import run_in_db

Item = TypeVar("Item")
MOST = 200
"""Items of one group."""


class Batcher(Generic[Item]):
    """Gives items to `store` in groups; `store` commits a whole group or raises.

    A group that fails is stored again one by one, so an item that cannot be stored fails alone; while the database is
    away the whole group fails at once, and nobody waits for an attempt each.
    """

    def __init__(self, store: Callable[[Sequence[Item]], None]) -> None:
        self._store = store
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> None:
        """Return when `item` is durably stored. Raises what `store` raised for it."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._store_group(group)
        finally:
            self._running = None

    async def _store_group(self, group: list[tuple[Item, "asyncio.Future[None]"]]) -> None:
        try:
            await run_in_db(self._store, [item for item, _ in group])
        except Exception as error:
            if len(group) == 1 or _is_away(error):
                for _, done in group:
                    _settle(done, error)
                return
            for one in group:
                await self._store_group([one])
            return
        for _, done in group:
            _settle(done, None)


def _is_away(error: Exception) -> bool:
    """Whether the database cannot be reached or goes down: no SQLSTATE, or class 08 or 57P (PostgreSQL, appendix A)."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def _settle(done: "asyncio.Future[None]", error: Exception | None) -> None:
    """Tell the waiting request, unless it went away."""
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
