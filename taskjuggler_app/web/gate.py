"""The door between sockets and states.

Reflex keys a tab's state by a token from the browser's sessionStorage: whoever presents it gets the state. Here the
key is derived from that token AND the session cookie of the connection, so a token replayed without the cookie, or
with another one, opens an empty state. Credentials never enter the state: the headers are cut to what pages need.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import reflex as rx
from reflex.app import EventNamespace
from typing_extensions import override

from taskjuggler_app.core import crypto
from taskjuggler_app.domain.access.cookies import session_hash_from_cookie

_KEPT_HEADERS = ("host", "origin", "user-agent", "accept-language")
_current: "Gate | None" = None


class Gate(EventNamespace):
    """Reflex's socket namespace, with each state bound to the session that filled it."""

    def __init__(self, namespace: str, app: rx.App) -> None:
        super().__init__(namespace, app)
        self._sessions: dict[str, str] = {}
        self._cookies: dict[str, str] = {}
        self.on_gone: Callable[[str], None] = lambda _token: None

    def session_of(self, token: str) -> str:
        """The hash of the session behind a connected client token; "" for a guest."""
        return self._sessions.get(token, "")

    def cookies_of(self, token: str) -> str:
        """The Cookie header that a connected client's socket came with."""
        return self._cookies.get(self.token_to_sid.get(token, ""), "")

    def connected(self) -> Iterator[str]:
        """The client tokens whose sockets this process holds."""
        return iter(list(self._token_manager.token_to_sid))

    @override
    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        cookie = _header(environ, b"cookie")
        session = session_hash_from_cookie(cookie)
        query = parse_qs(environ.get("QUERY_STRING", ""))
        if query.get("token"):
            bound = _bind(query["token"][0], session)
            environ = {**environ, "QUERY_STRING": f"token={bound}"}
        self._cookies[sid] = cookie
        await super().on_connect(sid, environ, auth)

    @override
    async def link_token_to_sid(self, sid: str, token: str, *, update_state: bool = True) -> None:
        await super().link_token_to_sid(sid, token, update_state=update_state)
        linked = self.sid_to_token.get(sid)
        if linked is not None:
            self._sessions[linked] = session_hash_from_cookie(self._cookies.get(sid, ""))

    @override
    def on_disconnect(self, sid: str) -> Any:
        self._cookies.pop(sid, None)
        if (token := self.sid_to_token.get(sid)) is not None and self.token_to_sid.get(token) == sid:
            self._sessions.pop(token, None)
            self.on_gone(token)
        return super().on_disconnect(sid)

    @override
    def _build_static_router_data(self, sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        data = super()._build_static_router_data(sid, environ)
        headers: dict[str, str] = data["headers"]
        data["headers"] = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        return data


def install(app: rx.App) -> Gate:
    """Put the gate in the place of Reflex's own namespace."""
    plain = app.event_namespace
    if plain is None or app.sio is None:
        raise RuntimeError("the app has no state to guard")
    gate = Gate(plain.namespace, app)
    app._event_namespace = gate
    app.sio.register_namespace(gate)
    global _current
    _current = gate
    return gate


def current() -> Gate:
    """The process's gate. Raises RuntimeError before the app is composed."""
    if _current is None:
        raise RuntimeError("the web app is not composed yet")
    return _current


def _bind(token: str, session: str) -> str:
    return crypto.sign("tab-token", f"{token}\0{session}".encode())


def _header(environ: dict[str, Any], name: bytes) -> str:
    headers = environ.get("asgi.scope", {}).get("headers", [])
    return "; ".join(value.decode("latin-1") for key, value in headers if key == name)
