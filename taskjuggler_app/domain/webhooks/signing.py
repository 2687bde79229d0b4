"""Secrets and signatures of Standard Webhooks 1.0 (standardwebhooks.com). Pure.

webhook-id: msg_…
webhook-timestamp: 1764115200
webhook-signature: v1,<base64 of HMAC-SHA256(secret, "msg_….1764115200." + body)>, one for each secret, with spaces
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

MARK = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret as its owner copies it: the mark and the key in base64."""
    return MARK + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(message_id: str, timestamp: int, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """The three headers; a signature by each of the secrets that are good now."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_mac(key, message_id, timestamp, body)}" for key in keys),
    }


def _mac(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
