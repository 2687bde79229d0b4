"""Twilio: texts out through its SDK, files of messages and calls in."""

import mimetypes
from typing import BinaryIO
from urllib.parse import urlencode, urlsplit

import requests
from requests.exceptions import RequestException
from twilio.base import values
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from taskjuggler_app.core.ports import TextMessage, VendorError

TIMEOUT_SECONDS = 10.0
_CHUNK = 64 * 1024


class TwilioTelephony:
    """The Telephony port over Twilio's REST API."""

    _media_hosts = (".twilio.com",)

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        http: TwilioHttpClient | None = None,
        *,
        base: str | None = None,
        status_url: str = "",
    ) -> None:
        """`status_url` is told what becomes of each text, with our key in its query; empty for no reports."""
        self._auth, self._base, self._status_url = (account_sid, auth_token), base, status_url
        self._client = Client(account_sid, auth_token, http_client=http or TwilioHttpClient(timeout=TIMEOUT_SECONDS))

    def fetch_media(self, url: str, into: BinaryIO, limit: int) -> str:
        """Fetch a picture or a recording with the account's name and token, which no redirect takes elsewhere."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not (parts.hostname or "").endswith(self._media_hosts):
            raise VendorError("This file is not kept by Twilio, so it is not fetched.", retryable=False)
        try:
            with requests.get(self._media_url(url), auth=self._auth, stream=True, timeout=TIMEOUT_SECONDS) as answer:
                if answer.status_code != 200:
                    retryable = answer.status_code in (404, 429) or answer.status_code >= 500
                    raise VendorError(f"Twilio did not give the file ({answer.status_code}).", retryable=retryable)
                size = 0
                for chunk in answer.iter_content(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise VendorError(f"This file is larger than {limit // 1_000_000} MB.", retryable=False)
                    into.write(chunk)
                kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        except RequestException as error:
            raise VendorError("Twilio could not be reached.", retryable=True) from error
        stem = parts.path.rsplit("/", 1)[-1] or "file"
        ending = mimetypes.guess_extension(kind) or ""
        return stem if "." in stem else stem + ending

    def _media_url(self, url: str) -> str:
        """The address to ask, at the base that the SDK was pointed to."""
        if self._base is None:
            return url
        parts = urlsplit(url)
        return self._base + parts.path + (f"?{parts.query}" if parts.query else "")

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

    def check(self) -> str:
        """Ask how the account stands; nothing is sent. Raises VendorError."""
        try:
            account = self._client.api.accounts(self._auth[0]).fetch()
        except TwilioRestException as error:
            raise VendorError(f"Twilio refused the account and token ({error.status}).", retryable=False) from error
        except RequestException as error:
            raise VendorError("Twilio could not be reached.", retryable=True) from error
        status = str(getattr(account.status, "value", account.status))
        if status != "active":
            raise VendorError(f"Twilio says that the account is {status}.", retryable=False)
        return "Twilio knows the account, and it is active."
