"""What goes out: mail and text messages."""

from collections.abc import Callable

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import cache
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Mail, TextMessage
from taskjuggler_app.core.queue import Backoff, job

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
