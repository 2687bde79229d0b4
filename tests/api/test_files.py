"""Attachments through the real route, behind the real guards."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.applications import Starlette

from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.files import LocalFiles
from taskjuggler_app.api import files, security
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, limits, sessions
from taskjuggler_app.domain.files import service
from taskjuggler_app.models import DirectMessage, FileSubject
from tests import factories

PUBLIC_URL = "http://127.0.0.1:8080"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@dataclass
class Visitor:
    """A browser with a session, or without one."""

    cookie: str = ""
    principal: Principal | None = None

    def send(self, method: str, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        """One request from our own page, unless a header says otherwise."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        usual = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        return asyncio.run(self._send(method, path, content, {**usual, **named}))

    async def _send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        app = security.guarded(
            Starlette(routes=files.routes),
            csp=security.csp([]),
            public_url=PUBLIC_URL,
            limits={"/files": files.MOST_BODY},
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client:
            return await client.request(method, path, content=content, headers=headers)

    def upload(self, content: bytes, name: str = "a.txt") -> httpx.Response:
        """Upload as the page's script does."""
        return self.send("POST", "/files", content, X_File_Name=quote(name))


@pytest.fixture
def kept(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which the bytes are."""
    monkeypatch.setattr(registry, "files", lambda: LocalFiles(tmp_path))
    limits.forget_everything()
    yield tmp_path
    limits.forget_everything()


def a_visitor(principal: Principal) -> Visitor:
    """A browser in which somebody is signed in."""
    assert principal.user_id is not None
    with transaction() as session:
        new = sessions.create(session, principal.user_id, ip="127.0.0.1", user_agent="test", now=clock.utcnow())
    return Visitor(f"{cookies.session_cookie_name(cookies.secure())}={new.token}", principal)


@pytest.fixture
def alice(kept: Path) -> Visitor:
    """The owner of a workspace."""
    with transaction() as session:
        principal = factories.make_owner(session)
    return a_visitor(principal)


@pytest.fixture
def bob(alice: Visitor) -> Visitor:
    """A colleague of Alice."""
    assert alice.principal is not None
    with transaction() as session:
        principal = factories.make_colleague(session, alice.principal, name="Bob")
    return a_visitor(principal)


@pytest.fixture
def eve(kept: Path) -> Visitor:
    """The owner of another workspace."""
    with transaction() as session:
        principal = factories.make_owner(session, name="Eve")
    return a_visitor(principal)


def attached(
    owner: Visitor, kind: FileSubject, subject_id: UUID, content: bytes = b"hello", name: str = "a.txt"
) -> str:
    """The path of a file that belongs to a thing."""
    assert owner.principal is not None
    made = owner.upload(content, name).json()
    with transaction() as session:
        service.attach(session, owner.principal, [UUID(made["id"])], kind, subject_id)
    return str(made["href"])


def test_a_file_comes_back_as_it_went_in(alice: Visitor) -> None:
    sent = alice.upload(b"some words\n" * 1000, "notes.txt")
    assert sent.status_code == 201
    got = alice.send("GET", sent.json()["href"])
    assert got.content == b"some words\n" * 1000
    assert got.headers["content-type"].startswith("text/plain")
    assert got.headers["content-disposition"].startswith('attachment; filename="notes.txt"')
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


def test_a_picture_of_a_person_is_kept_by_the_browser_and_given_to_colleagues_alone(
    alice: Visitor, bob: Visitor, eve: Visitor
) -> None:
    assert alice.principal is not None
    assert alice.principal.user_id is not None
    href = attached(alice, FileSubject.PROFILE, alice.principal.user_id, PNG, "me.png")
    got = bob.send("GET", href)
    assert (got.status_code, got.headers["cache-control"]) == (200, "private, max-age=31536000, immutable")
    assert bob.send("GET", href, If_None_Match=got.headers["etag"]).status_code == 304
    assert eve.send("GET", href).status_code == 404
    assert Visitor().send("GET", href).status_code == 401


def test_a_range_of_a_file_comes_alone(alice: Visitor) -> None:
    href = alice.upload(b"0123456789").json()["href"]
    for asked, content in (("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89"), ("bytes=8-99", b"89")):
        got = alice.send("GET", href, Range=asked)
        assert (got.status_code, got.content) == (206, content)
    assert alice.send("GET", href, Range="bytes=10-").status_code == 416
    assert alice.send("GET", href, Range="lines=1-2").content == b"0123456789"


def test_a_page_in_disguise_is_only_text(alice: Visitor) -> None:
    for content, name in ((b"<script>alert(1)</script>", "a.png"), (b"<svg onload=alert(1)>", "a.svg")):
        got = alice.send("GET", alice.upload(content, name).json()["href"])
        assert got.headers["content-type"].startswith("text/plain")
        assert got.headers["content-disposition"].startswith("attachment")
    shown = alice.send("GET", alice.upload(PNG, "a.html").json()["href"])
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"].startswith("inline")


def test_what_is_too_large_is_refused_and_leaves_nothing(
    alice: Visitor, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alice.upload(b"x" * (service.MOST_BYTES + 1)).status_code == 413
    monkeypatch.setattr(service, "MOST_BYTES", 10)
    answer = alice.upload(b"x" * 11)
    assert (answer.status_code, "larger than" in answer.json()["error"]) == (422, True)
    assert not [path for path in kept.rglob("*") if path.is_file()]


def test_a_stranger_and_another_site_upload_nothing(alice: Visitor) -> None:
    assert Visitor().upload(b"x").status_code == 401
    assert alice.send("POST", "/files", b"x", Sec_Fetch_Site="cross-site", X_File_Name="a").status_code == 403
    assert alice.upload(b"").status_code == 422


def test_only_the_uploader_reads_and_takes_back_what_belongs_to_nothing(
    alice: Visitor, bob: Visitor, eve: Visitor
) -> None:
    href = alice.upload(b"x").json()["href"]
    assert [one.send("GET", href).status_code for one in (alice, bob, eve, Visitor())] == [200, 404, 404, 401]
    assert bob.send("DELETE", href).status_code == 404
    assert alice.send("DELETE", href).status_code == 204
    assert alice.send("GET", href).status_code == 404


def test_a_tasks_file_is_the_workspaces_to_read(alice: Visitor, bob: Visitor, eve: Visitor) -> None:
    href = attached(alice, FileSubject.TASK, uuid4())
    assert [one.send("GET", href).status_code for one in (alice, bob, eve)] == [200, 200, 404]
    assert alice.send("DELETE", href).status_code == 404, "it belongs to the task now"


def test_a_direct_messages_file_is_for_the_two_of_them(alice: Visitor, bob: Visitor, eve: Visitor) -> None:
    assert alice.principal is not None
    assert eve.principal is not None
    assert alice.principal.user_id is not None
    assert eve.principal.user_id is not None
    with transaction() as session:
        message = DirectMessage(sender_id=alice.principal.user_id, recipient_id=eve.principal.user_id, message="hi")
        session.add(message)
    href = attached(alice, FileSubject.DIRECT_MESSAGE, message.id)
    assert [one.send("GET", href).status_code for one in (alice, bob, eve)] == [200, 404, 200]
