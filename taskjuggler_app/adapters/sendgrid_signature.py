"""The proof that a mail was delivered by SendGrid: its ECDSA security policy, else an address that only it knows.

Source: SendGrid, "Inbound Parse webhook, security policies": the signature covers the timestamp and the raw body.
A replayed delivery is the same mail again, which makes nothing, so old timestamps are not refused.
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from taskjuggler_app.core import crypto
from taskjuggler_app.core.config import settings

SIGNATURE = EventWebhookHeader.SIGNATURE.lower()
TIMESTAMP = EventWebhookHeader.TIMESTAMP.lower()


def inbound_token() -> str:
    """The secret part of the webhook's address, made from SECRET_KEY."""
    return base64.urlsafe_b64encode(crypto.derived_key("sendgrid-inbound"))[:32].decode()


class InboundProof:
    """Checks one delivery while it streams by: `feed` its body, then ask whether it `holds`."""

    def __init__(self, public_key: str | None, token: str, signature: str, timestamp: str) -> None:
        self._key = EventWebhook(public_key).public_key if public_key else None
        self._token, self._signature = token, signature
        self._hash = hashes.Hash(hashes.SHA256())
        self._hash.update(timestamp.encode())

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the body."""
        self._hash.update(chunk)

    def holds(self) -> bool:
        """Whether it was sent by who knows the secret; call it once, after the last byte."""
        digest = self._hash.finalize()
        if self._key is None:
            return crypto.same(self._token, inbound_token())
        try:
            self._key.verify(base64.b64decode(self._signature), digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def inbound_proof(token: str, signature: str, timestamp: str) -> InboundProof:
    """The check for what is configured."""
    return InboundProof(settings().sendgrid_inbound_public_key, token, signature, timestamp)
