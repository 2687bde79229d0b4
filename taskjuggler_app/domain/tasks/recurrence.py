"""When a recurring task is due again."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta


class Recurrence(StrEnum):
    """How often a task comes back."""

    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


def next_due(due: datetime, zone: str, every: Recurrence, now: datetime) -> datetime:
    """The first repetition after both `due` and `now`, at the same time of day on the zone's clocks.

    Months count from the first date, so that the 31st is the last day of a short month and the 31st again after it
    (RFC 5545 would skip the short one; people who pay rent do not).
    """
    local = due.astimezone(ZoneInfo(zone))
    for step in range(1, 100_000):
        candidate = _repeated(local, every, step)
        if candidate.astimezone(now.tzinfo) > max(now, due) and (every is not Recurrence.WEEKDAYS or _works(candidate)):
            return candidate
    raise OverflowError("no repetition in reach")


def _repeated(first: datetime, every: Recurrence, step: int) -> datetime:
    if every is Recurrence.WEEKDAYS:
        return first + timedelta(days=step)
    if every is Recurrence.WEEKLY:
        return first + timedelta(weeks=step)
    return first + (relativedelta(months=step) if every is Recurrence.MONTHLY else relativedelta(years=step))


def _works(day: datetime) -> bool:
    return day.weekday() < 5
