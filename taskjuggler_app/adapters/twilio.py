"""Twilio: texts out through its SDK, and the proof that a webhook comes from it."""

import base64
from collections.abc import Mapping

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import HMAC_SHA1, RequestValidator, get_signature_algorithm
from twilio.rest import Client

from taskjuggler_app.core import crypto
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.ports import TextMessage, VendorError

TIMEOUT_SECONDS = 10.0
SIGNATURE = "x-twilio-signature"
SIGNATURE_SETTINGS = "x-twilio-webhooks-signature-settings"


class TwilioTelephony:
    """The Telephony port over Twilio's REST API."""

    def __init__(self, account_sid: str, auth_token: str, http: TwilioHttpClient | None = None) -> None:
        self._client = Client(account_sid, auth_token, http_client=http or TwilioHttpClient(timeout=TIMEOUT_SECONDS))

    def send_sms(self, message: TextMessage) -> str:
        """Send through Twilio and return the message's SID. Twilio keeps no idempotency key: the caller does."""
        try:
            sent = self._client.messages.create(to=message.to, from_=message.sender, body=message.body)
        except TwilioRestException as error:
            retryable = error.status == 429 or error.status >= 500
            raise VendorError(f"Twilio refused the message: {error.msg}", retryable=retryable) from error
        except RequestException as error:
            raise VendorError("Twilio could not be reached.", retryable=True) from error
        return str(sent.sid)


def auth_token() -> str:
    """The token that signs webhooks: the account's, or one of our own while no account is configured."""
    configured = settings().twilio_auth_token
    if configured is not None:
        return configured.get_secret_value()
    return base64.b16encode(crypto.derived_key("twilio-webhooks"))[:32].decode().lower()


class WebhookProof:
    """Checks X-Twilio-Signature: HMAC-SHA-1 with the auth token, or SHA-256 with a shared key.

    Source: Twilio, "Webhooks security". `url` is the address as Twilio was given it, behind any proxy.
    """

    def __init__(self, token: str, signing_key: str | None = None) -> None:
        self._by_token = RequestValidator(token)
        self._by_key = RequestValidator(signing_key or token)

    def holds(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        """Whether the request was signed by who knows our secret."""
        signature = headers.get(SIGNATURE, "")
        if not signature:
            return False
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS, ""))
        validator = self._by_token if algorithm.upper() == HMAC_SHA1.upper() else self._by_key
        return bool(validator.validate(url, form, signature, algorithm))


def webhook_proof() -> WebhookProof:
    """The check for the configured secrets."""
    key = settings().twilio_signing_key
    return WebhookProof(auth_token(), key.get_secret_value() if key else None)
