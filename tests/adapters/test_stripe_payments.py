"""The real Stripe SDK and our adapter against a stateful Stripe: held, sent on, sent back; lost answers; forgeries."""

import time
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from jobs.handlers import payments as jobs
from taskjuggler_app.adapters import registry
from taskjuggler_app.api import payments as routes
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.ports import Charge, FactKind, MoneyOrder, VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import events, ledger, operations, reconcile, service
from taskjuggler_app.models import MarketplaceVendor, PaymentOperation, Transaction, TransactionStatus
from tests import factories as make
from tests.factories.money import make_payment, make_vendor
from tests.fakes import stripe as fakes
from tests.fakes.stripe import FakeStripe


def deliver(fake_stripe: FakeStripe, *, times: int = 1) -> None:
    """Every event to the webhook, the newest first, and what it queued."""
    client = TestClient(routes.app)
    for body, signature in reversed(fake_stripe.events * times):
        assert client.post(routes.STRIPE_PATH, content=body, headers={"stripe-signature": signature}).status_code == 204
    with transaction() as session:
        for stored in reversed(fake_stripe.events):
            fact = registry.payments().read_event(*stored)
            if fact is not None:
                events.handle(session, f"stripe:{fact.id}")


def awarded(fake_stripe: FakeStripe, *, onboarded: bool = True) -> tuple[UUID, Principal, UUID]:
    """A payment of 200 that its buyer has paid at Checkout; the buyer; the vendor."""
    provider = registry.payments()
    account = provider.onboard("", "vera@example.com", "http://here.test/", "http://here.test/again").id
    with transaction() as session:
        buyer, seller = make.make_owner(session), make.make_owner(session)
        vendor = make_vendor(session, seller, stripe_account_id=account, payouts_ready=onboarded)
        payment = make_payment(session, buyer, vendor)
        charge = service.charge(session, buyer, payment.id)
    fake_stripe.pay(provider.checkout(charge).id)
    deliver(fake_stripe)
    return payment.id, buyer, vendor.id


def release(payment_id: UUID, buyer: Principal) -> str:
    """Release the payment; its order's id."""
    with transaction() as session:
        service.release(session, service.locked(session, payment_id), buyer, "Accepted")
    return order_of(payment_id)


def order_of(payment_id: UUID) -> str:
    """The id of the payment's only order."""
    with transaction() as session:
        return str(session.exec(select(PaymentOperation.id).where(PaymentOperation.transaction_id == payment_id)).one())


def status(payment_id: UUID) -> TransactionStatus:
    with transaction() as session:
        return session.get_one(Transaction, payment_id).status


def test_money_is_held_and_released_to_the_vendors_account(database_url: str, fake_stripe: FakeStripe) -> None:
    payment_id, buyer, _ = awarded(fake_stripe)
    assert status(payment_id) is TransactionStatus.PROCESSING
    jobs.carry_out(release(payment_id, buyer))
    (transfer,) = [one for one in fake_stripe.things.values() if one["object"] == "transfer"]
    assert (transfer["amount"], transfer["transfer_group"]) == (18_000, str(payment_id))
    deliver(fake_stripe, times=2)
    assert status(payment_id) is TransactionStatus.COMPLETED


def test_a_lost_answer_sends_nothing_twice(database_url: str, fake_stripe: FakeStripe) -> None:
    payment_id, buyer, _ = awarded(fake_stripe)
    operation = release(payment_id, buyer)
    fake_stripe.breaks = 2  # the transfer is made, its answers are lost
    with pytest.raises(VendorError):
        jobs.carry_out(operation)
    assert status(payment_id) is TransactionStatus.PROCESSING
    jobs.carry_out(operation)
    jobs.carry_out(operation)
    assert sum(one["object"] == "transfer" for one in fake_stripe.things.values()) == 1
    assert status(payment_id) is TransactionStatus.COMPLETED


