"""Numbers, addresses, places, names, urgency, the stored form and the facts the rules read."""

import json
from datetime import UTC, datetime

import pytest

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.receptionist.extraction import Extraction, extract, extract_lines, facts, from_json, to_json
from taskjuggler_app.domain.receptionist.extraction.values import Category
from taskjuggler_app.domain.routing.fields import EXTRACTED_FIELDS

AT = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


def read(text: str, region: str = "US", subject: str | None = None) -> Extraction:
    return extract(text, received_at=AT, zone="America/New_York", region=region, subject=subject)


@pytest.mark.parametrize(
    ("text", "region", "numbers"),
    [
        ("call 212-555-0147 or (646) 555-0121 x5", "US", ["+12125550147", "+16465550121"]),
        ("2125550147", "US", ["+12125550147"]),
        ("+44 20 7946 0958", "US", ["+442079460958"]),
        ("020 7946 0958", "GB", ["+442079460958"]),
        ("917 555 0188 / 646 555 0121", "US", ["+19175550188", "+16465550121"]),
        ("order no. 2125550147", "US", []),
        ("invoice 212-555-0147", "US", []),
        ("192.168.10.10 and 4111 1111 1111 1111", "US", []),
        ("2026-03-11 10:00", "US", []),
        ("$2125550147", "US", []),
        ("020 7946 0958", "nowhere", []),
    ],
)
def test_only_numbers_that_a_phone_can_have_are_phones(text: str, region: str, numbers: list[str]) -> None:
    assert [p.value for p in read(text, region).phones] == numbers


def test_punctuation_around_a_link_or_address_is_not_part_of_it() -> None:
    found = read("(see http://a.example/b_(c)), mail jo@b.example. or www.d.example!")
    assert [u.value for u in found.urls] == ["http://a.example/b_(c)", "www.d.example"]
    assert [e.value for e in found.emails] == ["jo@b.example"]


def test_places_are_streets_and_units_but_not_distances() -> None:
    assert [x.value for x in read("1600 Pennsylvania Avenue NW, Washington, DC 20500").locations] == [
        "1600 Pennsylvania Avenue NW, Washington, DC 20500"
    ]
    assert [x.value for x in read("unit 4B at 22 jump street").locations] == ["unit 4B", "22 jump street"]
    assert read("2 hours drive, 10 days st, 3 months way").locations == ()


@pytest.mark.parametrize("text", ["This is urgent", "I'm locked out", "It's broken. Thanks, Call me", "Who is this?"])
def test_nobody_is_called_urgent(text: str) -> None:
    assert read(text).contact.name is None


def test_what_is_said_not_to_be_urgent_is_not() -> None:
    assert read("not urgent, whenever you have time").urgency.level == "low"
    assert read("this isn't an emergency").urgency.level != "urgent"
    assert read("emergency!").urgency.level == "urgent"


def test_a_negation_turns_a_feeling_round() -> None:
    assert read("I am happy").sentiment.score > 0 > read("I am not happy").sentiment.score


def test_a_message_that_says_nothing_is_general_with_little_confidence_and_no_values() -> None:
    found = read("ok")
    assert found.category.value == "general"
    assert found.category.confidence <= 0.5
    assert not (found.dates or found.times or found.phones or found.emails or found.urls or found.locations)
    assert found.contact.name is found.contact.phone is found.contact.email is None


def test_the_subject_is_read_too_and_its_spans_say_so() -> None:
    found = read("See above.", subject="Re: Invoice due March 20")
    assert found.summary == "Invoice due March 20"
    assert found.category.value == "billing"
    assert [(d.value, d.span.part) for d in found.dates] == [("2026-03-20", "subject")]


def test_the_facts_are_exactly_the_fields_that_rules_may_speak_about() -> None:
    known = facts(read("leak"), body="leak", sender="+12125550147", received_at=AT, zone="America/New_York")
    assert set(known) == set(EXTRACTED_FIELDS)
    assert (known["received_hour"], known["received_weekday"]) == (10, "tuesday")
    assert known["contact_phone"] is None
    assert json.loads(json.dumps(known)) == known


def test_each_line_gets_an_answer_and_a_bad_one_says_why() -> None:
    lines = [
        json.dumps({"id": 1, "text": "tomorrow"}),
        "",
        "{not json",
        json.dumps({"id": 3}),
        json.dumps({"id": 4, "text": "tomorrow", "at": "2026-01-01T09:00"}),
        json.dumps({"id": 5, "text": "x", "at": "whenever"}),
        "[]",
    ]
    answers = list(extract_lines(lines, "America/New_York", "US", AT))
    assert [a["id"] for a in answers] == [1, None, 3, 4, 5, None]
    assert ["error" in a for a in answers] == [False, True, True, False, True, True]
    assert [answers[i]["dates"][0]["value"] for i in (0, 3)] == ["2026-03-11", "2026-01-02"]


def test_an_unknown_zone_or_region_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Invalid, match="time zone"):
        extract_lines([], "Mars/Olympus", "US", AT)
    with pytest.raises(Invalid, match="region"):
        extract_lines([], "UTC", "XX", AT)


def test_the_stored_form_is_read_back() -> None:
    found = read("Leak at 12 Oak Street, tomorrow 3pm until 5pm, call 212-555-0147. Thanks, Ann Lee")
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_the_words_that_speak_for_a_category_are_words_that_tell_something() -> None:
    text = "Hi, it's Ana. The elevator at 200 West is stuck on 3 and I'm in it with you, what do we do?"
    found = read(text)
    said = [one.text for one in found.category.evidence]
    assert found.category.value is Category.MAINTENANCE
    assert "elevator" in said
    assert not {"the", "at", "is", "it's", "i'm", "3", "with you"} & {one.lower() for one in said}
    assert all(text[one.start : one.end] == one.text for one in found.category.evidence)
