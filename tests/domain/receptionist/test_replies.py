"""Answers: sent once, withheld with a reason, taken back in time; and their fate as the vendor tells it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from jobs.handlers.outgoing import send_reply
from jobs.worker import drain_now
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.receptionist import answers, delivering, replies
from taskjuggler_app.models import AssistantChannel, ChannelType, InboxItem, OutboxMessage, OutgoingMessage
from taskjuggler_app.models.outgoing import OutgoingStatus
from tests import factories as make

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def office(session: Session) -> tuple[Principal, AssistantChannel]:
    """A workspace whose number answers, Monday to Friday from nine to five."""
    owner = make.make_owner(session)
    channel = make.make_channel(session, owner)
    turn_on(session, owner, channel)
    return owner, channel


Office = tuple[Principal, AssistantChannel]


def turn_on(session: Session, owner: Principal, channel: AssistantChannel, **over: Any) -> None:
    """Let the channel answer."""
    words = {"open_text": "Hi {name}, {business} is on it.", "closed_text": "Closed. We open {hours}."}
    answers.save(session, owner, channel.id, **{"is_on": True, "weekly": WEEK, "zone": "UTC", **words, **over})


def answer(session: Session, owner: Principal, item: InboxItem) -> OutgoingMessage:
    """The automatic reply to a message."""
    message = replies.after_routing(session, owner, item)
    assert message is not None
    return message


def test_a_channel_answers_with_its_words_for_the_hour(session: Session, office: Office) -> None:
    owner, channel = office
    during = make.make_item(session, channel, from_name="Rosa")
    night = make.make_item(session, channel, received_at=make.NOON.replace(hour=3), from_identifier="+12075550111")
    assert answer(session, owner, during).body == "Hi Rosa, Example Ltd is on it."
    assert answer(session, owner, night).body == "Closed. We open Mon to Fri 09:00 to 17:00."
    assert during.auto_response_sent
    assert during.auto_response_text == "Hi Rosa, Example Ltd is on it."


def test_a_rules_own_reply_goes_before_the_channels(session: Session, office: Office) -> None:
    owner, channel = office
    rule = make.make_rule(session, owner, actions={"create_task": True, "auto_response": "We come at once, {name}."})
    item = make.make_item(session, channel, routing_rule_id=rule.id)
    assert answer(session, owner, item).body == "We come at once, there."


def test_a_sender_is_answered_once_in_the_window_and_the_item_says_why_not_again(
    session: Session, office: Office
) -> None:
    owner, channel = office
    first, second = make.make_item(session, channel), make.make_item(session, channel, body="And the tap too")
    assert answer(session, owner, first).status is OutgoingStatus.QUEUED
    withheld = answer(session, owner, second)
    assert withheld.status is OutgoingStatus.WITHHELD
    assert "60 minutes" in str(withheld.reason)
    assert not second.auto_response_sent
    assert [one.reason for one in replies.of_item(session, owner, second.id)] == [withheld.reason]


def test_our_own_numbers_are_never_answered_whosever_they_are(session: Session, office: Office) -> None:
    owner, channel = office
    other = make.make_channel(session, make.make_owner(session), phone_number="+12075550190")
    item = make.make_item(session, channel, from_identifier=other.phone_number)
    assert answer(session, owner, item).reason == "It came from one of our own addresses."


def test_the_daily_cap_holds(session: Session, office: Office) -> None:
    owner, channel = office
    turn_on(session, owner, channel, daily_cap=2)
    items = [make.make_item(session, channel, from_identifier=f"+1207555013{n}", body=f"no {n}") for n in range(3)]
    fates = [answer(session, owner, item).status for item in items]
    assert fates == [OutgoingStatus.QUEUED, OutgoingStatus.QUEUED, OutgoingStatus.WITHHELD]


def test_a_mail_that_a_program_sent_is_not_answered(session: Session, office: Office) -> None:
    owner, _ = office
    mailbox = make.make_channel(
        session, owner, channel_type=ChannelType.EMAIL, phone_number=None, email_address="us@inbox.example.com"
    )
    turn_on(session, owner, mailbox)
    source = {"source_type": "email", "from_identifier": "ann@example.net", "subject": "Hello"}
    robot = make.make_item(session, mailbox, **source, source_data={"headers": {"auto-submitted": "auto-replied"}})
    human = make.make_item(session, mailbox, **source, body="a question")
    assert answer(session, owner, robot).status is OutgoingStatus.WITHHELD
    sent = answer(session, owner, human)
    assert (sent.subject, sent.to_address, sent.sender) == ("Re: Hello", "ann@example.net", "us@inbox.example.com")


def test_a_template_names_only_what_there_is(session: Session, office: Office) -> None:
    owner, channel = office
    make.make_item(session, channel, from_name="Rosa", extracted_data={"summary": "Faucet leaks"})
    shown = answers.preview(session, owner, channel.id, "Hi {name}: {summary}")
    assert [one.answer for one in shown] == ["Hi Rosa: Faucet leaks"]
    with pytest.raises(Invalid):
        answers.preview(session, owner, channel.id, "Hi {nam}")
    with pytest.raises(Invalid):
        turn_on(session, owner, channel, weekly={"someday": []})


def test_a_reply_can_be_taken_back_until_it_goes_out(session: Session, office: Office) -> None:
    owner, channel = office
    item = make.make_item(session, channel)
    kept, dropped = (replies.send(session, owner, item.id, text) for text in ("On our way", "Wrong one"))
    replies.cancel(session, owner, dropped.id)
    assert delivering.begin(session, dropped.id) is None
    assert delivering.begin(session, kept.id) is not None
    with pytest.raises(Conflict):
        replies.cancel(session, owner, kept.id)


def test_reports_move_a_reply_on_and_never_back(session: Session, office: Office) -> None:
    owner, channel = office
    item = make.make_item(session, channel)
    message = replies.send(session, owner, item.id, "On our way")
    delivering.begin(session, message.id)
    delivering.sent(session, message.id, "SM1")
    assert delivering.report(session, OutgoingStatus.DELIVERED, provider_id="SM1")
    assert delivering.report(session, OutgoingStatus.FAILED, key=message.idempotency_key, reason="30003")
    assert not delivering.report(session, OutgoingStatus.SENT, provider_id="SM2")
    assert message.status is OutgoingStatus.DELIVERED
    session.commit()
    kinds = [event.kind for event in cases.thread(session, owner, {"inbox_item": item.id})]
    assert kinds == ["reply.queued", "reply.sent", "reply.delivered"]


def test_a_reply_waits_ten_seconds_and_goes_out_once(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        item = make.make_item(session, make.make_channel(session, owner))
        message = replies.send(session, owner, item.id, "On our way")
        dropped = replies.send(session, owner, item.id, "No")
        replies.cancel(session, owner, dropped.id)
    drain_now()
    with transaction() as session:
        assert session.exec(select(OutboxMessage)).all() == []
        assert message.send_at > clock.utcnow() + timedelta(seconds=2)
    for _ in range(2):
        send_reply(str(message.id))
    with transaction() as session:
        assert [row.body for row in session.exec(select(OutboxMessage))] == ["On our way"]
        assert session.get_one(OutgoingMessage, message.id).status is OutgoingStatus.SENT
