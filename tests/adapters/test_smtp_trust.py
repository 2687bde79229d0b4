"""Mail servers: which refusals are final, and whom the password is told."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from taskjuggler_app.adapters import smtp
from taskjuggler_app.adapters.console import ConsoleMailer
from taskjuggler_app.adapters.smtp import SmtpMailer
from taskjuggler_app.core.ports import Mail, VendorError

MAIL = Mail(to="rosa@example.com", subject="Hello", text="Plain", idempotency_key="mail:1")
SENDER = "desk@example.com"


class Answers(Message):
    """A server that answers every recipient alike."""

    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = answer

    async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """The answer."""
        return self.answer

    def handle_message(self, message: Any) -> None:
        """Take it."""


@pytest.fixture
def mail_server() -> Iterator[Callable[[str], str]]:
    """Starts a server with its answer to recipients; gives its URL."""
    started: list[Controller] = []

    def start(answer: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        started.append(Controller(Answers(answer), hostname="127.0.0.1", port=port))
        started[-1].start()
        return f"127.0.0.1:{port}"

    yield start
    for controller in started:
        controller.stop()


@pytest.mark.parametrize(("answer", "retryable"), [("550 no such user", False), ("451 later", True)])
def test_a_refused_address_is_told_from_a_server_that_is_away(
    mail_server: Callable[[str], str], answer: str, retryable: bool
) -> None:
    with pytest.raises(VendorError, match="refused the address") as refused:
        SmtpMailer(f"smtp://{mail_server(answer)}", SENDER).send(MAIL)
    assert refused.value.retryable is retryable


@pytest.mark.parametrize(
    ("host", "checked"), [("mail.example.com", True), ("10.0.0.5", True), ("localhost", False), ("127.0.0.1", False)]
)
def test_a_certificate_is_checked_unless_the_server_is_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str, checked: bool
) -> None:
    contexts: list[ssl.SSLContext] = []

    def connect(self: object, *_: Any, context: ssl.SSLContext, **__: Any) -> None:
        contexts.append(context)
        raise ConnectionRefusedError

    monkeypatch.setattr(smtplib.SMTP_SSL, "__init__", connect)
    with pytest.raises(VendorError, match="could not be reached"):
        SmtpMailer(f"smtps://desk:secret@{host}", SENDER).send(MAIL)
    assert (contexts[0].verify_mode is ssl.CERT_REQUIRED, contexts[0].check_hostname) == (checked, checked)


def test_a_password_is_not_told_where_nothing_is_encrypted(
    mail_server: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(smtp, "_is_this_machine", lambda _: False)
    monkeypatch.setattr(smtplib.SMTP, "login", lambda *args: told.append(args))
    with pytest.raises(VendorError, match="no encryption"):
        SmtpMailer(f"smtp://desk:secret@{mail_server('250 OK')}", SENDER).send(MAIL)
    assert told == []


def test_the_outbox_gives_the_same_id_for_the_same_mail(database_url: str) -> None:
    assert ConsoleMailer().send(MAIL) == ConsoleMailer().send(MAIL)
