"""A guest's money after a cancelled appointment: all of it, once, however often it is asked and answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from jobs.handlers import appointments as handlers
from taskjuggler_app.adapters import registry
from taskjuggler_app.adapters.stripe_payments import StripePayments
from taskjuggler_app.core import clock, queue
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden
from taskjuggler_app.core.ports import Charge, MoneyOrder, VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import booking, changing, links, public, refunds
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.payments import checks, events, ledger, reconcile
from taskjuggler_app.models import Appointment, AppointmentStatus, Notification, PaymentEvent
from tests.factories import NOON, make_owner, make_type
from tests.fakes import stripe as fakes
from tests.fakes.stripe import FakeStripe

TEN = int(datetime(2026, 3, 3, 10, 0, tzinfo=UTC).timestamp())
IN_TIME = NOON + timedelta(minutes=5)
_QUEUED = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")


def queued(name: str) -> list[dict[str, Any]]:
    with transaction() as session:
        return [args for (args,) in session.execute(_QUEUED, {"name": name})]


def held(**over: Any) -> tuple[str, Principal, str]:
    """An appointment that waits for its payment; the host; the type's slug."""
    over = {"cancellation_hours": 2, **over}
    with transaction() as session:
        owner = make_owner(session)
        slug = make_type(session, owner, price="45", **over).booking_slug
        made = booking.book(session, slug, TEN, Guest("Rosa", "rosa@example.com"), NOON)
        about = {"name": "Rosa", "email": "rosa@example.com", "what": "Visit", "page": f"http://here.test/book/{slug}"}
        checks.watch(session, checks.BOOKING, str(made.id), about=about)
        return str(made.id), owner, slug


def pay(fake_stripe: FakeStripe, reference: str) -> None:
    """The guest pays at Stripe, and its webhook comes."""
    fake_stripe.pay(
        registry.payments().checkout(Charge(reference, Decimal(45), "USD", "Visit", "http://here.test/")).id
    )
    fact = registry.payments().read_event(*fake_stripe.events[-1])
    assert fact is not None
    with transaction() as session:
        events.apply(session, fact)
    for args in queued(events.BOOKED):
        with clock.at(IN_TIME):
            handlers.booking_paid(**args)


def cancel(reference: str, by: Principal | None = None, now: datetime = IN_TIME) -> None:
    with clock.at(now), transaction() as session:
        changing.cancel(session, UUID(reference), now, by=by)


def send_back() -> None:
    for args in queued(refunds.REFUND):
        handlers.refund(**args)
    told()


def told() -> None:
    """The appointment hears what went back."""
    for args in queued(events.RETURNED):
        handlers.returned(**args)


def refunded(fake_stripe: FakeStripe) -> list[int]:
    return [one["amount"] for one in fake_stripe.things.values() if one["object"] == "refund"]


def owed(session: Session, reference: str) -> Decimal:
    return -ledger.balance(session, ledger.booking_account(reference))


@pytest.mark.parametrize("by_host", [False, True])
def test_who_cancels_in_time_or_is_cancelled_gets_all_of_it_once(fake_stripe: FakeStripe, by_host: bool) -> None:
    made, owner, _ = held()
    pay(fake_stripe, made)
    if by_host:
        cancel(made, owner, datetime.fromtimestamp(TEN, UTC) - timedelta(minutes=1))
    else:
        cancel(made)
    with transaction() as session:
        _, row = public.own(session, UUID(made), IN_TIME)
        assert row.refund == "$45.00 are on their way back."
    send_back()
    send_back()
    assert refunded(fake_stripe) == [4500]
    with transaction() as session:
        assert owed(session, made) == 0
        _, row = public.own(session, UUID(made), IN_TIME)
        assert row.refund == "$45.00 were refunded."
        log = text("SELECT count(*) FROM case_events WHERE kind = 'appointment.refunded'")
        assert session.execute(log).scalar_one() == 1


def test_the_rule_is_shown_before_paying_and_holds(fake_stripe: FakeStripe) -> None:
    made, _, slug = held(cancellation_hours=48)
    with transaction() as session:
        kind, _ = public.offered(session, slug, NOON)
    assert kind.refund.startswith("Cancel until 48 hours before it starts and you get all of it back. After that only")
    pay(fake_stripe, made)
    with pytest.raises(Forbidden, match="48 hours"):
        cancel(made, now=datetime.fromtimestamp(TEN, UTC) - timedelta(hours=47))
    assert queued(refunds.REFUND) == []


def test_two_who_cancel_at_once_send_it_back_once(fake_stripe: FakeStripe) -> None:
    made, owner, _ = held()
    pay(fake_stripe, made)

    def attempt(by: Principal | None) -> bool:
        try:
            cancel(made, by)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, [None, owner, None, owner])) == 1
    send_back()
    assert refunded(fake_stripe) == [4500]


