"""A call becomes one message, whatever the order of what the carrier tells, and however often."""

import asyncio
from collections.abc import Iterator
from itertools import permutations
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select
from twilio.request_validator import RequestValidator

from taskjuggler_app.adapters import twiml
from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.api.webhooks import Webhooks
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.receptionist import calls, channels
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.models import Call, InboxItem
from taskjuggler_app.models.receptionist import ChannelType
from tests import factories as make

NUMBER, CALLER = "+12075550100", "+12075550110"


@pytest.fixture
def line(database_url: str) -> Iterator[None]:
    """A workspace with a number that takes calls."""
    with transaction() as session:
        owner = make.make_owner(session)
        channels.add(
            session, owner, Draft("Phone", ChannelType.PHONE, phone_number=NUMBER, greeting="Acme & Sons, hello.")
        )
    yield


def post(path: str, sid: str, query: str = "", *, token: str = "", **values: str) -> httpx.Response:
    """One signed webhook."""
    form = {"CallSid": sid, "From": CALLER, "To": NUMBER, **values}
    signature = RequestValidator(auth_token()).compute_signature(settings().public_url + path + query, form)
    headers = {"X-Twilio-Signature": token or signature}

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Webhooks()), base_url="http://x") as client:
            return await client.post(path + query, data=form, headers=headers)

    return asyncio.run(send())


def call() -> str:
    """A call that rings now; gives its id."""
    sid = f"CA{uuid4().hex}"
    assert post(twiml.VOICE, sid).status_code == 200
    return sid


def items() -> list[InboxItem]:
    """The inbox."""
    with transaction() as session:
        return list(session.exec(select(InboxItem)))


def texts() -> int:
    """Texts on their way out."""
    with transaction() as session:
        found = session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'sms.send'"))
        return int(found.scalar_one())


def test_the_caller_is_greeted_in_the_channels_words_and_heard_twice_then_recorded(line: None) -> None:
    sid = f"CA{uuid4().hex}"
    first = post(twiml.VOICE, sid)
    assert "<Gather" in first.text
    assert "Acme &amp; Sons, hello." in first.text
    second = post(twiml.SAID, sid, query="?try=1", SpeechResult="")
    assert "<Gather" in second.text
    last = post(twiml.SAID, sid, query="?try=2", SpeechResult="mumble", Confidence="0.1")
    assert 'maxLength="119"' in last.text
    assert twiml.CONSENT in last.text
    assert items() == []


def test_what_is_said_becomes_the_message_once(line: None) -> None:
    sid = call()
    for _ in range(3):
        answer = post(twiml.SAID, sid, query="?try=1", SpeechResult="My faucet leaks", Confidence="0.93")
        assert "<Hangup" in answer.text
    (item,) = items()
    assert (item.body, item.from_identifier, item.source_type) == ("My faucet leaks", CALLER, "phone")


STEPS = {
    "recording": (twiml.RECORDING, {"RecordingSid": "RE1", "RecordingUrl": "https://api.twilio.com/r/RE1"}),
    "transcript": (twiml.TRANSCRIPT, {"RecordingSid": "RE1", "TranscriptionText": "Please call me back"}),
    "status": (twiml.STATUS, {"CallStatus": "completed"}),
}


@pytest.mark.parametrize("order", list(permutations(STEPS)))
def test_in_any_order_and_twice_a_recording_is_one_message_with_its_transcript(
    line: None, order: tuple[str, ...]
) -> None:
    sid = call()
    for name in [*order, *order]:
        path, values = STEPS[name]
        assert post(path, sid, **values, RecordingDuration="12", RecordingStatus="completed").status_code == 200
        if name == "status":
            with transaction() as session:
                calls.locked(session, sid)
    with transaction() as session:
        calls.after(session, sid)
    (item,) = items()
    assert item.body == "Please call me back"
    assert [one["kind"] for one in item.attachments] == ["recording"]
    assert texts() == 0


def test_a_missed_call_gets_one_text_back(line: None) -> None:
    sid = call()
    for _ in range(3):
        assert post(twiml.STATUS, sid, CallStatus="no-answer").status_code == 200
        with transaction() as session:
            calls.after(session, sid)
    (item,) = items()
    assert item.body.startswith("Missed call")
    assert texts() == 1


def test_a_recording_after_the_missed_call_joins_its_message(line: None) -> None:
    sid = call()
    with transaction() as session:
        calls.after(session, sid)
    path, values = STEPS["recording"]
    assert post(path, sid, **values, RecordingDuration="12").status_code == 200
    (item,) = items()
    assert [one["kind"] for one in item.attachments] == ["recording"]


def test_the_owner_is_rung_first_and_a_call_they_take_leaves_nothing(line: None) -> None:
    with transaction() as session:
        channel = channels.by_number(session, NUMBER)
        assert channel is not None
        channel.ring_to, channel.ring_seconds = "+12075550177", 15
        session.add(channel)
    sid = f"CA{uuid4().hex}"
    assert '<Dial action="' in (rung := post(twiml.VOICE, sid).text)
    assert 'timeout="15"' in rung
    assert "<Gather" in post(twiml.DIALED, sid, DialCallStatus="no-answer").text
    assert "<Hangup" in post(twiml.DIALED, sid, DialCallStatus="completed").text
    with transaction() as session:
        calls.after(session, sid)
        assert session.exec(select(Call)).one().answered_by_owner
    assert (items(), texts()) == ([], 0)


def test_a_forged_step_and_a_strangers_call_do_nothing(line: None) -> None:
    assert post(twiml.VOICE, "CA1", token="bm9wZQ==").status_code == 403
    assert post(twiml.RECORDING, "CA-unknown", RecordingSid="RE1").status_code == 404
    assert post(twiml.VOICE, "CA1", To="+12075550199").status_code == 404
