"""What comes in and has to be fetched or read: delivered mails, media of texts, recordings of calls."""

import hashlib
import io
import tempfile
from typing import IO, BinaryIO, cast
from uuid import UUID

from taskjuggler_app.adapters import registry, sendgrid_inbound
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.files.service import MOST_BYTES, Received, new_key
from taskjuggler_app.domain.receptionist import attachments, calls, commands, mailboxes, processing
from taskjuggler_app.domain.receptionist.calls import AFTER_CALL, REREAD
from taskjuggler_app.domain.receptionist.intake import FETCH_MEDIA
from taskjuggler_app.domain.receptionist.mail import ParsedMail, parse_mail
from taskjuggler_app.domain.receptionist.mailboxes import TAKE_IN
from taskjuggler_app.models.incoming import InboundMail, MailState
from taskjuggler_app.models.receptionist import AssistantChannel

_CHUNK = 256 * 1024


def _mail_died(mail_id: str) -> None:
    with transaction() as session:
        mailboxes.refuse(session, UUID(mail_id), "This mail could not be read. Its bytes are kept as they came.")


@job(TAKE_IN, retries=Backoff(attempts=6, first=1.0, factor=4.0), on_dead=_mail_died)
def take_mail(mail_id: str) -> None:
    """Read a delivery and make its messages; a repeated run finds them made."""
    with transaction() as session:
        delivered = session.get(InboundMail, UUID(mail_id))
    if delivered is None or delivered.state is not MailState.WAITING:
        return
    try:
        with registry.files().open(delivered.storage_key) as body:
            delivery = sendgrid_inbound.read(body, delivered.content_type)
    except (ValueError, NotFound) as error:
        with transaction() as session:
            mailboxes.refuse(session, delivered.id, str(error))
        return
    mail = parse_mail(delivery.raw)
    addressed = delivery.recipients or tuple(one.address for one in (*mail.to, *mail.cc))
    with transaction() as session:
        channels = mailboxes.channels_of(session, addressed)
    for channel in channels:
        _take_on(delivered, channel, mail, delivery)
    with transaction() as session:
        if channels:
            mailboxes.finish(session, delivered.id, channels[0].team_id)
        else:
            mailboxes.refuse(session, delivered.id, f"No active channel has the address {', '.join(addressed)[:200]}.")
    registry.files().delete(delivered.storage_key)


def _take_on(
    delivered: InboundMail, channel: AssistantChannel, mail: ParsedMail, delivery: sendgrid_inbound.Delivery
) -> None:
    with transaction() as session:
        if mailboxes.has(session, channel.id, mail):
            return
        asks = commands.is_command(mail.subject, mail.visible_text)
        asks = asks and mailboxes.is_colleague(session, channel.team_id, mail.sender.address)
    verdicts: dict[str, object] = {"verdicts": dict(delivery.verdicts)}
    if asks and delivery.is_raw:
        verdicts["dkim_aligned"] = registry.mail_proof().is_from(delivery.raw, mail.sender.address)
    files = [_kept(one.name, io.BytesIO(one.content)) for one in mail.attachments]
    if mail.raw_kept_reason:
        files.append(_kept("original.eml", io.BytesIO(delivery.raw)))
    made = None
    try:
        with transaction() as session:
            made = mailboxes.take_in(session, delivered, channel, mail, files, verdicts)
    finally:
        if made is None:
            for file in files:
                registry.files().delete(file.storage_key)


def _media_died(item_id: str) -> None:
    with transaction() as session:
        places = attachments.waiting(session, UUID(item_id))
        for place, _ in places:
            attachments.fetched(session, UUID(item_id), place, "This file could not be fetched from the carrier.")


@job(FETCH_MEDIA, retries=Backoff(attempts=8, first=2.0, factor=3.0), on_dead=_media_died)
def fetch_media(item_id: str) -> None:
    """Fetch what a message brought as addresses: pictures of a text, the recording of a call."""
    with transaction() as session:
        places = attachments.waiting(session, UUID(item_id))
    for place, url in places:
        outcome = _fetched(url)
        with transaction() as session:
            is_ours = attachments.fetched(session, UUID(item_id), place, outcome)
        if not is_ours and isinstance(outcome, Received):
            registry.files().delete(outcome.storage_key)


def _fetched(url: str) -> Received | str:
    """The file, or why it will not come. VendorError when trying again can help."""
    with tempfile.TemporaryFile() as file:
        try:
            name = registry.telephony().fetch_media(url, cast(BinaryIO, file), MOST_BYTES)
        except VendorError as error:
            if error.retryable:
                raise
            return str(error)
        file.seek(0)
        return _kept(name, file)


def _kept(name: str, content: IO[bytes]) -> Received:
    """Keep the bytes behind the Files port."""
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        head = head or chunk[:8192]
    content.seek(0)
    key = new_key()
    registry.files().put(key, cast(BinaryIO, content))
    return Received(name, head, size, digest.hexdigest(), key)


@job(AFTER_CALL)
def after_call(call_sid: str) -> None:
    """A call is over: one that left no message is noted, and its caller gets one text."""
    with transaction() as session:
        calls.after(session, call_sid)


@job(REREAD)
def reread(item_id: str) -> None:
    """The words of a processed message changed."""
    processing.reread(UUID(item_id), registry.extractor())
