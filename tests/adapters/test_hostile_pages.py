"""Pages that do their worst cost themselves only: the scan goes on, and ends in time."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from taskjuggler_app.adapters import chromium, looking
from taskjuggler_app.adapters.chromium import Chromium
from taskjuggler_app.adapters.site_scan import Outcome, Progress, SiteScan
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.domain.sitehealth.crawl import Plan

HOSTILE = {
    "/alerts": "<script>for (;;) alert('again')</script>",
    "/busy": "<p>Busy</p><script>for (;;);</script>",
    "/leaving": "<script>onbeforeunload = (e) => { e.preventDefault(); return 'stay' }</script><button>Stay</button>",
    "/windows": "<script>setInterval(() => open('/calm'), 50)</script>",
    "/restless": "<script>setInterval(() => fetch('/calm?' + Math.random()), 40)</script><p>Never idle</p>",
    "/moving": "<script>setTimeout(() => { location = '/calm' }, 300)</script><p>On the move</p>",
    "/hungry": "<script>const a = []; for (;;) a.push(new Array(1e6).fill(Math.random()))</script>",
}
SHELF = "<!doctype html><html lang=en><title>Shelf</title><main><h1>Shelf</h1><a href=/calm>Calm</a></main>"
CALM = "<!doctype html><html lang=en><title>Calm</title><main><h1>Calm</h1><p>Nothing happens here.</p></main>"


class _Hostile(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with contextlib.suppress(OSError):
            if self.headers["Host"].startswith("shop.example"):
                self._head(301, "text/html", Location=f"http://www.{self.headers['Host']}{path}")
            elif path == "/circle":
                self._head(302, "text/html", Location="/circle")
            elif path == "/endless":
                self._head(200, "text/html")
                for _ in range(2000):
                    self.wfile.write(b"<p>" + b"more " * 20_000)
            elif path == "/download":
                self._head(200, "application/zip", **{"Content-Disposition": "attachment; filename=a.zip"})
                self.wfile.write(b"PK")
            elif path == "/silent":
                self._head(200, "text/html")
                self.wfile.write(b"<p>Wait for it")
                time.sleep(6)
            else:
                calm = SHELF if path == "/shelf" else CALM
                body = "<!doctype html><title>Bad</title>" + HOSTILE[path] if path in HOSTILE else calm
                self._head(200, "text/html; charset=utf-8")
                self.wfile.write(body.encode())

    def _head(self, status: int, kind: str, **more: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hostile)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.socket.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "PAGE_SECONDS", 6.0)
    monkeypatch.setattr(looking, "LOAD_SECONDS", 2.0)


def scan(*urls: str) -> Outcome:
    async def told(_: Progress) -> bool:
        return True

    plan = Plan(urls[0], len(urls), only=list(urls))
    return asyncio.run(SiteScan(plan, Reach(local=True), told=told, extras=False, measures=False).run())


def test_a_hostile_page_costs_only_itself(base: str) -> None:
    paths = [*HOSTILE, "/circle", "/endless", "/download", "/silent"]
    began = time.monotonic()
    outcome = scan(*(base + path for path in paths), f"{base}/calm", f"{base}/calm?2")
    assert time.monotonic() - began < 9 * len(paths)
    seen = {visit.url.removeprefix(base): visit for visit in outcome.visits}
    assert len(seen) == len(paths) + 2
    assert not seen["/calm"].error
    assert not seen["/calm?2"].error
    assert {path for path in ("/circle", "/download") if seen[path].error} == {"/circle", "/download"}
    assert not seen["/leaving"].error


def test_a_browser_that_dies_is_started_again(base: str) -> None:
    async def work() -> tuple[str, str]:
        async with Chromium(Reach(local=True)) as browser:
            first = await browser.visit(f"{base}/calm", deep=False)
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):  # what is dying already
                    if "chrom" in process.name() and "--type=" not in " ".join(process.cmdline()):
                        process.kill()
            await asyncio.sleep(0.3)
            again = await browser.visit(f"{base}/calm?again", deep=False)
            return first.error, again.error

    assert asyncio.run(work()) == ("", "")


def test_a_site_that_lives_at_its_other_spelling_is_read_there(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async def told(_: Progress) -> bool:
        return True

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    address = f"http://shop.example:{base.rpartition(':')[2]}/shelf"
    outcome = asyncio.run(SiteScan(Plan(address, 2), Reach(local=True), told=told, measures=False).run())
    www = address.replace("shop.", "www.shop.").removesuffix("/shelf")
    assert [visit.url for visit in outcome.visits] == [address, f"{www}/calm"]
    assert {one.page_url for one in outcome.site_findings} <= {visit.url for visit in outcome.visits}


def test_a_target_that_is_down_is_said_so_for_each_page(base: str, tmp_path: Path) -> None:
    outcome = scan("http://127.0.0.1:9/a", "http://127.0.0.1:9/b")
    assert [bool(visit.error) for visit in outcome.visits] == [True, True]
    assert outcome.findings == []
