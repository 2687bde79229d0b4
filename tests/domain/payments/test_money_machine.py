"""Any sequence of payments, releases, refunds, disputes, webhooks, crashes and repeats keeps the ledger balanced.

The provider is the embedded one, which keeps a record of its own; its events are delivered in any order, any number of
times, or not at all; the worker dies between the provider's answer and our commit.
"""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlmodel import select

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.payments import checks, disputes, queries, reconcile, service
from taskjuggler_app.models import Dispute, DisputeDecision, DisputeState, Transaction, TransactionStatus
from tests import factories as make
from tests.domain.payments.provider_machine import CHOSEN, Provider, held_total
from tests.factories.money import make_payment, make_vendor

TOTAL = Decimal(210)
PARTS = st.sampled_from([Decimal("0.01"), Decimal(50), Decimal("133.33"), Decimal(200)])


class Money(Provider):
    """One payment and its provider."""

    def __init__(self) -> None:
        super().__init__()
        with transaction() as session:
            self.buyer, seller = make.make_owner(session), make.make_owner(session)
            self.payment_id = make_payment(session, self.buyer, make_vendor(session, seller)).id
        self.payments.append(self.payment_id)

    @rule()
    def the_buyer_pays(self) -> None:
        self._try(lambda session: service.charge(session, self.buyer, self.payment_id))
        with transaction() as session:
            charge_open = service.locked(session, self.payment_id).status is TransactionStatus.PENDING
        if charge_open:
            with transaction() as session:
                charge = service.charge(session, self.buyer, self.payment_id)
            self._pay(self.provider.checkout(charge).id)

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


@pytest.fixture
def operators(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in ("disputes", "queries"):
        monkeypatch.setattr(f"taskjuggler_app.domain.payments.{module}.is_operator", lambda principal: True)
    yield


def test_whatever_happens_the_ledger_is_right(database_url: str, operators: None) -> None:
    run_state_machine_as_test(Money, settings=CHOSEN)


def test_a_payment_whose_webhook_was_lost_is_found_by_the_reconciliation(database_url: str) -> None:
    machine = Money()
    machine.the_buyer_pays()
    machine.it_is_reconciled()
    with transaction() as session:
        assert session.get_one(Transaction, machine.payment_id).status is TransactionStatus.PROCESSING
    assert held_total(machine.payment_id) == TOTAL


def test_what_cannot_be_explained_is_shown(database_url: str, operators: None) -> None:
    machine = Money()
    machine.the_buyer_pays()
    machine.it_is_reconciled()
    with transaction() as session:
        found = reconcile.payment(session, machine.payment_id, [], clock.utcnow())
        assert found == checks.Difference(provider=Decimal(0), ledger=TOTAL)
        (shown,) = queries.troubles(session, machine.buyer)
        assert (shown.what, shown.id) == ("Difference: A payment for work", str(machine.payment_id))
        assert "ledger says $210.00" in shown.problem
    machine.it_is_reconciled()
    with transaction() as session:
        assert queries.troubles(session, machine.buyer) == []
