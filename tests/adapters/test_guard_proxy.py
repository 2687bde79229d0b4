"""What passes the proxy that Chromium browses through, spoken to in bytes."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from taskjuggler_app.adapters.guard_proxy import GuardProxy
from taskjuggler_app.core.netaddr import Reach

Talk = Callable[[GuardProxy, int], Awaitable[None]]


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + head)
    await writer.drain()
    writer.close()


def through(reach: Reach, *requests: str) -> tuple[list[bytes], list[str]]:
    """The proxy's answers to raw requests ({port} is a service of this machine), and what it blocked."""

    async def run() -> tuple[list[bytes], list[str]]:
        service = await asyncio.start_server(_echo, "127.0.0.1", 0)
        port = service.sockets[0].getsockname()[1]
        answers = []
        async with GuardProxy(reach) as proxy:
            for request in requests:
                reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
                writer.write(request.format(port=port).encode())
                answers.append(
                    await asyncio.wait_for(reader.read(), 10) if "CONNECT" not in request else await reader.readline()
                )
                writer.close()
        service.close()
        return answers, proxy.blocked

    return asyncio.run(run())


@pytest.mark.parametrize(
    "request_line",
    [
        "GET http://127.0.0.1:{port}/",
        "GET http://localhost/",
        "GET http://2130706433/",
        "GET http://0177.0.0.1/",
        "GET http://[::ffff:127.0.0.1]/",
        "GET http://169.254.169.254/latest/meta-data",
        "GET http://user@127.0.0.1/",
        "GET file:///etc/passwd",
        "GET /etc/passwd",
        "CONNECT 127.0.0.1:{port}",
        "CONNECT 127.0.0.1:443",
        "CONNECT [::1]:443",
        "CONNECT 0x7f.1:443",
        "CONNECT example.com:22",
        "CONNECT a@127.0.0.1:443",
    ],
)
def test_what_leads_inside_is_blocked(request_line: str) -> None:
    answers, blocked = through(Reach(), f"{request_line} HTTP/1.1\r\nHost: innocent.example\r\n\r\n")
    assert b" 403 Blocked" in answers[0]
    assert len(blocked) == 1


def test_a_websocket_inside_is_blocked_and_one_that_is_allowed_keeps_its_upgrade() -> None:
    asked = "GET http://127.0.0.1:{port}/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    assert b" 403 " in through(Reach(), asked)[0][0]
    assert b"Connection: Upgrade" in through(Reach(local=True), asked)[0][0]


def test_an_allowed_request_arrives_without_the_proxys_headers() -> None:
    asked = "GET http://127.0.0.1:{port}/a?b=c HTTP/1.1\r\nHost: x\r\nProxy-Authorization: y\r\n\r\n"
    answer = through(Reach(local=True), asked)[0][0]
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"GET /a?b=c HTTP/1.1" in answer
    assert b"Proxy-" not in answer
    assert b"Connection: close" in answer


def test_a_tunnel_to_an_allowed_address_opens() -> None:
    assert b"200" in through(Reach(local=True), "CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n")[0][0]


def test_the_metadata_address_stays_closed_whatever_the_operator_allows() -> None:
    assert b" 403 " in through(Reach(local=True), "GET http://169.254.169.254/ HTTP/1.1\r\n\r\n")[0][0]


def test_nonsense_ends_its_own_connection_only() -> None:
    answers, _ = through(
        Reach(local=True), "NONSENSE\r\n\r\n", "GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    assert answers[0] == b""
    assert b"200 OK" in answers[1]
