"""What goes out: mail and text messages."""

from collections.abc import Callable
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import cache
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Mail, TextMessage, VendorError
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.receptionist import delivering

SENT_SECONDS = 7 * 24 * 3600


def _once(key: str, send: Callable[[], object]) -> None:
    """Send unless a run before this one did. Killed between the two, a message goes out a second time: the vendors
    give no way to ask."""
    with transaction() as session:
        if cache.get(session, f"sent:{key}") is not None:
            return
    send()
    with transaction() as session:
        cache.put(session, f"sent:{key}", "1", SENT_SECONDS)


@job("mail.send", queue="outgoing", retries=Backoff(attempts=8))
def send_mail(
    to: str,
    subject: str,
    text: str,
    idempotency_key: str,
    html: str | None = None,
    invitation: str | None = None,
    method: str = "REQUEST",
) -> None:
    """Send one mail."""
    mail = Mail(
        to=to,
        subject=subject,
        text=text,
        html=html,
        idempotency_key=idempotency_key,
        invitation=invitation,
        method=method,
    )
    _once(idempotency_key, lambda: registry.mailer().send(mail))


@job("sms.send", queue="outgoing", retries=Backoff(attempts=5))
def send_sms(to: str, body: str, idempotency_key: str, sender: str = "") -> None:
    """Send one text message."""
    message = TextMessage(to=to, sender=sender, body=body, idempotency_key=idempotency_key)
    _once(idempotency_key, lambda: registry.telephony().send_sms(message))


def _gave_up(message_id: str) -> None:
    with transaction() as session:
        delivering.failed(session, UUID(message_id), "It could not be handed over, however often it was tried.")


@job(delivering.SEND, queue="outgoing", retries=Backoff(attempts=6), on_dead=_gave_up)
def send_reply(message_id: str) -> None:
    """Hand a reply over; what the vendor refuses for good is failed at once, with the vendor's reason."""
    with transaction() as session:
        message = delivering.begin(session, UUID(message_id))
    if message is None:
        return
    try:
        if isinstance(message, Mail):
            provider_id = registry.mailer().send(message)
        else:
            provider_id = registry.telephony().send_sms(message)
    except VendorError as error:
        if error.retryable:
            raise
        with transaction() as session:
            delivering.failed(session, UUID(message_id), str(error))
        return
    with transaction() as session:
        delivering.sent(session, UUID(message_id), provider_id)
