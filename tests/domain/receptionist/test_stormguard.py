"""What is never answered, and what business hours mean."""

from datetime import UTC, datetime

import pytest

from taskjuggler_app.domain.receptionist import hours
from taskjuggler_app.domain.receptionist.stormguard import Incoming, Limits, Past, why_not

PERSON = Incoming("ann@example.com", "Leak", "The tap leaks, can you come?")


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied"},
        {"auto-submitted": "auto-generated; owner-email=x"},
        {"precedence": "Bulk"},
        {"list-id": "<news.example.com>"},
        {"list-unsubscribe": "<https://example.com>"},
        {"return-path": "<>"},
        {"content-type": "multipart/report; report-type=delivery-status"},
        {"x-auto-response-suppress": "OOF, AutoReply"},
        {"x-autoreply": "yes"},
    ],
)
def test_programs_lists_and_bounces_get_no_answer(headers: dict[str, str]) -> None:
    assert why_not(Incoming(PERSON.sender, PERSON.subject, PERSON.body, headers), Past(), Limits())


@pytest.mark.parametrize(
    "sender",
    ["no-reply@shop.example", "MAILER-DAEMON@mx.example", "bounces+12@x.example", "donotreply@x.example", "", "72404"],
)  # fmt: skip
def test_senders_that_read_nothing_get_no_answer(sender: str) -> None:
    assert why_not(Incoming(sender, "Hi", "Hello"), Past(), Limits())


@pytest.mark.parametrize(
    "body", ["This is an automated message.", "I am out of the office until Monday", "Auto-reply: thanks"]
)
def test_what_reads_like_a_robot_gets_no_answer(body: str) -> None:
    assert why_not(Incoming("+12075550110", "", body), Past(), Limits())


def test_people_get_one() -> None:
    assert why_not(PERSON, Past(), Limits()) == ""
    assert why_not(Incoming("+12075550110", "", "Please reply"), Past(), Limits()) == ""
    assert why_not(Incoming("ann@x.example", "", "hi", {"auto-submitted": "no"}), Past(), Limits()) == ""


def test_a_conversation_of_robots_ends() -> None:
    echo = Incoming("+12075550110", "", "> Thanks for your message.")
    assert why_not(echo, Past(last_reply="Thanks for your message."), Limits())
    assert why_not(PERSON, Past(same_text=3), Limits())
    assert why_not(PERSON, Past(in_day=3), Limits())


def test_hours_are_local_half_open_and_may_pass_midnight() -> None:
    week = {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "fri": [["22:00", "02:00"]]}

    def at(day: int, hour: int, minute: int = 0) -> bool:
        """2 March 2026 is a Monday; New York is five hours behind."""
        return hours.is_open(week, "America/New_York", datetime(2026, 3, day, hour, minute, tzinfo=UTC))

    assert [at(2, 13, 59), at(2, 14), at(2, 16, 59), at(2, 17), at(2, 18)] == [False, True, True, False, True]
    assert at(7, 3)  # Friday, ten in the evening
    assert at(7, 6, 59)  # Saturday, two minutes to two
    assert not at(7, 7)
    assert hours.is_open({}, "UTC", datetime(2026, 3, 1, tzinfo=UTC)), "without hours it is always open"
