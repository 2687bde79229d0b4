"""Which facts reach a person how: pure rules over what they chose, kept in users.settings["notifications"].

{"email": {kind: now | digest | off}, "sms": [kinds], "digest_at": "08:00", "quiet": ["22:00", "07:00"]}; what is
missing has its default. Times are the person's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from taskjuggler_app.core.errors import Invalid


class ByEmail(StrEnum):
    """When a fact is mailed."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of notification that a person decides about."""

    key: str
    label: str
    email: ByEmail


OTHER = "other"
KINDS = (
    Kind("task_assigned", "A task is given to me", ByEmail.DIGEST),
    Kind("task_completed", "Something I asked for is done", ByEmail.OFF),
    Kind("task_comment", "Somebody comments or mentions me", ByEmail.DIGEST),
    Kind("task_due_soon", "A task of mine is due soon", ByEmail.DIGEST),
    Kind("task_overdue", "A task is overdue", ByEmail.DIGEST),
    Kind("direct_message", "Somebody writes to me", ByEmail.DIGEST),
    Kind("team", "People come and go", ByEmail.DIGEST),
    Kind(OTHER, "Everything else", ByEmail.OFF),
)
_BY_KEY = {kind.key: kind for kind in KINDS}
_ALSO = {"mention": "task_comment", "task_mention": "task_comment", "task_message": "task_comment"}


@dataclass(frozen=True)
class Preferences:
    """What a person chose; `quiet` is from and until, None for never."""

    email: Mapping[str, ByEmail] = field(default_factory=dict)
    sms: frozenset[str] = frozenset()
    digest_at: time = time(8)
    quiet: tuple[time, time] | None = (time(22), time(7))

    def by_email(self, kind: str) -> ByEmail:
        """When a fact of this kind is mailed."""
        known = kind_of(kind)
        return self.email.get(known, _BY_KEY[known].email)

    def by_sms(self, kind: str) -> bool:
        """Whether a fact of this kind is texted."""
        return kind_of(kind) in self.sms


def kind_of(type_: str) -> str:
    """The kind that decides about notifications of the type."""
    known = _ALSO.get(type_, type_)
    return known if known in _BY_KEY else OTHER


def read(settings: Mapping[str, Any]) -> Preferences:
    """The preferences inside a person's settings; what cannot be read counts as not chosen."""
    stored = settings.get("notifications")
    if not isinstance(stored, dict):
        return Preferences()
    plain = Preferences()
    email = stored.get("email") if isinstance(stored.get("email"), dict) else {}
    values = set(ByEmail)
    quiet = stored.get("quiet", [str(part) for part in plain.quiet or ()])
    try:
        hours = (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None
        digest_at = time.fromisoformat(stored.get("digest_at", "08:00"))
    except (ValueError, TypeError, IndexError):
        hours, digest_at = plain.quiet, plain.digest_at
    return Preferences(
        email={key: ByEmail(value) for key, value in (email or {}).items() if key in _BY_KEY and value in values},
        sms=frozenset(key for key in stored.get("sms", []) if key in _BY_KEY),
        digest_at=digest_at,
        quiet=hours,
    )


def dump(chosen: Preferences) -> dict[str, Any]:
    """What `read` reads back."""
    return {
        "email": {key: value.value for key, value in chosen.email.items()},
        "sms": sorted(chosen.sms),
        "digest_at": chosen.digest_at.strftime("%H:%M"),
        "quiet": [part.strftime("%H:%M") for part in chosen.quiet] if chosen.quiet else [],
    }


def parse(values: Mapping[str, str]) -> Preferences:
    """The form of the settings page: email-<kind>, sms-<kind>, digest_at, quiet, quiet_from, quiet_until."""
    email = {}
    for kind in KINDS:
        wanted = values.get(f"email-{kind.key}", kind.email.value)
        email[kind.key] = ByEmail(wanted) if wanted in set(ByEmail) else kind.email
    texted = frozenset(kind.key for kind in KINDS if values.get(f"sms-{kind.key}"))
    quiet = None
    if values.get("quiet"):
        quiet = (_time(values, "quiet_from"), _time(values, "quiet_until"))
        if quiet[0] == quiet[1]:
            raise Invalid("Quiet hours need two different times.", "quiet_until")
    return Preferences(email, texted, _time(values, "digest_at"), quiet)


def not_in_quiet(chosen: Preferences, zone: str, now: datetime) -> datetime:
    """`now`, or the moment the quiet hours that it falls in end."""
    if chosen.quiet is None:
        return now
    start, end = chosen.quiet
    local = now.astimezone(ZoneInfo(zone))
    clock = local.time()
    inside = start <= clock < end if start < end else (clock >= start or clock < end)
    return next_at(end, zone, now) if inside else now


def next_at(wanted: time, zone: str, after: datetime) -> datetime:
    """The first moment after `after` when clocks in the zone show `wanted`, in UTC.

    A time that a change of clocks skips is taken with the offset before it (RFC 5545, 3.3.5).
    """
    tz = ZoneInfo(zone)
    day = after.astimezone(tz).date()
    for ahead in range(3):
        found = datetime.combine(day + timedelta(days=ahead), wanted, tz).astimezone(UTC)
        if found > after:
            return found
    raise AssertionError("a day has every time of it once")


def _time(values: Mapping[str, str], name: str) -> time:
    try:
        return time.fromisoformat(values.get(name, "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid("Write a time, such as 08:00.", name) from None
