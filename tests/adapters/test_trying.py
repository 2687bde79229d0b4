"""Trying integrations: what works, what is missing, dead and refusing vendors, no secrets in what is said."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from taskjuggler_app.adapters import trying
from taskjuggler_app.adapters.sendgrid import SendGridMailer
from taskjuggler_app.adapters.smtp import SmtpMailer
from taskjuggler_app.adapters.stripe_payments import StripePayments
from taskjuggler_app.core.config import Settings, settings
from taskjuggler_app.core.ports import VendorError

KEY = "sk_test_veryverysecret123"


class _Vendor(BaseHTTPRequestHandler):
    status, body = 200, b"{}"

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Vendor]]:
    """A vendor on this machine; its class says what it answers, `address` where."""

    class Own(_Vendor):
        address = ""

    server = HTTPServer(("127.0.0.1", 0), Own)
    Own.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Own
    server.shutdown()
    server.server_close()


def test_embedded_ones_say_so_and_work() -> None:
    rows = {one.key: one for one in trying.standings()}
    assert list(rows) == ["mail", "phone", "payments", "browser", "files"]
    for key in ("mail", "phone", "payments"):
        assert rows[key].is_embedded
        assert "until then" in rows[key].missing
        tried = trying.run(key)
        assert tried.good, tried
    assert "outbox" in trying.run("mail").said
    assert trying.run("browser").took_ms >= 0
    assert trying.run("files").said.startswith("Written, read and deleted.")


def test_half_a_setup_names_what_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings().model_copy(update={"twilio_account_sid": "AC1", "stripe_secret_key": SecretStr(KEY)})
    monkeypatch.setattr(trying, "settings", lambda: chosen)
    rows = {one.key: one for one in trying.standings()}
    assert rows["phone"].missing.startswith("TWILIO_AUTH_TOKEN:")
    assert rows["payments"].missing.startswith("STRIPE_WEBHOOK_SECRET")


def test_a_vendor_that_hangs_costs_no_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow() -> str:
        time.sleep(1.5)
        return "late"

    monkeypatch.setattr(trying, "SECONDS", 0.2)
    monkeypatch.setitem(trying._TRIES, "mail", slow)
    began = time.monotonic()
    tried = trying.run("mail")
    assert time.monotonic() - began < 1
    assert not tried.good
    assert "did not answer" in tried.said
    assert tried.took_ms >= 200


def test_a_dead_vendor_is_said_in_words() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(VendorError, match="could not be reached"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", "a@example.com").check()
    with pytest.raises(VendorError, match="could not be reached"):
        SendGridMailer("SG.key", "a@example.com", host=f"http://127.0.0.1:{port}").check()


def test_sendgrid_says_what_the_key_may_do(vendor: type[_Vendor]) -> None:
    mailer = SendGridMailer("SG.key", "a@example.com", host=vendor.address)  # type: ignore[attr-defined]  # the fixture's
    vendor.body = b'{"scopes": ["mail.send"]}'
    assert "may send" in mailer.check()
    vendor.body = b'{"scopes": ["alerts.read"]}'
    with pytest.raises(VendorError, match="may not send"):
        mailer.check()
    vendor.status, vendor.body = 401, b"{}"
    with pytest.raises(VendorError, match="refused the key"):
        mailer.check()


def test_stripe_says_whether_it_is_a_test_key(vendor: type[_Vendor]) -> None:
    payments = StripePayments(KEY, "", api_base=vendor.address)  # type: ignore[attr-defined]  # the fixture's
    vendor.body = b'{"object": "balance", "livemode": false, "available": [], "pending": []}'
    assert "test mode" in payments.check()
    vendor.status, vendor.body = 401, b'{"error": {"message": "Invalid API Key provided: sk_test_veryverysecret123"}}'
    with pytest.raises(VendorError):
        payments.check()


def test_no_secret_is_ever_said(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: Settings = settings().model_copy(
        update={"stripe_secret_key": SecretStr(KEY), "smtp_url": SecretStr("smtp://me:hunter22@host:25")}
    )
    monkeypatch.setattr(trying, "settings", lambda: chosen)

    def leak() -> str:
        raise VendorError(f"bad key {KEY}, also {KEY[:14]}****, at smtp://me:hunter22@host:25", retryable=False)

    monkeypatch.setitem(trying._TRIES, "payments", leak)
    said = trying.run("payments").said
    assert "secret" not in said
    assert "hunter22" not in said
    monkeypatch.setitem(trying._TRIES, "payments", lambda: 1 / 0)
    assert trying.run("payments").said == "It failed: ZeroDivisionError."


@pytest.mark.parametrize(
    ("key", "words"),
    [("mail", "outbox takes every mail"), ("phone", "outbox takes every text"), ("payments", "nobody")],
)
def test_what_stands_in_for_a_vendor_says_so(key: str, words: str) -> None:
    tried = trying.run(key)
    assert tried.good
    assert words in tried.said
