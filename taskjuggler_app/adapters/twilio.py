"""Twilio: texts out through its SDK."""

from urllib.parse import urlencode

from requests.exceptions import RequestException
from twilio.base import values
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from taskjuggler_app.core.ports import TextMessage, VendorError

TIMEOUT_SECONDS = 10.0


class TwilioTelephony:
    """The Telephony port over Twilio's REST API."""

    def __init__(
        self, account_sid: str, auth_token: str, http: TwilioHttpClient | None = None, status_url: str = ""
    ) -> None:
        """`status_url` is told what becomes of each text, with our key in its query; empty for no reports."""
        self._status_url = status_url
        self._client = Client(account_sid, auth_token, http_client=http or TwilioHttpClient(timeout=TIMEOUT_SECONDS))

    def send_sms(self, message: TextMessage) -> str:
        """Send through Twilio and return the message's SID. Twilio keeps no idempotency key: the caller does."""
        told = f"{self._status_url}?{urlencode({'key': message.idempotency_key})}" if self._status_url else values.unset
        try:
            sent = self._client.messages.create(
                to=message.to, from_=message.sender, body=message.body, status_callback=told
            )
        except TwilioRestException as error:
            retryable = error.status == 429 or error.status >= 500
            raise VendorError(f"Twilio refused the message: {error.msg}", retryable=retryable) from error
        except RequestException as error:
            raise VendorError("Twilio could not be reached.", retryable=True) from error
        return str(sent.sid)
