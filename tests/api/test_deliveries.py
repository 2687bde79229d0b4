"""What vendors say became of our messages: believed only when signed."""

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from twilio.request_validator import RequestValidator

from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.api import deliveries
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.receptionist import delivering, replies
from taskjuggler_app.models import OutgoingMessage
from taskjuggler_app.models.outgoing import OutgoingStatus
from tests import factories as make

KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def sent(database_url: str) -> OutgoingMessage:
    """A reply that the vendor took."""
    with transaction() as session:
        owner = make.make_owner(session)
        item = make.make_item(session, make.make_channel(session, owner))
        message = replies.send(session, owner, item.id, "On our way")
        delivering.begin(session, message.id)
        delivering.sent(session, message.id, "SM1")
        return message


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SendGrid's public key is configured."""
    public = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setenv("SENDGRID_EVENT_PUBLIC_KEY", base64.b64encode(public).decode())
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def post(path: str, **request: Any) -> int:
    """The status that the web process answers."""

    async def call() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(deliveries.app), base_url="http://x") as client:
            return (await client.post(path, **request)).status_code

    return asyncio.run(call())


def status_of(message: OutgoingMessage) -> tuple[OutgoingStatus, str | None]:
    """What we know of the reply now."""
    with transaction() as session:
        row = session.get_one(OutgoingMessage, message.id)
        return row.status, row.reason


def twilio(form: dict[str, str], query: str = "", token: str = "") -> int:
    """Post a status callback as Twilio signs it."""
    url = settings().public_url + deliveries.TWILIO_PATH + query
    signature = RequestValidator(token or auth_token()).compute_signature(url, form)
    return post(deliveries.TWILIO_PATH + query, data=form, headers={"X-Twilio-Signature": signature})


def sendgrid(events: list[dict[str, str]], *, age: int = 0, spoil: bool = False) -> int:
    """Post events as SendGrid signs them."""
    body, timestamp = json.dumps(events).encode(), str(int(time.time()) - age)
    signature = KEY.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }
    return post(deliveries.SENDGRID_PATH, content=body + (b" " if spoil else b""), headers=headers)


def test_twilio_tells_that_a_text_was_delivered(sent: OutgoingMessage) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert twilio(form, token="somebody else's") == 403
    assert status_of(sent)[0] is OutgoingStatus.SENT
    assert twilio(form) == 204
    assert status_of(sent)[0] is OutgoingStatus.DELIVERED
    assert twilio({**form, "MessageSid": "SM of somebody else"}) == 204


def test_twilio_tells_by_our_key_why_a_text_failed(sent: OutgoingMessage) -> None:
    form = {"MessageSid": "SM2", "MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert twilio(form, query=f"?key={sent.idempotency_key}") == 204
    assert status_of(sent) == (OutgoingStatus.FAILED, "The carrier did not deliver it (Twilio error 30005).")


def test_sendgrid_is_believed_by_its_signature(sent: OutgoingMessage, with_key: None) -> None:
    bounced = [{"event": "bounce", "idempotency_key": sent.idempotency_key, "reason": "550 no such user"}]
    assert sendgrid(bounced, spoil=True) == 403
    assert sendgrid(bounced, age=3600) == 403
    assert status_of(sent)[0] is OutgoingStatus.SENT
    assert sendgrid([{"event": "open"}, *bounced]) == 204
    assert status_of(sent) == (OutgoingStatus.FAILED, "550 no such user")


def test_without_a_key_there_is_no_such_webhook(sent: OutgoingMessage) -> None:
    assert sendgrid([]) == 404
