"""Any sequence of payments, releases, refunds, disputes, webhooks, crashes and repeats keeps the ledger balanced.

The provider is the embedded one, which keeps a record of its own; its events are delivered in any order, any number of
times, or not at all; the worker dies between the provider's answer and our commit.
"""

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import select

from taskjuggler_app.adapters import embedded_payments
from taskjuggler_app.adapters.embedded_payments import EmbeddedPayments
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.payments import checks, disputes, events, ledger, operations, queries, reconcile, service
from taskjuggler_app.models import (
    Dispute,
    DisputeDecision,
    DisputeState,
    EmbeddedPayment,
    OperationKind,
    PaymentOperation,
    Transaction,
    TransactionStatus,
)
from tests import factories as make
from tests.factories.money import make_payment, make_vendor

PRICE, TOTAL = Decimal(200), Decimal(210)
PARTS = st.sampled_from([Decimal("0.01"), Decimal(50), Decimal("133.33"), Decimal(200)])
_WEBHOOKS = text("SELECT args->'fact' FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")


class Money(RuleBasedStateMachine):
    """One payment and its provider."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = EmbeddedPayments("http://localhost")
        with transaction() as session:
            self.buyer, seller = make.make_owner(session), make.make_owner(session)
            self.payment_id = make_payment(session, self.buyer, make_vendor(session, seller)).id
            self.reference = str(self.payment_id)

    @rule()
    def the_buyer_pays(self) -> None:
        self._try(lambda session: service.charge(session, self.buyer, self.payment_id))
        with transaction() as session:
            charge_open = service.locked(session, self.payment_id).status is TransactionStatus.PENDING
        if charge_open:
            with transaction() as session:
                charge = service.charge(session, self.buyer, self.payment_id)
            checkout = self.provider.checkout(charge)
            with transaction() as session:
                embedded_payments.pay(session, checkout.id)

    @rule()
    def nobody_wants_to_pay_any_more(self) -> None:
        self._try(lambda session: service.cancel_unpaid(
            session, service.locked(session, self.payment_id), self.buyer, "Cancelled"
        ))  # fmt: skip

    @rule()
    def it_is_released(self) -> None:
        self._try(lambda session: service.release(
            session, service.locked(session, self.payment_id), self.buyer, "Accepted"
        ))  # fmt: skip

    @rule(part=st.none() | PARTS)
    def it_is_refunded(self, part: Decimal | None) -> None:
        self._try(lambda session: service.refund(
            session, service.locked(session, self.payment_id), self.buyer, "Not good", part
        ))  # fmt: skip

    @rule()
    def it_is_disputed(self) -> None:
        self._try(lambda session: disputes.open_dispute(session, self.buyer, self.payment_id, "It leaks."))

    @rule(decision=st.sampled_from(list(DisputeDecision)), part=PARTS)
    def a_dispute_is_decided(self, decision: DisputeDecision, part: Decimal) -> None:
        with transaction() as session:
            found = session.exec(
                select(Dispute.id).where(Dispute.transaction_id == self.payment_id, Dispute.state == DisputeState.OPEN)
            ).first()
        if found is not None:
            self._try(lambda session: disputes.decide(session, self.buyer, found, decision, "So be it.", part))

    @rule(seed=st.integers(0, 1_000), share=st.sampled_from([0.3, 1.0, 2.0]))
    def webhooks_come_in_any_order(self, seed: int, share: float) -> None:
        chance = random.Random(seed)
        with transaction() as session:
            facts = [events.read(row) for (row,) in session.execute(_WEBHOOKS, {"name": embedded_payments.EVENT})]
        ours = [fact for fact in facts if fact.reference == self.reference]
        for fact in chance.choices(ours, k=int(len(ours) * share)) if ours else []:
            with transaction() as session:
                events.store(session, "embedded", fact)
            with transaction() as session:
                events.handle(session, f"embedded:{fact.id}")

    @rule(dies=st.booleans())
    def the_worker_runs(self, dies: bool) -> None:
        with transaction() as session:
            waiting = list(
                session.exec(select(PaymentOperation.id).where(PaymentOperation.transaction_id == self.payment_id))
            )
        for operation_id in waiting:
            with transaction() as session:
                asked = operations.to_carry_out(session, operation_id)
            if asked is None:
                continue
            kind, order = asked
            try:
                done = self.provider.transfer(order) if kind is OperationKind.TRANSFER else self.provider.refund(order)
            except VendorError:
                raise AssertionError("the provider was asked for more than it has") from None
            if not dies:
                with transaction() as session:
                    operations.done(session, operation_id, done)

    @rule()
    def it_is_reconciled(self) -> None:
        history = self.provider.history(self.reference)
        with transaction() as session:
            assert reconcile.payment(session, self.payment_id, history, clock.utcnow()) is None

    @invariant()
    def the_ledger_balances(self) -> None:
        with transaction() as session:
            assert session.execute(text("SELECT coalesce(sum(amount), 0) FROM ledger_postings")).scalar_one() == 0

    @invariant()
    def never_more_goes_out_than_was_held(self) -> None:
        with transaction() as session:
            assert ledger.held(session, self.payment_id) >= 0
            rows = session.exec(select(EmbeddedPayment).where(EmbeddedPayment.reference == self.reference)).all()
            paid = sum(row.amount for row in rows if row.kind == "payment")
            gone = sum(row.amount for row in rows if row.kind in ("transfer", "refund"))
            assert gone <= paid
            transfers = [row for row in rows if row.kind == "transfer"]
            assert len(transfers) <= 1
            assert sum(row.amount for row in transfers) <= PRICE

    def teardown(self) -> None:
        """When all has been carried out and compared, the two records agree and nothing is owed."""
        for _ in range(2):
            self.it_is_reconciled()
            self.the_worker_runs(dies=False)
        with transaction() as session:
            payment = session.get_one(Transaction, self.payment_id)
            assert ledger.balance(session, ledger.refund_account(payment.id)) == 0
            assert ledger.balance(session, ledger.vendor_account(payment.vendor_id)) == 0
            if ledger.held(session, payment.id) > 0:
                assert payment.status is TransactionStatus.PROCESSING

    def _try(self, verb: object) -> None:
        try:
            with transaction() as session:
                verb(session)  # type: ignore[operator]  # a function of a session
        except DomainError:
            return


@pytest.fixture
def operators(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in ("disputes", "queries"):
        monkeypatch.setattr(f"taskjuggler_app.domain.payments.{module}.is_operator", lambda principal: True)
    yield


def test_whatever_happens_the_ledger_is_right(database_url: str, operators: None) -> None:
    chosen = settings(
        max_examples=25,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    run_state_machine_as_test(Money, settings=chosen)


def test_a_payment_whose_webhook_was_lost_is_found_by_the_reconciliation(database_url: str) -> None:
    machine = Money()
    machine.the_buyer_pays()
    machine.it_is_reconciled()
    with transaction() as session:
        assert session.get_one(Transaction, machine.payment_id).status is TransactionStatus.PROCESSING
        assert ledger.held(session, machine.payment_id) == TOTAL


def test_what_cannot_be_explained_is_shown(database_url: str, operators: None) -> None:
    machine = Money()
    machine.the_buyer_pays()
    machine.it_is_reconciled()
    with transaction() as session:
        found = reconcile.payment(session, machine.payment_id, [], clock.utcnow())
        assert found == checks.Difference(provider=Decimal(0), ledger=TOTAL)
        (shown,) = queries.troubles(session, machine.buyer)
        assert (shown.what, shown.id) == ("Difference: A payment for work", machine.reference)
        assert "ledger says $210.00" in shown.problem
    machine.it_is_reconciled()
    with transaction() as session:
        assert queries.troubles(session, machine.buyer) == []
