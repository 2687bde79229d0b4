"""Visitors without an account: how often they may ask, who they are to a hold, where their clock stands."""

from limits import RateLimitItemPerMinute

from taskjuggler_app.core import crypto
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.access.profile import timezones

LIMIT = limits.Limit("booking", RateLimitItemPerMinute(300, 10), RateLimitItemPerMinute(600, 10))
"""Attempts to book: many for an office behind one address, few for a flood."""


def visitor_key(ip: str, tab: str) -> str:
    """Who holds a time: the network and the tab, as a digest that says neither."""
    return crypto.digest(f"{limits.network_of(ip)}\0{tab}")


def checked_zone(text: str) -> str:
    """A zone that a browser names, UTC for what is none."""
    return text if text in timezones() else "UTC"
