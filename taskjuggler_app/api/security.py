"""The guards in front of every route, as plain ASGI: headers, host, size, origin.

app = guarded(app, csp=csp(script_hashes), public_url=settings().public_url, host=settings().host)
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskjuggler_app.api.shell import FRAMES

MEGABYTE = 1_000_000
EVENT_PATH = "/_event"
UPLOAD_PATH = "/_upload"
# These carry their own proof (a signature, a bearer token), never a browser's cookie.
NOT_FOR_BROWSERS = ("/webhooks", "/api/v1", "/mcp")
_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page: scripts, styles, pictures, data. A page's own is long, and every answer carries it."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def csp(script_hashes: Iterable[str]) -> str:
    """The Content-Security-Policy of our pages; `script_hashes` are like `sha256-…`, of their inline scripts.

    `{host}` is replaced by the request's own host: Safari before 15.4 does not count its sockets as 'self'.
    """
    scripts = " ".join(["'self'", *(f"'{one.strip(chr(39))}'" for one in script_hashes)])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src 'self'",
            "font-src 'self'",
            "connect-src 'self' {host}",
            "manifest-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self' https://checkout.stripe.com",
            "frame-ancestors 'none'",
        )
    )


def guarded(
    app: ASGIApp, *, csp: str, public_url: str, host: str = "", limits: Mapping[str, int] | None = None
) -> ASGIApp:
    """`app` behind all guards. `host` is what we listen on; `limits` are body limits by path prefix."""
    https = public_url.lower().startswith("https://")
    hosts = trusted_hosts(public_url, host)
    app = OriginCheck(app, public_url=public_url, hosts=hosts)
    app = BodyLimit(app, limits=limits or {})
    app = HostCheck(app, hosts=hosts)
    return SecurityHeaders(app, csp=csp, https=https)


def trusted_hosts(public_url: str, host: str = "") -> frozenset[str]:
    """The names we answer to, without ports: the same build serves on any port."""
    own = {"localhost", "127.0.0.1", "::1", urlsplit(public_url).hostname or ""}
    if host not in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound: it names no host
        own.add(host.strip("[]").lower())
    return frozenset(own - {""})


class SecurityHeaders:
    """Adds the security headers to every HTTP response."""

    def __init__(self, app: ASGIApp, *, csp: str, https: bool) -> None:
        self.app = app
        self.csp = csp
        self.https = https
        self.fixed = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if https:
            self.fixed["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.fixed.items():
                    if name != "X-Frame-Options" or name not in headers:  # a mail's own document is framed by our page
                        headers[name] = value
                frames = headers.get(FRAMES, "")
                if frames:
                    del headers[FRAMES], headers["X-Frame-Options"]
                if "content-security-policy" not in headers:  # a file brings a stricter one
                    headers["Content-Security-Policy"] = self._policy(scope, headers, frames)
                if _is_personal(scope["path"], headers):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _policy(self, scope: Scope, headers: MutableHeaders, frames: str) -> str:
        if not headers.get("content-type", "text/html").startswith("text/html"):
            return _NO_PAGE
        policy = self.csp.replace("{host}", self._sockets(scope))
        return policy.replace("frame-ancestors 'none'", f"frame-ancestors 'self' {frames}") if frames else policy

    def _sockets(self, scope: Scope) -> str:
        netloc = _netloc(Headers(scope=scope).get("host", ""))
        if not netloc:
            return ""
        return f"wss://{netloc}" if self.https else f"ws://{netloc} wss://{netloc}"


class HostCheck:
    """Refuses requests for a host that is not ours (DNS rebinding, poisoned links) with 421."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            named = Headers(scope=scope).getlist("host")
            if len(named) != 1 or _hostname(named[0]) not in self.hosts:
                why = "This server does not answer to that host name. Its operator can set PUBLIC_URL."
                await _refuse(scope, receive, send, 421, why)
                return
        await self.app(scope, receive, send)


