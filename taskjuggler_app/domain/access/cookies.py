"""What our cookies carry: the session's token, a message for the next page, an address waiting for its code.

Pure reading and writing of values, shared by the routes that set them and the pages and sockets that read them.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as attribute
from datetime import UTC, datetime, timedelta
from typing import Any

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.config import settings

FLASH = "tj_flash"
PENDING = "tj_pending"
SECOND = "tj_second"
FLASH_LASTS = timedelta(seconds=60)
PENDING_LASTS = timedelta(hours=1)
SECOND_LASTS = timedelta(minutes=10)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST_KEPT = 300  # bytes: browsers drop cookies above 4,096


@dataclass(frozen=True, slots=True)
class Flash:
    """A message for the page at path `page`: why a form was refused, or what was done.

    `field` names the input at fault, `kept` holds what was typed (never a password), `notice` is good news,
    `retry_after` is in seconds.
    """

    page: str
    error: str = ""
    field: str = ""
    kept: Mapping[str, str] = attribute(default_factory=dict)
    notice: str = ""
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-up that waits for its mailed code; `attempt` is the secret the code is bound to, `next` leads on."""

    email: str
    attempt: str
    next: str = "/"


@dataclass(frozen=True, slots=True)
class HalfSignedIn:
    """Somebody whose password was right and whose code is still asked for; `proof` stands for that password."""

    user_id: str
    proof: str
    next: str = "/"


def secure() -> bool:
    """Whether visitors reach us by https, so that cookies may be bound to it."""
    return settings().public_url.lower().startswith("https://")


def session_cookie_name(is_secure: bool) -> str:
    """`__Host-` makes the browser refuse the cookie from a subdomain or over http (RFC 6265bis, 4.1.3.2)."""
    return "__Host-tj_session" if is_secure else "tj_session"


def session_hash_from_cookie(cookie_header: str, is_secure: bool | None = None) -> str:
    """The hash under which the browser's session is stored; "" when the header carries no session token."""
    name = session_cookie_name(secure() if is_secure is None else is_secure)
    token = value_of(cookie_header, name)
    return crypto.digest(token) if _TOKEN.fullmatch(token) else ""


def value_of(cookie_header: str, name: str) -> str:
    """The first value of cookie `name`; "" when absent. Browsers send the most specific path first."""
    for part in cookie_header.split(";"):
        key, separator, value = part.strip().partition("=")
        if separator and key == name:
            return value.strip('"')
    return ""


def read_flash(cookie_header: str, now: datetime | None = None) -> Flash | None:
    """The message for the next page, if one is there, is ours, and is less than a minute old."""
    content = unseal("flash", value_of(cookie_header, FLASH), now or clock.utcnow())
    return None if content is None else Flash(**content)


def write_flash(flash: Flash, now: datetime) -> str:
    """The cookie value that `read_flash` gives back; long typed values are cut."""
    content = asdict(flash)
    content["kept"] = {name: _cut(value) for name, value in flash.kept.items()}
    return seal("flash", content, now + FLASH_LASTS)


def read_pending(cookie_header: str, now: datetime | None = None) -> Pending | None:
    """The sign-up this browser has begun and not finished, if it began within the hour."""
    content = unseal("pending", value_of(cookie_header, PENDING), now or clock.utcnow())
    return None if content is None else Pending(**content)


def write_pending(waiting: Pending, now: datetime) -> str:
    """The cookie value that `read_pending` gives back."""
    return seal("pending", asdict(waiting), now + PENDING_LASTS)


def read_half(cookie_header: str, now: datetime | None = None) -> HalfSignedIn | None:
    """Who gave their password in this browser, if that was within ten minutes."""
    content = unseal("second-step", value_of(cookie_header, SECOND), now or clock.utcnow())
    return None if content is None else HalfSignedIn(**content)


def write_half(half: HalfSignedIn, now: datetime) -> str:
    """The cookie value that `read_half` gives back."""
    return seal("second-step", asdict(half), now + SECOND_LASTS)


def seal(purpose: str, content: dict[str, Any], until: datetime) -> str:
    """`content` as text that the browser can carry and cannot change, good until `until`. It is not secret."""
    data = json.dumps([int(until.timestamp()), content], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{base64.urlsafe_b64encode(data).decode()}.{crypto.sign(purpose, data)}"


def unseal(purpose: str, sealed: str, now: datetime) -> dict[str, Any] | None:
    """What `seal` was given; None when the text is not ours, was altered, or is too old."""
    encoded, _, signature = sealed.rpartition(".")
    try:
        data = base64.b64decode(encoded.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    if not encoded or not crypto.same(crypto.sign(purpose, data), signature.encode("ascii", "replace").decode()):
        return None
    until, content = json.loads(data)
    return dict(content) if datetime.fromtimestamp(until, UTC) > now else None


def _cut(typed: str) -> str:
    plain = "".join(sign for sign in typed if sign.isprintable())
    return plain.encode(errors="ignore")[:_LONGEST_KEPT].decode(errors="ignore")