def test_a_payment_told_again_after_the_cancelling_sends_nothing_twice(fake_stripe: FakeStripe) -> None:
    made, _, _ = held()
    pay(fake_stripe, made)
    cancel(made)
    for args in queued(events.BOOKED):
        handlers.booking_paid(**args)
    send_back()
    assert refunded(fake_stripe) == [4500]
    with transaction() as session:
        assert owed(session, made) == 0


def test_stripe_is_away_and_the_worker_is_killed_and_still_it_is_sent_once(
    fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _, _ = held()
    pay(fake_stripe, made)
    cancel(made)
    with monkeypatch.context() as away:
        away.setattr(registry, "payments", lambda: StripePayments("sk_test", fakes.SECRET, "http://127.0.0.1:9"))
        with pytest.raises(VendorError) as raised:
            send_back()
        assert raised.value.retryable
    (asked,) = queued(refunds.REFUND)
    paid = asked["payment_id"]
    registry.payments().refund(MoneyOrder(paid, made, Decimal(45), "USD", paid, purpose=checks.BOOKING))  # and killed
    send_back()
    assert refunded(fake_stripe) == [4500]
    with transaction() as session:
        assert session.get_one(Appointment, UUID(made)).refunded_at is not None


def test_whoever_paid_too_late_is_told_once(fake_stripe: FakeStripe) -> None:
    made, _, slug = held()
    with transaction() as session:
        booking.sweep(session, NOON + timedelta(minutes=30))
        booking.book(session, slug, TEN, Guest("Ben", "ben@example.com"), NOON + timedelta(minutes=31))
    pay(fake_stripe, made)
    for args in queued(events.BOOKED):
        handlers.booking_paid(**args)
    letters = [one for one in queued("mail.send") if one["subject"].startswith("Your payment goes back")]
    assert {one["idempotency_key"] for one in letters} == {letters[0]["idempotency_key"]}
    assert letters[0]["to"] == "rosa@example.com"
    assert "$45.00 go back" in letters[0]["text"]
    assert f"/book/{slug}" in letters[0]["text"]


def test_what_was_never_paid_sends_nothing_back(database_url: str) -> None:
    made, owner, _ = held()
    with pytest.raises(DomainError), transaction() as session:
        changing.cancel(session, UUID(made), IN_TIME, by=owner)
    with transaction() as session:
        free = make_type(session, owner)
        booked = booking.book(session, free.booking_slug, TEN + 7_200, Guest("Ben", "ben@example.com"), NOON)
        assert booked.status is AppointmentStatus.SCHEDULED
        changing.cancel(session, booked.id, IN_TIME, by=owner)
        assert links.address(booked.id, IN_TIME)
    assert queued(refunds.REFUND) == []


def test_a_refund_by_hand_is_seen_at_the_appointment_too(fake_stripe: FakeStripe) -> None:
    made, _, _ = held()
    pay(fake_stripe, made)
    cancel(made)
    (asked,) = queued(refunds.REFUND)
    for amount in ("1500", "3000"):
        fake_stripe.handle(
            "POST", "/v1/refunds", {"payment_intent": asked["payment_id"], "amount": amount, "metadata": {}}, ""
        )
        with transaction() as session:
            reconcile.booking(session, made, registry.payments().history(made))
        told()
        with transaction() as session:
            assert (session.get_one(Appointment, UUID(made)).refunded_at is not None) == (amount == "3000")


def test_a_refund_that_the_provider_refuses_for_good_is_the_hosts_to_see_to(fake_stripe: FakeStripe) -> None:
    made, owner, _ = held()
    pay(fake_stripe, made)
    cancel(made)
    (asked,) = queued(refunds.REFUND)
    fake_stripe.things.clear()
    with pytest.raises(VendorError):
        handlers.refund(**asked)
    dead = queue.registry[refunds.REFUND].on_dead
    assert dead is not None
    for _ in range(2):
        dead(**asked)
    with transaction() as session:
        told = session.exec(select(Notification).where(Notification.user_id == owner.user_id)).all()
    assert [one.title for one in told if one.type == "payment"] == ["Rosa's money did not go back"]


def test_a_refund_that_did_not_arrive_is_shown_to_the_operators(fake_stripe: FakeStripe) -> None:
    made, _, _ = held()
    pay(fake_stripe, made)
    cancel(made)
    send_back()
    fake_stripe.fail_refund(next(one["id"] for one in fake_stripe.things.values() if one["object"] == "refund"))
    fact = registry.payments().read_event(*fake_stripe.events[-1])
    assert fact is not None
    with transaction() as session:
        events.store(session, "stripe", fact)
        events.handle(session, f"stripe:{fact.id}")
    with transaction() as session:
        assert "did not arrive" in (session.get_one(PaymentEvent, f"stripe:{fact.id}").problem or "")
