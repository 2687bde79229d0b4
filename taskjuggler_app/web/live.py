"""Pushes what changed into the open pages that show it.

A page watches topics while it is loaded. Published topics mark the watching pages of this process, and a wave
refreshes all marked pages: at once, but a quarter of a second after the wave before it. Pages of one wave share their
reads.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.state import BaseState, StateUpdate

from taskjuggler_app.core import live
from taskjuggler_app.web import authority, guard
from taskjuggler_app.web.gate import Gate

BETWEEN_WAVES = 0.25
"""Seconds from wave to wave while changes keep coming: evenly, since a burst would be followed by a long wait."""
GATHERING = 0.01
"""Seconds that a wave waits for what is published together with its cause."""

_SESSION = "session:"
_log = logging.getLogger(__name__)

StateClass = type[BaseState]
Memo = dict[Any, "asyncio.Future[Any]"]
_hub: "Hub | None" = None
_wave: ContextVar[Memo | None] = ContextVar("wave", default=None)


class Hub:
    """Which page of which socket watches which topic."""

    def __init__(self, app: rx.App, gate: Gate) -> None:
        self._app = app
        self._gate = gate
        self._topics: dict[tuple[str, StateClass], frozenset[str]] = {}
        self._watchers: dict[str, set[tuple[str, StateClass]]] = defaultdict(set)
        self._beside: set[tuple[str, StateClass]] = set()
        self._dirty: dict[str, set[StateClass]] = {}
        self._pushing: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._last_wave = -BETWEEN_WAVES

    def watch(
        self,
        token: str,
        state: StateClass,
        topics: Iterable[str],
        *,
        beside: bool = False,
        keep: Sequence[StateClass] = (),
    ) -> None:
        """Refresh `state` of the page behind `token` when a topic changes; replaces its earlier topics.

        Unless it stands `beside` pages, it also ends what an earlier page of the same tab watched, except the states
        to `keep`.
        """
        key = (token, state)
        self.forget(token, state)
        if not beside:
            for other in [k for k in self._topics if k[0] == token and k not in self._beside and k[1] not in keep]:
                self.forget(*other)
        else:
            self._beside.add(key)
        self._topics[key] = frozenset(topics)
        for topic in self._topics[key]:
            self._watchers[topic].add(key)

    def forget(self, token: str, state: StateClass | None = None) -> None:
        """Stop refreshing one state of a page, or the whole page."""
        for key in [k for k in self._topics if k[0] == token and (state is None or k[1] is state)]:
            self._beside.discard(key)
            for topic in self._topics.pop(key):
                self._watchers[topic].discard(key)
                if not self._watchers[topic]:
                    del self._watchers[topic]

    def changed(self, topic: str) -> None:
        """A topic was published: refresh its watchers."""
        if topic.startswith(_SESSION):
            self._session_changed(topic.removeprefix(_SESSION))
        for token, state in self._watchers.get(topic, ()):
            self._mark(token, state)

    def everything_changed(self) -> None:
        """The database connection was lost for a while: refresh every page."""
        for token, state in list(self._topics):
            self._mark(token, state)

    async def run(self) -> None:
        """Listen until cancelled; a lifespan task of each web process."""
        with suppress(asyncio.CancelledError):
            await live.listen(self.changed, self.everything_changed)

    def _session_changed(self, session_hash: str) -> None:
        for token in self._gate.connected():
            if self._gate.session_of(token) == session_hash:
                self._spawn(self._expel_if_over(token, session_hash))

    def _mark(self, token: str, state: StateClass) -> None:
        self._dirty.setdefault(token, set()).add(state)
        self._schedule()

    def _schedule(self) -> None:
        """The next wave: now, or as soon as the last one is BETWEEN_WAVES ago."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            earliest = max(loop.time() + GATHERING, self._last_wave + BETWEEN_WAVES)
            self._timer = loop.call_at(earliest, self._start_wave)

    def _start_wave(self) -> None:
        self._timer = None
        self._last_wave = asyncio.get_running_loop().time()
        memo: Memo = {}
        for token in [t for t in self._dirty if t not in self._pushing]:
            self._pushing.add(token)
            self._spawn(self._push(token, self._dirty.pop(token), memo))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _push(self, token: str, states: set[StateClass], memo: Memo) -> None:
        _wave.set(memo)
        try:
            if token in self._gate.token_to_sid:
                await self._refresh(token, states)
            else:
                self.forget(token)
        except Exception:
            _log.exception("a live update failed")
        finally:
            self._pushing.discard(token)
            if self._dirty:
                self._schedule()

    async def _refresh(self, token: str, states: set[StateClass]) -> None:
        session_hash = self._gate.session_of(token)
        principal = await shared(("principal", session_hash), lambda: authority.of_session(session_hash))
        if principal is None and session_hash:
            await self._expel(token)
            return
        if principal is not None:
            guard.act_as(principal)
        else:  # a visitor: only pages that show nothing but public things
            states = {state for state in states if getattr(state, "OPEN_TO_GUESTS", False)}
        for state in states:
            if (token, state) not in self._topics:
                continue
            async with self._app.modify_state(rx.BaseStateToken(ident=token, cls=state)) as root:
                page: Any = await root.get_state(state)
                await page._refresh()

    async def _expel_if_over(self, token: str, session_hash: str) -> None:
        if await authority.of_session(session_hash) is None:
            await self._expel(token)

    async def _expel(self, token: str) -> None:
        """Empty the page of a session that ended, and send it to the sign-in form."""
        self.forget(token)
        async with self._app.modify_state(rx.BaseStateToken(ident=token, cls=rx.State)) as root:
            root.reset()  # type: ignore[no-untyped-call]  # Reflex leaves it untyped
        redirect = Event.from_event_type(rx.redirect("/sign-in"))
        await self._gate.emit_update(StateUpdate(events=redirect), token=token)


async def shared(key: Any, read: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run `read` once for all pages of one wave that ask for the same `key`; outside a wave, just run it."""
    memo = _wave.get()
    if memo is None:
        return await read()
    if key not in memo:
        memo[key] = asyncio.ensure_future(read())
    return await asyncio.shield(memo[key])


def install(hub: Hub) -> None:
    """Make `hub` the one that this process's pages watch with."""
    global _hub
    _hub = hub


def hub() -> Hub:
    """The process's hub. Raises RuntimeError before the app is composed."""
    if _hub is None:
        raise RuntimeError("the web app is not composed yet")
    return _hub
