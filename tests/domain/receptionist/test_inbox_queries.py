"""Reading the inbox: folders and their numbers agree, pages hold still, and nothing of a stranger's is seen."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import processing, queries, service, triage
from taskjuggler_app.models import AssistantChannel
from taskjuggler_app.models.receptionist import InboxStatus, ProcessingStatus
from tests import factories as make

EXTRACTED = {"summary": "Faucet leaks", "category": {"value": "maintenance"}, "urgency": {"value": "high"}}


def texts(session: Session, principal: Principal, folder: str = "all", text: str = "") -> list[str]:
    """The messages of a folder, newest first."""
    return [row.body for row in queries.inbox_page(session, principal, folder=folder, text=text).rows]


@pytest.fixture
def office(session: Session) -> tuple[Principal, AssistantChannel]:
    """A workspace with a number."""
    owner = make.make_owner(session)
    return owner, make.make_channel(session, owner)


Office = tuple[Principal, AssistantChannel]


def test_every_folder_holds_what_its_number_says(session: Session, office: Office) -> None:
    owner, channel = office
    failed = {"processing_status": ProcessingStatus.FAILED, "dead_at": make.NOON}
    make.make_item(session, channel, body="new")
    make.make_item(session, channel, body="tasked", status=InboxStatus.CREATED_TASK)
    make.make_item(session, channel, body="kept", status=InboxStatus.PROCESSED)
    make.make_item(session, channel, body="away", status=InboxStatus.DISMISSED)
    make.make_item(session, channel, body="broken", **failed)
    make.make_item(session, channel, body="broken, away", status=InboxStatus.DISMISSED, **failed)
    make.make_item(session, channel, body="later", snoozed_until=make.NOON)
    make.make_item(session, channel, body="junk", spam_at=make.NOON, **failed)
    expected = {
        "unprocessed": ["new"],
        "created_task": ["tasked"],
        "processed": ["kept"],
        "dismissed": ["away", "broken, away"],
        "failed": ["broken"],
        "snoozed": ["later"],
        "spam": ["junk"],
    }
    assert {folder: sorted(texts(session, owner, folder)) for folder in expected} == expected
    counts = queries.folder_counts(session, owner)
    assert counts == {"all": 7, **{folder: len(found) for folder, found in expected.items()}}
    assert set(queries.FOLDERS) == set(counts)
    inside = sum(counts[folder] for folder in expected)
    assert inside == counts["all"] + counts["spam"], "every message is in exactly one folder"


def test_pages_neither_repeat_nor_skip_also_at_equal_times(session: Session, office: Office) -> None:
    owner, channel = office
    for number in range(120):
        make.make_item(session, channel, received_at=make.NOON + timedelta(microseconds=number // 40))
    seen: list[str] = []
    times: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = queries.inbox_page(session, owner, cursor=cursor)
        seen += [row.id for row in page.rows]
        times += [row.received_at for row in page.rows]
        cursor, pages = page.next_cursor, pages + 1
    assert len(seen) == len(set(seen)) == 120
    assert times == sorted(times, reverse=True)
    assert pages == 3


def test_a_full_last_page_has_no_next_one(session: Session, office: Office) -> None:
    owner, channel = office
    for _ in range(queries.PAGE_SIZE):
        make.make_item(session, channel)
    page = queries.inbox_page(session, owner)
    assert (len(page.rows), page.next_cursor) == (queries.PAGE_SIZE, "")
    with pytest.raises(Invalid):
        queries.inbox_page(session, owner, cursor="not ours")


def test_search_takes_the_text_as_it_is(session: Session, office: Office) -> None:
    owner, channel = office
    make.make_item(session, channel, body="100% of it", from_name="Rosa Diaz", subject="The_deposit")
    make.make_item(session, channel, body="1000 screws", from_identifier="+442079460958")
    for wanted in ("100%", "rosa", "the_dep"):
        assert texts(session, owner, text=wanted) == ["100% of it"]
    assert texts(session, owner, text=" 4420794 ") == ["1000 screws"]
    assert texts(session, owner, text="crews") == [], "words are found by their beginning"
    assert texts(session, owner, "failed", "screws") == []
    assert len(texts(session, owner, text="   ")) == 2


def test_search_has_filters(session: Session, office: Office) -> None:
    owner, channel = office
    make.make_item(session, channel, body="faucet", from_name="Rosa Diaz", attachments=["https://example.com/1"])
    make.make_item(session, channel, body="call rosa", subject="Faucet", received_at=make.NOON - timedelta(days=3))
    read = make.make_item(session, channel, body="mail to priya@example.com about unit 4B", assigned_to=owner.user_id)
    triage.mark_read(session, owner, [read.id])
    assert texts(session, owner, text="rosa") == ["faucet", "call rosa"]
    assert texts(session, owner, text="from:rosa") == ["faucet"]
    assert texts(session, owner, text='from:"rosa diaz"') == ["faucet"]
    assert texts(session, owner, text="subject:fauc") == ["call rosa"]
    assert texts(session, owner, text="has:attachment") == ["faucet"]
    assert texts(session, owner, text="faucet before:2026-03-01") == ["call rosa"]
    assert texts(session, owner, text="faucet after:2026-03-01") == ["faucet"]
    assert texts(session, owner, text="priya@example.com 4b") == [read.body]
    assert texts(session, owner, text="is:mine") == [read.body]
    assert read.body not in texts(session, owner, text="is:unread")


@given(text=strategies.text(max_size=60))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_search_is_refused(session: Session, office: Office, text: str) -> None:
    queries.inbox_page(session, office[0], text=text)
    queries.inbox_page(session, office[0], text=f'from:{text} before:{text} "{text}')


def test_a_stranger_reads_nothing_and_counts_nothing(session: Session, office: Office) -> None:
    owner, channel = office
    item = make.make_item(session, channel, extracted_data=EXTRACTED)
    processing_failed = make.make_item(session, channel, processing_status=ProcessingStatus.FAILED)
    stranger = make.make_owner(session)
    for verb in (queries.item, queries.get_for_update, service.retry, service.dismiss, service.restore):
        for one in (item, processing_failed):
            with pytest.raises(NotFound):
                verb(session, stranger, one.id)
    assert set(queries.folder_counts(session, stranger).values()) == {0}
    assert queries.failed_for_update(session, stranger) == []
    assert texts(session, stranger) == texts(session, stranger, text="faucet") == []
    assert queries.by_category(session, stranger, make.NOON - timedelta(days=1)) == []
    with clock.at(make.NOON):
        assert queries.received_by_day(session, stranger, "UTC", 1) == [("2026-03-02", 0)]
        assert queries.received_by_day(session, owner, "UTC", 1) == [("2026-03-02", 2)]
    assert queries.item(session, owner, item.id).row.category == "maintenance"


def test_messages_are_counted_by_category_most_first(session: Session, office: Office) -> None:
    owner, channel = office
    for category in ("billing", "maintenance", "maintenance"):
        make.make_item(session, channel, extracted_data={"category": {"value": category}})
    make.make_item(session, channel)  # not read yet
    make.make_item(session, channel, extracted_data=EXTRACTED, received_at=make.NOON - timedelta(days=9))
    since = make.NOON - timedelta(days=1)
    assert queries.by_category(session, owner, since) == [("maintenance", 2), ("billing", 1)]


def test_a_day_is_a_day_of_the_readers_zone(session: Session, office: Office) -> None:
    owner, channel = office
    make.make_item(session, channel, received_at=make.NOON.replace(hour=23))
    with clock.at(make.NOON.replace(hour=23, minute=30)):
        assert queries.received_by_day(session, owner, "Asia/Tokyo", 2) == [("2026-03-02", 0), ("2026-03-03", 1)]


def test_channels_say_how_much_comes_in_and_when_last(session: Session, office: Office) -> None:
    owner, channel = office
    make.make_channel(session, owner, name="Unused", phone_number="+12075550101", is_active=False)
    for hours in (0, 2, 1):
        make.make_item(session, channel, received_at=make.NOON + timedelta(hours=hours))
    used, unused = queries.channels(session, owner)
    assert (used.name, used.messages, used.last_message_at[:16]) == ("Main line", 3, "2026-03-02T14:00")
    assert (unused.name, unused.is_active, unused.messages, unused.last_message_at) == ("Unused", False, 0, "")


def test_a_row_says_in_few_words_what_a_message_is(session: Session, office: Office) -> None:
    owner, channel = office
    long = make.make_item(session, channel, body="one two three four five six seven eight nine ten eleven")
    empty = make.make_item(session, channel, body="  ")
    read = make.make_item(session, channel, extracted_data=EXTRACTED, from_name="Rosa")
    summaries = {one.id: queries.item(session, owner, one.id).row for one in (long, empty, read)}
    assert summaries[long.id].summary == "one two three four five six seven eight nine ten"
    assert summaries[empty.id].summary == "(empty message)"
    row = summaries[read.id]
    assert (row.summary, row.sender, row.urgency) == ("Faucet leaks", "Rosa", "high")


def test_a_message_shows_the_events_of_its_task_too(database_url: str) -> None:
    from taskjuggler_app.adapters.extraction import DeterministicExtractor
    from taskjuggler_app.core.db import transaction

    with transaction() as session:
        owner = make.make_owner(session)
        item_id = make.make_item(session, make.make_channel(session, owner)).id
    processing.process(item_id, DeterministicExtractor())
    with transaction() as session:
        detail = queries.item(session, owner, item_id)
    assert [event.kind for event in detail.events] == [
        "message.received",
        "message.extracted",
        "message.routed",
        "task.created",
        "task.assigned",
    ]
    assert (detail.row.status, detail.attempts, detail.is_dead, detail.error) == ("created_task", 1, False, "")
    assert detail.task_title
