"""The forward proxy that Chromium browses through: every request, WebSocket and tunnel is resolved once, checked and
dialled at the checked address. What is closed to us is answered 403 with `X-Guard: blocked`.

Routes and interception inside the browser are no such boundary: redirects of sub-resources, WebSockets and WebRTC pass
by them. Chromium must be told to use the proxy for loopback names too (see `adapters.chromium`).
"""

import asyncio
import contextlib
from types import TracebackType
from urllib.parse import urlsplit

from taskjuggler_app.adapters.dialling import address_of_async
from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_url

HEAD_SECONDS = 20.0
DIAL_SECONDS = 10.0
IDLE_SECONDS = 60.0
MAX_BYTES = 60_000_000
"""What one connection may bring in: a page's largest file, and an end to endless ones."""
_HOP_BY_HOP = (b"proxy-", b"connection:", b"keep-alive:")
_REFUSAL = b"HTTP/1.1 403 Blocked\r\nX-Guard: blocked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_UNREACHABLE = b"HTTP/1.1 502 Unreachable\r\nX-Guard: unreachable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class GuardProxy:
    """`async with GuardProxy(reach) as proxy:` listens on loopback; `proxy.url` is what Chromium is given."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.blocked: list[str] = []
        self.url = ""

    async def __aenter__(self) -> "GuardProxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=131_072)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError
        ):
            try:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
                await self._forward(head, reader, writer)
            finally:
                writer.close()

    async def _forward(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _, rest = head.partition(b"\r\n")
        method, target, version = line.decode("latin-1").split(" ")
        try:
            host, port, path = _destination(method, target, self._reach)
            address = await address_of_async(host, port, self._reach)
            upstream = await asyncio.wait_for(asyncio.open_connection(address, port), DIAL_SECONDS)
        except AddressRefused:
            self.blocked.append(target)
            writer.write(_REFUSAL)
            return
        except (OSError, UnicodeError, TimeoutError):
            writer.write(_UNREACHABLE)
            return
        far_reader, far_writer = upstream
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            far_writer.write(_onward(method, path, version, rest))
        try:
            await _join(reader, writer, far_reader, far_writer)
        finally:
            far_writer.close()


def _destination(method: str, target: str, reach: Reach) -> tuple[str, int, str]:
    """Host, port and path that a request line names. AddressRefused, ValueError."""
    if method == "CONNECT":
        parts = urlsplit(f"//{target}")
        if "@" in target or not parts.hostname or parts.port is None:
            raise AddressRefused("That is no address of a web site.")
        return parts.hostname, parts.port, ""
    found = check_url(target, reach, frozenset(("http", "ws")))
    split = urlsplit(target)
    return found.host, found.port, (split.path or "/") + (f"?{split.query}" if split.query else "")


def _onward(method: str, path: str, version: str, rest: bytes) -> bytes:
    """The request as the site gets it. One request a connection: the next may be for another host. A WebSocket keeps
    its upgrade."""
    lines = [line for line in rest.split(b"\r\n") if line]
    upgrade = any(line.lower().startswith(b"upgrade:") for line in lines)
    kept = [line for line in lines if not line.lower().startswith(_HOP_BY_HOP)]
    kept.append(b"Connection: Upgrade" if upgrade else b"Connection: close")
    return f"{method} {path} {version}\r\n".encode("latin-1") + b"\r\n".join(kept) + b"\r\n\r\n"


async def _join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Copy both ways until the site is done, either side is silent for a minute, or it sent more than it may."""
    up = asyncio.ensure_future(_copy(reader, far_writer))
    try:
        await _copy(far_reader, writer)
    finally:
        up.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, TimeoutError):
            await up


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    left = MAX_BYTES
    while left > 0 and (chunk := await asyncio.wait_for(source.read(65_536), IDLE_SECONDS)):
        left -= len(chunk)
        sink.write(chunk)
        await sink.drain()
