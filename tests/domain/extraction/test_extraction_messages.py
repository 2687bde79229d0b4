"""Real-looking messages of small businesses with what a careful reader takes from them.

messages.jsonl and business.jsonl may be trained and tuned on; the two held-out files never, and must stay so: their
category score is the honest one. Received on Tuesday 10 March 2026, 10:00 in New York, unless a message says otherwise.
"""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from taskjuggler_app.domain.receptionist.extraction import extract, to_json

HERE = Path(__file__).parent


def messages(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def read(message: dict[str, Any]) -> dict[str, Any]:
    found = extract(
        message["text"],
        received_at=datetime.fromisoformat(message.get("at", "2026-03-10T14:00:00Z")),
        zone=message.get("zone", "America/New_York"),
        region=message.get("region", "US"),
        subject=message.get("subject"),
    )
    return to_json(found)


def values(found: list[dict[str, Any]]) -> list[str]:
    return [f"{f['value']}/{f['until']}" if "until" in f else f["value"] for f in found]


ALL = messages("messages.jsonl") + messages("messages_held_out.jsonl")


@pytest.mark.parametrize("message", ALL, ids=[m["id"] for m in ALL])
def test_what_a_message_states_is_read_and_nothing_else(message: dict[str, Any]) -> None:
    found = read(message)
    seen: dict[str, Any] = {kind: values(found[kind]) for kind in ("dates", "times", "phones", "emails", "urls")}
    seen["urgency"] = found["urgency"]["value"]
    seen["sentiment"] = found["sentiment"]["label"]
    seen["name"] = found["contact"]["name"] and found["contact"]["name"]["value"]
    seen["location"] = found["locations"][0]["value"] if found["locations"] else None
    assert {key: seen[key] for key in seen if key in message} == {key: message[key] for key in seen if key in message}


@pytest.mark.parametrize(("name", "floor"), [("business_held_out.jsonl", 0.80), ("messages_held_out.jsonl", 0.70)])
def test_categories_are_right_often_enough(name: str, floor: float) -> None:
    asked = [m for m in messages(name) if "category" in m]
    wrong = Counter((m["category"], c) for m in asked if (c := read(m)["category"]["value"]) != m["category"])
    assert 1 - wrong.total() / len(asked) >= floor, wrong


@pytest.mark.parametrize("message", ALL, ids=[m["id"] for m in ALL])
def test_a_summary_has_at_most_ten_words(message: dict[str, Any]) -> None:
    assert 1 <= len(read(message)["summary"].split()) <= 10
