"""robots.txt, the sitemap and security.txt: what they say, that the pages are there, what our own scanner thinks."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from taskjuggler_app.adapters.site_files import SiteFiles
from taskjuggler_app.api import ask, booking_pages, crawlers, vendor_pages
from taskjuggler_app.api.shell import Shell
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import SettingsError, settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.netaddr import Reach
from taskjuggler_app.domain.appointments import schedules
from taskjuggler_app.domain.sitehealth.checks import ALL, run_site
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.receptionist import ChannelType
from tests import factories as make
from tests.factories.money import make_vendor

PUBLIC = "https://desk.example.com"
NOW = datetime(2026, 3, 9, 15, 30, tzinfo=UTC)
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
FILLED = {**booking_pages.FILLED, **ask.FILLED, **vendor_pages.FILLED}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of a test's own."""
    monkeypatch.setenv("PUBLIC_URL", PUBLIC)
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def browser(database_url: str, environment: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The files before the public pages' shells."""
    app = Shell(
        Starlette(routes=crawlers.routes), FILLED, built=lambda: "<head></head><body></body>", public_url=PUBLIC
    )
    with TestClient(app) as client:
        yield client


def _listed(browser: TestClient) -> list[str]:
    answer = browser.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    return [one.text or "" for one in ElementTree.fromstring(answer.text).iter(LOC)]  # noqa: S314  # our own


def _everything() -> dict[str, str]:
    """A public and a hidden one of each kind: the paths that must be listed, and those that must not."""
    with transaction() as session:
        owner = make.make_owner(session)
        kind = make.make_type(session, owner, booking_slug="repair-visit")
        hidden = make.make_type(session, owner, booking_slug="by-word-of-mouth")
        hidden.is_public = False
        paused = make.make_type(session, make.make_owner(session), booking_slug="paused")
        paused.is_active = False
        schedule = schedules.ensured(session, owner.team_id, UUID(str(owner.user_id)))
        alone = schedules.ensured(session, paused.team_id, paused.user_id)
        for slug, is_active in (("contact-us", True), ("closed-form", False)):
            values = {"channel_type": ChannelType.WEB, "phone_number": None, "slug": slug, "is_active": is_active}
            make.make_channel(session, owner, **values)
        vendor, gone = make_vendor(session, owner), make_vendor(session, make.make_owner(session), is_active=False)
        return {
            f"/book/{kind.booking_slug}": "yes",
            f"/host/{schedule.public_slug}": "yes",
            "/ask/contact-us": "yes",
            f"/vendors/{vendor.id}": "yes",
            f"/book/{hidden.booking_slug}": "no",
            f"/book/{paused.booking_slug}": "no",
            f"/host/{alone.public_slug}": "no",
            "/ask/closed-form": "no",
            f"/vendors/{gone.id}": "no",
        }


def test_the_sitemap_lists_what_is_public_and_each_page_of_it_is_there(browser: TestClient) -> None:
    expected = {path for path, listed in _everything().items() if listed == "yes"} | set(crawlers.ENTRANCES)
    listed = _listed(browser)
    assert sorted(listed) == sorted(PUBLIC + path for path in expected)
    for address in listed:
        path = urlsplit(address).path
        if path not in crawlers.ENTRANCES:
            page = browser.get(path)
            assert page.status_code == 200, path
            assert "noindex" not in page.text, path


def test_an_empty_installation_has_its_entrances(browser: TestClient) -> None:
    assert _listed(browser) == [f"{PUBLIC}/sign-in", f"{PUBLIC}/sign-up"]


def test_robots_are_let_in_and_kept_from_secret_links(browser: TestClient) -> None:
    lines = browser.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in lines
    assert "Disallow: /invited/" in lines
    assert "Disallow: /" not in lines


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("safe@example.com", "Contact: mailto:safe@example.com"),
        ("https://example.com/safe", "Contact: https://example.com/safe"),
    ],
)
def test_security_txt_says_whom_to_tell_and_until_when(
    browser: TestClient, environment: pytest.MonkeyPatch, contact: str, said: str
) -> None:
    environment.setenv("SECURITY_CONTACT", contact)
    settings.cache_clear()
    with clock.at(NOW):
        answer = browser.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.text.startswith(said + "\n")
    assert fields["Canonical"] == f"{PUBLIC}/.well-known/security.txt"
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=90) < expires - NOW < timedelta(days=365)  # RFC 9116, 2.5.5: less than a year


def test_without_a_contact_there_is_no_security_txt(browser: TestClient) -> None:
    assert browser.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("contact", ["http://example.com", "us", "a@b.example\nExpires: never", "https://"])
def test_what_is_no_contact_stops_the_start(environment: pytest.MonkeyPatch, contact: str) -> None:
    environment.setenv("SECURITY_CONTACT", contact)
    settings.cache_clear()
    with pytest.raises(SettingsError, match="SECURITY_CONTACT"):
        settings()


@pytest.mark.parametrize("contact", ["safe@example.com", ""])
def test_our_own_scanner_is_content_and_misses_a_contact_that_is_not_named(
    browser: TestClient, environment: pytest.MonkeyPatch, contact: str
) -> None:
    class Served(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = browser.get(self.path)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *args: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"
    environment.setenv("PUBLIC_URL", home)
    environment.setenv("SECURITY_CONTACT", contact)
    settings.cache_clear()
    try:
        files = SiteFiles(f"{home}/", Reach(local=True))
        files.read()
        files.probe()
    finally:
        server.shutdown()
        server.server_close()
    assert files.facts.sitemap_urls == [f"{home}/sign-in", f"{home}/sign-up"]
    pages = [Visit(f"{home}{path}", f"{home}{path}", 200) for path in crawlers.ENTRANCES]
    found = {one.check.id for one in run_site(pages, files.facts, ALL)}
    about = {"robots-txt", "sitemap", "sitemap-entries", "robots-blocks-sitemap", "security-txt"}
    assert found & about == (set() if contact else {"security-txt"})
