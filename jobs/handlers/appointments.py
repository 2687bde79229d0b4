"""What is told of appointments; guests' payments; subscribed calendars, read outside any transaction by the client that
cannot be led inside."""

from decimal import Decimal
from uuid import UUID

from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.safe_http import FetchFailed, SafeHttp
from taskjuggler_app.core import clock, money
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Invalid
from taskjuggler_app.core.ports import MoneyOrder
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.appointments import announcing, booking, feeds, letters, refunds
from taskjuggler_app.domain.payments import checks, events
from taskjuggler_app.models.appointments import CalendarSubscription

MOST_BYTES = 5_000_000


@job(announcing.TELL)
def tell(appointment_id: str, what: str, sequence: int, actor: str) -> None:
    """Tell guest and host what happened to an appointment."""
    with transaction() as session:
        announcing.tell(session, UUID(appointment_id), what, sequence, actor)


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


@job(events.BOOKED, retries=Backoff(attempts=10, first=2.0))
def booking_paid(appointment_id: str, payment_id: str, amount: str, currency: str) -> None:
    """A guest paid: their held time is theirs. When it went to somebody else, the money goes back."""
    try:
        with transaction() as session:
            booking.paid(session, UUID(appointment_id), payment_id, clock.utcnow())
    except Conflict as error:
        _send_back(appointment_id, payment_id, Decimal(amount), currency)
        with transaction() as session:
            about = checks.about(session, checks.BOOKING, appointment_id)
            back = money.shown(Decimal(amount), currency)
            letters.too_late(session, about, back, error.message, f"booking-returned:{payment_id}")


def _stuck(appointment_id: str, **_: str) -> None:
    with transaction() as session:
        refunds.stuck(session, UUID(appointment_id))


@job(refunds.REFUND, retries=Backoff(attempts=10, first=2.0), on_dead=_stuck)
def refund(appointment_id: str, payment_id: str, amount: str, currency: str) -> None:
    """What a guest paid for an appointment that was cancelled."""
    _send_back(appointment_id, payment_id, Decimal(amount), currency)


@job(events.RETURNED)
def returned(appointment_id: str) -> None:
    """A guest's money went back, by whatever way it was told."""
    with transaction() as session:
        refunds.done(session, UUID(appointment_id), clock.utcnow())


def _send_back(appointment_id: str, payment_id: str, amount: Decimal, currency: str) -> None:
    order = MoneyOrder(payment_id, appointment_id, amount, currency, payment_id, purpose=checks.BOOKING)
    refund_id = registry.payments().refund(order)
    with transaction() as session:
        events.booking_refunded(session, appointment_id, refund_id, amount, currency)


def _read(url: str) -> str:
    answer = SafeHttp(max_bytes=MOST_BYTES).get(url, {"accept": "text/calendar, */*;q=0.1"})
    if answer.status != 200:
        raise FetchFailed(f"It answered with status {answer.status}.")
    return answer.text
