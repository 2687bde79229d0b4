"""Dates and times: what is one, what only looks like one, and which day is meant."""

from datetime import UTC, datetime

import pytest

from taskjuggler_app.domain.receptionist.extraction import Extraction, Found, extract

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 in New York


def read(text: str, *, at: datetime = TUESDAY, zone: str = "America/New_York", region: str = "US") -> Extraction:
    return extract(text, received_at=at, zone=zone, region=region)


def written(found: tuple[Found, ...]) -> list[str]:
    return [f.value + (f"/{f.until}" if f.until else "") for f in found]


@pytest.mark.parametrize(
    "text",
    [
        "may I ask",
        "march over there",
        "the second floor",
        "the 5th floor and the 2nd time",
        "you may 5 times out of 10",
        "open 24/7",
        "a 3/4 inch pipe",
        "it costs $8.30 or 9.45 dollars",
        "call 212-555-0147",
        "at 12 Oak Street",
        "at 3 locations, after 3 days",
        "every Tuesday",
        "Mondays",
        "the sun came out and I sat down",
        "Good morning",
        "version 10.12.2024.1",
        "order 2026-03-11-77",
        "30 February and 2/30 and 31/31/2026",
        "Black Friday",
        "16:9 and 4:3",
        "at the end of the day it is your call",
        "corn on the cob",
        "on the second floor, on the first try",
        "there is a leak at 315 and 317",
        "call me at 555-0130",
        "one second, just a minute",
    ],
)
def test_what_only_looks_like_a_date_or_time_is_none(text: str) -> None:
    found = read(text)
    assert written(found.dates) == []
    assert written(found.times) == []


@pytest.mark.parametrize(
    ("text", "dates", "times"),
    [
        ("tomorrow 8pm", ["2026-03-11"], ["20:00"]),
        ("tmrw @ 4", ["2026-03-11"], ["16:00"]),
        ("the day after tomorrow at noon", ["2026-03-12"], ["12:00"]),
        ("Tuesday", ["2026-03-17"], []),
        ("Wednesday", ["2026-03-11"], []),
        ("last Monday", ["2026-03-09"], []),
        ("Friday next week", ["2026-03-20"], []),
        ("the 5th", ["2026-04-05"], []),
        ("the 31st", ["2026-03-31"], []),
        ("March 3", ["2027-03-03"], []),
        ("since March 3", ["2026-03-03"], []),
        ("March 10", ["2026-03-10"], []),
        ("Feb 29", ["2028-02-29"], []),
        ("May 3-5", ["2026-05-03/2026-05-05"], []),
        ("between Dec 3 and Dec 7", ["2026-12-03/2026-12-07"], []),
        ("March 20 (Friday)", ["2026-03-20"], []),
        ("Friday (3/20) works", ["2026-03-20"], []),
        ("March 20, Monday works too", ["2026-03-20", "2026-03-16"], []),
        ("15-Mar-2026", ["2026-03-15"], []),
        ("3 days from today", ["2026-03-13"], []),
        ("a week hence", ["2026-03-17"], []),
        ("two Fridays from now", ["2026-03-20"], []),
        ("Friday after next", ["2026-03-20"], []),
        ("two Mondays ago", ["2026-03-02"], []),
        ("the 20th of next month", ["2026-04-20"], []),
        ("the last day of the month", ["2026-03-31"], []),
        ("the last day of February", ["2027-02-28"], []),
        ("on the 24", ["2026-03-24"], []),
        ("rent is due on the first.", ["2026-04-01"], []),
        ("by the end of the year", ["2026-12-31"], []),
        ("by end of day", ["2026-03-10"], []),
        ("EOD", ["2026-03-10"], []),
        ("by EOD Friday", ["2026-03-13"], []),
        ("before close of business tomorrow", ["2026-03-11"], []),
        ("Friday 10-12 works", ["2026-03-13"], ["10:00/12:00"]),
        ("tomorrow 10:30-12", ["2026-03-11"], ["10:30/12:00"]),
        ("weekdays 8a-5p", [], ["08:00/17:00"]),
        ("come at 230", [], ["14:30"]),
        ("tomorrow around 1030", ["2026-03-11"], ["10:30"]),
        ("a quarter past noon", [], ["12:15"]),
        ("first Monday of December", ["2026-12-07"], []),
        ("between 3 and 5 pm", [], ["15:00/17:00"]),
        ("half past 3", [], ["15:30"]),
        ("move it from Wednesday to Friday", ["2026-03-11", "2026-03-13"], []),
        ("2026-04-01T09:30", ["2026-04-01"], ["09:30"]),
        ("in two weeks", ["2026-03-24"], []),
        ("in 20 minutes", ["2026-03-10"], ["10:20"]),
        ("at 7 in the evening", [], ["19:00"]),
        ("10 o'clock tonight", ["2026-03-10"], ["22:00"]),
        ("half past three or quarter to five", [], ["15:30", "16:45"]),
        ("9 to 5 is fine", [], []),
        ("from 9 to 5", [], ["09:00/17:00"]),
        ("11-1pm", [], ["11:00/13:00"]),
        ("12am or 12 p.m.", [], ["00:00", "12:00"]),
        ("14:05", [], ["14:05"]),
    ],
)
def test_a_moment_is_resolved_from_the_day_of_receipt(text: str, dates: list[str], times: list[str]) -> None:
    found = read(text)
    assert written(found.dates) == dates
    assert written(found.times) == times


def test_the_day_of_receipt_is_the_one_on_the_clocks_of_the_zone() -> None:
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    assert written(read("today", at=late, zone="America/New_York").dates) == ["2026-03-10"]
    assert written(read("today", at=late, zone="Asia/Tokyo").dates) == ["2026-03-11"]


def test_the_region_says_whether_the_month_comes_first() -> None:
    assert written(read("on 5/6/2026", region="US").dates) == ["2026-05-06"]
    assert written(read("on 5/6/2026", region="GB").dates) == ["2026-06-05"]
    assert written(read("on 25/6/2026", region="US").dates) == ["2026-06-25"]


def test_an_open_end_is_marked() -> None:
    found = read("by Friday, after 3")
    assert [f.bound for f in found.dates] == ["before"]
    assert [f.bound for f in found.times] == ["after"]


def test_a_guessed_half_of_the_day_is_less_sure_than_a_said_one() -> None:
    assert read("at 3").times[0].confidence < read("at 3pm").times[0].confidence < 1
