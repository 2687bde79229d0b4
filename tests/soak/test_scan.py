"""5,000 pages, the worker killed three times and its browser once: every page judged once, in bounded memory."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest
from sqlmodel import func, select

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.sitehealth import sites
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.models.sitehealth import Issue, Scan, ScanPage, ScanStatus
from tests import factories

pytestmark = pytest.mark.soak

PAGES, A_SECTION, MENU = 5_000, 50, 40
KILL_WORKER, KILL_BROWSER = (0.2, 0.5, 0.8), 0.35
"""At these shares of the pages."""
MEMORY_MB, BROWSER_MB = 450, 2_500
RUN = (
    "import sys; from taskjuggler_app.core import db; db.configure(sys.argv[1]); "
    "from jobs.handlers import sitehealth; sitehealth.DELAY = 0; sitehealth.scan_site(int(sys.argv[2]))"
)
_WORDS = "Some words about this very page that fill a paragraph as long as most are. " * 12
_MENU = "".join(f"<li><a href=/section/{n}>Section {n}</a>" for n in range(MENU))


class Large(BaseHTTPRequestHandler):
    """A start page, sections, and pages that are one template."""

    protocol_version = "HTTP/1.1"
    asked: Counter[str] = Counter()

    def do_GET(self) -> None:
        kind, _, number = self.path.strip("/").partition("/")
        self.asked[self.path] += 1
        known = {"": "Start", "section": f"Section {number}", "page": f"Page {number}"}.get(kind)
        links = ""
        if kind == "section":
            first = int(number) * A_SECTION
            links = "".join(f"<li><a href=/page/{n}>Page {n}</a>" for n in range(first, first + A_SECTION))
        elif kind == "":
            links = "".join(f"<li><a href=/section/{n}>Section {n}</a>" for n in range(PAGES // A_SECTION))
        body = (
            f"<!doctype html><html lang=en><title>{known} of the large site</title><meta name=viewport "
            f"content='width=device-width'><nav><ul>{_MENU}</ul></nav><main><h1>{known}</h1><p>{self.path} {_WORDS}</p>"
            f"<img src=data:, width=9 height=9><ul>{links}</ul></main>"
        ).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Large)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("ALLOW_LOCAL_TARGETS", "true")
    settings.cache_clear()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    settings.cache_clear()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("checks", [["seo", "performance", "security"], []], ids=["without axe", "everything"])
def test_a_site_of_five_thousand_pages_survives_kills_and_fits_into_memory(
    database_url: str, large: str, checks: list[str]
) -> None:
    with transaction() as session:
        owner = factories.make_owner(session)
        site = sites.create(session, owner, SiteDraft(large, max_pages=PAGES, checks=checks))
        site_id = int(site.id or 0)
        scan_id = int(sites.start_scan(session, owner, site_id).id or 0)
    Large.asked.clear()
    worker, began = _worker(database_url, scan_id), time.monotonic()
    kills, browser_killed, own, browsers = list(KILL_WORKER), False, [0.0], [0.0]
    while worker.poll() is None:
        time.sleep(1)
        judged = _judged(scan_id)
        _measure(worker.pid, own, browsers)
        if not browser_killed and judged >= KILL_BROWSER * PAGES:
            browser_killed = _kill_browser(worker.pid)
        if kills and judged >= kills[0] * PAGES:
            kills.pop(0)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            worker = _worker(database_url, scan_id)
    took = time.monotonic() - began
    sys.stdout.write(f"{took:.0f} s, worker {max(own):.0f} MB, with its browsers {max(browsers):.0f} MB\n")
    with transaction() as session:
        scan = session.get(Scan, scan_id)
        assert scan is not None
        assert (scan.status, scan.error, scan.pages_scanned) == (ScanStatus.COMPLETED, None, PAGES)
        pages = session.exec(select(ScanPage.url, ScanPage.error).where(ScanPage.scan_id == scan_id)).all()
        assert len({url for url, _ in pages}) == len(pages) == PAGES
        assert [page for page in pages if page[1]] == []
        places = dict(session.exec(select(Issue.check_id, Issue.place_count).where(Issue.site_id == site_id)).all())
    assert places["image-alt-seo"] == PAGES
    twice = [path for path, times in Large.asked.items() if path.startswith("/page/") and times > 1]
    assert len(twice) <= 4 * (len(KILL_WORKER) + 1)  # what was open when something was killed
    assert max(own) < MEMORY_MB
    assert max(browsers) < BROWSER_MB


def _worker(database_url: str, scan_id: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", RUN, database_url, str(scan_id)], start_new_session=True)


def _judged(scan_id: int) -> int:
    with transaction() as session:
        return session.exec(select(func.count()).select_from(ScanPage).where(ScanPage.scan_id == scan_id)).one()


def _measure(pid: int, own: list[float], browsers: list[float]) -> None:
    try:
        process = psutil.Process(pid)
        own.append(process.memory_info().rss / 1e6)
        browsers.append(sum(one.memory_info().rss for one in process.children(recursive=True)) / 1e6)
    except psutil.Error:
        return


def _kill_browser(pid: int) -> bool:
    for process in psutil.Process(pid).children(recursive=True):
        if "chrom" in process.name() and "--type=" not in " ".join(process.cmdline()):
            process.kill()
            return True
    return False
