"""What vendors say became of our messages: Twilio's status callbacks and SendGrid's event webhook, both signed.

Sources: Twilio, "Outbound message status in status callbacks"; SendGrid, "Event webhook" and its signature (ECDSA over
the timestamp and the raw body). Events older than MOST_MINUTES by their timestamp are a replay.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from taskjuggler_app.adapters.twilio_signature import SIGNATURE, SIGNATURE_SETTINGS, webhook_proof
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.domain.receptionist import delivering
from taskjuggler_app.models.outgoing import OutgoingStatus

TWILIO_PATH, SENDGRID_PATH = "/webhooks/twilio/status", "/webhooks/sendgrid/events"
LARGEST = 1_000_000
MOST_MINUTES = 15
_TWILIO = {
    "sent": OutgoingStatus.SENT,
    "delivered": OutgoingStatus.DELIVERED,
    "read": OutgoingStatus.DELIVERED,
    "undelivered": OutgoingStatus.FAILED,
    "failed": OutgoingStatus.FAILED,
}
_SENDGRID = {
    "processed": OutgoingStatus.SENT,
    "delivered": OutgoingStatus.DELIVERED,
    "bounce": OutgoingStatus.FAILED,
    "dropped": OutgoingStatus.FAILED,
}
_AWAY = PlainTextResponse("Try again.", 503, {"retry-after": "5"})


async def twilio_status(request: Request) -> Response:
    """One text's new status; a status that says nothing new to us is taken and forgotten."""
    body = await _body(request)
    if body is None:
        return PlainTextResponse("That is too much.", 413)
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    query = f"?{request.url.query}" if request.url.query else ""
    headers = {name: request.headers.get(name, "") for name in (SIGNATURE, SIGNATURE_SETTINGS)}
    if not webhook_proof().holds(f"{settings().public_url}{TWILIO_PATH}{query}", form, headers):
        return PlainTextResponse("The signature does not fit.", 403)
    status = _TWILIO.get(form.get("MessageStatus", ""))
    if status is not None:
        code = form.get("ErrorCode", "")
        reason = f"The carrier did not deliver it (Twilio error {code})." if code else ""
        told = {"key": request.query_params.get("key", ""), "provider_id": form.get("MessageSid", "")}
        try:
            await run_in_db(_report, status, {**told, "reason": reason})
        except SQLAlchemyError:
            return _AWAY
    return Response(status_code=204)


async def sendgrid_events(request: Request) -> Response:
    """A list of events; each is about one mail."""
    public_key = settings().sendgrid_event_public_key
    if public_key is None:
        return PlainTextResponse("SENDGRID_EVENT_PUBLIC_KEY is not set.", 404)
    body = await _body(request)
    if body is None:
        return PlainTextResponse("That is too much.", 413)
    if not _is_sendgrid(public_key, body, request):
        return PlainTextResponse("The signature does not fit.", 403)
    try:
        events: Any = json.loads(body)
    except ValueError:
        return PlainTextResponse("That is no JSON.", 400)
    try:
        for event in events if isinstance(events, list) else []:
            if isinstance(event, dict) and (status := _SENDGRID.get(str(event.get("event")))) is not None:
                await run_in_db(_report, status, _told(event))
    except SQLAlchemyError:
        return _AWAY
    return Response(status_code=204)


def _told(event: dict[str, Any]) -> dict[str, str]:
    """Our key comes back as the custom argument that went along; without it SendGrid's id, cut at its first dot."""
    provider_id = str(event.get("sg_message_id") or "").split(".")[0]
    return {
        "key": str(event.get("idempotency_key") or ""),
        "provider_id": provider_id,
        "reason": str(event.get("reason") or ""),
    }


def _report(status: OutgoingStatus, told: dict[str, str]) -> None:
    with transaction() as session:
        delivering.report(session, status, **told)  # type: ignore[arg-type]  # all of them are texts


def _is_sendgrid(public_key: str, body: bytes, request: Request) -> bool:
    from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

    timestamp = request.headers.get(EventWebhookHeader.TIMESTAMP, "")
    signature = request.headers.get(EventWebhookHeader.SIGNATURE, "")
    try:
        sent = datetime.fromtimestamp(int(timestamp), UTC)
        verifier = EventWebhook(public_key)
        fits = verifier.verify_signature(body.decode(), signature, timestamp, verifier.public_key)
    except (ValueError, TypeError, OverflowError, OSError):
        return False
    return bool(fits) and abs(clock.utcnow() - sent) < timedelta(minutes=MOST_MINUTES)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return body


app = Router(
    [Route(TWILIO_PATH, twilio_status, methods=["POST"]), Route(SENDGRID_PATH, sendgrid_events, methods=["POST"])]
)
