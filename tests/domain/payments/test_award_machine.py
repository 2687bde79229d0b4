"""Any sequence of bids, awards, payments, deliveries, disputes of people and banks, and of time that passes.

A job has one vendor at most, nobody is paid twice, and when a job is over so is its money.
"""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import Session, col, select

from jobs.handlers import marketplace as jobs
from taskjuggler_app.adapters import embedded_payments
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.marketplace import bids, listings, work
from taskjuggler_app.domain.payments import disputes, events, service
from taskjuggler_app.domain.payments.service import WORK_DECIDED
from taskjuggler_app.domain.payments.transitions import is_payable
from taskjuggler_app.models import (
    BidStatus,
    Dispute,
    DisputeDecision,
    DisputeState,
    ListingStatus,
    MarketplaceBid,
    MarketplaceListing,
    Task,
    Transaction,
    TransactionStatus,
)
from tests import factories as make
from tests.domain.payments.provider_machine import CHOSEN, Provider
from tests.factories.money import make_vendor

PRICES = st.sampled_from(["0.01", "80", "199.99"])
WHICH = st.integers(0, 1)
_JOBS = text(
    "SELECT args FROM procrastinate_jobs WHERE task_name = :name AND args->>'listing_id' = :listing ORDER BY id"
)


class Market(Provider):
    """One job, two vendors who want it, and its payments, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.checkouts: list[str] = []
        with transaction() as session:
            self.buyer = make.make_owner(session)
            self.sellers = [make.make_owner(session) for _ in range(2)]
            self.vendors = [make_vendor(session, seller).id for seller in self.sellers]
            self.task_id = make.make_task(session, self.buyer).id
            self.listing_id = listings.publish_task(session, self.buyer, self.task_id).id
        self.it_is_awarded(0, "80")
        self.the_buyer_pays(late=False, told=True)

    @rule(who=WHICH, price=PRICES)
    def somebody_bids(self, who: int, price: str) -> None:
        self._try(lambda session: bids.place(session, self.sellers[who], self.listing_id, self.vendors[who], price))

    @rule(who=WHICH)
    def a_bid_is_taken_back(self, who: int) -> None:
        bid = self._bid(who)
        if bid is not None:
            self._try(lambda session: bids.withdraw(session, self.sellers[who], bid.id))

    @rule(who=WHICH, price=PRICES)
    def it_is_awarded(self, who: int, price: str) -> None:
        self.somebody_bids(who, price)
        bid = self._bid(who)
        if bid is not None:
            made: list[Transaction] = []
            if self._try(lambda session: made.append(bids.award(session, self.buyer, self.listing_id, bid.id))):
                self.payments.append(made[0].id)

    @rule(late=st.booleans(), told=st.booleans())
    def the_buyer_pays(self, late: bool, told: bool) -> None:
        """At a place to pay that was opened now, or at one of before that may be nobody's any more."""
        with transaction() as session:
            waits = is_payable(service.locked(session, self.payments[-1]))
        if waits:
            with transaction() as session:
                charge = service.charge(session, self.buyer, self.payments[-1])
            self.checkouts.append(self.provider.checkout(charge).id)
        if self.checkouts:
            self._pay(self.checkouts[0 if late else -1])
        if told:
            self.it_is_reconciled()

    @rule(late=st.booleans(), twice=st.booleans())
    def the_card_is_declined(self, late: bool, twice: bool) -> None:
        made: list[PaymentFact] = []
        if self.checkouts:
            place = self.checkouts[0 if late else -1]
            self._try(lambda session: made.append(embedded_payments.decline(session, place)))
        for fact in made * (1 + twice):
            self._try(partial(events.apply, fact=fact))

    @rule(who=WHICH)
    def it_is_delivered(self, who: int) -> None:
        self._try(lambda session: work.deliver(session, self.sellers[who], self.listing_id, "Done"))

    @rule()
    def it_is_accepted(self) -> None:
        self._try(lambda session: work.accept(session, self.buyer, self.listing_id))

    @rule()
    def it_is_cancelled(self) -> None:
        self._try(lambda session: listings.cancel(session, self.buyer, self.listing_id))

    @rule()
    def it_is_opened_again(self) -> None:
        self._try(lambda session: listings.reopen(session, self.buyer, self.listing_id))

    @rule(which=st.integers(0, 2))
    def somebody_disputes(self, which: int) -> None:
        by = [self.buyer, *self.sellers][which]
        self._try(lambda session: disputes.open_dispute(session, by, self.payments[-1], "It leaks."))

    @rule(which=st.integers(0, 5))
    def a_bank_disputes(self, which: int) -> None:
        with transaction() as session:
            found = session.execute(
                text(
                    "SELECT id FROM embedded_payments WHERE kind = 'payment' AND reference = ANY(:payments) ORDER BY id"
                ),
                {"payments": [str(one) for one in self.payments]},
            ).all()
        if found:
            paid = found[which % len(found)][0]
            fact = PaymentFact(f"bank-{paid}", FactKind.DISPUTED, f"dp-{paid}", data={"payment": paid})
            for _ in range(2):
                with transaction() as session:
                    events.store(session, "embedded", fact)
                    events.handle(session, f"embedded:{fact.id}")

    @rule(decision=st.sampled_from(list(DisputeDecision)))
    def disputes_are_decided(self, decision: DisputeDecision) -> None:
        with transaction() as session:
            found = session.exec(
                select(Dispute, Transaction)
                .join(Transaction, col(Transaction.id) == col(Dispute.transaction_id))
                .where(Transaction.listing_id == self.listing_id, Dispute.state == DisputeState.OPEN)
            ).all()
        for dispute, payment in found:
            self._try(partial(self._decide, dispute.id, decision, (payment.amount / 2).quantize(Decimal("0.01"))))
        self._jobs_of_decisions()

    @rule(days=st.sampled_from([1, 4, 10, 20]))
    def time_passes(self, days: int) -> None:
        later = clock.utcnow() + timedelta(days=days)
        with clock.at(later), transaction() as session:
            bids.lapse_unpaid(session, later)
            listings.expire(session, later)
            work.release_due(session, later)

    @invariant()
    def one_vendor_has_the_job_and_one_payment_is_for_it(self) -> None:
        with transaction() as session:
            listing = session.get_one(MarketplaceListing, self.listing_id)
            accepted = session.exec(
                select(MarketplaceBid.vendor_id).where(
                    MarketplaceBid.listing_id == self.listing_id, MarketplaceBid.status == BidStatus.ACCEPTED
                )
            ).all()
            has_vendor = listing.status in (ListingStatus.ASSIGNED, ListingStatus.COMPLETED)
            assert accepted == ([listing.assigned_vendor_id] if has_vendor else [])
            task = session.get_one(Task, self.task_id)
            assert task.marketplace_vendor_id == (listing.assigned_vendor_id if has_vendor else None)
            assert sum(map(is_payable, self._all(session))) <= (listing.status is ListingStatus.ASSIGNED)

    def teardown(self) -> None:
        """Then a finished job is paid to its vendor, and one that is on the market again holds nobody's money."""
        super().teardown()
        self._jobs_of_decisions()
        with transaction() as session:
            listing = session.get_one(MarketplaceListing, self.listing_id)
            *old, last = [None, *(one.status for one in self._all(session))]
            over = {None, TransactionStatus.FAILED, TransactionStatus.REFUNDED}
            assert set(old) <= over
            if listing.status is ListingStatus.COMPLETED:
                assert last is TransactionStatus.COMPLETED
            elif listing.status is ListingStatus.ASSIGNED:
                assert last is TransactionStatus.PROCESSING or is_payable(self._all(session)[-1])
            else:
                assert last in over

    def _jobs_of_decisions(self) -> None:
        with transaction() as session:
            asked = session.execute(_JOBS, {"name": WORK_DECIDED, "listing": str(self.listing_id)}).all()
        for (args,) in asked:
            jobs.work_decided(**args)

    def _decide(self, dispute: UUID, decision: DisputeDecision, part: Decimal, session: Session) -> None:
        disputes.decide(session, self.buyer, dispute, decision, "So be it.", part)

    def _bid(self, who: int) -> MarketplaceBid | None:
        with transaction() as session:
            mine = (MarketplaceBid.listing_id == self.listing_id, MarketplaceBid.vendor_id == self.vendors[who])
            query = select(MarketplaceBid).where(*mine).order_by(col(MarketplaceBid.created_at).desc())
            return session.exec(query).first()

    def _all(self, session: Session) -> list[Transaction]:
        return [session.get_one(Transaction, one) for one in self.payments]


def test_whatever_happens_a_job_and_its_money_end_together(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskjuggler_app.domain.payments.disputes.is_operator", lambda principal: True)
    run_state_machine_as_test(Market, settings=settings(CHOSEN, max_examples=50, stateful_step_count=30))
