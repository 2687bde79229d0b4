"""Tokens, digests and signatures. One key, one purpose: every derived key is bound to a name."""

import hashlib
import hmac
import secrets

from taskjuggler_app.core.config import settings


def token(nbytes: int = 32) -> str:
    """A new URL-safe secret of `nbytes` random bytes."""
    return secrets.token_urlsafe(nbytes)


def digest(text: str) -> str:
    """SHA-256 of `text`, 64 hex characters: how secrets of high entropy are stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def sign(purpose: str, data: bytes) -> str:
    """HMAC-SHA-256 of `data` under the key derived for `purpose`, 64 hex characters."""
    return hmac.new(derived_key(purpose), data, hashlib.sha256).hexdigest()


def derived_key(purpose: str) -> bytes:
    """32 bytes that only SECRET_KEY and `purpose` determine."""
    master = settings().secret_key.get_secret_value().encode()
    return hmac.new(master, purpose.encode(), hashlib.sha256).digest()


def same(left: str, right: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
