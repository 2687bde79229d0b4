"""A scan by the queue's own handler, in a real browser, of a small site on this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from jobs.handlers.sitehealth import scan_site
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.sitehealth import sites
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.models.sitehealth import Issue, Scan, ScanPage, ScanStatus
from tests import factories

_HEAD = "<!doctype html><html lang=en><title>{}</title><meta name=viewport content='width=device-width'>"
PAGES = {
    "/": _HEAD.format("Shop")
    + "<main><h1>Shop</h1><a href=/tea>Tea</a> <a href=/gone>Gone</a> <img src=/x.png></main>",
    "/tea": _HEAD.format("Tea") + "<main><h1>Tea</h1><div onclick='buy()'>Buy this tea</div></main>",
    "/trap": _HEAD.format("Trap") + "<script>while (true) alert('again')</script>",
}


class Shop(BaseHTTPRequestHandler):
    """The site."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("ALLOW_LOCAL_TARGETS", "true")
    settings.cache_clear()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    settings.cache_clear()


def test_a_site_is_crawled_judged_and_scored(database_url: str, shop: str) -> None:
    with transaction() as session:
        owner = factories.make_owner(session)
        site = sites.create(session, owner, SiteDraft(shop))
        scan_id = int(sites.start_scan(session, owner, int(site.id or 0)).id or 0)
    scan_site(scan_id)
    scan_site(scan_id)
    with transaction() as session:
        scan = session.get(Scan, scan_id)
        assert scan is not None
        assert (scan.status, scan.error) == (ScanStatus.COMPLETED, None)
        assert 0 < scan.health_score < 100
        assert set(session.exec(select(ScanPage.url))) == {shop, f"{shop}tea", f"{shop}gone"}
        found = set(session.exec(select(Issue.check_id)))
        assert {"image-alt", "fake-button", "broken-link"} <= found
