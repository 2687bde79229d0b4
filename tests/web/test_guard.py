"""Deny by default: every event of ours is declared, and a guest reaches only those that are listed."""

import ast
import asyncio
import inspect
import textwrap
from collections.abc import Iterator
from uuid import uuid4

import pytest
import reflex as rx
from reflex.event import Event, EventHandler
from reflex.state import BaseState
from reflex_base.event.context import EventContext
from reflex_base.utils.format import format_event_handler

import taskjuggler_app.taskjuggler_app as web
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.web import authority
from taskjuggler_app.web.gate import _bind
from taskjuggler_app.web.guard import GUEST_EVENTS, SET_ANY_VAR, Guard


def states() -> Iterator[type[BaseState]]:
    """Every State class of the composed app, Reflex's own too."""
    waiting: list[type[BaseState]] = [rx.State]
    while waiting:
        state = waiting.pop()
        yield state
        waiting += state.get_substates()


def handlers() -> dict[str, EventHandler]:
    """Full name -> handler of every event that a browser can name."""
    return {format_event_handler(one): one for state in states() for one in state.event_handlers.values()}


def is_ours(state: type[BaseState]) -> bool:
    """Whether the class is written here."""
    return state.__module__.startswith("taskjuggler_app")


def test_there_is_a_state_for_each_page() -> None:
    assert len([state for state in states() if is_ours(state)]) >= 12


def test_every_public_method_of_our_states_is_a_declared_event() -> None:
    """Read from the source: at run time Reflex makes an event of every public method, declared or not."""
    classes = {base for state in states() for base in state.__mro__ if base.__module__.startswith("taskjuggler_app")}
    undeclared = [
        f"{cls.__name__}.{method.name}"
        for cls in classes
        for method in _methods(cls)
        if not method.name.startswith("_") and not _is_declared(method)
    ]
    assert len(classes) >= 12
    assert undeclared == []


def test_every_event_of_ours_is_asynchronous() -> None:
    """A plain handler runs on the event loop and would freeze everybody."""
    plain = [
        name
        for name, handler in handlers().items()
        if ".taskjuggler_app___" in name
        and not name.endswith(SET_ANY_VAR)
        and not inspect.iscoroutinefunction(handler.fn)
    ]
    assert plain == []


def test_the_list_for_guests_names_only_what_exists() -> None:
    assert set(handlers()) >= GUEST_EVENTS


def test_a_guest_reaches_only_what_is_listed() -> None:
    reached = {name for name in handlers() if asyncio.run(_passes(name))}
    assert reached == GUEST_EVENTS


def test_the_list_for_guests_has_few_events_of_ours() -> None:
    """The account forms, invitations, booking, a form, a vendor's page: what is public or named by its link."""
    ours = {".".join(name.split(".")[-2:]).split("____")[-1] for name in GUEST_EVENTS if ".taskjuggler_app___" in name}
    booking = {"load", "set_zone", "set_clock", "show_month", "show_day", "choose", "let_go", "confirm"}
    assert ours == {
        *{"access_state.load", "join_state.load", "join_state.decline"},
        *{"invited_state.load", "invited_state.accept", "invited_state.decline"},
        *{f"book_state.{name}" for name in booking},
        *{"ask_state.load", "public_vendor_state.load"},
        *{"guest_state.load", "guest_state.cancel", "host_page_state.load"},
    }


def test_a_tab_token_opens_another_state_with_another_cookie() -> None:
    token = "tab"
    assert _bind(token, "one session") == _bind(token, "one session")
    assert len({_bind(token, "one session"), _bind(token, "another session"), _bind(token, ""), token}) == 4


def test_nobody_sets_a_var_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def signed_in(_session_hash: str) -> Principal:
        return Principal(uuid4(), uuid4(), Role.ADMIN, Door.WEB)

    monkeypatch.setattr(authority, "of_session", signed_in)
    setters = {name for name in handlers() if name.endswith(SET_ANY_VAR)}
    assert setters
    assert not any(asyncio.run(_passes(name)) for name in setters)
    assert asyncio.run(_passes(next(iter(set(handlers()) - setters))))


async def _passes(name: str) -> bool:
    """Whether the guard lets the event of a socket without a session through."""
    guard = Guard(web._gate)
    context = _Context("a token that nobody linked")
    reset = EventContext.set(context)  # type: ignore[arg-type]  # the guard reads the token alone
    try:
        state = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # as Reflex makes one
        return await guard.preprocess(web.app, state, Event(name=name)) is None
    finally:
        EventContext.reset(reset)


class _Context:
    def __init__(self, token: str) -> None:
        self.token = token


def _methods(cls: type) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    (definition,) = tree.body
    assert isinstance(definition, ast.ClassDef)
    return [node for node in definition.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _is_declared(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("rx.event") for decorator in method.decorator_list)
