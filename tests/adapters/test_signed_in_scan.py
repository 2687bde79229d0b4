"""A scan that is signed in, of pages that fill themselves and rearrange themselves in their own time."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from taskjuggler_app.adapters.looking import Access
from taskjuggler_app.adapters.site_scan import Outcome, Progress, SiteScan
from taskjuggler_app.cli import app
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.domain.sitehealth.crawl import Plan

CLOSED = "<!doctype html><html lang=en><title>Sign in</title><main><h1>Sign in</h1></main>"
LATE = """<!doctype html><html lang=en><title></title><main aria-busy=true></main><script>
setTimeout(() => { document.querySelector('main').innerHTML = '<h1>Work</h1><p>There is work.</p>';
  document.title = 'Work'; document.querySelector('main').removeAttribute('aria-busy') }, 700)</script>"""
NEVER = "<!doctype html><html lang=en><title>Slow</title><main aria-busy=true><h1>Slow</h1></main>"
MOVING = """<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>Side</title>
<style>aside { width: 500px; transition: width .3s } @media (max-width: 40rem) { aside { width: 100px } }</style>
<aside>Beside</aside><main><h1>Side</h1></main>"""
PAGES = {"/late": LATE, "/never": NEVER, "/moving": MOVING}


class _Members(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with contextlib.suppress(OSError):
            inside = "visitor_session=yes" in str(self.headers["Cookie"])
            body = PAGES.get(self.path, "") if inside else CLOSED
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def outcome() -> Iterator[tuple[str, Outcome]]:
    """What a scan with the members' cookie found, and the address of their site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Members)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"

    async def told(progress: Progress) -> bool:
        return True

    plan = Plan(base, len(PAGES), only=[base + path for path in PAGES])
    access = Access.by_cookie("visitor_session=yes", base)
    try:
        yield base, asyncio.run(SiteScan(plan, Reach(local=True), told=told, access=access, measures=False).run())
    finally:
        server.shutdown()
        server.server_close()


def _said(outcome: tuple[str, Outcome], path: str) -> set[str]:
    base, found = outcome
    return {one.check.id for one in found.findings if one.page_url == base + path}


def test_a_page_that_says_that_it_loads_is_read_when_it_has_loaded(outcome: tuple[str, Outcome]) -> None:
    titles = {visit.url.rpartition("/")[2]: visit.facts["title"] for visit in outcome[1].visits}
    assert titles == {"late": "Work", "never": "Slow", "moving": "Side"}
    assert not {"title-missing", "h1-missing"} & _said(outcome, "/late")


def test_a_page_is_narrow_when_what_moves_has_come_to_rest(outcome: tuple[str, Outcome]) -> None:
    assert "reflow-320" not in _said(outcome, "/moving")


def test_the_cookie_that_was_given_is_no_fault_of_the_site(outcome: tuple[str, Outcome]) -> None:
    assert "cookie-flags" not in _said(outcome, "/late")


def test_a_cookie_without_a_value_is_refused() -> None:
    said = CliRunner().invoke(app, ["scan", "http://127.0.0.1:1", "--allow-local", "--cookie", "visitor_session"])
    assert said.exit_code == 2
    assert "NAME=VALUE" in said.output
