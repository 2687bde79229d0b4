"""Counts of the dashboards."""

from uuid import UUID

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.analytics import folding


@job(folding.FOLD, retries=Backoff(attempts=3, first=2.0))
def fold(team_id: str) -> None:
    """Bring a workspace's counts up to its log, step by step."""
    more = True
    while more:
        with transaction() as session:
            more = folding.fold(session, UUID(team_id))
