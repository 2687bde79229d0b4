"""Webhooks that go out."""

import time
from uuid import UUID

from taskjuggler_app.adapters import webhook_http
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.webhooks import deliveries

RETRIES = Backoff(attempts=10, first=5, factor=5, longest=36_000)
"""5 s, 25 s, 2 min, 10 min, 52 min, 4 h, then every 10 h: 35 hours in all."""


def _gave_up(delivery_id: str) -> None:
    with transaction() as session:
        deliveries.failed(session, UUID(delivery_id))


@job(deliveries.DELIVER, queue="outgoing", retries=RETRIES, on_dead=_gave_up)
def deliver(delivery_id: str) -> None:
    """Send one event. Killed after the other side took it, it is sent again: its message id makes it one."""
    with transaction() as session:
        outgoing = deliveries.begin(session, UUID(delivery_id))
    if outgoing is None:
        return
    started = time.monotonic()
    status, said, again = 0, "", True
    try:
        status, said = webhook_http.send(outgoing)
    except VendorError as error:
        said, again = str(error), error.retryable
    taken, again = 200 <= status < 300, again and status != 410
    with transaction() as session:
        ms = int((time.monotonic() - started) * 1000)
        deliveries.tried(session, UUID(delivery_id), status=status, said=said, milliseconds=ms, taken=taken)
        if not taken and not again:
            deliveries.failed(session, UUID(delivery_id))
    if not taken and again:
        raise VendorError(f"It answered {status}." if status else said, retryable=True)
