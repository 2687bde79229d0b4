"""The proof that a webhook comes from Twilio. Apart from the SDK's client, which the web process does not need."""

import base64
from collections.abc import Mapping

from twilio.request_validator import HMAC_SHA1, RequestValidator, get_signature_algorithm

from taskjuggler_app.core import crypto
from taskjuggler_app.core.config import settings

SIGNATURE = "x-twilio-signature"
SIGNATURE_SETTINGS = "x-twilio-webhooks-signature-settings"


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
        try:
            if crypto.same(str(validator.compute_signature(url, form, algorithm)), signature):
                return True  # the usual case; `validate` below tries the address with and without its port
        except ValueError:
            return False
        return bool(validator.validate(url, form, signature, algorithm))


def webhook_proof() -> WebhookProof:
    """The check for the configured secrets."""
    key = settings().twilio_signing_key
    return WebhookProof(auth_token(), key.get_secret_value() if key else None)
