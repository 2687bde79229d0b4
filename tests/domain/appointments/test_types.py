"""What the form of a type says in words, and what the page of a type shows of times."""

import pytest

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.appointments import picker, types

NINE = 1_780_304_400  # Mon 1 Jun 2026, 09:00 UTC


def test_reminders_are_written_as_lines_and_read_back() -> None:
    reminders = types.read_reminders("24 hours by mail\n\n 1 Hour before, by text \n90 minutes by SMS\n2 days by email")
    assert [(one["minutes"], one["by"]) for one in reminders] == [
        (1440, "email"),
        (60, "sms"),
        (90, "sms"),
        (2880, "email"),
    ]
    assert types.read_reminders(types.reminders_text(reminders)) == reminders


@pytest.mark.parametrize(
    "line",
    [
        "tomorrow by mail",
        "24 hours",
        "1 hour by pigeon",
        "-1 hour by mail",
        "2 months by mail",
        "40 days by mail",
        "1 m by text",
        "1 h by text\n" * 6,
    ],
)
def test_a_reminder_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(Invalid) as caught:
        types.read_reminders(line)
    assert caught.value.field == "reminders"


def test_a_day_has_times_in_the_zone_of_whoever_looks() -> None:
    assert picker.has_times([NINE], "UTC", "2026-06-01")
    assert not picker.has_times([NINE], "Pacific/Kiritimati", "2026-06-02")
    assert not picker.has_times([NINE], "UTC", "pad-2026-06-01")
    assert picker.span_label(NINE, 45, "America/New_York", twelve=True) == "Monday 1 June 2026, 5:00 am to 5:45 am"


def test_a_month_that_is_nearly_over_names_the_next_one_if_that_has_a_time() -> None:
    day, may_30 = 86_400, NINE - 2 * 86_400
    last_days = [may_30, may_30 + day]
    assert picker.shown([*last_days, NINE], "UTC", "2026-05", "", twelve=False).later == "June"
    assert picker.shown(last_days, "UTC", "2026-05", "", twelve=False).later == ""
    assert picker.shown([*last_days, NINE + 30 * day], "UTC", "2026-05", "", twelve=False).later == ""
    many = [NINE - (n + 1) * day for n in reversed(range(picker.FEW_DAYS + 1))]
    assert picker.shown([*many, NINE], "UTC", "2026-05", "", twelve=False).later == ""
