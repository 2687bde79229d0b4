"""A scan by the queue's own handler, in a real browser, of a small site on this machine."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from jobs.handlers.sitehealth import prove_fixes, recheck, scan_site
from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.files import LocalFiles
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.model_ports import ModelAccess, ModelText
from taskjuggler_app.domain.sitehealth import sites
from taskjuggler_app.domain.sitehealth.fixes import PROVEN
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.models.sitehealth import Issue, IssueStatus, Scan, ScanPage, ScanStatus
from taskjuggler_app.models.understanding import AICall, AISettings, CallState
from tests import factories

_HEAD = "<!doctype html><html lang=en><title>{}</title><meta name=viewport content='width=device-width'>"
SLOW = "".join(f"<a href=/slow{n}>Page {n}</a> " for n in range(12))
PAGES = {
    "/many": _HEAD.format("Many") + f"<main><h1>Many</h1>{SLOW}</main>",
    **{f"/slow{n}": _HEAD.format(f"Slow {n}") + f"<main><h1>Slow {n}</h1></main>" for n in range(12)},
    "/": _HEAD.format("Shop")
    + "<main><h1>Shop</h1><a href=/tea>Tea</a> <a href=/gone>Gone</a> <img src=/x.png> "
    + "<a href=/tea accesskey=t>Tea again</a></main>",
    "/tea": _HEAD.format("Tea") + "<main><h1>Tea</h1><div onclick='buy()'>Buy this tea</div></main>",
    "/trap": _HEAD.format("Trap") + "<script>while (true) alert('again')</script>",
}


ASKED: list[str] = []
"""What the site was asked for."""


class Shop(BaseHTTPRequestHandler):
    """The site."""

    def do_GET(self) -> None:
        ASKED.append(self.path)
        if self.path.startswith("/slow"):
            time.sleep(0.3)
        body = PAGES.get(self.path.partition("?")[0], "").encode()
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


def test_a_fix_is_tried_in_the_browser_and_the_element_pictured_then_one_issue_is_looked_at_again(
    database_url: str, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalFiles(tmp_path)
    monkeypatch.setattr(registry, "files", lambda: store)
    with transaction() as session:
        owner = factories.make_owner(session)
        site = sites.create(session, owner, SiteDraft(shop))
        scan_id = int(sites.start_scan(session, owner, int(site.id or 0)).id or 0)
        site_id = int(site.id or 0)
    scan_site(scan_id)
    prove_fixes(site_id)
    with transaction() as session:
        issue = session.exec(select(Issue).where(Issue.check_id == "accesskey")).one()
        assert (issue.fix_confidence or 0) >= PROVEN
        assert issue.fix_verified_at is not None
        assert store.open(issue.shot_key or "").read(4) == b"\x89PNG"
        alt = session.exec(select(Issue).where(Issue.check_id == "image-alt")).one()
        assert (alt.fix_confidence or 0) < PROVEN
        issue_id = int(issue.id or 0)
    monkeypatch.setitem(PAGES, "/", PAGES["/"].replace("accesskey=t", ""))
    recheck(issue_id)
    with transaction() as session:
        found = session.get(Issue, issue_id)
        assert found is not None
        assert found.status is IssueStatus.FIXED


class Copywriter:
    """A language model; says whether a transaction was open while it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.open = 0

    def write(self, access: ModelAccess, task: str, material: str) -> ModelText:
        """A text for an image, and nothing for anything else."""
        with transaction() as session:
            others = (
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE state = 'idle in transaction' AND datname = current_database()"
            )
            self.open += session.connection().execute(text(others)).scalar_one()
        self.asked.append(material)
        return ModelText("A tin of green tea" if "(alt)" in task else "x" * 900, 20, 5)


def test_a_text_that_no_rule_knows_is_asked_of_the_model_and_tried_in_the_browser(
    database_url: str, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, model = LocalFiles(tmp_path), Copywriter()
    monkeypatch.setattr(registry, "files", lambda: store)
    monkeypatch.setattr(registry, "writer", lambda: model)
    with transaction() as session:
        owner = factories.make_owner(session)
        session.add(AISettings(team_id=owner.team_id, is_on=True, base_url="http://127.0.0.1:9/v1", model="tiny"))
        site_id = int(sites.create(session, owner, SiteDraft(shop, max_pages=1)).id or 0)
        scan_id = int(sites.start_scan(session, owner, site_id).id or 0)
    scan_site(scan_id)
    prove_fixes(site_id)
    with transaction() as session:
        alt = session.exec(select(Issue).where(Issue.check_id == "image-alt")).one()
        assert (alt.fix_code, alt.fix_written_by) == ('alt="A tin of green tea"', "tiny")
        assert 45 < (alt.fix_confidence or 0) < PROVEN
        description = session.exec(select(Issue).where(Issue.check_id == "meta-description")).first()
        assert description is not None
        assert description.fix_written_by == ""
        assert {call.state for call in session.exec(select(AICall))} == {CallState.USED}
    assert model.open == 0
    assert any("x.png" in material and "Main heading: Shop" in material for material in model.asked)


def test_a_scan_that_was_killed_goes_on_and_judges_no_page_twice(database_url: str, shop: str) -> None:
    with transaction() as session:
        owner = factories.make_owner(session)
        site = sites.create(session, owner, SiteDraft(f"{shop}many"))
        scan_id = int(sites.start_scan(session, owner, int(site.id or 0)).id or 0)
    script = (
        "import sys; from taskjuggler_app.core import db; db.configure(sys.argv[1]); "
        "from jobs.handlers.sitehealth import scan_site; scan_site(int(sys.argv[2]))"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", script, database_url, str(scan_id)],
        env={**os.environ, "ALLOW_LOCAL_TARGETS": "true"},
        start_new_session=True,
    )
    end = time.monotonic() + 90
    while _pages(scan_id) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    before, asked = _pages(scan_id), list(ASKED)
    assert 2 <= before < 13
    scan_site(scan_id)
    with transaction() as session:
        scan = session.get(Scan, scan_id)
        assert scan is not None
        assert (scan.status, scan.error) == (ScanStatus.COMPLETED, None)
        pages = list(session.exec(select(ScanPage).where(ScanPage.scan_id == scan_id)))
        assert len(pages) == len({page.url for page in pages}) == 13
        assert {page.kept for page in pages} == {None}
    assert ASKED.count("/many") - asked.count("/many") <= 1  # where it leads is asked anew; no judged page is opened


def _pages(scan_id: int) -> int:
    with transaction() as session:
        return len(session.exec(select(ScanPage.id).where(ScanPage.scan_id == scan_id)).all())
