"""Invitations and feeds, read by another program (ical.js) as guests' calendars do; other calendars, read by us."""

import json
import runpy
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.appointments import booking, changing, feeds, ics
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.models import Appointment, AppointmentType
from taskjuggler_app.models.appointments import busy_range
from tests.factories import NOON, make_owner, make_type

HOST = ('Maya; Okafor, "the boss"', "maya@example.com")
SCRIPT = Path(__file__).with_name("read_ical.mjs")
TOOLS = Path(__file__).resolve().parents[3] / "scripts" / "test_tools.py"


def _read(text: str) -> dict[str, Any]:
    """What ical.js makes of it. Modules are looked up beside the script, so it runs from the folder that has them."""
    tools: Path = runpy.run_path(str(TOOLS))["node_tools"]()
    script = tools / SCRIPT.name
    script.write_text(SCRIPT.read_text())
    node = Path(sys.executable).with_name("node")
    done = subprocess.run([str(node), str(script)], input=text, capture_output=True, text=True, check=True, timeout=30)
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def _made(start: datetime, sequence: int = 0) -> tuple[AppointmentType, Appointment]:
    team, host = uuid4(), uuid4()
    kind = AppointmentType(
        team_id=team, user_id=host, name="Façade, survey; été", booking_slug="x", location="12 Oak St\nUnit 4",
        description="a" * 200,
    )  # fmt: skip
    end = start + timedelta(minutes=30)
    made = Appointment(
        appointment_type_id=kind.id, team_id=team, host_id=host, busy=busy_range(start, end), start_time=start,
        end_time=end, sequence=sequence, guest_name="Zoë", guest_email="zoe@example.com",
    )  # fmt: skip
    return kind, made


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("America/New_York", datetime(2026, 3, 8, 5, 30, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 18, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 2, 14, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 12, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 6, 1, 0, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 4, 0, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2026, 2, 16, 9, 0, tzinfo=UTC)),
        ("Pacific/Chatham", datetime(2026, 9, 28, 0, 0, tzinfo=UTC)),
        ("UTC", datetime(2026, 6, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_another_program_reads_the_same_moment_in_every_zone(zone: str, start: datetime) -> None:
    kind, made = _made(start, sequence=3)
    read = _read(ics.invitation(kind, made, zone=zone, host=HOST, method=ics.REQUEST, now=NOON))
    (event,) = read["events"]
    assert read["method"] == "REQUEST"
    assert (event["start"], event["end"]) == tuple(
        f"{moment:%Y-%m-%dT%H:%M:%S}.000Z" for moment in (made.start_time, made.end_time)
    )
    assert (event["sequence"], event["status"], event["summary"]) == (3, "CONFIRMED", kind.name)
    assert (event["organizer"], event["attendees"]) == ("mailto:maya@example.com", ["mailto:zoe@example.com"])


def test_the_uid_stays_and_the_sequence_grows_until_it_is_cancelled(session: Session) -> None:
    owner = make_owner(session)
    kind = make_type(session, owner, cancellation_hours=0)
    ten = int(datetime(2026, 3, 3, 10, 0, tzinfo=UTC).timestamp())
    made = booking.book(session, kind.booking_slug, ten, Guest("Zoë", "zoe@example.com"), NOON)
    texts = [ics.invitation(kind, made, zone="UTC", host=HOST, method=ics.REQUEST, now=NOON)]
    changing.reschedule(session, made.id, ten + 3600, NOON)
    texts.append(ics.invitation(kind, made, zone="UTC", host=HOST, method=ics.REQUEST, now=NOON))
    changing.cancel(session, made.id, NOON)
    texts.append(ics.invitation(kind, made, zone="UTC", host=HOST, method=ics.CANCEL, now=NOON))
    read = [_read(text) for text in texts]
    assert len({one["events"][0]["uid"] for one in read}) == 1
    assert [one["events"][0]["sequence"] for one in read] == [0, 1, 2]
    assert [(one["method"], one["events"][0]["status"]) for one in read][-1] == ("CANCEL", "CANCELLED")


def test_lines_are_short_and_end_as_the_format_wants() -> None:
    kind, made = _made(NOON)
    text = ics.invitation(kind, made, zone="Europe/Berlin", host=HOST, method=ics.REQUEST, now=NOON)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("\n") == text.count("\r\n")


def _calendar(*events: str, head: str = "") -> str:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{place}\r\n{one}\r\nEND:VEVENT\r\n" for place, one in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{body}END:VCALENDAR\r\n"


def _busy(text: str) -> list[tuple[str, str]]:
    return [
        tuple(datetime.fromtimestamp(one, UTC).strftime("%m-%d %H:%M") for one in pair)  # type: ignore[misc]  # two of them, always
        for pair in feeds.busy_ranges(text, NOON)
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20260303T100000Z\r\nDTEND:20260303T110000Z", [("03-03 10:00", "03-03 11:00")]),
        ("DTSTART:20260303T100000Z\r\nDURATION:PT90M", [("03-03 10:00", "03-03 11:30")]),
        ("DTSTART;VALUE=DATE:20260303", [("03-03 00:00", "03-04 00:00")]),
        ("DTSTART;TZID=America/New_York:20260310T090000\r\nDURATION:PT1H", [("03-10 13:00", "03-10 14:00")]),
        ("DTSTART:20260303T100000Z\r\nDURATION:PT1H\r\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20260303T100000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED", []),
        ("DTSTART:20260303T100000Z", []),
        (
            "DTSTART:20260303T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE:20260310T100000Z",
            [("03-03 10:00", "03-03 11:00"), ("03-17 10:00", "03-17 11:00")],
        ),
        (
            "DTSTART;TZID=America/New_York:20260301T090000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;UNTIL=20260315T130000Z",
            [("03-01 14:00", "03-01 15:00"), ("03-08 13:00", "03-08 14:00"), ("03-15 13:00", "03-15 14:00")],
        ),
    ],
)
def test_what_another_calendar_keeps_busy(event: str, expected: list[tuple[str, str]]) -> None:
    assert _busy(_calendar(event)) == expected


def test_an_occurrence_that_was_moved_takes_its_new_time_alone() -> None:
    rule = "DTSTART:20260303T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "RECURRENCE-ID:20260304T100000Z\r\nDTSTART:20260304T150000Z\r\nDURATION:PT1H"
    text = _calendar(rule, moved).replace("UID:1", "UID:0")
    assert _busy(text) == [("03-03 10:00", "03-03 11:00"), ("03-04 15:00", "03-04 16:00")]


def test_floating_times_are_of_the_calendars_own_zone() -> None:
    text = _calendar("DTSTART:20260303T090000\r\nDURATION:PT1H", head="X-WR-TIMEZONE:Europe/Berlin\r\n")
    assert _busy(text) == [("03-03 08:00", "03-03 09:00")]


@pytest.mark.parametrize("text", ["", "hello", "BEGIN:VCALENDAR", "<html></html>", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        feeds.busy_ranges(text, NOON)


def test_one_broken_event_does_not_hide_the_others() -> None:
    text = _calendar("DTSTART:nonsense", "DTSTART:20260303T100000Z\r\nDURATION:PT1H")
    assert _busy(text) == [("03-03 10:00", "03-03 11:00")]


def test_an_endless_rule_is_followed_a_year_and_no_further() -> None:
    text = _calendar("DTSTART:19700101T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY")
    found = feeds.busy_ranges(text, NOON)
    assert 365 <= len(found) <= 2_000
    assert datetime.fromtimestamp(found[-1][0], ZoneInfo("UTC")) < NOON + feeds.AHEAD
