"""The HTML of a mail: shown to its workspace alone, in a document that runs nothing and loads nothing unasked."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette

from taskjuggler_app.api import files, mail_bodies, security
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist.mail import parse_mail
from tests import factories as make

HTML = (
    '<p onclick="x()">Hi <script>alert(1)</script><img src="https://pixel.example/1.gif" alt="logo">'
    '<img src="cid:pic1"><a href="javascript:x()">a</a></p>'
)


@pytest.fixture
def rosa(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Principal, str]]:
    """The owner of a workspace with a mail that has HTML; signed in by a header that stands for the cookie."""
    mail = parse_mail(b"From: a@example.com\r\nContent-Type: text/html\r\n\r\n" + HTML.encode())
    with transaction() as session:
        owner, other = make.make_owner(session), make.make_owner(session)
        channel = make.make_channel(session, owner)
        listed = [{"name": "pic.png", "file_id": str(uuid4()), "cid": "pic1", "type": "image/png", "size": 1}]
        item = make.make_item(session, channel, source_data={"html": mail.html}, attachments=listed)
    people = {"owner": owner, "other": other}
    monkeypatch.setattr(mail_bodies, "person", lambda request: people.get(request.headers.get("x-who", "")))
    yield owner, str(item.id)


def get(item_id: str, who: str = "owner", query: str = "") -> httpx.Response:
    """Ask for the document, through the guards."""
    app = security.guarded(
        Starlette(routes=[*mail_bodies.routes, *files.routes]), csp=security.csp([]), public_url="http://localhost"
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get(f"/data/inbox/{item_id}/html{query}", headers={"x-who": who})

    return asyncio.run(ask())


def test_nothing_runs_and_nothing_is_loaded_from_elsewhere_until_asked(rosa: tuple[Principal, str]) -> None:
    _, item_id = rosa
    answer = get(item_id)
    assert answer.status_code == 200
    assert "alert" not in answer.text
    assert "onclick" not in answer.text
    assert "javascript:" not in answer.text
    assert ' src="https:' not in answer.text
    assert 'src="/files/' in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "img-src 'self' data:;" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    asked = get(item_id, query="?pictures=1")
    assert 'src="https://pixel.example/1.gif"' in asked.text
    assert "img-src 'self' data: https: http:" in asked.headers["content-security-policy"]


def test_another_workspace_and_a_guest_see_nothing(rosa: tuple[Principal, str]) -> None:
    _, item_id = rosa
    assert get(item_id, "other").status_code == 404
    assert get(item_id, "").status_code == 401
    assert get("no-id").status_code == 404
