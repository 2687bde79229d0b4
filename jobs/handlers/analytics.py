"""Counts of the dashboards, and Manager's Monday by mail."""

from datetime import date
from uuid import UUID

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.analytics import folding, mailing


@job(folding.FOLD, retries=Backoff(attempts=3, first=2.0))
def fold(team_id: str) -> None:
    """Bring a workspace's counts up to its log, step by step."""
    more = True
    while more:
        with transaction() as session:
            more = folding.fold(session, UUID(team_id))


@job(mailing.MAIL)
def monday_mail(user_id: str, team_id: str, monday: str) -> None:
    """Mail one person's Monday."""
    with transaction() as session:
        mailing.send(session, UUID(user_id), UUID(team_id), date.fromisoformat(monday))
