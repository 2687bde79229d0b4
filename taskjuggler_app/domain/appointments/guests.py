"""Visitors without an account: how often they may ask, who they are to a hold, where their clock stands."""

from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from taskjuggler_app.core import crypto
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.access.profile import timezones

LIMIT = limits.Limit("booking", RateLimitItemPerMinute(300, 10), RateLimitItemPerMinute(600, 10))
"""Attempts to book: many for an office behind one address, few for a flood."""
BOOKED = limits.Limit("booked", RateLimitItemPerHour(60), RateLimitItemPerHour(120))
"""Appointments made from one network: of one type, and of all."""
_HALF = 31


def visitor_key(ip: str, tab: str) -> str:
    """Who holds a time: the network and the tab, as digests that say neither."""
    return f"{crypto.digest(limits.network_of(ip))[:_HALF]}:{crypto.digest(tab)[:_HALF]}"


def network_part(visitor: str) -> str:
    """What the visitors of one network have in common."""
    return visitor[: _HALF + 1]


def checked_zone(text: str) -> str:
    """A zone that a browser names, UTC for what is none."""
    return text if text in timezones() else "UTC"
