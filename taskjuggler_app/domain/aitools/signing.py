"""How a webhook tool and we prove ourselves to each other: HMAC-SHA256 over time and body. Pure.

X-TaskJuggler-Timestamp: 1764115200
X-TaskJuggler-Signature: v1=<hex of HMAC-SHA256(secret, "1764115200." + body)>
"""

import hashlib
import hmac

TIMESTAMP, SIGNATURE = "x-taskjuggler-timestamp", "x-taskjuggler-signature"
TOLERANCE = 300
"""Seconds by which the other side's clock may differ."""


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature header's value."""
    said = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"v1={said}"


def is_signed(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether the body was signed with the secret, and just now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return False
    expected = sign(secret, int(timestamp), body)
    fresh = abs(now - int(timestamp)) <= TOLERANCE
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")) and fresh
