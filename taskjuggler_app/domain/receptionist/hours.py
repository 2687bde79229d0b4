"""Weekly business hours: local times on the clock of an IANA zone. Pure.

`weekly` maps mon … sun to windows [["09:00", "12:30"], …]: half-open, an end at or before its start runs past midnight,
equal ends are the whole day. A week without any window is open all the time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taskjuggler_app.core.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekly = Mapping[str, Sequence[Sequence[str]]]


def is_open(weekly: Weekly, zone: str, moment: datetime) -> bool:
    """Whether the business is open at `moment` (aware)."""
    if not any(weekly.get(day) for day in DAYS):
        return True
    local = moment.astimezone(_zone(zone))
    now = local.time().replace(tzinfo=None)
    today, yesterday = DAYS[local.weekday()], DAYS[(local - timedelta(days=1)).weekday()]
    for start, end in _windows(weekly, today):
        if start <= now and (now < end or end <= start):
            return True
    return any(end <= start and now < end for start, end in _windows(weekly, yesterday) if start != end)


def said(weekly: Weekly) -> str:
    """The hours in words, equal days together: "Mon to Fri 09:00 to 17:00"."""
    runs = [
        (windows, [day for _, day in days])
        for windows, days in groupby(
            ((_said_windows(weekly.get(day, ())), day) for day in DAYS), key=lambda pair: pair[0]
        )
    ]
    parts = []
    for windows, days in runs:
        if windows:
            span = days[0].title() if len(days) == 1 else f"{days[0].title()} to {days[-1].title()}"
            parts.append(f"{span} {windows}")
    return ", ".join(parts) or "every day, all day"


def checked(weekly: object, zone: str) -> dict[str, list[list[str]]]:
    """`weekly` as stored. Invalid for an unknown day or zone, or what is no time."""
    _zone(zone)
    if not isinstance(weekly, Mapping) or any(day not in DAYS for day in weekly):
        raise Invalid("Hours are given for mon, tue, wed, thu, fri, sat and sun.", "hours")
    return {
        day: [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in _windows(weekly, day)]
        for day in DAYS
        if weekly.get(day)
    }


def _windows(weekly: Weekly, day: str) -> list[tuple[time, time]]:
    try:
        return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in weekly.get(day, ())]
    except (TypeError, ValueError):
        raise Invalid("Write opening hours like 09:00 and 17:30.", "hours") from None


def _said_windows(windows: Sequence[Sequence[str]]) -> str:
    return " and ".join(f"{start} to {end}" for start, end in windows)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise Invalid("Choose a time zone from the list.", "zone") from None
