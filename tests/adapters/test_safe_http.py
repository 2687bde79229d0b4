"""What the client does with sites that want it elsewhere, that drip, swell or run in circles."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from taskjuggler_app.adapters.safe_http import FetchFailed, SafeHttp
from taskjuggler_app.core.netaddr import AddressRefused, Reach

LOCAL = Reach(local=True)


class Site(BaseHTTPRequestHandler):
    """Pages that misbehave, by path."""

    seen: list[tuple[str, dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        name, _, rest = self.path.lstrip("/").partition("?to=")
        getattr(self, f"_{name or 'plain'}")(rest)

    do_POST = do_GET  # noqa: N815  # the server's name

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _plain(self, _: str) -> None:
        self._answer(200, b"hello")

    def _go(self, target: str) -> None:
        self._answer(302, Location=target)

    def _loop(self, _: str) -> None:
        self._answer(302, Location="/loop")

    def _large(self, _: str) -> None:
        self._answer(200, b"x" * 300_000)

    def _bomb(self, _: str) -> None:
        self._answer(200, gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")

    def _packed(self, _: str) -> None:
        self._answer(200, gzip.compress(b"hello"), Content_Encoding="gzip")

    def _drip(self, _: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _number in range(100):
            self.wfile.write(b".")
            time.sleep(0.05)


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Site.seen.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_local_page_is_read_only_when_the_operator_allows_it(site: str) -> None:
    assert SafeHttp(LOCAL).get(site).body == b"hello"
    with pytest.raises(AddressRefused):
        SafeHttp().get(site)
    assert len(Site.seen) == 1


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/", "file:///etc/passwd", "http://[::ffff:169.254.169.254]/", "//0/", "gopher://x/"],
)
def test_a_redirect_is_checked_like_an_address(site: str, target: str) -> None:
    with pytest.raises(AddressRefused):
        SafeHttp(LOCAL).get(f"{site}/go?to={target}")


def test_a_name_that_changes_its_answer_is_asked_once(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(site.rpartition(":")[2])
    answers = iter(["8.8.8.8", "127.0.0.1"])
    dialled: list[str] = []

    def resolve(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        dialled.append(address[0])
        raise OSError("nobody there")

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(FetchFailed):
        SafeHttp().get("http://rebinding.example/")
    assert dialled == ["8.8.8.8"]


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:169.254.169.254"], ["fe80::1%eth0"]]
)
def test_one_closed_address_closes_the_name(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(AddressRefused):
        SafeHttp().get("http://innocent.example/")


def test_credentials_stay_with_their_origin(site: str) -> None:
    elsewhere = site.replace("127.0.0.1", "localhost")
    SafeHttp(LOCAL).get(
        f"{site}/go?to={elsewhere}/plain", {"Authorization": "Bearer x", "X-Signature": "y", "Accept": "a/b"}
    )
    first, second = (headers for _, headers in Site.seen)
    assert first["authorization"] == "Bearer x"
    assert "authorization" not in second
    assert "x-signature" not in second
    assert second["accept"] == "a/b"


def test_what_is_too_large_is_refused_however_it_is_packed(site: str) -> None:
    client = SafeHttp(LOCAL, max_bytes=100_000)
    for path in ("large", "bomb"):
        with pytest.raises(FetchFailed, match="larger"):
            client.get(f"{site}/{path}")
        assert len(client.request("GET", f"{site}/{path}", truncate=True).body) == 100_000
    assert client.get(f"{site}/packed").body == b"hello"


def test_a_drip_ends_with_the_time(site: str) -> None:
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="within"):
        SafeHttp(LOCAL, seconds=0.4).get(f"{site}/drip")
    assert time.monotonic() - began < 2


def test_circles_end_and_a_post_is_never_sent_on(site: str) -> None:
    with pytest.raises(FetchFailed, match="circles"):
        SafeHttp(LOCAL).get(f"{site}/loop")
    assert SafeHttp(LOCAL).post(f"{site}/go?to=/plain", b"{}").status == 302


def test_the_proxies_of_the_environment_are_not_asked(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert SafeHttp(LOCAL).get(site).status == 200
