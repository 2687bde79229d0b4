"""The time machine's runs."""

from uuid import UUID

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.routing import replay, runs


def _run_died(run_id: str) -> None:
    with transaction() as session:
        runs.fail(session, UUID(run_id))


@job(runs.REPLAY, retries=Backoff(attempts=4, first=1.0), on_dead=_run_died)
def run_over_the_past(run_id: str) -> None:
    """Go through the messages step by step; after a kill, from where the last step ended."""
    more = True
    while more:
        with transaction() as session:
            more = replay.step(session, UUID(run_id))
