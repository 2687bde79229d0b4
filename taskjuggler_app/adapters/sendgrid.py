"""SendGrid: outgoing mail through its SDK (v3 Mail Send)."""

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Content, CustomArg, Header, ReplyTo
from sendgrid.helpers.mail import Mail as SendGridMail

from taskjuggler_app.core.ports import Mail, VendorError

TIMEOUT_SECONDS = 10


class SendGridMailer:
    """The Mailer port over SendGrid."""

    def __init__(self, api_key: str, sender: str, host: str = "https://api.sendgrid.com") -> None:
        self._client = SendGridAPIClient(api_key, host=host)
        self._client.client.timeout = TIMEOUT_SECONDS
        self._sender = sender

    def send(self, mail: Mail) -> str:
        """Send and return SendGrid's message id. Our key goes along, to find a doubtful send again."""
        message = SendGridMail(from_email=self._sender, to_emails=mail.to, subject=mail.subject)
        message.add_content(Content("text/plain", mail.text))
        if mail.html:
            message.add_content(Content("text/html", mail.html))
        if mail.invitation:
            message.add_content(Content(f"text/calendar; method={mail.method}", mail.invitation))
        if mail.reply_to:
            message.reply_to = ReplyTo(mail.reply_to)
        for name, value in mail.headers.items():
            message.add_header(Header(name, value))
        message.add_custom_arg(CustomArg("idempotency_key", mail.idempotency_key, p=0))
        try:
            answer = self._client.send(message)
        except HTTPError as error:
            retryable = error.status_code == 429 or error.status_code >= 500
            raise VendorError(f"SendGrid refused the mail ({error.status_code}).", retryable=retryable) from error
        except OSError as error:
            raise VendorError("SendGrid could not be reached.", retryable=True) from error
        return str(answer.headers.get("X-Message-Id", ""))

    def check(self) -> str:
        """Ask what the key may do; nothing is sent. Raises VendorError."""
        try:
            answer = self._client.client.scopes.get()
        except HTTPError as error:
            raise VendorError(f"SendGrid refused the key ({error.status_code}).", retryable=False) from error
        except OSError as error:
            raise VendorError("SendGrid could not be reached.", retryable=True) from error
        if "mail.send" not in answer.to_dict.get("scopes", []):
            raise VendorError("SendGrid knows the key, but it may not send mail.", retryable=False)
        return "SendGrid knows the key, and it may send mail."
