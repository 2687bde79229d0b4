"""The answers of `taskjuggler extract`: what was named and nothing vague, with exact places."""

import json
from datetime import UTC, datetime
from typing import Any

from taskjuggler_app.domain.receptionist.extraction import extract_lines

AT = datetime(2026, 3, 10, 14, tzinfo=UTC)


def answer(text: str) -> dict[str, Any]:
    (found,) = extract_lines([json.dumps({"id": "1", "text": text})], "America/New_York", "US", AT)
    return found


def values(found: list[dict[str, Any]]) -> list[str]:
    return [one["value"] for one in found]


def test_a_stretch_with_two_named_ends_gives_both() -> None:
    found = answer("We stay from June 5 to June 7, someone is in between 9am and 11am")
    assert values(found["dates"]) == ["2026-06-05", "2026-06-07"]
    assert values(found["times"]) == ["09:00", "11:00"]


def test_a_stretch_without_named_ends_is_a_period() -> None:
    found = answer("Any time this week, mornings or tonight")
    assert "this week" in [one["text"] for one in found["periods"]]
    assert "2026-03-09" not in values(found["dates"])
    assert found["times"] == []


def test_a_weekday_in_the_past_is_the_last_one() -> None:
    assert values(answer("Your guy fixed the boiler on Monday but it is off again")["dates"]) == ["2026-03-09"]


def test_a_unit_is_a_place_and_no_address() -> None:
    found = answer("Dan, unit 12, at 12 Oak Street")
    assert values(found["addresses"]) == ["12 Oak Street"]
    assert "unit 12" in values(found["locations"])


def test_money_and_order_numbers_are_read_where_they_stand() -> None:
    text = "\U0001f44b Order #20931 cost $1,240.50, refund 60 euros please"
    found = answer(text)
    assert values(found["money"]) == ["USD 1240.50", "EUR 60.00"]
    assert values(found["numbers"]) == ["20931"]
    for one in (*found["money"], *found["numbers"]):
        assert text[one["start"] : one["end"]] == one["text"]


def test_a_message_of_one_word_is_believed_little() -> None:
    assert answer("ok")["category"]["confidence"] <= 0.5
