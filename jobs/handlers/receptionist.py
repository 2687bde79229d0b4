"""Messages that came in."""

from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import batches
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.receptionist import intake, processing
from taskjuggler_app.domain.receptionist.intake import PROCESS


def _messages_died(item_ids: list[str], batch_id: str | None = None) -> None:
    for item_id in item_ids:
        processing.mark_dead(UUID(item_id))
    _count(item_ids, batch_id, failed=True)


def _count(item_ids: list[str], batch_id: str | None, *, failed: bool = False) -> None:
    if batch_id is not None:
        with transaction() as session:
            for item_id in item_ids:
                batches.part_done(session, batch_id, item_id, failed=failed)


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
