"""The real adapters, through the vendors' own SDKs, against servers on this machine."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlmodel import select
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from taskjuggler_app.adapters.console import ConsoleMailer, ConsoleTelephony
from taskjuggler_app.adapters.files import LocalFiles
from taskjuggler_app.adapters.sendgrid import SendGridMailer
from taskjuggler_app.adapters.smtp import SmtpMailer
from taskjuggler_app.adapters.twilio import TwilioTelephony
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.ports import Mail, TextMessage, VendorError
from taskjuggler_app.models import OutboxMessage
from tests.adapters.contracts import Contract

SMS = TextMessage(to="+12075550110", sender="+12075550100", body="On our way", idempotency_key="sms:1")
MAIL = Mail(to="rosa@example.com", subject="Hello", text="Plain", html="<p>Rich</p>", idempotency_key="mail:1")


@dataclass
class Vendor:
    """A server that answers as it is told and remembers what it was asked."""

    url: str = ""
    status: int = 201
    body: str = "{}"
    asked: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor on this machine."""
    told = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's name
            content = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            told.asked.append({"path": self.path, "headers": dict(self.headers), "body": content})
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Message-Id", "sendgrid-1")
            self.end_headers()
            self.wfile.write(told.body.encode())

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


class LocalTwilio(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """Twilio's own HTTP client, sent to another address."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=2, pool_connections=False)
        self.base = url

    def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Response:
        """The SDK's request, with our host in the place of Twilio's."""
        answer: Response = super().request(method, self.base + urlsplit(uri).path, *args, **kwargs)
        return answer


def twilio(vendor: Vendor) -> TwilioTelephony:
    """The adapter, talking to the local vendor."""
    return TwilioTelephony("AC" + "1" * 32, "token", LocalTwilio(vendor.url))


def test_a_text_goes_out_through_twilio(vendor: Vendor) -> None:
    vendor.body = json.dumps({"sid": "SM123", "status": "queued"})
    assert twilio(vendor).send_sms(SMS) == "SM123"
    (asked,) = vendor.asked
    assert asked["path"] == f"/2010-04-01/Accounts/AC{'1' * 32}/Messages.json"
    assert parse_qs(asked["body"]) == {"To": [SMS.to], "From": [SMS.sender], "Body": [SMS.body]}
    assert asked["headers"]["Authorization"].startswith("Basic ")


TWILIO, SENDGRID = Contract("twilio_messages.json"), Contract("sendgrid_mail_send.json")


def form_of(asked: dict[str, Any]) -> dict[str, str]:
    """A form as its fields."""
    return {name: values[0] for name, values in parse_qs(asked["body"], keep_blank_values=True).items()}


@pytest.mark.parametrize("status_url", ["", "https://tasks.example.com/webhooks/twilio/status"])
def test_what_goes_to_twilio_is_what_its_openapi_file_asks_for(vendor: Vendor, status_url: str) -> None:
    vendor.body = json.dumps({"sid": "SM123"})
    account = "AC" + "1" * 32
    TwilioTelephony(account, "token", LocalTwilio(vendor.url), status_url=status_url).send_sms(SMS)
    (asked,) = vendor.asked
    assert TWILIO.problems(asked["path"], asked["headers"]["Content-Type"], form_of(asked)) == []
    assert ("StatusCallback" in form_of(asked)) == bool(status_url)


FULL = {
    "reply_to": "desk@inbox.example.com",
    "headers": {"Message-ID": "<a@b.example>", "In-Reply-To": "<m@example.com>", "Auto-Submitted": "auto-replied"},
    "invitation": "BEGIN:VCALENDAR",
}


@pytest.mark.parametrize("more", [{}, FULL])
def test_what_goes_to_sendgrid_is_what_its_openapi_file_asks_for(vendor: Vendor, more: dict[str, Any]) -> None:
    vendor.status = 202
    SendGridMailer("key", "Desk <desk@example.com>", vendor.url).send(replace(MAIL, **more))
    (asked,) = vendor.asked
    body = json.loads(asked["body"])
    assert SENDGRID.problems(asked["path"], asked["headers"]["Content-Type"], body) == []
    assert body.get("headers", {}) == more.get("headers", {})


def test_the_openapi_files_refuse_what_is_wrong() -> None:
    path = f"/2010-04-01/Accounts/AC{'1' * 32}/Messages.json"
    kind = "application/x-www-form-urlencoded"
    assert TWILIO.problems(path, kind, {"From": "+12075550100"}) == ["body lacks To"]
    assert TWILIO.problems(path, kind, {"To": "home"}) == ["body.To is no phone-number"]
    assert TWILIO.problems(path, kind, {"To": "+12075550100", "Txt": "x"}) == ["body knows no Txt"]
    assert TWILIO.problems("/Accounts/x/Messages.json", kind, {"To": "+12075550100"}) != []
    assert "body lacks from" in SENDGRID.problems("/v3/mail/send", "application/json", {"personalizations": []})


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (403, False), (429, True), (500, True), (503, True)])
def test_twilios_refusal_says_whether_to_try_again(vendor: Vendor, status: int, retryable: bool) -> None:
    vendor.status, vendor.body = status, json.dumps({"code": 21211, "message": "Invalid number", "status": status})
    with pytest.raises(VendorError) as refused:
        twilio(vendor).send_sms(SMS)
    assert refused.value.retryable is retryable


def test_an_unreachable_twilio_is_tried_again() -> None:
    with pytest.raises(VendorError) as refused:
        twilio(Vendor(url="http://127.0.0.1:9")).send_sms(SMS)
    assert refused.value.retryable


def test_twilio_says_how_the_account_stands(vendor: Vendor) -> None:
    vendor.status, vendor.body = 200, json.dumps({"sid": "AC1", "status": "active"})
    assert "active" in twilio(vendor).check()
    assert vendor.asked[0]["path"] == f"/2010-04-01/Accounts/AC{'1' * 32}.json"
    vendor.body = json.dumps({"sid": "AC1", "status": "suspended"})
    with pytest.raises(VendorError, match="is suspended"):
        twilio(vendor).check()
    vendor.status, vendor.body = 401, json.dumps({"code": 20003, "message": "Authenticate", "status": 401})
    with pytest.raises(VendorError, match="refused the account and token"):
        twilio(vendor).check()
    with pytest.raises(VendorError, match="could not be reached"):
        twilio(Vendor(url="http://127.0.0.1:9")).check()


def test_a_mail_goes_out_through_sendgrid(vendor: Vendor) -> None:
    vendor.status = 202
    assert SendGridMailer("key", "desk@example.com", vendor.url).send(MAIL) == "sendgrid-1"
    (asked,) = vendor.asked
    sent = json.loads(asked["body"])
    assert asked["path"] == "/v3/mail/send"
    assert sent["from"]["email"] == "desk@example.com"
    assert [part["type"] for part in sent["content"]] == ["text/plain", "text/html"]
    assert "mail:1" in asked["body"]


@pytest.mark.parametrize(("status", "retryable"), [(401, False), (429, True), (500, True)])
def test_sendgrids_refusal_says_whether_to_try_again(vendor: Vendor, status: int, retryable: bool) -> None:
    vendor.status = status
    with pytest.raises(VendorError) as refused:
        SendGridMailer("key", "desk@example.com", vendor.url).send(MAIL)
    assert refused.value.retryable is retryable


def test_a_mail_goes_out_by_smtp_and_is_the_same_mail_when_sent_again() -> None:
    got: list[Any] = []

    class Keep(Message):
        def handle_message(self, message: Any) -> None:
            got.append(message)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", "Desk <desk@example.com>")
        assert mailer.send(MAIL) == mailer.send(MAIL)
    finally:
        controller.stop()
    first, second = got
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["To"], first["Subject"]) == (MAIL.to, MAIL.subject)
    assert [part.get_content_type() for part in first.get_payload()] == ["text/plain", "text/html"]


def test_a_mail_with_a_message_id_of_ours_goes_out_under_that_one_alone() -> None:
    mail = replace(MAIL, headers={"Message-ID": "<case@example.com>", "In-Reply-To": "<m@example.com>"})
    made = SmtpMailer("smtp://127.0.0.1:9", "desk@example.com")._message(mail)
    assert made.get_all("Message-ID") == ["<case@example.com>"]
    assert made["In-Reply-To"] == "<m@example.com>"


def test_an_unreachable_mail_server_is_tried_again() -> None:
    with pytest.raises(VendorError) as refused:
        SmtpMailer("smtp://127.0.0.1:9", "desk@example.com").send(MAIL)
    assert refused.value.retryable


def test_without_a_vendor_mail_and_texts_are_kept_once(database_url: str) -> None:
    for _ in range(2):
        ConsoleMailer().send(MAIL)
        ConsoleTelephony().send_sms(SMS)
    with transaction() as session:
        kept = {row.kind: row for row in session.exec(select(OutboxMessage))}
    assert len(kept) == 2
    assert {row.to_address for row in kept.values()} == {MAIL.to, SMS.to}


def test_a_file_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    assert files.put("abcdef0123456789", io.BytesIO(b"\0" * 100_000)) == 100_000
    with files.open("abcdef0123456789") as stored:
        assert stored.read() == b"\0" * 100_000
    files.delete("abcdef0123456789")
    files.delete("abcdef0123456789")
    with pytest.raises(NotFound):
        files.open("abcdef0123456789")


@pytest.mark.parametrize("key", ["../../etc/passwd", "short", "a/b/c/d/e/f/g/h", "", "..........", "x" * 500])
def test_a_key_that_we_did_not_make_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(Invalid):
        LocalFiles(tmp_path).open(key)


def test_a_file_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    class Breaks(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError("the line went dead")

    with pytest.raises(OSError, match="went dead"):
        LocalFiles(tmp_path).put("abcdef0123456789", Breaks())  # type: ignore[arg-type]  # reads like a file
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
