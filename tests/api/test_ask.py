"""The contact form: without scripts, for programs, once, and only in frames that its channel names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.routing import Router
from starlette.testclient import TestClient

from taskjuggler_app.api import ask, security
from taskjuggler_app.api.shell import Shell
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.receptionist import entrance
from taskjuggler_app.models import AssistantChannel, ChannelType, InboxItem
from taskjuggler_app.models.files import StoredFile
from tests.factories import make_channel, make_owner

JSON = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
SHELL = "<html><head></head><body></body></html>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
SAID = {"name": "Rosa", "email": "Rosa@Example.com", "phone": "207 555 0123", "message": "A tap drips", "once": "n1"}


@pytest.fixture
def browser(database_url: str) -> Iterator[TestClient]:
    limits.forget_everything()
    pages = Shell(Router(ask.routes), ask.FILLED, built=lambda: SHELL, public_url="http://testserver")
    limits_ = {ask.PATH: ask.MOST_BODY}
    app = security.guarded(pages, csp=security.csp([]), public_url="http://testserver", limits=limits_)
    with TestClient(app, follow_redirects=False) as client:
        yield client


def _channel(**over: object) -> AssistantChannel:
    values = {"channel_type": ChannelType.WEB, "phone_number": None, "slug": "plumbing", "name": "Contact", **over}
    with transaction() as session:
        return make_channel(session, make_owner(session), **values)


def _items() -> list[InboxItem]:
    with transaction() as session:
        return list(session.exec(select(InboxItem)))


def _stored() -> set[Path]:
    """The files whose bytes are kept."""
    return {path for path in (settings().data_dir / "files").rglob("*") if path.is_file()}


def test_a_message_sent_twice_is_there_once(browser: TestClient) -> None:
    _channel()
    answers = [browser.post("/forms/ask/plumbing", data=SAID, headers=JSON) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    [item] = _items()
    assert (item.from_identifier, item.from_name, item.source_type.value) == ("rosa@example.com", "Rosa", "web")
    assert item.body == "A tap drips\n\nPhone: +12075550123"


def test_the_form_works_without_scripts(browser: TestClient) -> None:
    _channel(greeting_message="Drips, leaks, floods: tell us.")
    page = browser.get("/ask/plumbing").text
    assert "Drips, leaks, floods: tell us." in page
    assert 'action="/forms/ask/plumbing"' in page
    ours = {"Sec-Fetch-Site": "same-origin"}
    wrong = browser.post("/forms/ask/plumbing", data={**SAID, "email": "no", "phone": ""}, headers=ours)
    assert wrong.headers["location"] == "/ask/plumbing"
    assert "not an email address" in browser.get("/ask/plumbing").text
    right = browser.post("/forms/ask/plumbing", data=SAID, headers=ours)
    assert right.headers["location"] == "/ask/plumbing?sent=1"
    assert "Your message has arrived" in browser.get("/ask/plumbing?sent=1").text


def test_what_is_missing_is_named(browser: TestClient) -> None:
    _channel()
    for gone, field in ((("email", "phone"), "email"), (("message",), "message")):
        data = {key: value for key, value in SAID.items() if key not in gone}
        answer = browser.post("/forms/ask/plumbing", data=data, headers=JSON)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert _items() == []


def test_a_robot_that_fills_every_field_leaves_nothing(browser: TestClient) -> None:
    _channel()
    answer = browser.post("/forms/ask/plumbing", data={**SAID, "website": "http://spam.example"}, headers=JSON)
    assert answer.status_code == 201
    assert _items() == []


def test_a_flood_is_stopped(browser: TestClient) -> None:
    _channel()
    codes = [
        browser.post("/forms/ask/plumbing", data={**SAID, "once": str(n)}, headers=JSON).status_code for n in range(21)
    ]
    assert codes == [*[201] * 20, 429]


def test_another_site_shows_the_form_only_where_the_channel_names_it(browser: TestClient) -> None:
    _channel(frame_ancestors=["https://shop.example"])
    _channel(slug="closed")
    framed, closed = browser.get("/ask/plumbing").headers, browser.get("/ask/closed").headers
    assert "frame-ancestors 'self' https://shop.example" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "x-frames" not in framed
    assert closed["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in closed["Content-Security-Policy"]


def test_a_paused_or_unknown_form_is_not_there(browser: TestClient) -> None:
    _channel(is_active=False)
    assert browser.get("/ask/plumbing").status_code == 404
    assert browser.post("/forms/ask/plumbing", data=SAID, headers=JSON).status_code == 404


def test_files_come_with_the_message_and_a_second_press_keeps_none_of_them_again(browser: TestClient) -> None:
    _channel()
    before = _stored()
    files = [("files", ("roof.png", PNG, "image/png")), ("files", ("note.txt", b"A leak", "text/html"))]
    for _ in range(2):
        assert browser.post("/forms/ask/plumbing", data=SAID, files=files, headers=JSON).status_code == 201
    [item] = _items()
    listed = [(one["name"], one["type"], one["size"]) for one in item.attachments]
    assert listed == [("roof.png", "image/png", len(PNG)), ("note.txt", "text/plain", 6)]
    with transaction() as session:
        stored = session.exec(select(StoredFile)).all()
    assert {str(row.id) for row in stored} == {one["file_id"] for one in item.attachments}
    assert sorted(path.read_bytes() for path in _stored() - before) == sorted([PNG, b"A leak"])


def test_a_form_without_a_chosen_file_is_sent_as_browsers_send_it(browser: TestClient) -> None:
    _channel()
    none = [("files", ("", b"", "application/octet-stream"))]
    assert browser.post("/forms/ask/plumbing", data=SAID, files=none, headers=JSON).status_code == 201
    assert [item.attachments for item in _items()] == [[]]


def test_too_many_or_too_large_files_are_refused_in_words(browser: TestClient) -> None:
    _channel()
    many = [("files", (f"{n}.txt", b"x", "text/plain")) for n in range(6)]
    large = [("files", ("film.mp4", b"x" * 10_000_001, "video/mp4"))]
    for files, said in ((many, "At most 5 files"), (large, "at most 10 MB")):
        answer = browser.post("/forms/ask/plumbing", data=SAID, files=files, headers=JSON)
        assert (answer.status_code, answer.json()["field"]) == (422, "files")
        assert said in answer.json()["error"]
    assert _items() == []


def test_too_many_files_are_refused_in_plain_words_and_nothing_is_kept(browser: TestClient) -> None:
    _channel()
    before = _stored()
    for count in (entrance.MOST_FILES + 1, entrance.MOST_FILES + 2, 30):
        files = [("files", (f"{number}.png", PNG, "image/png")) for number in range(count)]
        answer = browser.post("/forms/ask/plumbing", data=SAID, files=files, headers=JSON)
        assert answer.status_code == 422
        assert f"{entrance.MOST_FILES} files" in answer.json()["error"]
    assert _items() == []
    assert _stored() == before