def test_killed_between_stripes_answer_and_our_commit_it_is_reconciled(
    database_url: str, fake_stripe: FakeStripe
) -> None:
    payment_id, buyer, _ = awarded(fake_stripe)
    with transaction() as session:
        service.refund(session, service.locked(session, payment_id), buyer, "Half", Decimal(100))
    intent = next(one["id"] for one in fake_stripe.things.values() if one["object"] == "payment_intent")
    order = MoneyOrder(order_of(payment_id), str(payment_id), Decimal(105), "USD", intent)
    registry.payments().refund(order)  # and here the worker is killed
    fake_stripe.events.clear()  # nor does a webhook come
    history = registry.payments().history(str(payment_id))
    with transaction() as session:
        assert reconcile.payment(session, payment_id, history, clock.utcnow()) is None
        assert ledger.held(session, payment_id) == 105
        assert ledger.balance(session, ledger.refund_account(payment_id)) == 0


def test_a_vendor_without_an_account_is_paid_as_soon_as_they_have_one(
    database_url: str, fake_stripe: FakeStripe
) -> None:
    payment_id, buyer, vendor_id = awarded(fake_stripe, onboarded=False)
    operation = release(payment_id, buyer)
    jobs.carry_out(operation)
    assert status(payment_id) is TransactionStatus.PROCESSING
    with transaction() as session:
        account = session.get_one(MarketplaceVendor, vendor_id).stripe_account_id
    fake_stripe.things[str(account)]["payouts_enabled"] = True
    fake_stripe.send("account.updated", fake_stripe.things[str(account)])
    deliver(fake_stripe)
    jobs.carry_out(operation)
    assert status(payment_id) is TransactionStatus.COMPLETED


def test_a_refusal_for_good_is_shown_and_not_tried_again(database_url: str, fake_stripe: FakeStripe) -> None:
    order = MoneyOrder("op", "ref", Decimal(5), "USD", "pi_unknown")
    with pytest.raises(VendorError) as refused:
        registry.payments().refund(order)
    assert not refused.value.retryable


def test_a_forged_or_old_webhook_is_refused(database_url: str, fake_stripe: FakeStripe) -> None:
    fake_stripe.send("payment_intent.succeeded", {"id": "pi_x"})
    body, _ = fake_stripe.events[0]
    for signature in ("", "t=1,v1=00", fakes.sign(b"{}"), fakes.sign(body, int(time.time()) - 3_600)):
        with pytest.raises(Invalid):
            registry.payments().read_event(body, signature)
    assert TestClient(routes.app).post(routes.STRIPE_PATH, content=body).status_code == 400


def test_a_plan_is_a_subscription_that_can_be_ended_and_managed(fake_stripe: FakeStripe) -> None:
    provider = registry.payments()
    charge = Charge("user-1", Decimal(29), "USD", "Pro", "http://here.test/", "plan", monthly=True)
    fake_stripe.pay(provider.checkout(charge).id)
    begun = provider.read_event(*fake_stripe.events[-2])
    assert begun is not None
    assert (begun.kind, begun.purpose, begun.reference) == (FactKind.SUBSCRIBED, "plan", "user-1")
    assert (begun.data["ends"], begun.data["begins"] < begun.data["until"]) == (False, True)
    dearer = Charge("user-1b", Decimal(149), "USD", "Enterprise", "http://here.test/", "plan", monthly=True)
    for _ in range(2):
        provider.change_subscription(begun.object_id, dearer, clock.utcnow())
    (item,) = fake_stripe.things[begun.object_id]["items"]["data"]
    assert item["price"]["unit_amount"] == "14900"
    changed = provider.read_event(*fake_stripe.events[-1])
    assert changed is not None
    assert (changed.kind, changed.reference) == (FactKind.SUBSCRIBED, "user-1b")
    provider.end_subscription(begun.object_id)
    ended = provider.read_event(*fake_stripe.events[-1])
    assert ended is not None
    assert (ended.kind, ended.data["ends"]) == (FactKind.SUBSCRIBED, True)
    assert provider.portal("cus_1", "http://here.test/").startswith("https://billing.")


