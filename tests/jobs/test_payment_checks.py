"""What no webhook told is found by the comparison with the provider: payments, guests' payments, plans, disputes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from jobs.handlers import appointments, payments
from taskjuggler_app.adapters import embedded_payments, registry
from taskjuggler_app.adapters.embedded_payments import EmbeddedPayments
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Charge
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import booking
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.billing import service as billing
from taskjuggler_app.domain.payments import checks, events, ledger, queries, service
from taskjuggler_app.models import Appointment, Dispute, PaymentCheck, PaymentEvent, Plan, Transaction, User
from tests.factories import NOON, make_owner, make_type
from tests.factories.money import make_payment, make_vendor
from tests.fakes.stripe import FakeStripe

TEN = int(datetime(2026, 3, 3, 10, 0, tzinfo=UTC).timestamp())
_LOG = text("SELECT count(*) FROM case_events WHERE kind LIKE 'plan.%'")
_QUEUED = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name AND status = 'todo' ORDER BY id")


def _begin_plan() -> tuple[Principal, str]:
    """An owner who was sent to pay for Pro, and where."""
    with transaction() as session:
        owner = make_owner(session)
        charge = billing.charge(session, owner, "pro")
    place = registry.payments().checkout(charge)
    with transaction() as session:
        billing.remember_checkout(session, owner, place.id)
    return owner, place.id


def _plan(owner: Principal) -> tuple[Plan, Decimal]:
    with transaction() as session:
        user = session.get_one(User, owner.user_id)
        return user.plan, -ledger.balance(session, ledger.plan_account(user.id))


def _check(purpose: str, reference: object) -> PaymentCheck:
    payments.check(purpose, str(reference))
    with transaction() as session:
        return session.get_one(PaymentCheck, (purpose, str(reference)))


def test_a_plan_whose_webhooks_were_lost_is_found_and_told_once(fake_stripe: FakeStripe) -> None:
    owner, place = _begin_plan()
    assert _check(checks.PLAN, owner.user_id).problem is None
    assert _plan(owner) == (Plan.FREE, Decimal(0))
    fake_stripe.pay(place)
    _check(checks.PLAN, owner.user_id)
    assert _plan(owner) == (Plan.PRO, Decimal(29))
    with transaction() as session:
        logged = session.execute(_LOG).scalar_one()
    assert logged == 2
    for _ in range(2):
        assert _check(checks.PLAN, owner.user_id).problem is None
    with transaction() as session:
        assert session.execute(_LOG).scalar_one() == logged
    fake_stripe.bill(next(one["id"] for one in fake_stripe.things.values() if one["object"] == "subscription"))
    _check(checks.PLAN, owner.user_id)
    assert _plan(owner) == (Plan.PRO, Decimal(58))


def test_a_plan_that_ended_at_stripe_unheard_of_ends(fake_stripe: FakeStripe) -> None:
    owner, place = _begin_plan()
    fake_stripe.pay(place)
    _check(checks.PLAN, owner.user_id)
    subscription = next(one for one in fake_stripe.things.values() if one["object"] == "subscription")
    subscription["status"] = "canceled"
    _check(checks.PLAN, owner.user_id)
    with transaction() as session:
        view = billing.view(session, owner)
    assert (view.label, view.ends) == ("Pro", True)


def test_the_embedded_providers_plan_is_found_as_well(database_url: str) -> None:
    owner, place = _begin_plan()
    with transaction() as session:
        embedded_payments.pay(session, place)
    for _ in range(2):
        assert _check(checks.PLAN, owner.user_id).problem is None
        assert _plan(owner) == (Plan.PRO, Decimal(29))
    provider = EmbeddedPayments("http://localhost")
    with transaction() as session:
        customer = session.get_one(User, owner.user_id).stripe_customer_id or ""
    assert [fact.kind.value for fact in provider.plan_history(customer, "")] == ["subscribed", "invoice_paid"]
    assert provider.plan_history("", "emb_checkout_unknown") == []


def test_a_guests_lost_payment_for_a_time_that_is_gone_goes_back_and_the_books_agree(fake_stripe: FakeStripe) -> None:
    with transaction() as session:
        slug = make_type(session, make_owner(session), price="45").booking_slug
        made = str(booking.book(session, slug, TEN, Guest("Rosa", "rosa@example.com"), NOON).id)
        checks.watch(session, checks.BOOKING, made)
    place = registry.payments().checkout(Charge(made, Decimal(45), "USD", "Appointment", "http://here.test/"))
    fake_stripe.pay(place.id)
    with transaction() as session:
        booking.sweep(session, NOON + timedelta(minutes=30))
        booking.book(session, slug, TEN, Guest("Ben", "ben@example.com"), NOON + timedelta(minutes=31))
    for _ in range(2):
        _check(checks.BOOKING, made)
        with transaction() as session:
            queued = [args for (args,) in session.execute(_QUEUED, {"name": events.BOOKED})]
        assert len(queued) == 1
        appointments.booking_paid(**queued[0])
    assert [one["amount"] for one in fake_stripe.things.values() if one["object"] == "refund"] == [4500]
    assert _check(checks.BOOKING, made).problem is None
    with transaction() as session:
        assert ledger.balance(session, ledger.booking_account(made)) == 0
        assert session.exec(select(Appointment)).one().guest_email == "ben@example.com"


def test_a_refund_by_hand_on_stripes_own_page_is_written_down(fake_stripe: FakeStripe) -> None:
    place = registry.payments().checkout(
        Charge(made := str(UUID(int=7)), Decimal(45), "USD", "One", "http://here.test/")
    )
    fake_stripe.pay(place.id)
    _check(checks.BOOKING, made)
    intent = next(one["id"] for one in fake_stripe.things.values() if one["object"] == "payment_intent")
    fake_stripe.handle("POST", "/v1/refunds", {"payment_intent": intent, "amount": "1500", "metadata": {}}, "")
    for _ in range(2):
        assert _check(checks.BOOKING, made).problem is None
    with transaction() as session:
        assert -ledger.balance(session, ledger.booking_account(made)) == 30


def _sold(fake_stripe: FakeStripe) -> tuple[UUID, Principal, str]:
    """A payment that its buyer paid at Stripe, of which nothing was told; the buyer; Stripe's payment."""
    with transaction() as session:
        buyer, seller = make_owner(session), make_owner(session)
        payment = make_payment(session, buyer, make_vendor(session, seller))
        charge = service.charge(session, buyer, payment.id)
    fake_stripe.pay(registry.payments().checkout(charge).id)
    intent = next(one["id"] for one in reversed(fake_stripe.things.values()) if one["object"] == "payment_intent")
    return payment.id, buyer, intent


