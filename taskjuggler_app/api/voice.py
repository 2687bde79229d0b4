"""Twilio's voice webhooks: what the caller hears next. The signature is checked before any of these is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from taskjuggler_app.adapters import twiml
from taskjuggler_app.adapters.twiml import Words
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.receptionist import calls, channels
from taskjuggler_app.models.incoming import Call
from taskjuggler_app.models.receptionist import AssistantChannel
from taskjuggler_app.models.teams import Team

_NOTED = "Thank you. We have noted it and will get back to you. Goodbye."
_RECORDED = "Thank you for your message. Goodbye."


@dataclass(frozen=True, slots=True)
class Asked:
    """A webhook's form, and which try of listening it answers."""

    form: Mapping[str, str]
    attempt: int = 1

    def __getitem__(self, name: str) -> str:
        return self.form.get(name, "")


def respond(path: str, asked: Asked) -> tuple[int, bytes]:
    """(status, TwiML) for a voice webhook. 404 for a call or a number that nobody has."""
    with transaction() as session:
        if path == twiml.VOICE:
            return _answer(session, asked)
        call = calls.locked(session, asked["CallSid"])
        if call is None:
            return 404, twiml.goodbye()
        return 200, _STEPS[path](session, call, asked)


def _answer(session: Session, asked: Asked) -> tuple[int, bytes]:
    channel = channels.by_number(session, asked["To"])
    if channel is None or not asked["CallSid"]:
        return 404, twiml.reject()
    call = calls.begin(session, channel, asked["CallSid"], asked["From"], asked["To"])
    words = _words(session, channel)
    return 200, twiml.ring(words) if words.ring_to and call.from_number != words.ring_to else twiml.ask(words)


def _dialed(session: Session, call: Call, asked: Asked) -> bytes:
    if calls.dialed(session, call, asked["DialCallStatus"]):
        return twiml.goodbye()
    return twiml.ask(_words_of(session, call))


def _said(session: Session, call: Call, asked: Asked) -> bytes:
    if calls.heard(session, call, asked["SpeechResult"], _number(asked["Confidence"], 1.0)):
        return twiml.goodbye(_NOTED)
    words = _words_of(session, call)
    return twiml.ask(words, asked.attempt + 1) if asked.attempt < twiml.TRIES else twiml.record(words)


def _recorded(session: Session, call: Call, asked: Asked) -> bytes:
    return twiml.goodbye(_RECORDED)


def _recording(session: Session, call: Call, asked: Asked) -> bytes:
    if asked["RecordingStatus"] in ("", "completed") and asked["RecordingSid"]:
        seconds = int(_number(asked["RecordingDuration"], 0))
        calls.recorded(session, call, asked["RecordingSid"], asked["RecordingUrl"], seconds)
    return twiml.goodbye()


def _transcript(session: Session, call: Call, asked: Asked) -> bytes:
    calls.transcribed(session, call, asked["TranscriptionText"])
    return twiml.goodbye()


def _status(session: Session, call: Call, asked: Asked) -> bytes:
    calls.ended(session, call, asked["CallStatus"])
    return twiml.goodbye()


_STEPS: dict[str, Callable[[Session, Call, Asked], bytes]] = {
    twiml.DIALED: _dialed,
    twiml.SAID: _said,
    twiml.RECORDED: _recorded,
    twiml.RECORDING: _recording,
    twiml.TRANSCRIPT: _transcript,
    twiml.STATUS: _status,
}
PATHS = frozenset({twiml.VOICE, *_STEPS})


def _words_of(session: Session, call: Call) -> Words:
    return _words(session, session.get_one(AssistantChannel, call.channel_id))


def _words(session: Session, channel: AssistantChannel) -> Words:
    business = session.get_one(Team, channel.team_id).name
    return Words(
        base=settings().public_url,
        greeting=channel.greeting_message or f"Thank you for calling {business}. How can we help you?",
        voicemail=channel.voicemail_greeting or "Please leave a message after the tone.",
        ring_to=channel.ring_to or "",
        ring_seconds=channel.ring_seconds,
    )


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise
