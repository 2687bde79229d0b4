"""The one bridge from a page to the domain: reads, commands, messages to the person, live refreshes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import reflex as rx
from reflex_base.event.context import EventContext
from sqlmodel import Session

from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.web import live
from taskjuggler_app.web.components import ToastLine
from taskjuggler_app.web.guard import current_principal

P = ParamSpec("P")
R = TypeVar("R")
UseCase = Callable[Concatenate[Session, Principal, P], R]
Undo = tuple[Callable[..., object], tuple[Any, ...]]
"""A use case and what it is called with after session and principal; it may say how many things it took back."""


class Toasts(rx.State):
    """Messages on any page. Shown from state, since a policy without eval allows no script from the server."""

    rows: list[ToastLine] = []
    last_id: int = 0
    _undos: dict[str, Undo] = {}

    @rx.event
    async def dismiss(self, toast_id: str) -> None:
        """Take a message away."""
        self.rows = [row for row in self.rows if row.id != toast_id]

    @rx.event
    async def undo(self, toast_id: str) -> None:
        """Take back what the message told of. The verb asks again what the person may do."""
        undone = self._undos.pop(str(toast_id), None)
        self.rows = [row for row in self.rows if row.id != toast_id]
        if undone is None:
            return
        verb, args = undone
        try:
            done = await run_in_db(_in_transaction, verb, current_principal(), args, {})
            if done == 0:
                self._add("info", "Somebody changed it since: it stays as it is.")
            else:
                self._add("success", "Taken back.")
        except DomainError as error:
            self._add("error", error.message)

    def _add(self, kind: str, text: str, undo: Undo | None = None) -> None:
        self.last_id += 1
        line = ToastLine(id=str(self.last_id), kind=kind, text=text, undo="Undo" if undo else "")
        self.rows = [*self.rows[-3:], line]
        shown = {row.id for row in self.rows}
        self._undos = {key: kept for key, kept in self._undos.items() if key in shown}
        if undo:
            self._undos[line.id] = undo


class PageState(rx.State, mixin=True):
    """What every page's State can do. Subclass it together with `rx.State`."""

    async def _read(self, query: "UseCase[P, R]", *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a scoped query for the current principal; pages of one live wave share equal reads."""
        principal = current_principal()
        key = (query, principal.user_id, principal.team_id, args, tuple(sorted(kwargs.items())))
        result: R = await live.shared(key, lambda: run_in_db(_in_transaction, query, principal, args, kwargs))
        return result

    async def _run(self, verb: "UseCase[P, R]", *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case in its own transaction; a refusal is raised."""
        return await run_in_db(_in_transaction, verb, current_principal(), args, kwargs)

    async def _do(self, verb: "UseCase[P, R]", *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Run a use case in its own transaction; a refusal becomes a message, and None comes back."""
        try:
            return await self._run(verb, *args, **kwargs)
        except DomainError as error:
            await self._say("error", error.message)
            return None

    async def _say(self, kind: str, text: str, undo: Undo | None = None) -> None:
        """Show a message; kind is info, success or error. undo: the use case that takes it back, its arguments."""
        (await self.get_state(Toasts))._add(kind, text, undo)

    def _watch(self, topics: Iterable[str], *, beside: bool = False, keep: Sequence[type[rx.State]] = ()) -> None:
        """Call `_refresh` of this state when one of the topics changes, while the page is open.

        A page's watch ends that of the page before it in the same tab; one that stands `beside` pages (the frame's)
        stays, and so do those of the states to `keep`: the other panes of the same page.
        """
        live.hub().watch(EventContext.get().token, type(self), topics, beside=beside, keep=keep)

    def _path_arg(self, name: str) -> str:
        """A dynamic part of the page's address, as `item_id` in /inbox/[item_id]."""
        return str(self.rx_router_page.params.get(name, ""))

    async def _refresh(self) -> None:
        """Read again what the page shows."""
        raise TypeError(f"{type(self).__name__} watches topics but has no _refresh")


def _in_transaction(
    use_case: Callable[..., R], principal: Principal, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> R:
    """The use case in a transaction of its own."""
    with transaction() as session:
        return use_case(session, principal, *args, **kwargs)
