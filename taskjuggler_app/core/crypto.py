"""Tokens, digests and signatures. One key, one purpose: every derived key is bound to a name."""

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Invalid


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


def seal(purpose: str, text: str) -> str:
    """`text` encrypted and authenticated (Fernet) under the key derived for `purpose`."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """What `seal` was given. Invalid when it was sealed under another key."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Invalid("What was kept secret cannot be read any more: SECRET_KEY has changed. Enter it again.") from None


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(purpose)))
