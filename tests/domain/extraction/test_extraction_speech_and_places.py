"""Zones beside times, numbers and addresses said in words, days in lists, addresses abroad; and what only looks so."""

from datetime import UTC, datetime

import pytest

from taskjuggler_app.domain.receptionist import quick_add
from taskjuggler_app.domain.receptionist.extraction import Extraction, Found, extract, facts, from_json, to_json

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 in New York, two days into summer time


def read(text: str, region: str = "US") -> Extraction:
    return extract(text, received_at=TUESDAY, zone="America/New_York", region=region)


def written(found: tuple[Found, ...]) -> list[str]:
    return [one.value + (f"/{one.until}" if one.until else "") for one in found]


@pytest.mark.parametrize(
    ("text", "said", "zone", "here"),
    [
        ("at 4 pm PST", "16:00", "America/Los_Angeles", "2026-03-10T19:00"),
        ("tomorrow at 11 pm PST", "23:00", "America/Los_Angeles", "2026-03-12T02:00"),
        ("15:00 CET tomorrow", "15:00", "Europe/Berlin", "2026-03-11T10:00"),
        ("15:00 (CEST) on April 2", "15:00", "Europe/Berlin", "2026-04-02T09:00"),
        ("3pm Eastern, please", "15:00", "America/New_York", "2026-03-10T15:00"),
        ("at 3 PDT", "15:00", "America/Los_Angeles", "2026-03-10T18:00"),
        ("call at 10 am London time on Friday", "10:00", "Europe/London", "2026-03-13T06:00"),
        ("2026-03-12 15:00 UTC+2", "15:00", "UTC+02:00", "2026-03-12T09:00"),
        ("noon UTC", "12:00", "UTC", "2026-03-10T08:00"),
        ("9:30am AEDT", "09:30", "Australia/Sydney", "2026-03-09T18:30"),
        ("4pm PST Friday", "16:00", "America/Los_Angeles", "2026-03-13T19:00"),
        ("2:30 p.m. Pacific time", "14:30", "America/Los_Angeles", "2026-03-10T17:30"),
    ],
)
def test_a_time_in_a_named_zone_is_known_on_our_clock_too(text: str, said: str, zone: str, here: str) -> None:
    (found,) = read(text).times
    assert (found.value, found.zone, found.here) == (said, zone, here)
    assert from_json(to_json(read(text))) == read(text)


def test_times_listed_together_share_their_zone_and_one_may_speak_for_all() -> None:
    assert [one.here for one in read("9am or 11am PST on Friday").times] == ["2026-03-13T12:00", "2026-03-13T14:00"]
    everything = read("All times are in UTC. Tomorrow 14:00 or 16:30.")
    assert [one.here for one in everything.times] == ["2026-03-11T10:00", "2026-03-11T12:30"]
    apart = read("9am here. Their office opens at 9am PST.").times
    assert [one.zone for one in apart] == [None, "America/Los_Angeles"]


@pytest.mark.parametrize(
    "text",
    [
        "my 3pm PT appointment",
        "3pm Eastern Market",
        "at 3pm any time",
        "8pm ADT alarm",
        "à 15:00 est bien",
        "9 a.m. CT scan",
        "5 pm our time",
        "3pm Mountain bike",
        "3 pm IT support",
    ],
)
def test_what_is_no_zone_leaves_the_time_alone(text: str) -> None:
    (found,) = read(text).times
    assert (found.zone, found.here) == (None, None)


def test_rules_and_quick_tasks_reckon_on_our_clock() -> None:
    found = read("Call me at 4 pm PST")
    known = facts(found, body="", sender="", received_at=TUESDAY, zone="America/New_York")
    assert known["times"] == ["19:00"]
    task = quick_add.read("Call Ann tomorrow at 11 pm PST", now=TUESDAY, zone="America/New_York")
    assert task.due == datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
    assert task.title == "Call Ann"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("my number is two one two, five five five, oh one four seven", "US", "+12125550147"),
        ("call two one two five five five\noh one four seven thanks", "US", "+12125550147"),
        ("my cell is six four six, double five five, zero one two one", "US", "+16465550121"),
        ("nine one seven five fifty-five oh one eighty-eight", "US", "+19175550188"),
        ("one eight hundred five five five oh one nine nine", "US", "+18005550199"),
        ("call 212 five five five 0147", "US", "+12125550147"),
        ("two one two five five five oh one four seven " * 2, "US", "+12125550147"),
        ("plus four four, two oh, seven nine four six, zero nine five eight", "US", "+442079460958"),
        ("oh two oh seven nine four six oh nine five eight", "GB", "+442079460958"),
    ],
)  # fmt: skip
def test_a_number_said_in_words_is_a_phone(text: str, region: str, number: str) -> None:
    assert [one.value for one in read(text, region).phones] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "one two three four five six seven eight nine ten",
        "five five five, oh one two three",
        "order number two one two five five five oh one four seven",
        "seven, eight or nine people, kids five and six",
        "at five fifteen on the twenty first",
        "one to two three-inch pipes, four five-inch ones, six seven-inch",
    ],
)
def test_counting_is_no_phone(text: str) -> None:
    assert read(text).phones == ()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("email me at ada at example dot com", "ada@example.com"),
        ("my email is ada dot lovelace at example dot co dot uk and", "ada.lovelace@example.co.uk"),
        ("it is j o h n at gmail dot com", "john@gmail.com"),
        ("john underscore smith 4 at yahoo dot com", "john_smith4@yahoo.com"),
        ("send it to ada [at] example [dot] com.", "ada@example.com"),
        ("mail to ada\nat example dot com", "ada@example.com"),
    ],
)
def test_an_address_said_in_words_is_a_mail_address(text: str, address: str) -> None:
    found = read(text)
    assert [one.value for one in found.emails] == [address]
    assert found.contact.email is not None


