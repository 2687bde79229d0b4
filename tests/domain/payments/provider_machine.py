"""What every machine of payments shares: the embedded provider, its events in any order, a worker that dies."""

import random
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.adapters import embedded_payments
from taskjuggler_app.adapters.embedded_payments import EmbeddedPayments
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.domain.payments import events, ledger, operations, reconcile
from taskjuggler_app.models import EmbeddedPayment, OperationKind, PaymentOperation, Transaction, TransactionStatus

CHOSEN = settings(
    max_examples=25,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
_WEBHOOKS = text("SELECT args->'fact' FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")


class Provider(RuleBasedStateMachine):
    """The provider and the worker, for the payments in `payments`."""

    def __init__(self) -> None:
        super().__init__()
        self.provider = EmbeddedPayments("http://localhost")
        self.payments: list[UUID] = []

    @rule(seed=st.integers(0, 1_000), share=st.sampled_from([0.3, 1.0, 2.0]))
    def webhooks_come_in_any_order(self, seed: int, share: float) -> None:
        chance, references = random.Random(seed), set(map(str, self.payments))
        with transaction() as session:
            facts = [events.read(row) for (row,) in session.execute(_WEBHOOKS, {"name": embedded_payments.EVENT})]
        ours = [fact for fact in facts if fact.reference in references]
        for fact in chance.choices(ours, k=int(len(ours) * share)) if ours else []:
            with transaction() as session:
                events.store(session, "embedded", fact)
            with transaction() as session:
                events.handle(session, f"embedded:{fact.id}")

    @rule(dies=st.booleans())
    def the_worker_runs(self, dies: bool) -> None:
        mine = col(PaymentOperation.transaction_id).in_(self.payments)
        with transaction() as session:
            waiting = list(session.exec(select(PaymentOperation.id).where(mine)))
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
        for payment_id in self.payments:
            history = self.provider.history(str(payment_id))
            with transaction() as session:
                assert reconcile.payment(session, payment_id, history, clock.utcnow()) is None

    @invariant()
    def the_ledger_balances(self) -> None:
        with transaction() as session:
            assert session.execute(text("SELECT coalesce(sum(amount), 0) FROM ledger_postings")).scalar_one() == 0

    @invariant()
    def never_more_goes_out_than_was_held(self) -> None:
        with transaction() as session:
            for payment_id in self.payments:
                assert ledger.held(session, payment_id) >= 0
                mine = EmbeddedPayment.reference == str(payment_id)
                rows = session.exec(select(EmbeddedPayment).where(mine)).all()
                paid = sum(row.amount for row in rows if row.kind == "payment")
                assert sum(row.amount for row in rows if row.kind in ("transfer", "refund")) <= paid
                transfers = [row.amount for row in rows if row.kind == "transfer"]
                assert len(transfers) <= 1
                assert sum(transfers) <= session.get_one(Transaction, payment_id).amount

    def teardown(self) -> None:
        """When all has been carried out and compared, the two records agree and nothing is owed."""
        for _ in range(2):
            self.it_is_reconciled()
            self.the_worker_runs(dies=False)
        with transaction() as session:
            for payment_id in self.payments:
                payment = session.get_one(Transaction, payment_id)
                assert ledger.balance(session, ledger.refund_account(payment.id)) == 0
                assert ledger.balance(session, ledger.vendor_account(payment.vendor_id)) == 0
                if ledger.held(session, payment.id) > 0:
                    assert payment.status is TransactionStatus.PROCESSING

    def _pay(self, checkout_id: str) -> None:
        """The buyer pays at a place to pay; one that is closed takes nothing."""
        self._try(lambda session: embedded_payments.pay(session, checkout_id))

    def _try(self, verb: Callable[[Session], object]) -> bool:
        """Whether it was done, and not refused."""
        try:
            with transaction() as session:
                verb(session)
        except DomainError:
            return False
        return True


def held_total(payment_id: UUID) -> Decimal:
    """What is held of a payment."""
    with transaction() as session:
        return ledger.held(session, payment_id)
