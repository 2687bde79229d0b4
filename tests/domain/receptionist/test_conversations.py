"""What stands around a message, several messages at once, snoozes in words; channels' wiring, flights, the outbox."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import outbox
from taskjuggler_app.domain.contacts import optouts
from taskjuggler_app.domain.receptionist import (
    conversations,
    flights,
    queries,
    replies,
    service,
    snoozing,
    threads,
    triage,
    wiring,
)
from taskjuggler_app.models import AssistantChannel, ChannelType, InboxItem, OutboxMessage, Task
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.models.outbox import OutboxKind
from taskjuggler_app.models.receptionist import InboxStatus, SourceType
from tests import factories as make

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # a Wednesday
Office = tuple[Principal, AssistantChannel]


@pytest.fixture
def office(session: Session) -> Office:
    """A workspace with a number."""
    owner = make.make_owner(session)
    return owner, make.make_channel(session, owner)


def test_a_case_shows_its_other_messages_its_answers_and_its_files_kept_or_not(
    session: Session, office: Office
) -> None:
    owner, line = office
    listed = [
        {"name": "tap.jpg", "type": "image/jpeg", "size": 2100, "file_id": "f1"},
        {"name": "huge.mov", "reason": "It is larger than 25 MB."},
        {"name": "Voice message", "type": "audio/x-wav", "size": 10, "file_id": "f2", "kind": "recording"},
    ]
    first = make.make_item(session, line)
    first.thread_id, first.thread_code = first.id, "K7Q2M4XP"
    second = make.make_item(session, line, body="And the tap", attachments=listed, thread_id=first.id)
    sent = replies.send(session, owner, second.id, "On our way")
    found = conversations.around(session, owner, second.id)
    assert [(one.name, one.reason, one.is_image, one.is_audio) for one in found.files] == [
        ("tap.jpg", "", True, False),
        ("huge.mov", "It is larger than 25 MB.", False, False),
        ("Voice message", "", False, True),
    ]
    assert [(one.kind, one.text, one.waits) for one in found.letters if one.kind == "reply"] == [
        ("reply", sent.body, True)
    ]
    assert [one.href for one in found.letters if one.kind == "message"] == [f"/inbox/{first.id}"]
    assert (found.code, found.is_in_case, found.answer_by) == ("K7Q2M4XP", True, "sms")
    with pytest.raises(NotFound):
        conversations.around(session, make.make_owner(session), second.id)


def test_who_cannot_be_answered_is_said_with_the_reason(session: Session, office: Office) -> None:
    owner, line = office
    optouts.opt_out(session, owner, ContactChannel.SMS, "+12075550133", "stop")
    stopped = make.make_item(session, line, from_identifier="+12075550133")
    hidden = make.make_item(session, line, from_identifier="withheld number")
    assert "STOP" in conversations.around(session, owner, stopped.id).no_answer
    assert "no number" in conversations.around(session, owner, hidden.id).no_answer


def test_several_are_snoozed_and_assigned_at_once_and_all_of_it_is_taken_back(session: Session, office: Office) -> None:
    owner, line = office
    colleague = make.make_colleague(session, owner)
    ids = [make.make_item(session, line, status=InboxStatus.PROCESSED).id for _ in range(3)]
    gone = make.make_item(session, make.make_channel(session, make.make_owner(session), phone_number="+12075550101")).id
    until = clock.utcnow() + timedelta(hours=3)
    snoozed = triage.snooze_many(session, owner, [*ids, gone], until)
    assert (snoozed.done, list(snoozed.skipped)) == (sorted(ids), [gone])
    assert triage.many(session, owner, "unsnooze", ids).done == sorted(ids)
    before = triage.assign_many(session, owner, [*ids, gone], colleague.user_id)
    assert before == dict.fromkeys(ids)
    assert {session.get_one(InboxItem, one).assigned_to for one in ids} == {colleague.user_id}
    triage.assign_back(session, owner, before)
    assert {session.get_one(InboxItem, one).assigned_to for one in ids} == {None}
    with pytest.raises(Invalid):
        triage.snooze_many(session, owner, ids, clock.utcnow() - timedelta(days=1))


def test_what_is_read_already_or_not_there_is_not_said_to_be_done(session: Session, office: Office) -> None:
    owner, line = office
    new, seen = (make.make_item(session, line, status=InboxStatus.PROCESSED).id for _ in range(2))
    other = make.make_owner(session)
    foreign = make.make_item(session, make.make_channel(session, other, phone_number="+12075550101")).id
    triage.mark_read(session, owner, [seen])
    triage.mark_read(session, other, [foreign])
    gone = uuid4()
    read = triage.many(session, owner, "read", [new, seen, foreign, gone])
    assert (read.done, set(read.skipped)) == ([new], {seen, foreign, gone})
    assert read.skipped[seen] == "This message is read already."
    assert read.skipped[foreign] == read.skipped[gone] == "That message does not exist, or it is not yours to see."
    unread = triage.many(session, owner, "unread", [new, foreign])
    assert (unread.done, list(unread.skipped)) == ([new], [foreign])
    again = triage.many(session, owner, "unread", [new])
    assert (again.done, again.skipped) == ([], {new: "This message is unread already."})


def test_a_block_and_its_undo_leave_everything_as_it_was(session: Session, office: Office) -> None:
    owner, line = office
    item = make.make_item(session, line, status=InboxStatus.PROCESSED, routing_trace={"note": "x", "rules": []})
    address = triage.block_sender(session, owner, item.id)
    assert (triage.blocked(session, owner), item.spam_at is not None) == ([address], True)
    triage.unblock_with(session, owner, item.id, address)
    assert (triage.blocked(session, owner), item.spam_at) == ([], None)


def test_a_task_is_made_of_a_kept_message_once(session: Session, office: Office) -> None:
    owner, line = office
    item = make.make_item(session, line, status=InboxStatus.PROCESSED)
    service.make_task(session, owner, item.id)
    assert session.get_one(Task, item.routed_to_task_id).inbox_item_id == item.id
    with pytest.raises(Conflict):
        service.make_task(session, owner, item.id)


def test_the_list_is_searched_by_kind(session: Session, office: Office) -> None:
    owner, line = office
    make.make_item(session, line)
    mail = make.make_item(session, line, source_type=SourceType.EMAIL, source_id="m@example.com")
    found = queries.inbox_page(session, owner, text="via:email")
    assert [row.id for row in found.rows] == [str(mail.id)]
    assert len(queries.inbox_page(session, owner, text="via:nothing").rows) == 0


@pytest.mark.parametrize(
    ("choice", "moment"),
    [
        ("later", "2026-03-04T18:30:00+00:00"),
        ("tomorrow", "2026-03-05T14:00:00+00:00"),
        ("monday", "2026-03-09T13:00:00+00:00"),
        ("week", "2026-03-11T13:00:00+00:00"),
        ("2026-03-06T08:15", "2026-03-06T13:15:00+00:00"),
    ],
)
def test_a_snooze_is_meant_on_the_persons_own_clock(choice: str, moment: str) -> None:
    assert snoozing.until(choice, NOW, "America/New_York").astimezone(UTC).isoformat() == moment


@pytest.mark.parametrize("choice", ["", "someday", "2026-13-01T00:00", "'; DROP TABLE"])
def test_a_snooze_that_is_no_time_is_refused(choice: str) -> None:
    with pytest.raises(Invalid):
        snoozing.until(choice, NOW, "UTC")


def test_a_channels_page_is_for_admins_and_says_what_to_paste(session: Session, office: Office) -> None:
    owner, line = office
    assert wiring.page(session, owner, line.id).phone_number == line.phone_number
    with pytest.raises(Forbidden):
        wiring.page(session, make.make_colleague(session, owner), line.id)
    with pytest.raises(NotFound):
        wiring.page(session, make.make_owner(session), line.id)
    base = settings().public_url
    assert [one.address for one in wiring.hooks("phone")] == [
        f"{base}/webhooks/twilio/voice",
        f"{base}/webhooks/twilio/voice/status",
        f"{base}/webhooks/twilio/sms",
    ]
    assert [one.is_secret for one in wiring.hooks("email", inbound_token="t")] == [False, True, False]


def test_how_a_test_went_stays_with_the_channel(session: Session, office: Office) -> None:
    owner, line = office
    wiring.tested(session, line.id, "Nothing answers there.", ok=False)
    session.commit()
    wiring.tested(session, line.id, "It works.", ok=True)
    session.commit()
    page = wiring.page(session, owner, line.id)
    assert (page.test_ok, page.test_said) == (True, "It works.")
    line.is_active = False
    with pytest.raises(Conflict):
        wiring.test(session, owner, line.id)
    web = make.make_channel(session, owner, channel_type=ChannelType.WEB, phone_number=None, slug="office")
    with pytest.raises(Conflict):
        wiring.test(session, owner, web.id)


def test_the_simulator_flies_once_at_a_time_for_admins_where_nobody_else_comes(
    session: Session, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, _ = office
    with pytest.raises(Forbidden):
        flights.start(session, make.make_colleague(session, owner), 100)
    with pytest.raises(Invalid):
        flights.start(session, owner, 5)
    flights.start(session, owner, 100)
    assert flights.last(session, owner).state == "flying"
    with pytest.raises(Conflict):
        flights.start(session, owner, 100)
    monkeypatch.setattr(flights, "is_possible", lambda: False)
    with pytest.raises(Conflict):
        flights.start(session, make.make_owner(session), 100)


def test_only_an_operator_sees_the_outbox_and_finds_a_link_in_it(
    session: Session, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, _ = office
    session.add(
        OutboxMessage(
            kind=OutboxKind.EMAIL, to_address="a@example.com", subject="Reset", body="Open https://x.example/reset?t=1."
        )
    )
    session.flush()
    with pytest.raises(NotFound):
        outbox.page(session, owner)
    monkeypatch.setattr(settings(), "operator_emails", [owner.email.lower()])
    (row,) = outbox.page(session, owner, kind="email", text="reset").rows
    assert (row.address, row.links) == ("a@example.com", ["https://x.example/reset?t=1"])
    assert outbox.page(session, owner, text="100%").rows == []


def test_a_split_message_and_a_joined_one_say_so_in_the_log(session: Session, office: Office) -> None:
    owner, line = office
    first = make.make_item(session, line)
    first.thread_id = first.id
    second = make.make_item(session, line, suggested_thread_id=first.id)
    second.thread_id = second.id
    session.flush()
    threads.join(session, owner, second.id)
    threads.split(session, owner, second.id)
    session.commit()
    kinds = [event.kind for event in conversations.around(session, owner, second.id).events]
    assert kinds == ["message.joined", "message.split"]
    assert session.exec(select(InboxItem.suggested_thread_id).where(InboxItem.id == second.id)).one() == first.id
