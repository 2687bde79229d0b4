"""A task typed on one line: "call Ada tomorrow 9am #billing !high @luis".

Dates and times are read as in messages; what was read is taken out of the title.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from taskjuggler_app.domain.receptionist.extraction.extract import extract, local_time
from taskjuggler_app.models.tasks import Priority

_TAG = re.compile(r"(?<!\S)#([\w-]{1,40})")
_PRIORITY = re.compile(r"(?<!\S)!(low|normal|high|urgent)(?!\S)", re.IGNORECASE)
_PERSON = re.compile(r"(?<!\S)@([\w'-]{1,60})")
_LEFT_OVER = re.compile(r"\s+(?:on|at|by|before|until|due)\s*$", re.IGNORECASE)
END_OF_DAY = time(17, 0)


@dataclass(frozen=True)
class QuickTask:
    """What the line says; `due` is aware UTC, `person` the beginning of a name after @."""

    title: str
    due: datetime | None = None
    priority: Priority = Priority.NORMAL
    tags: list[str] = field(default_factory=list)
    person: str = ""


def read(line: str, *, now: datetime, zone: str, region: str = "US") -> QuickTask:
    """Read the line as of `now` in the zone. A day without a time is due at 17:00; a past time of today, tomorrow."""
    tags = [tag.lower() for tag in _TAG.findall(line)]
    marked = _PRIORITY.search(line)
    named = _PERSON.search(line)
    for pattern in (_TAG, _PRIORITY, _PERSON):
        line = pattern.sub(" ", line)
    line = " ".join(line.split())
    found = extract(line, received_at=now, zone=zone, region=region)
    spans = []
    day = clock = None
    if found.dates:
        day = str(found.dates[0].value)
        spans.append((found.dates[0].span.start, found.dates[0].span.end))
    if found.times:
        clock = str(found.times[0].value)
        if found.times[0].here:
            day, clock = found.times[0].here.split("T") if day else (day, found.times[0].here[-5:])
        spans.append((found.times[0].span.start, found.times[0].span.end))
    title = line
    for start, end in sorted(spans, reverse=True):
        title = _LEFT_OVER.sub("", title[:start]) + " " + title[end:]
    title = " ".join(_LEFT_OVER.sub("", title).split())
    return QuickTask(
        title=title or line,
        due=_due(day, clock, local_time(now, zone), zone),
        priority=Priority(marked[1].lower()) if marked else Priority.NORMAL,
        tags=list(dict.fromkeys(tags)),
        person=named[1] if named else "",
    )


def _due(day: str | None, clock: str | None, now: datetime, zone: str) -> datetime | None:
    if day is None and clock is None:
        return None
    try:
        date = datetime.fromisoformat(day[:10]).date() if day else now.date()
        at = time.fromisoformat(clock[-8:] if clock and "T" in clock else clock) if clock else END_OF_DAY
    except ValueError:
        return None
    if day and "T" in day and not clock:
        at = datetime.fromisoformat(day).time()
    due = datetime.combine(date, at.replace(tzinfo=None), ZoneInfo(zone))
    if day is None and due < now:
        due += timedelta(days=1)
    return due.astimezone(ZoneInfo("UTC"))
