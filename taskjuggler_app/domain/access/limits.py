"""Limits on guessing and flooding, per account (the address typed, known or not) and per network address.

Counted in Redis when REDIS_URL is set, so that all web processes share them; else in this process. When Redis
cannot be reached, this process counts alone rather than letting everything through.
"""

import ipaddress
import logging
import time
from dataclasses import dataclass
from functools import cache

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from taskjuggler_app.core import crypto
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import LimitReached
from taskjuggler_app.domain.access.counters import Counters

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts one account and one network address have in a window."""

    name: str
    per_account: RateLimitItem
    per_ip: RateLimitItem


SIGN_IN = Limit("sign-in", RateLimitItemPerMinute(10, 15), RateLimitItemPerMinute(50, 15))
SECOND_STEP = Limit("second-step", RateLimitItemPerHour(10), RateLimitItemPerHour(50))
SIGN_UP = Limit("sign-up", RateLimitItemPerHour(5), RateLimitItemPerHour(30))
RESET = Limit("reset", RateLimitItemPerHour(5), RateLimitItemPerHour(30))
UPLOAD = Limit("upload", RateLimitItemPerHour(300), RateLimitItemPerHour(1000))
EXCHANGE = Limit("exchange", RateLimitItemPerMinute(600), RateLimitItemPerMinute(1200))
CLAIM = Limit("claim", RateLimitItemPerHour(10), RateLimitItemPerHour(50))
ASK = Limit("ask", RateLimitItemPerHour(20), RateLimitItemPerHour(60))
API = RateLimitItemPerMinute(120)
"""Requests of one API key."""
VERIFY = Limit("verify", RateLimitItemPerMinute(15, 15), RateLimitItemPerMinute(50, 15))


@dataclass(frozen=True, slots=True)
class Meter:
    """What is left of an allowance: `reset` in seconds until it is whole again."""

    limit: int
    remaining: int
    reset: int
    allowed: bool


def metered(item: RateLimitItem, account: str) -> Meter:
    """Count one request of an account and say what is left, for answers that tell it."""
    key = ("api", crypto.digest(account))
    allowed = _hit(item, key)
    try:
        window = _shared().get_window_stats(item, *key)
    except StorageError:
        window = _own().get_window_stats(item, *key)
    reset = max(1, round(window.reset_time - time.time()))
    return Meter(item.amount, max(0, window.remaining), reset, allowed)


def count(limit: Limit, *, account: str, ip: str) -> None:
    """Count one attempt before it is made. Raises LimitReached when either has none left.

    Counting first means that guesses sent all at once are not all let through.
    """
    for item, key in _keys(limit, account, ip):
        _count(item, key)


def count_account(limit: Limit, *, account: str) -> None:
    """As `count`, for somebody who is signed in: their account is known, and the network says nothing more."""
    _count(limit.per_account, _account_key(limit, account))


def give_back(limit: Limit, *, account: str, ip: str) -> None:
    """Take one counted attempt back: it succeeded, so it was no guess."""
    for item, key in _keys(limit, account, ip):
        _hit(item, key, cost=-1)


def clear(limit: Limit, *, account: str) -> None:
    """Forget the account's attempts: its owner has proved themselves another way."""
    for limiter in (_shared(), _own()):
        try:
            limiter.clear(limit.per_account, *_account_key(limit, account))
        except StorageError:
            _log.warning("the limits in Redis could not be cleared")


def forget_everything() -> None:
    """Start counting anew in this process; for tests."""
    _own().storage.reset()


def _count(item: RateLimitItem, key: tuple[str, ...]) -> None:
    if not _hit(item, key):
        wait = _seconds_left(item, key)
        minutes = -(-wait // 60)
        unit = "minute" if minutes == 1 else "minutes"
        raise LimitReached(f"Too many attempts. Try again in {minutes} {unit}.", wait)


def _keys(limit: Limit, account: str, ip: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
    return (
        (limit.per_ip, (limit.name, "ip", network_of(ip))),
        (limit.per_account, _account_key(limit, account)),
    )


def _account_key(limit: Limit, account: str) -> tuple[str, ...]:
    return (limit.name, "account", crypto.digest(account))


def network_of(ip: str) -> str:
    """What one visitor holds: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def _hit(item: RateLimitItem, key: tuple[str, ...], cost: int = 1) -> bool:
    try:
        return _shared().hit(item, *key, cost=cost)
    except StorageError:
        _log.warning("Redis cannot be reached: this process counts attempts alone")
        return _own().hit(item, *key, cost=cost)


def _seconds_left(item: RateLimitItem, key: tuple[str, ...]) -> int:
    try:
        ends = _shared().get_window_stats(item, *key).reset_time
    except StorageError:
        ends = _own().get_window_stats(item, *key).reset_time
    return max(1, round(ends - time.time()))


@cache
def _own() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(Counters())


@cache
def _shared() -> FixedWindowRateLimiter:
    url = settings().redis_url
    if not url:
        return _own()
    storage = storage_from_string(url, wrap_exceptions=True, socket_connect_timeout=1.0, socket_timeout=1.0)
    return FixedWindowRateLimiter(storage)
