"""Free times against an oracle that looks at every minute, and the rules one by one."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskjuggler_app.domain.appointments import slots
from taskjuggler_app.domain.appointments.hours import Hours, merge, without
from taskjuggler_app.domain.appointments.slots import Busy, Reason, Rules
from tests.domain.appointments import oracle

# Days around changes of the clock: an hour, half an hour (Lord Howe), at midnight (Beirut, Santiago), before UTC's day
# (Auckland), a whole day left out (Apia 2011), offsets of 45 minutes (Kathmandu, Chatham), and none at all.
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("America/Santiago", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Pacific/Auckland", date(2026, 9, 27)),
    ("Pacific/Chatham", date(2026, 4, 5)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("UTC", date(2026, 12, 31)),
]


@st.composite
def windows(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Up to three windows of a day, on a grid that makes touching and overlapping ones likely."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        opens = draw(st.integers(0, 95)) * 15
        found.append((opens, min(1440, opens + draw(st.integers(1, 40)) * 15)))
    return found


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """A random calendar over a few days around a change."""
    zone, changes = draw(st.sampled_from(CHANGES))
    first = changes - timedelta(days=draw(st.integers(0, 2)))
    last = changes + timedelta(days=draw(st.integers(0, 2)))
    base = oracle.minute_of(datetime(first.year, first.month, first.day, tzinfo=UTC)) - 720
    end = base + ((last - first).days + 2) * 1440
    bookings = []
    for _ in range(draw(st.integers(0, 12))):
        start = draw(st.integers(base, end))
        bookings.append((start, start + draw(st.integers(0, 300))))
    return {
        "zone": zone,
        "weekly": {day: draw(windows()) for day in range(7)},
        "overrides": {first + timedelta(days=draw(st.integers(0, 4))): draw(windows())} if draw(st.booleans()) else {},
        "first": first,
        "last": last,
        "duration": draw(st.sampled_from([1, 10, 15, 30, 45, 60, 90, 240])),
        "step": draw(st.sampled_from([5, 7, 15, 20, 30, 60])),
        "before": draw(st.sampled_from([0, 0, 5, 10, 15, 45])),
        "after": draw(st.sampled_from([0, 0, 5, 10, 15, 45])),
        "earliest": draw(st.integers(base - 1440, end)) if draw(st.booleans()) else 0,
        "bookings": bookings,
    }


def _asked(question: dict[str, Any]) -> tuple[Hours, date, date, Busy, Rules]:
    weekly = tuple(tuple(question["weekly"].get(day, ())) for day in range(7))
    overrides = tuple((day, tuple(ranges)) for day, ranges in question["overrides"].items())
    rules = Rules(*(question[key] * 60 for key in ("duration", "step", "before", "after", "earliest")))
    busy = Busy.of((start * 60, end * 60) for start, end in question["bookings"])
    return Hours(question["zone"], weekly, overrides), question["first"], question["last"], busy, rules


@settings(max_examples=150, deadline=None)
@given(questions())
def test_the_engine_offers_what_looking_at_every_minute_offers(question: dict[str, Any]) -> None:
    expected = [minute * 60 for minute in oracle.free(**question)]
    asked = _asked(question)
    assert slots.free(*asked) == expected
    for second in expected:
        assert slots.why_not(second, *asked) == []


@settings(max_examples=60, deadline=None)
@given(questions(), st.integers(0, 7 * 1440))
def test_what_is_not_offered_has_a_reason_and_what_is_has_none(question: dict[str, Any], minute: int) -> None:
    asked = _asked(question)
    start = datetime(asked[1].year, asked[1].month, asked[1].day, tzinfo=UTC) - timedelta(days=1)
    second = int(start.timestamp()) + minute * 60
    assert (slots.why_not(second, *asked) == []) == (second in slots.free(*asked))


@settings(max_examples=80, deadline=None)
@given(questions(), questions())
def test_several_hosts_offer_what_one_of_them_offers(question: dict[str, Any], other: dict[str, Any]) -> None:
    hours, first, last, busy, rules = _asked(question)
    second_hours, _, _, _, _ = _asked(other)
    hosts = [(hours, busy), (second_hours, slots.NOT_BUSY), (second_hours, busy)]
    expected = sorted({one for mine, taken in hosts for one in slots.free(mine, first, last, taken, rules)})
    assert slots.free_with_any(hosts, first, last, rules) == expected


def _at(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


MONDAY = date(2026, 6, 1)
MORNING = Hours("UTC", (((540, 720),), *[()] * 6))
HALF_HOURS = Rules(duration=1800, step=1800)


def _clock(starts: list[int]) -> list[str]:
    return [datetime.fromtimestamp(one, UTC).strftime("%H:%M") for one in starts]


def test_appointments_may_stand_back_to_back() -> None:
    busy = Busy.of([(_at("2026-06-01T09:30"), _at("2026-06-01T10:00"))])
    assert _clock(slots.free(MORNING, MONDAY, MONDAY, busy, HALF_HOURS)) == [
        "09:00",
        "10:00",
        "10:30",
        "11:00",
        "11:30",
    ]


def test_buffers_keep_their_distance_and_may_leave_the_open_hours() -> None:
    busy = Busy.of([(_at("2026-06-01T10:00"), _at("2026-06-01T10:30"))])
    rules = Rules(duration=1800, step=1800, before=600, after=600)
    assert _clock(slots.free(MORNING, MONDAY, MONDAY, busy, rules)) == ["09:00", "11:00", "11:30"]


def test_a_repeated_hour_is_offered_twice_and_a_missing_one_never() -> None:
    hours = Hours("America/New_York", (*[()] * 6, ((0, 240),)))
    rules = Rules(duration=3600, step=3600)
    day = date(2026, 11, 1)
    assert len(slots.free(hours, day, day, slots.NOT_BUSY, rules)) == 5
    assert len(slots.free(hours, date(2026, 3, 8), date(2026, 3, 8), slots.NOT_BUSY, rules)) == 3


def test_a_full_day_offers_nothing_and_says_so() -> None:
    assert slots.free(MORNING, MONDAY, MONDAY, slots.NOT_BUSY, HALF_HOURS, {MONDAY}) == []
    nine = _at("2026-06-01T09:00")
    assert slots.why_not(nine, MORNING, MONDAY, MONDAY, slots.NOT_BUSY, HALF_HOURS, {MONDAY}) == [Reason.CAP]


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ("08:30", Reason.CLOSED),
        ("11:45", Reason.CLOSED),
        ("09:00", Reason.NOTICE),
        ("10:00", Reason.BOOKED),
        ("09:30", Reason.BUFFER),
        ("11:10", Reason.STEP),
    ],
)
def test_each_reason_is_named(time: str, reason: Reason) -> None:
    busy = Busy.of([(_at("2026-06-01T10:00"), _at("2026-06-01T10:30"))])
    rules = Rules(duration=1800, step=900, after=300, earliest=_at("2026-06-01T09:15") if time == "09:00" else 0)
    assert slots.why_not(_at(f"2026-06-01T{time}"), MORNING, MONDAY, MONDAY, busy, rules)[0] is reason


def test_openings_join_the_hours_and_closings_are_cut_out() -> None:
    noon, half_past = _at("2026-06-01T12:00"), _at("2026-06-01T12:30")
    closed = (_at("2026-06-01T09:30"), _at("2026-06-01T11:30"))
    hours = Hours("UTC", MORNING.weekly, opened=((noon, half_past),), closed=(closed,))
    assert _clock(slots.free(hours, MONDAY, MONDAY, slots.NOT_BUSY, HALF_HOURS)) == ["09:00", "11:30", "12:00"]


def test_the_nearest_times_come_in_order() -> None:
    assert slots.nearest([0, 10, 20, 30, 40], 21, 3) == [10, 20, 30]
    assert slots.nearest([0, 10], 99, 3) == [0, 10]
    assert slots.nearest([], 5) == []


Ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


@given(Ranges, Ranges)
def test_merging_and_cutting_keep_exactly_the_right_minutes(ranges: list[Any], closed: list[Any]) -> None:
    def inside(some: list[tuple[int, int]]) -> set[int]:
        return {minute for start, end in some for minute in range(start, end)}

    merged, cut = merge(ranges), merge(closed)
    assert inside(merged) == inside(ranges)
    assert all(one[1] < two[0] for one, two in pairwise(merged))
    assert inside(without(merged, cut)) == inside(ranges) - inside(closed)
