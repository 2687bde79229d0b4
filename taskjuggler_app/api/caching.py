"""How static files are served: pages at the address that people write, and how long a browser may keep what it got.

The build puts a hash of the content into the names under /assets, so those never change, nor do fonts, nor our own
script at the address with its version. Other static files are asked for again each time and answered 304 by their ETag;
pages and answers to forms are `security`'s affair.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOREVER = "public, max-age=31536000, immutable"
_BY_PREFIX = (("/assets/", _FOREVER), ("/fonts/", _FOREVER), ("/js/", "no-cache"))
_BY_NAME = {"/icons.svg": "no-cache", "/favicon.svg": "public, max-age=86400", "/favicon.ico": "public, max-age=86400"}


class CacheControl:
    """Adds Cache-Control to successful answers for static files. `version` is that of our own scripts, `?v=…`: a
    process with other scripts, while an update goes round, lets nobody keep its own at that address."""

    def __init__(self, app: ASGIApp, version: str) -> None:
        self.app = app
        self._versioned = f"v={version}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = self._policy(scope) if scope["type"] == "http" else None
        if policy is None:
            await self.app(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                MutableHeaders(scope=message)["Cache-Control"] = policy
            await send(message)

        await self.app(scope, receive, send_with_policy)

    def _policy(self, scope: Scope) -> str | None:
        path = scope["path"]
        if path in _BY_NAME:
            return _BY_NAME[path]
        if path.startswith("/js/") and scope["query_string"] == self._versioned:
            return _FOREVER
        return next((policy for prefix, policy in _BY_PREFIX if path.startswith(prefix)), None)


class AsWritten:
    """Answers /tasks with the page itself. Static files would send the browser to /tasks/ first: a round trip more,
    and to http:// where a proxy ends TLS."""

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in self.pages:
            path = scope["path"] + "/"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
