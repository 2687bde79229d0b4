"""A type's own openings and closings: single UTC ranges, or rules of RFC 5545 in a zone's local time.

`recurrence_pattern` is {rrule, tzid, local_start, local_end}; the slot's start_time names the first day.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.appointments.hours import Range, local_date, local_second
from taskjuggler_app.domain.appointments.spec import read_clock, read_zone
from taskjuggler_app.models.appointments import AvailabilitySlot

MOST = 1_000
"""Occurrences that one rule may have in a window."""
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"})
_LONGEST = 200


def checked_rule(text: str) -> str:
    """A rule that costs little to expand: few frequencies, COUNT at most MOST, no BYSETPOS tricks. Raises Invalid."""
    rule = text.strip().upper().removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if len(rule) > _LONGEST or not set(parts) <= _PARTS or parts.get("FREQ") not in _FREQUENCIES:
        raise Invalid("Use a rule such as FREQ=WEEKLY;BYDAY=MO (daily, weekly, monthly or yearly).", "rrule")
    if "COUNT" in parts and not (parts["COUNT"].isdigit() and 1 <= int(parts["COUNT"]) <= MOST):
        raise Invalid(f"COUNT is a number from 1 to {MOST}.", "rrule")
    if "INTERVAL" in parts and not (parts["INTERVAL"].isdigit() and 1 <= int(parts["INTERVAL"]) <= 366):
        raise Invalid("INTERVAL is a number from 1 to 366.", "rrule")
    try:
        rrulestr(_local(rule), dtstart=datetime(2026, 1, 1))  # noqa: DTZ001  # local time, as the rule is
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(f"That rule cannot be read: {error}.", "rrule") from None
    return rule


def pattern(*, rrule: str, tzid: str, local_start: str, local_end: str) -> dict[str, Any]:
    """A checked `recurrence_pattern`. An end that is not after the start lies on the next day."""
    for value in (local_start, local_end):
        read_clock(value, "time")
    return {"rrule": checked_rule(rrule), "tzid": read_zone(tzid), "local_start": local_start, "local_end": local_end}


def ranges(slots: Iterable[AvailabilitySlot], first: date, last: date) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """The openings and the closings that touch the days `first` to `last`, as UTC seconds."""
    opened: list[Range] = []
    closed: list[Range] = []
    for slot in slots:
        into = opened if slot.is_available else closed
        if slot.is_recurring and slot.recurrence_pattern:
            into += _occurrences(slot, first, last)
        else:
            into.append((int(slot.start_time.timestamp()), int(slot.end_time.timestamp())))
    return tuple(opened), tuple(closed)


def _occurrences(slot: AvailabilitySlot, first: date, last: date) -> list[Range]:
    given: dict[str, Any] = slot.recurrence_pattern or {}
    zone = given["tzid"]
    opens, closes = (read_clock(given[key], key) for key in ("local_start", "local_end"))
    begins = datetime.combine(local_date(zone, int(slot.start_time.timestamp())), time())
    rule = rrulestr(_local(checked_rule(given["rrule"])), dtstart=begins)
    after = datetime.combine(first - timedelta(days=1), time())
    until = datetime.combine(last + timedelta(days=1), time())
    found = []
    for moment in islice(rule.xafter(after, inc=True), MOST):
        if moment > until:
            break
        ends = closes if closes > opens else closes + 1440
        day = moment.date() + timedelta(days=ends // 1440) if ends > 1440 else moment.date()
        end = local_second(zone, day, ends % 1440 if ends > 1440 else ends)
        found.append((local_second(zone, moment.date(), opens), end))
    return found


def _local(rule: str) -> str:
    """UNTIL without its zone mark: the days are local ones here."""
    return ";".join(part.rstrip("Z") if part.startswith("UNTIL=") else part for part in rule.split(";"))
