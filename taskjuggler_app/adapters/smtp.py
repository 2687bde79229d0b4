"""SMTP: outgoing mail through any mail server (RFC 5321)."""

import hashlib
import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from taskjuggler_app.core.ports import Mail, VendorError

TIMEOUT_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}


class SmtpMailer:
    """The Mailer port over SMTP: smtp://user:password@host:587 (STARTTLS where offered), smtps:// for TLS at once."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail) -> str:
        """Hand the mail over and return its Message-ID, which is the same for the same idempotency key."""
        message = self._message(mail)
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPResponseException as error:
            refused = f"The mail server refused the mail ({error.smtp_code})."
            raise VendorError(refused, retryable=error.smtp_code < 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise VendorError("The mail server could not be reached.", retryable=True) from error
        return str(message["Message-ID"])

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message["Date"] = formatdate(usegmt=True)
        domain = self._sender.rpartition("@")[2].strip("> ") or "localhost"
        message["Message-ID"] = f"<{hashlib.sha256(mail.idempotency_key.encode()).hexdigest()[:32]}@{domain}>"
        if mail.reply_to:
            message["Reply-To"] = mail.reply_to
        for name, value in mail.headers.items():
            message[name] = value
        message.set_content(mail.text)
        if mail.html:
            message.add_alternative(mail.html, subtype="html")
        return message

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or _PORTS[self._url.scheme]
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server
