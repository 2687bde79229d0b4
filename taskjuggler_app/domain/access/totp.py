"""Codes from an authenticator app (RFC 6238 over RFC 4226): six digits, SHA-1, a new one every 30 seconds."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
ISSUER = "TaskJuggler"
_SECRET_BYTES = 20  # RFC 4226, section 4, R6
_DRIFT = 1  # steps that a phone's clock may be wrong by, either way (RFC 6238, section 5.2)


def new_secret() -> str:
    """A secret as apps take it: base32, 32 characters."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def uri(secret: str, account: str) -> str:
    """What the QR code says (Key Uri Format of Google Authenticator); `account` is how the app lists it."""
    asked = urlencode({"secret": secret, "issuer": ISSUER, "digits": DIGITS, "period": STEP}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{ISSUER}:{account}', safe='')}?{asked}"


def step_of(moment: datetime) -> int:
    """The number of the 30 seconds that `moment` lies in."""
    return int(moment.timestamp()) // STEP


def code_at(secret: str, step: int) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    mac = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: str, code: str, now: datetime, *, after: int | None = None) -> int | None:
    """The step whose code this is, at most one away from now; None when it is wrong.

    A step up to `after` counts no more: a code that was seen on its way cannot be used again (RFC 6238, section 5.2).
    Every step of the window is compared, so that time tells nothing.
    """
    here, found = step_of(now), None
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        right = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if right and (after is None or step > after):
            found = step
    return found
