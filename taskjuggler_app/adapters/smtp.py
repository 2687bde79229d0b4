"""SMTP: outgoing mail through any mail server (RFC 5321)."""

import hashlib
import ipaddress
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from taskjuggler_app.core.ports import Mail, VendorError

TIMEOUT_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}


class SmtpMailer:
    """The Mailer port over SMTP: smtp://user:password@host:587 (STARTTLS where offered), smtps:// for TLS at once.

    Certificates are checked, and a password never travels unencrypted, except to this machine itself.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail) -> str:
        """Hand the mail over and return its Message-ID, which is the same for the same idempotency key."""
        message = self._message(mail)
        with _refusals("the mail"), self._connect() as server:
            server.send_message(message)
        return str(message["Message-ID"])

    def check(self) -> str:
        """Greet the server, prove who we are and go again; nothing is sent. Raises VendorError."""
        with _refusals("us"), self._connect() as server:
            server.noop()
        return f"{self._url.hostname} answers{', and takes the password' if self._url.username else ''}."

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message["Date"] = formatdate(usegmt=True)
        domain = self._sender.rpartition("@")[2].strip("> ") or "localhost"
        own_id = f"<{hashlib.sha256(mail.idempotency_key.encode()).hexdigest()[:32]}@{domain}>"
        message["Message-ID"] = mail.headers.get("Message-ID", own_id)
        if mail.reply_to:
            message["Reply-To"] = mail.reply_to
        for name, value in mail.headers.items():
            if name != "Message-ID":
                message[name] = value
        message.set_content(mail.text)
        if mail.html:
            message.add_alternative(mail.html, subtype="html")
        if mail.invitation:
            message.add_alternative(mail.invitation, subtype="calendar", params={"method": mail.method})
        return message

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or _PORTS[self._url.scheme]
        context = _tls(host)
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(server, host, context)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP, host: str, context: ssl.SSLContext) -> None:
        server.ehlo()
        is_encrypted = self._url.scheme == "smtps"
        if not is_encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            is_encrypted = True
        if not self._url.username:
            return
        if not is_encrypted and not _is_this_machine(host):
            raise VendorError("The mail server offers no encryption, so it is not told the password.", retryable=True)
        server.login(unquote(self._url.username), unquote(self._url.password or ""))


@contextmanager
def _refusals(what: str) -> Iterator[None]:
    """The server's errors as ours."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        raise VendorError(f"The mail server refused the address ({code}).", retryable=code < 500) from error
    except ssl.SSLCertVerificationError as error:
        raise VendorError("The mail server's certificate is not valid for its name.", retryable=True) from error
    except smtplib.SMTPResponseException as error:
        refused = f"The mail server refused {what} ({error.smtp_code})."
        raise VendorError(refused, retryable=error.smtp_code < 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise VendorError("The mail server could not be reached.", retryable=True) from error


def _tls(host: str) -> ssl.SSLContext:
    """Checks the server's certificate; a mail server on this machine may have made its own."""
    context = ssl.create_default_context()
    if _is_this_machine(host):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
