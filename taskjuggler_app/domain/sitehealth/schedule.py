"""When a site is scanned next: five fields of cron, read in the site's own zone. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.models.sitehealth import ScheduleType

PRESETS = {
    ScheduleType.DAILY: "0 3 * * *",
    ScheduleType.WEEKLY: "0 3 * * 1",
    ScheduleType.MONTHLY: "0 3 1 * *",
}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_YEARS = 4


def next_time(cron: str, zone: str, after: datetime) -> datetime:
    """The first time after `after` that the expression names, in UTC. Invalid when it is wrong or names none.

    An hour that daylight saving time repeats counts once, as its first; one that it skips runs at its end.
    """
    minutes, hours, days, months, weekdays = parse(cron)
    local = ZoneInfo(zone)
    start = after.astimezone(local).date()
    day_fields = cron.split()
    either = day_fields[2] != "*" and day_fields[4] != "*"
    for offset in range(366 * _YEARS):
        day = start + timedelta(days=offset)
        if day.month in months and _is_day(day, days, weekdays, either):
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    moment = datetime.combine(day, time(hour, minute), local).astimezone(UTC)
                    if moment > after:
                        return moment
    raise Invalid("That schedule never comes.", "cron")


def parse(cron: str) -> tuple[frozenset[int], ...]:
    """The values of each field: minute, hour, day, month, weekday (0 and 7 are Sunday). Invalid if it is no cron."""
    fields = cron.split()
    if len(fields) != 5:
        raise Invalid("A schedule has five fields: minute, hour, day, month, weekday.", "cron")
    return tuple(_values(text, *bounds) for text, bounds in zip(fields, _RANGES, strict=True))


def _values(text: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        try:
            start, end = (low, high) if span == "*" else (int(first), int(last if dash else first))
            stride = int(step or 1)
        except ValueError:
            raise Invalid(f"“{text[:20]}” is no part of a schedule.", "cron") from None
        if not (low <= start <= end <= high and stride >= 1):
            raise Invalid(f"“{text[:20]}” is outside {low} to {high}.", "cron")
        found |= set(range(start, (high if step and not dash else end) + 1, stride))
    return frozenset(found)


def _is_day(day: date, days: frozenset[int], weekdays: frozenset[int], either: bool) -> bool:
    """Cron's rule: with both a day and a weekday given, either will do."""
    weekday = day.isoweekday() % 7
    by_weekday = weekday in weekdays or (weekday == 0 and 7 in weekdays)
    return (day.day in days or by_weekday) if either else (day.day in days and by_weekday)
