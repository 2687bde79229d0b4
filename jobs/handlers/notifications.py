"""Notifications beside the app: mail, texts and digests."""

from datetime import datetime
from uuid import UUID

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import job
from taskjuggler_app.domain.notifications import delivery


@job(delivery.DELIVER)
def deliver(notification_id: str, channel: str) -> None:
    """Hand one notification to the mail or the phone."""
    with transaction() as session:
        delivery.deliver(session, UUID(notification_id), channel)


@job(delivery.DIGEST)
def digest(user_id: str, since: str, until: str) -> None:
    """Mail one person's digest."""
    with transaction() as session:
        delivery.send_digest(session, UUID(user_id), datetime.fromisoformat(since), datetime.fromisoformat(until))
