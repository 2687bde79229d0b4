"""What a caller hears and does, in Twilio's markup (TwiML). Addresses are full, so that they can be signed."""

from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

VOICE = "/webhooks/twilio/voice"
DIALED = f"{VOICE}/dialed"
SAID = f"{VOICE}/said"
RECORDED = f"{VOICE}/recorded"
RECORDING = f"{VOICE}/recording"
TRANSCRIPT = f"{VOICE}/transcript"
STATUS = f"{VOICE}/status"
LONGEST_RECORDING = 119
"""Seconds: Twilio writes down recordings of 2 to 119 s only."""
TRIES = 2
CONSENT = "By leaving a message you agree that it is recorded."


@dataclass(frozen=True, slots=True)
class Words:
    """A channel's own words, and how it takes calls."""

    base: str
    greeting: str
    voicemail: str
    ring_to: str = ""
    ring_seconds: int = 20
    caller_id: str = ""


def ring(words: Words) -> bytes:
    """Ring the owner first; what happened there decides."""
    response = VoiceResponse()
    dial = Dial(timeout=words.ring_seconds, action=words.base + DIALED, method="POST", answer_on_bridge=True)
    dial.number(words.ring_to)
    response.append(dial)
    return _xml(response)


def ask(words: Words, attempt: int = 1) -> bytes:
    """Greet and listen; silence leads to the next try, the last one to the recording."""
    response = VoiceResponse()
    prompt = words.greeting if attempt == 1 else "Sorry, I did not hear you. Please say in a few words what you need."
    gather = Gather(
        input="speech",
        action=f"{words.base}{SAID}?try={attempt}",
        method="POST",
        speech_timeout="auto",
        timeout=5,
        action_on_empty_result=True,
    )
    gather.say(prompt)
    response.append(gather)
    return _xml(response)


def record(words: Words) -> bytes:
    """The last resort: a recording with the notice that it is one."""
    response = VoiceResponse()
    response.say(f"{words.voicemail} {CONSENT}")
    response.record(
        max_length=LONGEST_RECORDING,
        play_beep=True,
        transcribe=True,
        transcribe_callback=words.base + TRANSCRIPT,
        recording_status_callback=words.base + RECORDING,
        recording_status_callback_event="completed",
        action=words.base + RECORDED,
        method="POST",
    )
    return _xml(response)


def goodbye(text: str = "") -> bytes:
    """Say it and hang up."""
    response = VoiceResponse()
    if text:
        response.say(text)
    response.hangup()
    return _xml(response)


def reject() -> bytes:
    """Nobody has this number."""
    response = VoiceResponse()
    response.reject()
    return _xml(response)


def _xml(response: VoiceResponse) -> bytes:
    return str(response).encode()
