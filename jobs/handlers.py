"""Job name -> domain function. Handlers run at least once, so each is idempotent."""

from collections.abc import Callable
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import batches, cache
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Mail, TextMessage
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.receptionist import intake, processing
from taskjuggler_app.domain.receptionist.intake import PROCESS

SENT_SECONDS = 7 * 24 * 3600


def _messages_died(item_ids: list[str], batch_id: str | None = None) -> None:
    for item_id in item_ids:
        processing.mark_dead(UUID(item_id))
    _count(item_ids, batch_id, failed=True)


def _count(item_ids: list[str], batch_id: str | None, *, failed: bool = False) -> None:
    if batch_id is not None:
        with transaction() as session:
            for item_id in item_ids:
                batches.part_done(session, batch_id, item_id, failed=failed)


def _once(key: str, send: Callable[[], object]) -> None:
    """Send unless a run before this one did. Killed between the two, a message goes out a second time: the vendors
    give no way to ask."""
    with transaction() as session:
        if cache.get(session, f"sent:{key}") is not None:
            return
    send()
    with transaction() as session:
        cache.put(session, f"sent:{key}", "1", SENT_SECONDS)


@job(PROCESS, retries=Backoff(attempts=6, first=1.0, factor=4.0), on_dead=_messages_died)
def process_messages(item_ids: list[str], batch_id: str | None = None) -> None:
    """Read and route a few messages. One that fails among several gets a job, and so attempts, of its own."""
    for item_id in item_ids:
        try:
            processing.process(UUID(item_id), registry.extractor())
        except Exception:
            if len(item_ids) == 1:
                raise
            with transaction() as session:
                intake.queue(session, [UUID(item_id)])
    _count(item_ids, batch_id)


@job("mail.send", queue="outgoing", retries=Backoff(attempts=8))
def send_mail(to: str, subject: str, text: str, idempotency_key: str, html: str | None = None) -> None:
    """Send one mail."""
    mail = Mail(to=to, subject=subject, text=text, html=html, idempotency_key=idempotency_key)
    _once(idempotency_key, lambda: registry.mailer().send(mail))


@job("sms.send", queue="outgoing", retries=Backoff(attempts=5))
def send_sms(to: str, body: str, idempotency_key: str, sender: str = "") -> None:
    """Send one text message."""
    message = TextMessage(to=to, sender=sender, body=body, idempotency_key=idempotency_key)
    _once(idempotency_key, lambda: registry.telephony().send_sms(message))
