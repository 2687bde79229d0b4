"""Phone calls: what the carrier tells, in any order and more than once, and the one message that a call becomes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.contacts import optouts
from taskjuggler_app.domain.receptionist import intake, threads
from taskjuggler_app.domain.receptionist.intake import FETCH_MEDIA, PROCESS, InboundMessage
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.models.incoming import Call
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, ProcessingStatus
from taskjuggler_app.models.teams import Team

AFTER_CALL = "receptionist.after_call"
REREAD = "receptionist.reread"
WAIT_FOR_TRANSCRIPT = timedelta(seconds=150)
WAIT_FOR_RECORDING = timedelta(seconds=30)
LEAST_CONFIDENCE = 0.4
SHORTEST_SECONDS = 2
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_NOT_TRANSCRIBED = "It could not be written down: listen to it below."


def begin(session: Session, channel: AssistantChannel, call_sid: str, caller: str, called: str) -> Call:
    """Note a call; a repeated webhook finds it."""
    values = {
        "team_id": channel.team_id,
        "channel_id": channel.id,
        "call_sid": call_sid[:64],
        "from_number": intake.storable(caller)[:255],
        "to_number": called[:20],
        "created_at": clock.utcnow(),
        "updated_at": clock.utcnow(),
    }
    session.execute(insert(Call).values(values).on_conflict_do_nothing(index_elements=["call_sid"]))
    return session.exec(select(Call).where(Call.call_sid == call_sid[:64])).one()


def locked(session: Session, call_sid: str) -> Call | None:
    """The call, locked until the transaction ends."""
    return session.exec(select(Call).where(Call.call_sid == call_sid).with_for_update()).first()


def heard(session: Session, call: Call, speech: str, confidence: float) -> bool:
    """What the caller said is their message; False when it was nothing, or too unsure to rely on."""
    said = " ".join(speech.split())
    if not said or confidence < LEAST_CONFIDENCE:
        return False
    call.speech = intake.storable(said)
    if call.item_id is None:
        _make_item(session, call, call.call_sid, call.speech)
    session.add(call)
    return True


def recorded(session: Session, call: Call, recording_sid: str, url: str, seconds: int) -> None:
    """A recording is there: the message is made now, and read when its transcript comes or stays away too long."""
    if call.recording_sid is not None or seconds < SHORTEST_SECONDS:
        return
    call.recording_sid, call.recording_url, call.recording_seconds = recording_sid[:64], url, seconds
    listed = {"name": "Voice message", "type": "audio/mpeg", "url": f"{url}.mp3", "kind": "recording"}
    if call.item_id is None:
        later = None if call.transcript else clock.utcnow() + WAIT_FOR_TRANSCRIPT
        _make_item(session, call, recording_sid, call.transcript or _words(call, "Its words follow."), listed, later)
    else:
        item = session.get_one(InboxItem, call.item_id)
        item.attachments = [*item.attachments, listed]
        session.add(item)
        defer(session, FETCH_MEDIA, item_id=str(item.id))
        _reword(session, call, call.transcript or item.body)
    session.add(call)


def transcribed(session: Session, call: Call, words: str) -> None:
    """The transcript, empty when there is none. It may come before the recording, and after the message was read."""
    if call.transcript:
        return
    call.transcript = intake.storable(" ".join(words.split())) or None
    session.add(call)
    if call.item_id is not None and call.recording_sid is not None:
        _reword(session, call, call.transcript or _words(call, _NOT_TRANSCRIBED))


def dialed(session: Session, call: Call, status: str) -> bool:
    """Whether the owner took the call."""
    call.answered_by_owner = call.answered_by_owner or status in ("completed", "answered")
    session.add(call)
    return call.answered_by_owner


def ended(session: Session, call: Call, status: str) -> None:
    """The carrier's word on the call's state; when it is over, what is left to do is done a little later."""
    first = call.status not in OVER and status in OVER
    if call.status not in OVER:
        call.status = status[:20]
        session.add(call)
    if first:
        defer(session, AFTER_CALL, run_at=clock.utcnow() + WAIT_FOR_RECORDING, call_sid=call.call_sid)


def after(session: Session, call_sid: str) -> None:
    """A call that left no message: it is noted as missed, and its caller gets one text back."""
    call = locked(session, call_sid)
    if call is None or call.item_id is not None or call.answered_by_owner:
        return
    channel = session.get_one(AssistantChannel, call.channel_id)
    item_id = _make_item(session, call, call.call_sid, "Missed call. No message was left.")
    session.add(call)
    if item_id is None or not channel.texts_missed_callers or not _may_text(session, call):
        return
    business = session.get_one(Team, call.team_id).name
    body = (
        f"Sorry we missed your call to {business}. Reply with what you need and we will get back to you. "
        "Reply STOP for no more texts."
    )
    key = f"missed:{call.call_sid}"
    defer(session, "sms.send", to=call.from_number, body=body, idempotency_key=key, sender=channel.phone_number or "")
    call.texted_at = clock.utcnow()
    threads.wrote_to(session, call.team_id, channel.id, call.from_number, item_id)
    system = Principal.system(call.team_id)
    data = {"to": call.from_number}
    record_event(session, system, kind="call.missed_text", subject_type="inbox_item", subject_id=item_id, data=data)


def _may_text(session: Session, call: Call) -> bool:
    is_number = call.from_number.startswith("+") and call.from_number[1:].isdigit() and len(call.from_number) > 7
    return is_number and not optouts.is_opted_out(session, call.team_id, ContactChannel.SMS, call.from_number)


def _make_item(
    session: Session, call: Call, source_id: str, body: str, attachment: dict[str, Any] | None = None, later: Any = None
) -> UUID | None:
    channel = session.get_one(AssistantChannel, call.channel_id)
    message = InboundMessage(
        team_id=call.team_id,
        user_id=channel.user_id,
        channel_id=channel.id,
        source_type="phone",
        source_id=source_id,
        from_identifier=call.from_number or "withheld number",
        body=body,
        received_at=call.created_at,
        attachments=(attachment,) if attachment else (),
        source_data={"call_sid": call.call_sid, "seconds": call.recording_seconds},
    )
    made = intake.accept(session, [message], later=later)
    if made:
        call.item_id = made[0]
    return call.item_id


def _words(call: Call, rest: str) -> str:
    minutes, seconds = divmod(call.recording_seconds or 0, 60)
    return f"Voice message, {minutes}:{seconds:02d}. {rest}"


def _reword(session: Session, call: Call, body: str) -> None:
    """New words for the message: read at once if it still waits, read again if it was."""
    item = session.exec(select(InboxItem).where(col(InboxItem.id) == call.item_id).with_for_update()).one()
    item.body = body
    session.add(item)
    session.flush()
    if item.processing_status is ProcessingStatus.COMPLETED:
        defer(session, REREAD, item_id=str(item.id))
    else:
        defer(session, PROCESS, item_ids=[str(item.id)])
    live.publish(session, topics.inbox_item(item.id), topics.inbox(item.team_id))