@pytest.mark.parametrize(
    "text",
    [
        "look at example dot com",
        "email us at example dot com",
        "find us at example.com",
        "I was at home dot com",
        "mail me at home. com is short",
        "meet at 5 dot com boom",
    ],
)
def test_a_site_is_no_mail_address(text: str) -> None:
    assert read(text).emails == ()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("the 5th, 6th or 7th works", ["2026-04-05", "2026-04-06", "2026-04-07"]),
        ("the 5th or 6th", ["2026-04-05", "2026-04-06"]),
        ("the 30th and 2nd", ["2026-03-30", "2026-04-02"]),
        ("May 5, 6, and 7", ["2026-05-05", "2026-05-06", "2026-05-07"]),
        ("May 5 or 6 at 3pm", ["2026-05-05", "2026-05-06"]),
        ("June 3rd and 5th", ["2026-06-03", "2026-06-05"]),
        ("5th or 7th of May", ["2026-05-05", "2026-05-07"]),
        ("the 5th or 6th of May", ["2026-05-05", "2026-05-06"]),
        ("12 or 13 June", ["2026-06-12", "2026-06-13"]),
        ("March 20 or 21, 2027", ["2027-03-20", "2027-03-21"]),
        ("between May 5 and 8", ["2026-05-05/2026-05-08"]),
        ("between June 3rd and 5th", ["2026-06-03/2026-06-05"]),
        ("Monday or Tuesday", ["2026-03-16", "2026-03-17"]),
        ("May 5 and 6pm", ["2026-05-05"]),
        ("May 5, 6 people", ["2026-05-05"]),
        ("the 12th, 5 guests", ["2026-03-12"]),
        ("the 5th or 6th floor", []),
        ("the 2nd and 3rd time", []),
    ],
)  # fmt: skip
def test_days_in_a_list_are_days_of_their_own(text: str, days: list[str]) -> None:
    assert written(read(text).dates) == days


ABROAD = (
    "The Old Rectory, Church Lane, Little Snoring, Norfolk NR21 0HZ",
    "Unit 5, Riverside Industrial Estate, Leeds LS1 4AP",
    "5 Mill Hill, Leeds LS1 5DQ",
    "12 Kingsway, London WC2B 6AB",
    "3 Elm Grove, Hove",
    "Kurfürstendamm 101, 10711 Berlin",
    "Karl-Marx-Allee 34, D-10178 Berlin",
    "Lindenstr. 3-5, 50674 Köln",
    "Schlossallee 7, Top 4, 1010 Wien",
    "Straße des 17. Juni 135, 10623 Berlin",
    "Postfach 1234, 10115 Berlin",
    "15 Rue du Faubourg Saint-Honoré, 75008 Paris",
    "12, rue du 8 mai 1945, 59000 Lille",
    "2 ter passage Dauphine, 75006 Paris",
    "15 Place Vendôme, 75001 Paris",
    "14 av. des Champs-Élysées, 75008 Paris",
    "BP 123, 75002 Paris Cedex 02",
)


@pytest.mark.parametrize("address", ABROAD)
def test_an_address_abroad_is_read_whole_also_over_lines(address: str) -> None:
    assert written(read(f"Bonjour, hello: {address}").locations) == [address]
    for place, sign in enumerate(address):
        if sign == " ":
            wrapped = f"{address[:place]}\n{address[place + 1 :]}"
            found = written(read(f"please come to {wrapped}").locations)
            assert len(found) <= 1 or not set(found[0].split()) & set(found[1].split()), wrapped


@pytest.mark.parametrize(
    "text",
    [
        "12 Place Settings",
        "the avenue 5 route 66",
        "Thanks, John Smith, London SW1A 2AA",
        "my part is SW1A 2AA",
        "We need 5 Green Park, please",
        "it takes 2 Cours; 5 place settings for 20 people",
    ],
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert read(text).locations == ()
