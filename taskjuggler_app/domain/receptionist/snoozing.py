"""When a snoozed message comes back, as people say it: on the clock of their own zone. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taskjuggler_app.core.errors import Invalid

MORNING = time(9)
CHOICES = {
    "later": "In three hours",
    "tomorrow": "Tomorrow at 9:00",
    "monday": "Next Monday at 9:00",
    "week": "In a week at 9:00",
}


def until(choice: str, now: datetime, zone: str) -> datetime:
    """The moment that a choice, or a local time like 2026-03-01T14:30, means. Invalid for anything else."""
    if choice == "later":
        return now + timedelta(hours=3)
    local = now.astimezone(_zone(zone))
    ahead = {"tomorrow": 1, "monday": 7 - local.weekday(), "week": 7}.get(choice)
    if ahead is not None:
        return datetime.combine(local.date() + timedelta(days=ahead), MORNING, _zone(zone))
    try:
        written = datetime.fromisoformat(choice)
    except ValueError:
        raise Invalid("Choose a day and a time.", "until") from None
    return written if written.tzinfo else written.replace(tzinfo=_zone(zone))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")
