"""Job name -> domain function. Handlers run at least once, so each is idempotent."""

from typing import Any
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.ports import Mail, TextMessage
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.receptionist import processing
from taskjuggler_app.domain.receptionist.intake import PROCESS


def _message_died(item_id: str, **_args: Any) -> None:
    processing.mark_dead(UUID(item_id))


@job(PROCESS, retries=Backoff(attempts=6, first=1.0, factor=4.0), on_dead=_message_died)
def process_message(item_id: str) -> None:
    """Read and route one message."""
    processing.process(UUID(item_id), registry.extractor())


@job("mail.send", queue="outgoing", retries=Backoff(attempts=8))
def send_mail(to: str, subject: str, text: str, idempotency_key: str, html: str | None = None) -> None:
    """Send one mail."""
    registry.mailer().send(Mail(to=to, subject=subject, text=text, html=html, idempotency_key=idempotency_key))


@job("sms.send", queue="outgoing", retries=Backoff(attempts=5))
def send_sms(to: str, body: str, idempotency_key: str, sender: str = "") -> None:
    """Send one text message."""
    registry.telephony().send_sms(TextMessage(to=to, sender=sender, body=body, idempotency_key=idempotency_key))
