"""The HTTP client for addresses that other people wrote: webhooks, calendar feeds, links of scanned sites.

Every connection, a redirect's too, is checked where it is dialled: the host is resolved once and the checked address
is the one connected to, so a name that changes its answer (DNS rebinding) gains nothing. Time and size are bounded.
"""

import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx
from typing_extensions import override

from taskjuggler_app.adapters.dialling import address_of
from taskjuggler_app.core.netaddr import Reach, check_url, same_origin

AGENT = "TaskJuggler/1 (+site checks, calendars and webhooks)"
_REDIRECTS = (301, 302, 303, 307, 308)
_SHAREABLE = ("accept", "accept-language", "user-agent")
_WBITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class FetchFailed(Exception):
    """The address could not be read: unreachable, too slow, too large or going in circles."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `url` is where it came from after redirects, `hops` the redirects as (status, address)."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    hops: list[tuple[int, str]] = field(default_factory=list)
    http_version: str = "HTTP/1.1"

    @property
    def text(self) -> str:
        """The body as UTF-8, what is none of it replaced."""
        return self.body.decode("utf-8", errors="replace")


class SafeHttp:
    """A client that cannot be led inside. Raises AddressRefused (a person's mistake) or FetchFailed (the site's).

    `seconds` bounds one request with its redirects from name to last byte; `max_bytes` bounds the decoded body.
    Caller's headers go to the exact origin of the first address only.
    """

    def __init__(
        self,
        reach: Reach | None = None,
        *,
        seconds: float = 20,
        max_bytes: int = 10_000_000,
        max_redirects: int = 8,
        verify: bool = True,
    ) -> None:
        self._reach = reach or Reach()
        self._seconds, self._max_bytes, self._max_redirects = seconds, max_bytes, max_redirects
        self._verify = verify

    def get(self, url: str, headers: Mapping[str, str] | None = None, *, follow: bool = True) -> Answer:
        """The address's content."""
        return self.request("GET", url, headers, follow=follow)

    def post(self, url: str, content: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Send content; a redirect is answered, never followed."""
        return self.request("POST", url, headers, content=content, follow=False)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        content: bytes | None = None,
        follow: bool = True,
        truncate: bool = False,
    ) -> Answer:
        """One request and, with `follow`, its redirects. With `truncate` a body beyond `max_bytes` is cut."""
        deadline = time.monotonic() + self._seconds
        hops: list[tuple[int, str]] = []
        current = url
        with self._client(deadline) as client:
            while True:
                check_url(current, self._reach)
                sent = self._headers(headers, url, current)
                answer = self._once(client, method, current, sent, content, deadline, truncate)
                target = answer.headers.get("location", "")
                if not (follow and answer.status in _REDIRECTS and target):
                    return Answer(current, answer.status, answer.headers, answer.body, hops, answer.http_version)
                following = urljoin(current, target)
                hops.append((answer.status, following))
                if len(hops) > self._max_redirects or following in (url, *(to for _, to in hops[:-1])):
                    raise FetchFailed("It redirects in circles.")
                if answer.status == 303:
                    method, content = "GET", None
                current = following

    def _client(self, deadline: float) -> httpx.Client:
        transport = _Transport(self._reach, deadline, self._verify)
        return httpx.Client(transport=transport, trust_env=False, timeout=self._seconds, follow_redirects=False)

    @staticmethod
    def _headers(headers: Mapping[str, str] | None, first: str, current: str) -> dict[str, str]:
        given = {name.lower(): value for name, value in (headers or {}).items()}
        if not same_origin(first, current):
            given = {name: value for name, value in given.items() if name in _SHAREABLE}
        return {"user-agent": AGENT, "accept-encoding": "gzip, deflate", **given}

    def _once(
        self,
        client: httpx.Client,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | None,
        deadline: float,
        truncate: bool,
    ) -> Answer:
        try:
            with client.stream(method, url, headers=headers, content=content) as response:
                body = _bounded(response, self._max_bytes, truncate)
                return Answer(url, response.status_code, response.headers, body, [], response.http_version)
        except httpx.TimeoutException:
            raise FetchFailed(f"It did not answer within {self._seconds:g} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, zlib.error) as error:
            if time.monotonic() >= deadline:
                raise FetchFailed(f"It did not answer within {self._seconds:g} seconds.") from None
            raise FetchFailed(str(error) or type(error).__name__) from None


def _bounded(response: httpx.Response, limit: int, truncate: bool) -> bytes:
    """The decoded body, never holding more than the limit: a small answer cannot unfold into a large one."""
    wbits = _WBITS.get(response.headers.get("content-encoding", "").strip().lower())
    unpack = zlib.decompressobj(wbits) if wbits else None
    body = bytearray()
    for chunk in response.iter_raw(65_536):
        body += unpack.decompress(chunk, limit + 1 - len(body)) if unpack else chunk
        if len(body) > limit:
            if truncate:
                return bytes(body[:limit])
            raise FetchFailed(f"It is larger than {limit // 1_000_000} MB.")
    return bytes(body)


class _Transport(httpx.HTTPTransport):
    """httpx's transport over a pool whose sockets are opened by `_Network`."""

    def __init__(self, reach: Reach, deadline: float, verify: bool) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(verify=verify, trust_env=True),  # SSL_CERT_FILE: an own CA
            max_connections=4,
            network_backend=_Network(reach, deadline),
        )


class _Network(httpcore.NetworkBackend):
    """Opens sockets to checked addresses only, each with the request's deadline."""

    def __init__(self, reach: Reach, deadline: float) -> None:
        self._reach, self._deadline = reach, deadline
        self._plain = httpcore.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = address_of(host, port, self._reach)
        stream = self._plain.connect_tcp(address, port, _left(self._deadline), local_address, socket_options)
        return _Stream(stream, self._deadline)


class _Stream(httpcore.NetworkStream):
    """A stream whose every read and write ends by the deadline, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline))

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline))

    @override
    def close(self) -> None:
        self._inner.close()

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
