"""Mail comes in through SendGrid: only SendGrid is believed, nothing is lost, a redelivery makes nothing."""

import asyncio
import base64
import json
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import select

from jobs.handlers.incoming import take_mail
from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.files import LocalFiles
from taskjuggler_app.adapters.sendgrid_signature import inbound_token
from taskjuggler_app.api import inbound_mail
from taskjuggler_app.api.webhooks import Webhooks
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import channels
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.models import InboundMail, InboxItem, MailState, StoredFile
from taskjuggler_app.models.receptionist import ChannelType
from tests import factories as make

DESK = "desk@inbox.example.com"


@pytest.fixture
def desk(database_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Principal]:
    """A workspace with a mail address, and a folder of its own for files."""
    monkeypatch.setattr(registry, "files", lambda: LocalFiles(tmp_path))
    with transaction() as session:
        owner = make.make_owner(session, email="owner@example.com")
        channels.add(session, owner, Draft("Mail", ChannelType.EMAIL, email_address=DESK))
    yield owner


def mail(**over: str) -> EmailMessage:
    """A mail to the desk with a picture."""
    made = EmailMessage()
    usual = {"From": "Rosa <Rosa@Example.com>", "To": DESK, "Subject": "Gate", "Message-ID": "<m1@example.com>"}
    for name, value in {**usual, **over}.items():
        made[name] = value
    made.set_content("The gate is stuck.\n")
    made.add_attachment(b"\x89PNG\r\n\x1a\n" + b"0" * 90, maintype="image", subtype="png", filename="gate.png")
    return made


def form(message: EmailMessage, to: str = DESK) -> dict[str, Any]:
    """What SendGrid posts with the raw mail."""
    envelope = json.dumps({"to": [to], "from": "rosa@example.com"})
    return {"email": (None, bytes(message)), "envelope": (None, envelope), "SPF": (None, "pass")}


def post(files: dict[str, Any], headers: dict[str, str] | None = None, token: str | None = None) -> int:
    """Deliver, and give the status."""

    async def send() -> int:
        transport = httpx.ASGITransport(Webhooks())
        async with httpx.AsyncClient(transport=transport, base_url="http://internal") as client:
            secret = inbound_token() if token is None else token
            request = client.build_request("POST", f"{inbound_mail.PATH}?token={secret}", files=files)
            request.headers.update(headers or {})
            return (await client.send(request)).status_code

    return asyncio.run(send())


def take_all() -> None:
    """Do what the worker does."""
    with transaction() as session:
        waiting = [str(one) for one in session.exec(select(InboundMail.id))]
    for mail_id in waiting:
        take_mail(mail_id)


def items() -> list[InboxItem]:
    """The inbox."""
    with transaction() as session:
        return list(session.exec(select(InboxItem).order_by(InboxItem.body)))


def test_a_mail_becomes_one_message_with_its_files_however_often_it_is_delivered(desk: Principal) -> None:
    assert [post(form(mail())) for _ in range(5)] == [200] * 5
    take_all()
    take_all()
    (item,) = items()
    assert (item.from_identifier, item.from_name, item.subject) == ("rosa@example.com", "Rosa", "Gate")
    assert item.body.strip() == "The gate is stuck."
    assert item.source_id == "m1@example.com"
    (file,) = item.attachments
    assert (file["name"], file["type"]) == ("gate.png", "image/png")
    with transaction() as session:
        (row,) = session.exec(select(StoredFile)).all()
        assert (str(row.id), row.subject_id) == (file["file_id"], item.id)
        assert {one.state for one in session.exec(select(InboundMail))} == {MailState.TAKEN}


def test_the_parsed_form_reads_as_the_raw_one_does(desk: Principal) -> None:
    parts = {
        "headers": (None, "From: Rosa <rosa@example.com>\nTo: desk\nSubject: Gate\nMessage-ID: <m2@example.com>"),
        "text": (None, "Die Tür klemmt.".encode("latin-1")),
        "charsets": (None, '{"text": "iso-8859-1"}'),
        "envelope": (None, json.dumps({"to": ["Desk+spring@inbox.example.com"]})),
        "attachments": (None, "1"),
        "attachment-info": (None, '{"attachment1": {"filename": "a.txt", "type": "text/plain"}}'),
        "attachment1": ("a.txt", b"list", "text/plain"),
    }
    assert post(parts) == 200
    take_all()
    (item,) = items()
    assert (item.body.strip(), item.source_id) == ("Die Tür klemmt.", "m2@example.com")
    assert [one["name"] for one in item.attachments] == ["a.txt"]


def test_without_the_secret_nothing_is_stored(desk: Principal) -> None:
    assert [post(form(mail()), token=wrong) for wrong in ("", "guess")] == [403, 403]
    with transaction() as session:
        assert session.exec(select(InboundMail)).all() == []


def test_a_security_policy_replaces_the_secret(desk: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    monkeypatch.setattr(settings(), "sendgrid_inbound_public_key", public)
    body = httpx.Request("POST", "http://x", files=form(mail()), headers={}).read()
    boundary = body[2:].split(b"\r\n")[0].decode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}

    def deliver(signed: bytes) -> int:
        signature = base64.b64encode(key.sign(b"1700000000" + signed, ec.ECDSA(hashes.SHA256()))).decode()
        proof = {
            "X-Twilio-Email-Event-Webhook-Signature": signature,
            "X-Twilio-Email-Event-Webhook-Timestamp": "1700000000",
        }

        async def send() -> int:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(Webhooks()), base_url="http://x") as client:
                answer = await client.post(inbound_mail.PATH, content=body, headers={**kind, **proof})
                return answer.status_code

        return asyncio.run(send())

    assert [deliver(body), deliver(body + b"x")] == [200, 403]
    assert post(form(mail())) == 403


def test_nobodys_address_is_refused_with_a_reason(desk: Principal) -> None:
    assert post(form(mail(To="x@inbox.example.com"), to="x@inbox.example.com")) == 200
    take_all()
    assert items() == []
    with transaction() as session:
        assert "No active channel" in (session.exec(select(InboundMail)).one().reason or "")


def test_a_forwarded_mail_shows_who_wrote_first_when_a_colleague_forwards_it(desk: Principal) -> None:
    text = "---------- Forwarded message ---------\nFrom: Ann Lee <ann@example.org>\nSubject: Roof\n\nIt leaks.\n"
    for number, sender in enumerate(("owner@example.com", "stranger@example.net")):
        made = EmailMessage()
        made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, DESK, "Fwd: Roof", f"<f{number}@x>"
        made.set_content(text)
        assert post(form(made)) == 200
    take_all()
    assert {one.from_identifier for one in items()} == {"ann@example.org", "stranger@example.net"}


def test_more_than_we_take_is_refused_plainly(desk: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound_mail, "LARGEST", 1000)
    assert post(form(mail(Subject="x" * 900))) == 413
