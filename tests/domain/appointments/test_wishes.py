"""Free times that fit what somebody wrote."""

from datetime import UTC, date, datetime, time

import pytest

from taskjuggler_app.domain.appointments import wishes
from taskjuggler_app.domain.appointments.wishes import Wishes


def _at(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


STARTS = [_at(f"2026-06-0{day}T{hour:02}:00") for day in range(1, 6) for hour in range(9, 17)]


def _said(found: list[int]) -> list[str]:
    return [datetime.fromtimestamp(one, UTC).strftime("%a %H") for one in found]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Wishes(), ["Mon 09", "Tue 09", "Wed 09"]),
        (Wishes(days=(date(2026, 6, 3),)), ["Wed 09", "Wed 11", "Wed 13"]),
        (Wishes(days=(date(2026, 6, 3),), times=(time(14),)), ["Wed 13", "Wed 14", "Wed 15"]),
        (Wishes(days=(date(2026, 6, 3), date(2026, 6, 5))), ["Wed 09", "Wed 11", "Fri 09"]),
        (Wishes(times=(time(15),)), ["Mon 15", "Tue 15", "Wed 15"]),
        (Wishes(moments=(_at("2026-06-04T12:00"),)), ["Thu 11", "Thu 12", "Thu 13"]),
        (Wishes(days=(date(2026, 6, 7),)), ["Mon 09", "Tue 09", "Wed 09"]),
    ],
)
def test_wishes_decide_which_times_are_offered(asked: Wishes, expected: list[str]) -> None:
    assert _said(wishes.fitting(STARTS, asked, "UTC")) == expected


def test_nothing_free_offers_nothing() -> None:
    assert wishes.fitting([], Wishes(days=(date(2026, 6, 3),), times=(time(14),)), "UTC") == []


def test_values_that_cannot_be_read_are_left_out() -> None:
    read = wishes.read(["2026-06-03", "soon", "2026-06-04T12:00", "2026-06-04T12:00:00Z"], ["15:00", "late"], "UTC")
    assert read == Wishes((date(2026, 6, 3),), (time(15),), (_at("2026-06-04T12:00"),))
