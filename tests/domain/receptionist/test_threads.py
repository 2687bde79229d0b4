"""Answers find their case: by Message-ID, by code, by the pair of numbers; a doubtful one is only suggested."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import delivering, replies, threads
from taskjuggler_app.models import AssistantChannel, ChannelType, InboxItem, OutgoingMessage, Task
from taskjuggler_app.models.receptionist import InboxStatus, SourceType
from taskjuggler_app.models.tasks import TaskStatus
from tests import factories as make

DESK = "desk@inbox.example.com"


@pytest.fixture
def owner(session: Session) -> Principal:
    """The owner of a workspace."""
    return make.make_owner(session)


@pytest.fixture
def desk(session: Session, owner: Principal) -> AssistantChannel:
    """A mail channel."""
    return make.make_channel(
        session, owner, channel_type=ChannelType.EMAIL, phone_number=None, email_address=DESK, name="Desk"
    )


def mail(session: Session, desk: AssistantChannel, message_id: str, **over: Any) -> InboxItem:
    """A mail, not yet in a thread."""
    usual = {"source_type": SourceType.EMAIL, "source_id": message_id, "from_identifier": "rosa@example.com"}
    return make.make_item(session, desk, **{**usual, "subject": "Gate", "received_at": clock.utcnow(), **over})


def case(session: Session, owner: Principal, item: InboxItem) -> Task:
    """Put the message at the head of a case with an open task."""
    threads.place(session, item, threads.find(session, item))
    task = make.make_task(session, owner, inbox_item_id=item.id)
    item.routed_to_task_id, item.status = task.id, InboxStatus.CREATED_TASK
    session.add(item)
    session.flush()
    return task


def send(session: Session, owner: Principal, item: InboxItem) -> OutgoingMessage:
    """Answer by hand, and hand it over."""
    message = replies.send(session, owner, item.id, "On our way")
    handed = delivering.begin(session, message.id)
    assert handed is not None
    delivering.sent(session, message.id, "v1")
    return message


def test_a_mail_that_answers_ours_joins_its_case_without_citing_its_own(
    session: Session, owner: Principal, desk: AssistantChannel
) -> None:
    first = mail(session, desk, "m1@example.com")
    case(session, owner, first)
    sent = send(session, owner, first)
    letter = delivering._mail(session, sent)
    assert letter.headers["In-Reply-To"] == "<m1@example.com>"
    ours = letter.headers["Message-ID"].strip("<>")
    answer = mail(session, desk, "m2@example.com", source_data={"references": [ours]})
    assert threads.find(session, answer).thread_id == first.id


def test_the_subject_of_our_mail_carries_the_code_of_the_case_and_the_code_alone_is_enough(
    session: Session, owner: Principal, desk: AssistantChannel
) -> None:
    first = mail(session, desk, "m1@example.com")
    case(session, owner, first)
    sent = send(session, owner, first)
    assert sent.subject == f"Re: Gate [#{first.thread_code}]"
    elsewhere = mail(session, desk, "m9@example.com", from_identifier="spouse@example.com", subject=sent.subject)
    assert threads.find(session, elsewhere).thread_id == first.id


def test_a_text_after_our_own_words_joins_and_one_after_an_automatic_reply_is_only_suggested(
    session: Session, owner: Principal
) -> None:
    line = make.make_channel(session, owner)
    first = make.make_item(session, line, received_at=clock.utcnow())
    case(session, owner, first)
    second = make.make_item(session, line, body="And the tap", received_at=clock.utcnow())
    found = threads.find(session, second)
    assert (found.thread_id, found.suggested) == (None, first.id)
    send(session, owner, first)
    assert threads.find(session, second).thread_id == first.id
    late = make.make_item(session, line, body="Hello?", received_at=clock.utcnow() + timedelta(days=4))
    assert threads.find(session, late).thread_id is None


def test_one_click_joins_with_all_that_follows_and_one_click_splits_it_all_again(
    session: Session, owner: Principal, desk: AssistantChannel
) -> None:
    first, second = mail(session, desk, "m1@example.com"), mail(session, desk, "m2@example.com", subject="Also")
    task = case(session, owner, first)
    own = case(session, owner, second)
    third = mail(session, desk, "m3@example.com", source_data={"references": ["m2@example.com"]})
    threads.place(session, third, threads.find(session, third))
    member = make.make_colleague(session, owner)
    assert second.suggested_thread_id == first.id

    threads.join(session, member, second.id)
    session.refresh(third)
    assert {second.thread_id, third.thread_id} == {first.id}
    assert second.routed_to_task_id == task.id
    assert session.get_one(Task, own.id).deleted_at is not None
    reply = mail(session, desk, "m4@example.com", source_data={"references": ["m3@example.com"]})
    assert threads.find(session, reply).thread_id == first.id

    threads.split(session, member, second.id)
    session.refresh(third)
    assert {second.thread_id, third.thread_id} == {second.id}
    assert second.routed_to_task_id == own.id
    assert session.get_one(Task, own.id).deleted_at is None
    assert threads.find(session, reply).thread_id == second.id


def test_a_message_whose_own_task_is_worked_on_stays_a_case_of_its_own(
    session: Session, owner: Principal, desk: AssistantChannel
) -> None:
    first, second = mail(session, desk, "m1@example.com"), mail(session, desk, "m2@example.com")
    case(session, owner, first)
    case(session, owner, second).status = TaskStatus.IN_PROGRESS
    session.flush()
    with pytest.raises(Conflict):
        threads.join(session, owner, second.id)
    with pytest.raises(Conflict):
        threads.split(session, owner, first.id)


def test_another_workspaces_code_and_references_say_nothing_here(
    session: Session, owner: Principal, desk: AssistantChannel
) -> None:
    stranger = make.make_owner(session)
    theirs = make.make_channel(
        session, stranger, channel_type=ChannelType.EMAIL, phone_number=None, email_address="x@inbox.example.com"
    )
    first = mail(session, theirs, "m1@example.com")
    case(session, stranger, first)
    mine = mail(
        session,
        desk,
        "m2@example.com",
        subject=f"[#{first.thread_code}]",
        source_data={"references": ["m1@example.com"]},
    )
    found = threads.find(session, mine)
    assert (found.thread_id, found.suggested) == (None, None)
    assert session.exec(select(InboxItem).where(InboxItem.thread_id == first.id)).all() == [first]