def _deliver_dispute(fake_stripe: FakeStripe) -> str:
    """The newest event, delivered; what did not fit of it."""
    fact = registry.payments().read_event(*fake_stripe.events[-1])
    assert fact is not None
    with transaction() as session:
        events.store(session, "stripe", fact)
        events.handle(session, f"stripe:{fact.id}")
    with transaction() as session:
        return session.get_one(PaymentEvent, f"stripe:{fact.id}").problem or ""


def _open_disputes(session: Session, payment_id: UUID) -> int:
    return len(session.exec(select(Dispute.id).where(Dispute.transaction_id == payment_id)).all())


def test_a_banks_dispute_stops_what_is_held(fake_stripe: FakeStripe) -> None:
    payment_id, buyer, intent = _sold(fake_stripe)
    _check(checks.MARKETPLACE, payment_id)
    fake_stripe.dispute(intent)
    for _ in range(2):
        assert _deliver_dispute(fake_stripe) == ""
    with transaction() as session:
        assert _open_disputes(session, payment_id) == 1
        assert service.is_disputed(session, payment_id)
        with pytest.raises(Exception, match="disputed"):
            service.release(session, service.locked(session, payment_id), buyer, "Accepted")


def test_a_banks_dispute_that_comes_before_its_payment_waits_for_it(fake_stripe: FakeStripe) -> None:
    payment_id, _, intent = _sold(fake_stripe)
    fake_stripe.dispute(intent)
    assert "has not come yet" in _deliver_dispute(fake_stripe)
    _check(checks.MARKETPLACE, payment_id)
    with transaction() as session:
        assert service.is_disputed(session, payment_id)


