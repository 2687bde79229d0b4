"""Requests as the vendors send them, with their real signatures: for the simulator and for the test of a channel.

Twilio signs the address and the form with the account's token; SendGrid's delivery is a multipart form to a secret
address. With a public key of SendGrid's security policy set, only SendGrid itself can sign a delivery.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from twilio.request_validator import RequestValidator

from taskjuggler_app.adapters import twiml
from taskjuggler_app.adapters.sendgrid_signature import inbound_token
from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.core.config import settings

SMS_PATH, MAIL_PATH = "/webhooks/twilio/sms", "/webhooks/sendgrid/inbound"


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """A POST to one of our webhooks; `path` may have a query."""

    path: str
    body: bytes
    headers: Mapping[str, str]


def text(sid: str, sender: str, to: str, body: str) -> VendorRequest:
    """A text message (Twilio, "Messaging webhooks")."""
    form = {"MessageSid": sid, "AccountSid": _account(), "From": sender, "To": to, "Body": body, "NumMedia": "0"}
    return _signed(SMS_PATH, form)


def call(sid: str, caller: str, to: str, said: str) -> list[VendorRequest]:
    """A call whose caller says what they want."""
    return [
        _step(twiml.VOICE, sid, caller, to, CallStatus="ringing"),
        _step(f"{twiml.SAID}?try=1", sid, caller, to, SpeechResult=said, Confidence="0.93"),
        _step(twiml.STATUS, sid, caller, to, CallStatus="completed"),
    ]


def recorded_call(sid: str, caller: str, to: str, recording: str, transcript: str) -> list[VendorRequest]:
    """A call whose caller says nothing that is understood, and leaves a voice message."""
    url = f"https://api.twilio.com/2010-04-01/Accounts/{_account()}/Recordings/{recording}"
    about = {"RecordingSid": recording, "RecordingUrl": url, "RecordingDuration": "14"}
    return [
        _step(twiml.VOICE, sid, caller, to, CallStatus="ringing"),
        _step(f"{twiml.SAID}?try=1", sid, caller, to, SpeechResult="", Confidence="0"),
        _step(f"{twiml.SAID}?try=2", sid, caller, to, SpeechResult="hm", Confidence="0.1"),
        _step(twiml.RECORDED, sid, caller, to, **about),
        _step(twiml.RECORDING, sid, caller, to, RecordingStatus="completed", **about),
        _step(
            twiml.TRANSCRIPT, sid, caller, to, TranscriptionText=transcript, TranscriptionStatus="completed", **about
        ),
        _step(twiml.STATUS, sid, caller, to, CallStatus="completed"),
    ]


def mail(raw: bytes, to: Sequence[str], sender: str) -> VendorRequest:
    """A mail in its raw form (SendGrid, "Inbound Parse webhook")."""
    envelope = json.dumps({"to": list(to), "from": sender})
    parts = {"email": (None, raw), "envelope": (None, envelope.encode()), "SPF": (None, b"pass")}
    path = f"{MAIL_PATH}?{urlencode({'token': inbound_token()})}"
    request = httpx.Request("POST", f"http://any{path}", files=parts)
    return VendorRequest(path, request.read(), {"content-type": request.headers["content-type"]})


def can_sign_mail() -> bool:
    """Whether a delivery of ours would be believed: not when SendGrid's own key is asked for."""
    return settings().sendgrid_inbound_public_key is None


def _step(path: str, sid: str, caller: str, to: str, **more: str) -> VendorRequest:
    return _signed(path, {"CallSid": sid, "AccountSid": _account(), "From": caller, "To": to, **more})


def _signed(path: str, form: dict[str, str]) -> VendorRequest:
    signature = RequestValidator(auth_token()).compute_signature(settings().public_url + path, form)
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    return VendorRequest(path, urlencode(form).encode(), headers)


def _account() -> str:
    return settings().twilio_account_sid or f"AC{'0' * 32}"
