"""The embedded mailer and phone: what would go out is kept in the outbox and shown on the terminal."""

import logging
from typing import BinaryIO
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Mail, TextMessage, VendorError
from taskjuggler_app.models.outbox import OutboxKind, OutboxMessage

_log = logging.getLogger("taskjuggler.outbox")


class ConsoleMailer:
    """The Mailer port without a mail server."""

    def send(self, mail: Mail) -> str:
        """Keep the mail, once for each idempotency key. Its text is printed: here a sign-up code is read."""
        return _keep(OutboxKind.EMAIL, mail.to, mail.subject, mail.text, mail.html, mail.team_id, mail.idempotency_key)

    def check(self) -> str:
        """It is there."""
        return "The outbox takes every mail; nobody outside gets one."


class ConsoleTelephony:
    """The Telephony port without a carrier."""

    def send_sms(self, message: TextMessage) -> str:
        """Keep the text message, once for each idempotency key."""
        key = message.idempotency_key
        return _keep(OutboxKind.SMS, message.to, None, message.body, None, message.team_id, key)

    def fetch_media(self, url: str, into: BinaryIO, limit: int) -> str:
        """There is nobody to fetch from."""
        raise VendorError("No phone carrier is set up here, so this file could not be fetched.", retryable=False)

    def check(self) -> str:
        """It is there."""
        return "The outbox takes every text; nobody outside gets one."


def _keep(
    kind: OutboxKind, to: str, subject: str | None, body: str, html: str | None, team_id: UUID | None, key: str
) -> str:
    message_id = uuid4()
    values = {
        "id": message_id,
        "kind": kind,
        "to_address": to[:255],
        "subject": subject[:500] if subject else None,
        "body": body,
        "html": html,
        "team_id": team_id,
        "idempotency_key": key[:255],
    }
    with transaction() as session:
        kept = session.execute(
            insert(OutboxMessage)
            .values(values)
            .on_conflict_do_nothing(index_elements=["idempotency_key"])
            .returning(col(OutboxMessage.id))
        ).first()
        if kept is None:
            same_key = select(OutboxMessage.id).where(OutboxMessage.idempotency_key == key[:255])
            message_id = session.exec(same_key).one()
        else:
            live.publish(session, topics.outbox())
    if kept is not None:
        _log.info("%s to %s, kept in the outbox%s\n%s", kind.value, to, f": {subject}" if subject else "", body)
    return str(message_id)