def test_a_banks_dispute_after_the_money_went_out_is_shown_to_the_operators(
    fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskjuggler_app.domain.payments.queries.is_operator", lambda principal: True)
    payment_id, buyer, intent = _sold(fake_stripe)
    _check(checks.MARKETPLACE, payment_id)
    with transaction() as session:
        service.release(session, service.locked(session, payment_id), buyer, "Accepted")
    fake_stripe.dispute(intent)
    assert "nothing is held any more" in _deliver_dispute(fake_stripe)
    with transaction() as session:
        assert _open_disputes(session, payment_id) == 0
        assert [one.what for one in queries.troubles(session, buyer)] == ["Event disputed"]


def test_new_matters_are_compared_often_and_old_ones_seldom(database_url: str) -> None:
    def due(after: timedelta) -> int:
        with clock.at(NOON + after), transaction() as session:
            found = checks.queue_due(session, clock.utcnow())
            session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = :name"), {"name": checks.CHECK})
            return found

    def compared(after: timedelta) -> None:
        with clock.at(NOON + after), transaction() as session:
            checks.keep(session, checks.BOOKING, "a", Decimal(1), Decimal(1), "USD", goes_on=False)

    with clock.at(NOON), transaction() as session:
        checks.watch(session, checks.BOOKING, "a")
    minutes, hours, days = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
    assert due(minutes) == 1
    compared(minutes)
    assert [due(5 * minutes), due(11 * minutes)] == [0, 1]
    compared(3 * days)
    assert [due(3 * days + hours), due(3 * days + 7 * hours), due(31 * days)] == [0, 1, 0]


def test_what_goes_on_or_differs_is_compared_further(database_url: str) -> None:
    with clock.at(NOON), transaction() as session:
        checks.watch(session, checks.PLAN, "a")
        checks.watch(session, checks.BOOKING, "b")
    with clock.at(NOON + timedelta(days=20)), transaction() as session:
        checks.keep(session, checks.PLAN, "a", Decimal(1), Decimal(1), "USD", goes_on=True)
        found = checks.keep(session, checks.BOOKING, "b", Decimal(1), Decimal(2), "USD", goes_on=False)
    assert found == checks.Difference(Decimal(1), Decimal(2))
    with clock.at(NOON + timedelta(days=40)), transaction() as session:
        assert checks.queue_due(session, clock.utcnow()) == 2
        assert checks.queue_due(session, clock.utcnow()) == 2
        assert len(session.execute(_QUEUED, {"name": checks.CHECK}).all()) == 2


def test_a_check_of_another_provider_rests(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        checks.watch(session, checks.BOOKING, "a")
        monkeypatch.setattr(checks, "provider_name", lambda: "stripe")
        assert checks.queue_due(session, clock.utcnow()) == 0


def test_a_payment_that_is_gone_is_no_difference(database_url: str) -> None:
    with transaction() as session:
        assert session.get(Transaction, UUID(int=9)) is None
    assert _check(checks.BOOKING, UUID(int=9)).problem is None


def test_what_is_not_compared_any_more_is_forgotten_with_the_names_in_it(database_url: str) -> None:
    with clock.at(NOON), transaction() as session:
        checks.watch(session, checks.BOOKING, "a", about={"name": "Rosa", "email": "rosa@example.com"})
        checks.watch(session, checks.BOOKING, "b")
    with clock.at(NOON + timedelta(days=20)), transaction() as session:
        checks.keep(session, checks.BOOKING, "b", Decimal(1), Decimal(2), "USD", goes_on=False)
    with transaction() as session:
        assert checks.about(session, checks.BOOKING, "a") == {"name": "Rosa", "email": "rosa@example.com"}
        assert checks.forget(session, NOON + timedelta(days=31)) == 1
        assert checks.about(session, checks.BOOKING, "a") == {}
        assert session.get(PaymentCheck, (checks.BOOKING, "b")) is not None
