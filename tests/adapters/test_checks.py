"""Every check on a page that has what it looks for, and on one that must not be reported: in one browser, many faults a
page."""

import asyncio
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from taskjuggler_app.adapters.chromium import Chromium
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.domain.sitehealth.checks import ALL, Finding, run_page
from tests.adapters.check_pages import ELEMENTS, PAGES, TRAPS, page

A_PAGE = 24
"""Snippets on one page."""


def png(width: int, height: int) -> bytes:
    """An image of noise: one colour is no content to a browser."""
    noise = Random(7)
    rows = b"".join(b"\0" + noise.randbytes(width) for _ in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def gif(frames: int) -> bytes:
    """A GIF of so many frames of one pixel."""
    frame = b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c\0\0\0\0\1\0\1\0\0" + b"\x02\x02\x44\x01\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b"\x3b"


def _grouped(which: int) -> dict[str, str]:
    names = list(ELEMENTS)
    side = "has" if which == 0 else "lacks"
    return {
        f"/{side}/{at}": page(
            "".join(f"<div id={side}-{name}>{ELEMENTS[name][which]}</div>" for name in names[at : at + A_PAGE])
        )
        for at in range(0, len(names), A_PAGE)
    }


FILES: dict[str, tuple[str, bytes]] = {
    "/i.png": ("image/png", png(40, 40)),
    "/spacer.png": ("image/png", png(1, 1)),
    "/big.png": ("image/png", png(300, 200)),
    "/huge.png": ("image/png", png(640, 480)),
    "/late.png": ("image/png", png(640, 480)),
    "/moving.gif": ("image/gif", gif(3)),
    "/still.gif": ("image/gif", gif(1)),
    "/a.js": ("text/javascript", b"window.tea = 1"),
    "/inner": ("text/html", b"<!doctype html><title>Tea kinds</title><h1>Tea kinds</h1>"),
}
SITE = {
    **_grouped(0),
    **_grouped(1),
    **TRAPS,
    **{
        f"/page/{name}/{side}": html
        for name, pair in PAGES.items()
        for side, html in zip(("has", "lacks"), pair, strict=True)
    },
}


class _Fixture(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/late.png":
            time.sleep(0.6)
        kind, body = FILES.get(self.path) or ("text/html; charset=utf-8", SITE.get(self.path, "").encode())
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def found() -> Iterator[dict[str, list[Finding]]]:
    """What the checks of single pages say of every page of the fixture site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Fixture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"

    async def look() -> dict[str, list[Finding]]:
        first = {html: path for path, html in reversed(SITE.items())}  # many pages without a fault are one page
        async with Chromium(Reach(local=True), pages=2) as browser:
            visits = await asyncio.gather(*(browser.visit(base + path) for path in first.values()))
        assert [visit.error for visit in visits if visit.error] == []
        said = {html: list(run_page(visit, ALL)) for html, visit in zip(first, visits, strict=True)}
        return {path: said[html] for path, html in SITE.items()}

    try:
        yield asyncio.run(look())
    finally:
        server.shutdown()
        server.server_close()


def _of(found: dict[str, list[Finding]], folder: str, check: str) -> list[Finding]:
    return [one for path, own in found.items() if path.startswith(folder) for one in own if one.check.id == check]


@pytest.mark.parametrize("check", ELEMENTS)
def test_an_element_with_the_fault_is_reported_and_one_without_is_not(
    found: dict[str, list[Finding]], check: str
) -> None:
    places = [one.place.selector for one in _of(found, "/has/", check)]
    page_url = f"/has/{list(ELEMENTS).index(check) // A_PAGE * A_PAGE}"
    assert any(f"#has-{check}" in place for place in places) or [
        one for one in found[page_url] if one.check.id == check and _inside(one, check)
    ], places
    assert [one.place for one in _of(found, "/lacks/", check) if f"#lacks-{check}" in one.place.selector] == []


def _inside(finding: Finding, check: str) -> bool:
    return finding.place.html.split(">")[0].strip("<")[:20].lower() in ELEMENTS[check][0].replace("'", '"').lower() or (
        finding.place.selector.startswith("#") and finding.place.selector.split()[0][1:] in ELEMENTS[check][0]
    )


@pytest.mark.parametrize("check", PAGES)
def test_a_page_with_the_fault_is_reported_and_one_without_is_not(found: dict[str, list[Finding]], check: str) -> None:
    assert _of(found, f"/page/{check}/has", check)
    assert not _of(found, f"/page/{check}/lacks", check)


def test_a_window_that_every_key_opens_is_a_trap_and_one_that_enter_opens_is_none(
    found: dict[str, list[Finding]],
) -> None:
    assert _of(found, "/trap/window", "keyboard-trap")
    assert not _of(found, "/trap/none", "keyboard-trap")


def test_what_has_no_fault_is_reported_by_no_check_as_critical_or_high(found: dict[str, list[Finding]]) -> None:
    grave = [
        (path, one.check.id, one.place.html)
        for path, own in found.items()
        if path.startswith("/lacks/") or path.endswith("/lacks")
        for one in own
        if one.severity in ("critical", "high") and not one.place.needs_review
    ]
    assert grave == []
