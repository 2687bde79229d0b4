"""What vendors call. Verify, store, answer; a job does the work.

This is the hottest path of the product, so it is plain ASGI: no routing table, no models, one parse.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from taskjuggler_app.adapters.twilio_signature import SIGNATURE, SIGNATURE_SETTINGS, WebhookProof, webhook_proof
from taskjuggler_app.api import inbound_mail, voice
from taskjuggler_app.api.answers import TEXT, XML, answer
from taskjuggler_app.api.batching import Batcher
from taskjuggler_app.api.voice import Asked
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.domain.receptionist import channels, intake
from taskjuggler_app.domain.receptionist.intake import InboundMessage

LARGEST = 64 * 1024
MOST_FIELDS = 200
CHANNEL_SECONDS = 5.0
MOST_CHANNELS = 10_000
SMS_PATH = "/webhooks/twilio/sms"
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_READ_HEADERS = {SIGNATURE.encode(): SIGNATURE, SIGNATURE_SETTINGS.encode(): SIGNATURE_SETTINGS}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a number's messages belong."""

    team_id: UUID
    user_id: UUID
    channel_id: UUID


class Webhooks:
    """The ASGI app under /webhooks."""

    def __init__(self) -> None:
        self._proof: WebhookProof | None = None
        self._batcher: Batcher[InboundMessage] = Batcher(_store)
        self._channels: dict[str, tuple[float, _Address | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path != SMS_PATH and path != inbound_mail.PATH and path not in voice.PATHS:
            await answer(send, 404, b"There is no such webhook.", TEXT)
        elif scope["method"] != "POST":
            await answer(send, 405, b"This webhook takes POST.", [*TEXT, (b"allow", b"POST")])
        elif path == SMS_PATH:
            await self._sms(scope, receive, send)
        elif path == inbound_mail.PATH:
            await inbound_mail.inbound(scope, receive, send)
        else:
            await self._voice(scope, receive, send)

    async def _sms(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A text message (Twilio, "Messaging webhooks": MessageSid, From, To, Body, NumMedia, MediaUrlN)."""
        form = await self._proved(scope, receive, send)
        if form is None:
            return
        sid, to = form.get("MessageSid", ""), form.get("To", "")
        if not sid or not to:
            await answer(send, 400, b"MessageSid and To are needed.", TEXT)
            return
        try:
            address = await self._address(to)
            if address is None:
                await answer(send, 404, EMPTY_TWIML, XML)
                return
            await self._batcher.add(_message(address, sid, form))
        except SQLAlchemyError as error:
            _log.error("a text message could not be stored (%s); Twilio will bring it again", _named(error))
            await answer(send, 503, b"Try again.", [*TEXT, (b"retry-after", b"5")])
            return
        await answer(send, 200, EMPTY_TWIML, XML)

    async def _voice(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A step of a call (Twilio, "Voice webhooks"): what the caller hears next."""
        form = await self._proved(scope, receive, send)
        if form is None:
            return
        attempt = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("try", "1")
        asked = Asked(form, int(attempt) if attempt.isascii() and attempt.isdigit() else 1)
        try:
            status, body = await run_in_db(voice.respond, scope["path"], asked)
        except SQLAlchemyError as error:
            _log.error("a step of a call could not be stored (%s)", _named(error))
            await answer(send, 503, b"Try again.", [*TEXT, (b"retry-after", b"5")])
            return
        await answer(send, status, body, XML)

    async def _proved(self, scope: Scope, receive: Receive, send: Send) -> dict[str, str] | None:
        """The form of a request that Twilio signed; None when it was refused."""
        form = _form(await _body(receive))
        if form is None:
            await answer(send, 413, b"That is more than a message has.", TEXT)
            return None
        headers = {
            _READ_HEADERS[name]: value.decode("latin-1") for name, value in scope["headers"] if name in _READ_HEADERS
        }
        if not self._is_twilio(scope, form, headers):
            await answer(send, 403, b"The signature does not fit.", TEXT)
            return None
        return form

    def _is_twilio(self, scope: Scope, form: dict[str, str], headers: dict[str, str]) -> bool:
        if self._proof is None:
            self._proof = webhook_proof()
        query = scope["query_string"].decode("latin-1")
        url = f"{settings().public_url}{scope['path']}{'?' if query else ''}{query}"
        return self._proof.holds(url, form, headers)

    async def _address(self, number: str) -> _Address | None:
        """The active channel of a number, remembered for a few seconds."""
        now = time.monotonic()
        known = self._channels.get(number)
        if known is not None and now - known[0] < CHANNEL_SECONDS:
            return known[1]
        found = await run_in_db(_find_channel, number)
        if len(self._channels) >= MOST_CHANNELS:
            self._channels.clear()
        self._channels[number] = (now, found)
        return found


def _message(address: _Address, sid: str, form: dict[str, str]) -> InboundMessage:
    count = form.get("NumMedia", "0")
    media = range(min(int(count), 10)) if count.isascii() and count.isdigit() else range(0)
    return InboundMessage(
        team_id=address.team_id,
        user_id=address.user_id,
        channel_id=address.channel_id,
        source_type="sms",
        source_id=sid,
        from_identifier=form.get("From", ""),
        body=form.get("Body", ""),
        received_at=clock.utcnow(),
        attachments=tuple(
            {"url": url, "type": form.get(f"MediaContentType{i}", "")}
            for i in media
            if (url := form.get(f"MediaUrl{i}"))
        ),
        source_data={"opt_out_type": kind} if (kind := form.get("OptOutType")) else {},
    )


def _store(messages: Sequence[InboundMessage]) -> None:
    with transaction() as session:
        intake.receive(session, messages)


def _find_channel(number: str) -> _Address | None:
    with transaction() as session:
        channel = channels.by_number(session, number)
        return _Address(channel.team_id, channel.user_id, channel.id) if channel else None


async def _body(receive: Receive) -> bytes | None:
    """The request's body; None when it is longer than LARGEST."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST:
            return None
    return body


def _form(body: bytes | None) -> dict[str, str] | None:
    if body is None:
        return None
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def _named(error: SQLAlchemyError) -> str:
    """The error without the texts of messages, which a database error quotes."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__} {getattr(cause, 'sqlstate', None) or ''}".strip()


app = Webhooks()
