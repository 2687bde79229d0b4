"""Contacts: the parts of an import, and the messages to a list."""

from uuid import UUID

from jobs.handlers import outgoing
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.contacts import bulk, imports
from taskjuggler_app.models.contacts import ContactChannel, RecipientState


def _part_died(import_id: str, part: int) -> None:
    with transaction() as session:
        imports.part_failed(session, UUID(import_id), part)


@job(imports.PART, retries=Backoff(attempts=5), on_dead=_part_died)
def import_part(import_id: str, part: int) -> None:
    """Put 500 rows of a file into its list."""
    with transaction() as session:
        imports.run_part(session, UUID(import_id), part)


def _message_died(recipient_id: str) -> None:
    with transaction() as session:
        bulk.mark(session, UUID(recipient_id), RecipientState.FAILED)


@job(bulk.SEND, queue="outgoing", retries=Backoff(attempts=5), on_dead=_message_died)
def send_to_contact(recipient_id: str) -> None:
    """Write to one person of a list, unless they opted out by now."""
    with transaction() as session:
        wanted = bulk.next_for(session, UUID(recipient_id))
    if wanted is None:
        return
    if wanted.channel is ContactChannel.SMS:
        outgoing.send_sms(to=wanted.to, body=wanted.body, idempotency_key=wanted.key)
    else:
        outgoing.send_mail(to=wanted.to, subject=wanted.subject, text=wanted.body, idempotency_key=wanted.key)
    with transaction() as session:
        bulk.mark(session, UUID(recipient_id), RecipientState.SENT)