@pytest.mark.parametrize(
    ("kind", "status", "found"),
    [
        ("updated", "past_due", FactKind.PAST_DUE),
        ("updated", "unpaid", FactKind.SUBSCRIPTION_ENDED),
        ("deleted", "canceled", FactKind.SUBSCRIPTION_ENDED),
        ("updated", "incomplete", None),
        ("updated", "trialing", FactKind.SUBSCRIBED),
    ],
)
def test_what_a_subscriptions_status_says(
    fake_stripe: FakeStripe, kind: str, status: str, found: FactKind | None
) -> None:
    about = {"purpose": "plan", "reference": "pro:x"}
    item = {"id": "si_1", "current_period_start": 1_700_000_000, "current_period_end": 1_702_592_000}
    fake_stripe.send(
        f"customer.subscription.{kind}",
        {"id": "sub_9", "status": status, "metadata": about, "customer": "cus_1", "items": {"data": [item]}},
    )
    fact = registry.payments().read_event(*fake_stripe.events[-1])
    assert (fact.kind if fact else None) is found


def test_a_plans_invoices_say_what_was_paid(fake_stripe: FakeStripe) -> None:
    parent = {"subscription_details": {"metadata": {"purpose": "plan", "reference": "pro:x"}}}
    fake_stripe.send("invoice.paid", {"id": "in_1", "currency": "usd", "amount_paid": 2_900, "parent": parent})
    fact = registry.payments().read_event(*fake_stripe.events[-1])
    assert fact is not None
    assert (fact.kind, fact.amount, fact.reference) == (FactKind.INVOICE_PAID, Decimal("29.00"), "pro:x")
    assert fact.data["at"] > 0


def _refunded(fake_stripe: FakeStripe) -> tuple[UUID, str, str]:
    """A payment that was sent back whole: its id, its order, Stripe's refund."""
    payment_id, buyer, _ = awarded(fake_stripe)
    with transaction() as session:
        service.refund(session, service.locked(session, payment_id), buyer, "Not needed any more")
    operation = order_of(payment_id)
    jobs.carry_out(operation)
    return payment_id, operation, next(one["id"] for one in fake_stripe.things.values() if one["object"] == "refund")


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
def test_a_refund_that_fails_days_later_is_owed_again_and_can_be_ordered_again(
    database_url: str, fake_stripe: FakeStripe, order: tuple[int, ...]
) -> None:
    payment_id, operation, refund = _refunded(fake_stripe)
    fake_stripe.fail_refund(refund)
    told = [registry.payments().read_event(*stored) for stored in fake_stripe.events[-2:]]
    for one in order:
        fact = told[one]
        assert fact is not None
        with transaction() as session:
            events.store(session, "stripe", fact)
            events.handle(session, f"stripe:{fact.id}")
    assert status(payment_id) is TransactionStatus.PROCESSING
    with transaction() as session:
        assert ledger.balance(session, ledger.refund_account(payment_id)) == -210
        assert (
            reconcile.payment(session, payment_id, registry.payments().history(str(payment_id)), clock.utcnow()) is None
        )
        operations.again(session, UUID(operation))
    jobs.carry_out(operation)
    assert status(payment_id) is TransactionStatus.REFUNDED
    with transaction() as session:
        assert ledger.balance(session, ledger.refund_account(payment_id)) == 0
        assert (
            reconcile.payment(session, payment_id, registry.payments().history(str(payment_id)), clock.utcnow()) is None
        )


def test_what_stripe_refused_for_good_is_not_asked_under_the_same_key(
    database_url: str, fake_stripe: FakeStripe
) -> None:
    payment_id, buyer, vendor_id = awarded(fake_stripe)
    operation = release(payment_id, buyer)
    with transaction() as session:
        account = str(session.get_one(MarketplaceVendor, vendor_id).stripe_account_id)
    gone = fake_stripe.things.pop(account)
    jobs.carry_out(operation)
    with transaction() as session:
        assert session.get_one(PaymentOperation, UUID(operation)).state == "failed"
        operations.again(session, UUID(operation))
    fake_stripe.things[account] = gone
    jobs.carry_out(operation)
    assert status(payment_id) is TransactionStatus.COMPLETED
