"""A type's own openings and closings: rules of RFC 5545, whitelisted and capped."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from taskjuggler_app.core.errors import Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import openings, own_hours, recurrence, schedules
from taskjuggler_app.domain.appointments.own_hours import Draft
from taskjuggler_app.models import AppointmentType
from tests.factories import NOON, make_colleague, make_owner, make_type

SATURDAY = date(2026, 3, 7)


def _in_office_hours(session: Session, owner: Principal, **over: int) -> AppointmentType:
    kind = make_type(session, owner, **over)
    schedules.save_week(session, owner, timezone="UTC", weekly=schedules.OFFICE_HOURS)
    return kind


def _days(session: Session, kind: AppointmentType) -> dict[str, set[str]]:
    """Weekday or date -> the times offered."""
    found: dict[str, set[str]] = {}
    for one in openings.find(session, NOON, type_id=kind.id).starts():
        moment = datetime.fromtimestamp(one, UTC)
        found.setdefault(moment.date().isoformat(), set()).add(f"{moment:%H:%M}")
    return found


def test_an_opening_adds_times_and_a_closing_takes_them_once_or_by_a_rule(session: Session) -> None:
    owner = make_owner(session)
    kind = _in_office_hours(session, owner, advance_booking_days=21)
    before = _days(session, kind)
    made = own_hours.add(
        session, owner, kind.id, Draft(True, SATURDAY, "20:00", "21:00", "UTC", "FREQ=WEEKLY;BYDAY=SA")
    )
    own_hours.add(session, owner, kind.id, Draft(False, date(2026, 3, 10), "00:00", "24:00", "UTC"))
    found = _days(session, kind)
    for day in ("2026-03-07", "2026-03-14", "2026-03-21"):
        assert {"20:00", "20:30"} <= found[day]
    assert "2026-03-10" in before
    assert "2026-03-10" not in found
    assert [(row.opens, row.next, row.rule) for row in own_hours.of(session, owner, kind.id, NOON)] == [
        (True, "2026-03-07", "FREQ=WEEKLY;BYDAY=SA"),
        (False, "2026-03-10", ""),
    ]
    own_hours.remove(session, owner, made.id)
    assert "20:00" not in _days(session, kind).get("2026-03-14", set())


def test_a_rule_keeps_its_local_hour_over_a_change_of_the_clock(session: Session) -> None:
    owner = make_owner(session)
    kind = _in_office_hours(session, owner, advance_booking_days=21)
    draft = Draft(True, SATURDAY, "21:00", "22:00", "America/New_York", "FREQ=WEEKLY")
    own_hours.add(session, owner, kind.id, draft)
    found = _days(session, kind)
    assert "02:00" in found["2026-03-08"]
    assert "01:00" in found["2026-03-15"]


def test_an_end_before_the_start_lies_on_the_next_day(session: Session) -> None:
    owner = make_owner(session)
    kind = _in_office_hours(session, owner)
    own_hours.add(session, owner, kind.id, Draft(True, SATURDAY, "23:30", "00:30", "UTC"))
    found = _days(session, kind)
    assert "23:30" in found["2026-03-07"]
    assert "00:00" in found["2026-03-08"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=DAILY;COUNT=1000000",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYSECOND=0,1,2",
        "FREQ=YEARLY;BYSETPOS=1",
        "FREQ=WEEKLY;BYDAY=XX",
        "INTERVAL=2",
        "FREQ=DAILY;" + "BYDAY=MO," * 60,
        "DTSTART:20260101T000000\nRRULE:FREQ=DAILY",
        "",
    ],
)
def test_rules_that_cost_much_or_mean_nothing_are_refused(rule: str) -> None:
    with pytest.raises(Invalid):
        recurrence.checked_rule(rule)


@pytest.mark.parametrize(
    ("starts", "ends", "zone"), [("9 am", "12:00", "UTC"), ("09:00", "09:00", "UTC"), ("09:00", "12:00", "Mars/Base")]
)
def test_times_and_zones_that_cannot_be_used_are_refused(session: Session, starts: str, ends: str, zone: str) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    with pytest.raises(Invalid):
        own_hours.add(session, owner, kind.id, Draft(True, SATURDAY, starts, ends, zone))


def test_only_its_owner_or_an_admin_changes_a_types_hours(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner)
    draft = Draft(True, SATURDAY, "09:00", "12:00", "UTC")
    with pytest.raises(Forbidden):
        own_hours.add(session, make_colleague(session, owner), kind.id, draft)
    made = own_hours.add(session, owner, kind.id, draft)
    with pytest.raises(NotFound):
        own_hours.remove(session, make_owner(session), made.id)


@given(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), st.integers(1, 9), st.integers(1, 40), st.integers(0, 60))
def test_occurrences_are_those_that_dateutil_expands(freq: str, interval: int, count: int, later: int) -> None:
    rule = f"FREQ={freq};INTERVAL={interval};COUNT={count}"
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    given = recurrence.pattern(rrule=rule, tzid="UTC", local_start="09:00", local_end="10:00")
    pattern = json.dumps(given)
    first = date(2026, 1, 5) + timedelta(days=later)
    one = recurrence.Opening(int(start.timestamp()), int(start.timestamp()) + 3600, pattern=pattern)
    expected = [
        int(moment.timestamp())
        for moment in rrulestr(rule, dtstart=start)
        if first - timedelta(days=1) <= moment.date() <= first + timedelta(days=31)
    ]
    assert [begins for begins, _ in recurrence.occurrences(one, first, first + timedelta(days=30))] == expected