class BodyLimit:
    """Refuses request bodies above `limit` bytes with 413, whether their length is declared or streamed."""

    def __init__(self, app: ASGIApp, *, limit: int = MEGABYTE, limits: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.limits = limits or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = next((most for prefix, most in self.limits.items() if _under(scope["path"], prefix)), self.limit)
        declared = Headers(scope=scope).get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()) or int(declared[:20]) > limit:
            await _refuse(scope, receive, send, 413, "That is more than we take.")
            return
        seen = 0
        started = False

        async def receive_counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, "That is more than we take.")
            return message

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive_counted, send_noted)
        except HTTPException as error:
            if started:
                raise
            await _refuse(scope, receive, send, error.status_code, error.detail)


class OriginCheck:
    """Refuses what another site makes a visitor's browser do (CSRF, cross-site WebSocket hijacking).

    Unsafe methods, and anything on the event socket's path, need a proof that the page is ours: Sec-Fetch-Site
    same-origin or, from browsers that do not send it, an Origin of ours. No proof is no entry. Reflex's own upload
    route is closed.
    """

    def __init__(self, app: ASGIApp, *, public_url: str, hosts: frozenset[str]) -> None:
        self.app = app
        self.public_url = urlsplit(public_url)
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif scope["path"].lstrip("/").startswith(UPLOAD_PATH.lstrip("/")):
            await _refuse(scope, receive, send, 404, "Not Found")
        elif self._needs_proof(scope) and not self._is_ours(scope):
            await _refuse(scope, receive, send, 403, "This has to come from one of our own pages.")
        else:
            await self.app(scope, receive, send)

    def _needs_proof(self, scope: Scope) -> bool:
        path = scope["path"]
        if any(_under(path, prefix) for prefix in NOT_FOR_BROWSERS):
            return False
        if scope["type"] == "websocket" or _under(path, EVENT_PATH):
            return True
        return scope["method"] not in _SAFE_METHODS

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        # Browsers disagree about the site of a ws: address, and always send its Origin.
        if site is not None and scope["type"] == "http":
            return site == "same-origin"
        return self._is_our_origin(headers.get("origin", ""), headers.get("host", ""))

    def _is_our_origin(self, origin: str, host: str) -> bool:
        """Whether a page at `origin` is served by us: at the public address, or at the host asked for."""
        given = urlsplit(origin)
        if given.scheme not in ("http", "https"):
            return False
        place = _place(given.netloc, given.scheme)
        if place is None:
            return False
        if given.scheme == self.public_url.scheme and place == _place(self.public_url.netloc, given.scheme):
            return True
        if self.public_url.scheme == "https" and given.scheme != "https" and place[0] not in _LOOPBACK:
            return False
        return _hostname(host) in self.hosts and place == _place(host, given.scheme)


def _is_personal(path: str, headers: MutableHeaders) -> bool:
    """Pages and answers to sign-in forms are never kept by a cache."""
    is_html = headers.get("content-type", "").startswith("text/html")
    return is_html or _under(path, "/auth") or "set-cookie" in headers


def _under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix.rstrip("/") + "/")


def _netloc(host: str) -> str:
    """The Host header when it is plain host[:port]; "" otherwise, so that nothing odd is ever echoed."""
    plain = host.replace(".", "").replace("-", "").replace(":", "").replace("[", "").replace("]", "")
    return host if plain.isascii() and plain.isalnum() else ""


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{_netloc(host)}").hostname or ""
    except ValueError:
        return ""


def _place(netloc: str, scheme: str) -> tuple[str, int] | None:
    """The host and port meant; None for what is no address."""
    try:
        parts = urlsplit(f"//{netloc}")
        return (parts.hostname or "", parts.port or _DEFAULT_PORTS[scheme])
    except ValueError:
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": why[:120]})
        return
    await PlainTextResponse(why, status_code=status)(scope, receive, send)
