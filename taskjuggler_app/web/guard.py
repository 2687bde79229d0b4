"""Deny by default: no event reaches a handler without a live session, unless its exact name is listed here."""

from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import quote

import reflex as rx
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event.context import EventContext
from typing_extensions import override

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.web import authority

if TYPE_CHECKING:
    from taskjuggler_app.web.gate import Gate

_ROOT = "reflex___state____state"

_BOOKING = f"{_ROOT}.taskjuggler_app___web___pages___booking___state____"

# What a visitor without a session may call. Reflex's own events carry no data of ours; the guest pages' events read
# nothing but the visitor's own flash message, what is public, or what a signed link or an invitation's code names.
GUEST_EVENTS = frozenset(
    {
        f"{_ROOT}.hydrate",
        f"{_ROOT}.hydrate_and_load",
        f"{_ROOT}.set_is_hydrated",
        f"{_ROOT}.reflex___state____on_load_internal_state.on_load_internal",
        f"{_ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",
        f"{_ROOT}.taskjuggler_app___web___pages___access___state____access_state.load",
        *(
            f"{_BOOKING}book_state.{name}"
            for name in ("load", "set_zone", "set_clock", "show_month", "show_day", "choose", "let_go", "confirm")
        ),
        f"{_BOOKING}guest_state.load",
        f"{_BOOKING}guest_state.cancel",
        f"{_BOOKING}host_page_state.load",
        *(
            f"{_ROOT}.taskjuggler_app___web___pages___tasks___invited_state____invited_state.{name}"
            for name in ("load", "accept", "decline")
        ),
        *(f"{_ROOT}.taskjuggler_app___web___pages___ask___state____ask_state.{name}" for name in ("load",)),
        f"{_ROOT}.taskjuggler_app___web___pages___marketplace___profile_state____public_vendor_state.load",
        f"{_ROOT}.taskjuggler_app___web___pages___people___join_state____join_state.load",
        f"{_ROOT}.taskjuggler_app___web___pages___people___join_state____join_state.decline",
    }
)

SET_ANY_VAR = ".setvar"
"""Reflex gives every state this event, which sets a var by its name. No page of ours uses it."""

_principal: ContextVar[Principal | None] = ContextVar("principal", default=None)


def current_principal() -> Principal:
    """Who the running event acts for. Raises RuntimeError outside a guarded event."""
    principal = _principal.get()
    if principal is None:
        raise RuntimeError("no principal: this event is open to guests, or runs outside the guard")
    return principal


def act_as(principal: Principal) -> None:
    """Set the authority of the running task; for the guard and for live pushes."""
    _principal.set(principal)


class Guard(Middleware):
    """Looks the session up for each event, so a revoked one is refused at its next click."""

    def __init__(self, gate: "Gate") -> None:
        self.gate = gate

    @override
    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        if event.name.endswith(SET_ANY_VAR):
            return StateUpdate()
        session_hash = self.gate.session_of(EventContext.get().token)
        principal = await authority.of_session(session_hash)
        if event.name in GUEST_EVENTS:
            if session_hash and principal is None:  # what an ended session left behind is nobody's any more
                state._get_root_state().reset()  # type: ignore[no-untyped-call]  # Reflex leaves it untyped
            return None
        if principal is None:
            return StateUpdate(events=Event.from_event_type(rx.redirect(sign_in_path(state.router.url.path))))
        act_as(principal)
        return None


def sign_in_path(wanted: str) -> str:
    """The sign-in page, leading on to the path `wanted`."""
    return "/sign-in" if wanted in ("", "/") else f"/sign-in?next={quote(wanted)}"
