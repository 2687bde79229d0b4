"""Subscribed calendars: read outside any transaction, through the client that cannot be led inside."""

from uuid import UUID

from taskjuggler_app.adapters.safe_http import FetchFailed, SafeHttp
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.appointments import feeds
from taskjuggler_app.models.appointments import CalendarSubscription

MOST_BYTES = 5_000_000


@job(feeds.FETCH, retries=Backoff(attempts=1))
def fetch_calendar(subscription_id: str) -> None:
    """Read one subscribed calendar. One that cannot be read is shown with its reason; the next tick tries again."""
    found_id = UUID(subscription_id)
    with transaction() as session:
        found = session.get(CalendarSubscription, found_id)
        url = found.url if found else ""
    if not url:
        return
    try:
        content = _read(url)
        with transaction() as session:
            feeds.store(session, found_id, content, clock.utcnow())
    except (FetchFailed, Invalid) as error:
        with transaction() as session:
            feeds.failed(session, found_id, str(error))


def _read(url: str) -> str:
    answer = SafeHttp(max_bytes=MOST_BYTES).get(url, {"accept": "text/calendar, */*;q=0.1"})
    if answer.status != 200:
        raise FetchFailed(f"It answered with status {answer.status}.")
    return answer.text
