"""A payment that the provider refuses: failed, told once, tried again; also repeated, raced, and paid all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import Session, select

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, NotFound
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, listings
from taskjuggler_app.domain.payments import events, ledger, queries, refusals, service
from taskjuggler_app.models import ListingStatus, MarketplaceListing, Notification, Transaction, TransactionStatus
from tests import factories as make
from tests.factories.money import make_listing, make_payment, make_vendor
from tests.fakes import stripe as fakes

WHY = "Your card has insufficient funds."


@pytest.fixture
def buyer(database_url: str) -> Principal:
    with transaction() as session:
        return make.make_owner(session)


@pytest.fixture
def payment_id(buyer: Principal) -> UUID:
    with transaction() as session:
        return make_payment(session, buyer, make_vendor(session, make.make_owner(session))).id


def refuse(payment_id: UUID, event: str = "evt_1") -> None:
    fact = PaymentFact(event, FactKind.PAYMENT_FAILED, "pi_1", service.PURPOSE, str(payment_id), data={"message": WHY})
    with transaction() as session:
        events.store(session, "stripe", fact)
    with transaction() as session:
        events.apply(session, fact)


def payment(payment_id: UUID) -> Transaction:
    with transaction() as session:
        return session.get_one(Transaction, payment_id)


def told(session: Session, buyer: Principal) -> list[Notification]:
    query = select(Notification).where(Notification.user_id == buyer.user_id)
    return [one for one in session.exec(query) if "refused" in one.title]


def test_stripe_declines_then_takes_another_card_at_the_same_place(
    buyer: Principal, payment_id: UUID, fake_stripe: fakes.FakeStripe
) -> None:
    with transaction() as session:
        charge = service.charge(session, buyer, payment_id)
    place = registry.payments().checkout(charge).id

    def deliver() -> None:
        for stored in fake_stripe.events:
            fact = registry.payments().read_event(*stored)
            assert fact is not None
            with transaction() as session:
                events.store(session, "stripe", fact)
                events.handle(session, f"stripe:{fact.id}")

    fake_stripe.decline(place)
    fake_stripe.decline(place)
    deliver()
    assert (payment(payment_id).status, payment(payment_id).problem) == (TransactionStatus.FAILED, WHY)
    with transaction() as session:
        (one,) = told(session, buyer)
        assert WHY in (one.message or "") and "Nothing was taken" in (one.message or "")
    fake_stripe.pay(place)
    fake_stripe.events.reverse()
    deliver()
    assert (payment(payment_id).status, payment(payment_id).problem) == (TransactionStatus.PROCESSING, None)
    with transaction() as session:
        assert ledger.held(session, payment_id) == 210


def test_another_attempt_can_be_refused_and_told_again_but_one_event_counts_once(
    buyer: Principal, payment_id: UUID
) -> None:
    refuse(payment_id)
    with transaction() as session:
        listing_id = session.get_one(Transaction, payment_id).listing_id
        assert listing_id is not None and queries.payment_of_listing(session, buyer, listing_id).payable
        service.charge(session, buyer, payment_id)
    assert payment(payment_id).status is TransactionStatus.PENDING
    refuse(payment_id)
    assert payment(payment_id).status is TransactionStatus.PENDING
    refuse(payment_id, "evt_2")
    assert payment(payment_id).status is TransactionStatus.FAILED
    with transaction() as session:
        assert len(told(session, buyer)) == 2


def test_a_refusal_that_comes_after_the_money_changes_nothing(payment_id: UUID) -> None:
    with transaction() as session:
        service.take(session, payment_id, "pi_1", Decimal(210), "USD")
    refuse(payment_id)
    assert payment(payment_id).status is TransactionStatus.PROCESSING


def test_a_refusal_and_the_money_at_the_same_time_end_with_held_money(payment_id: UUID) -> None:
    def pay() -> None:
        with transaction() as session:
            service.take(session, payment_id, "pi_2", Decimal(210), "USD")

    with ThreadPoolExecutor(6) as pool:
        started = [pool.submit(refuse, payment_id, f"evt_{n}") for n in range(4)] + [pool.submit(pay)]
        for one in started:
            one.result()
    assert payment(payment_id).status is TransactionStatus.PROCESSING
    with transaction() as session:
        assert ledger.held(session, payment_id) == 210


def test_only_the_payer_tries_again(buyer: Principal, payment_id: UUID) -> None:
    refuse(payment_id)
    with transaction() as session:
        stranger, colleague = make.make_owner(session), make.make_colleague(session, buyer)
    for who, error in ((stranger, NotFound), (colleague, Forbidden)):
        with pytest.raises(error), transaction() as session:
            service.charge(session, who, payment_id)
        with pytest.raises(error), transaction() as session:
            refusals.not_opened(session, who, payment_id, "No")
    assert payment(payment_id).status is TransactionStatus.FAILED


def test_a_refused_payment_of_a_job_taken_back_takes_no_more_money(buyer: Principal) -> None:
    with transaction() as session:
        seller = make.make_owner(session)
        vendor, listing = make_vendor(session, seller), make_listing(session, buyer)
        bid = bids.place(session, seller, listing.id, vendor.id, "200")
    with transaction() as session:
        first = bids.award(session, buyer, listing.id, bid.id).id
    refuse(first)
    with transaction() as session:
        listings.cancel(session, buyer, listing.id, "Too dear")
    with pytest.raises(Conflict), transaction() as session:
        service.charge(session, buyer, first)
    refuse(first, "evt_late")
    with transaction() as session:
        service.take(session, first, "pi_late", Decimal(210), "USD")
        assert ledger.held(session, first) == 0
    with transaction() as session:
        listings.reopen(session, buyer, listing.id)
        again = bids.place(session, seller, listing.id, vendor.id, "190")
    with transaction() as session:
        second = bids.award(session, buyer, listing.id, again.id)
        assert (second.id != first, second.status) == (True, TransactionStatus.PENDING)


def test_an_award_whose_payment_was_refused_lapses_like_an_unpaid_one(buyer: Principal) -> None:
    with transaction() as session:
        seller = make.make_owner(session)
        vendor, listing = make_vendor(session, seller), make_listing(session, buyer)
        bid = bids.place(session, seller, listing.id, vendor.id, "200")
    with transaction() as session:
        first = bids.award(session, buyer, listing.id, bid.id).id
    refuse(first)
    later = clock.utcnow() + timedelta(days=4)
    with clock.at(later), transaction() as session:
        assert bids.lapse_unpaid(session, later) == 1
        assert bids.lapse_unpaid(session, later) == 0
    with transaction() as session:
        assert session.get_one(MarketplaceListing, listing.id).status is ListingStatus.OPEN
        assert payment(first).declined_by is None


def test_what_the_provider_never_opens_a_place_for_is_refused_too(buyer: Principal, payment_id: UUID) -> None:
    with transaction() as session:
        service.charge(session, buyer, payment_id)
        refusals.not_opened(session, buyer, payment_id, "Stripe takes no such amount.")
    assert payment(payment_id).status is TransactionStatus.FAILED
    with transaction() as session:
        assert "Stripe takes no such amount." in (told(session, buyer)[0].message or "")
