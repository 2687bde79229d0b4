"""Job name -> domain function. Handlers run at least once, so each is idempotent."""

from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Mail, TextMessage
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.receptionist import intake, processing
from taskjuggler_app.domain.receptionist.intake import PROCESS


def _messages_died(item_ids: list[str]) -> None:
    for item_id in item_ids:
        processing.mark_dead(UUID(item_id))


@job(PROCESS, retries=Backoff(attempts=6, first=1.0, factor=4.0), on_dead=_messages_died)
def process_messages(item_ids: list[str]) -> None:
    """Read and route a few messages. One that fails among several gets a job, and so attempts, of its own."""
    for item_id in item_ids:
        try:
            processing.process(UUID(item_id), registry.extractor())
        except Exception:
            if len(item_ids) == 1:
                raise
            with transaction() as session:
                intake.queue(session, [UUID(item_id)])


@job("mail.send", queue="outgoing", retries=Backoff(attempts=8))
def send_mail(to: str, subject: str, text: str, idempotency_key: str, html: str | None = None) -> None:
    """Send one mail."""
    registry.mailer().send(Mail(to=to, subject=subject, text=text, html=html, idempotency_key=idempotency_key))


@job("sms.send", queue="outgoing", retries=Backoff(attempts=5))
def send_sms(to: str, body: str, idempotency_key: str, sender: str = "") -> None:
    """Send one text message."""
    registry.telephony().send_sms(TextMessage(to=to, sender=sender, body=body, idempotency_key=idempotency_key))
