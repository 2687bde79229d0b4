"""A browser without JavaScript, in front of the account routes."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import httpx
from starlette.applications import Starlette

from taskjuggler_app.api import auth, security
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, sessions
from taskjuggler_app.domain.access.cookies import Flash

PASSWORD = "correct horse battery"
PUBLIC_URL = "http://127.0.0.1:8080"

Mails = Callable[[str], list[dict[str, Any]]]


class Browser:
    """Keeps cookies, sends forms from our own pages, follows nothing by itself."""

    def __init__(self) -> None:
        self.app = security.guarded(Starlette(routes=auth.routes), csp=security.csp([]), public_url=PUBLIC_URL)
        self.cookies = httpx.Cookies()

    def post(self, path: str, *, site: str = "same-origin", **fields: str) -> httpx.Response:
        """Send a form, from our own page unless said otherwise."""
        return asyncio.run(self._post(path, {"Sec-Fetch-Site": site}, fields))

    async def _post(self, path: str, headers: dict[str, str], fields: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, cookies=self.cookies) as client:
            answer = await client.post(path, data=fields, headers=headers)
            self.cookies = client.cookies
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Send the sign-in form."""
        return self.post("/auth/sign-in", email=email, password=password, **fields)

    @property
    def cookie_header(self) -> str:
        """What the browser would send now."""
        return "; ".join(f"{one.name}={one.value}" for one in self.cookies.jar)

    @property
    def flash(self) -> Flash | None:
        """The message that the next page would show."""
        return cookies.read_flash(self.cookie_header)

    @property
    def session_id(self) -> str:
        """The hash of the session the browser holds; "" for none."""
        return cookies.session_hash_from_cookie(self.cookie_header)

    def acts_for(self) -> Principal | None:
        """Who this browser acts for."""
        with transaction() as session:
            return sessions.resolve(session, self.session_id, clock.utcnow())


def found(pattern: str, mail: dict[str, Any]) -> str:
    """The group of `pattern` in the mail's text."""
    match = re.search(pattern, mail["text"])
    assert match is not None, mail["text"]
    return match[1]
