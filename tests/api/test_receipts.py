"""Receipts: what they say, to whom; a stranger finds none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session
from starlette.routing import Router
from starlette.testclient import TestClient

from taskjuggler_app.api import receipts
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, sessions
from taskjuggler_app.domain.appointments import booking, changing, links, refunds
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.billing import service as billing
from taskjuggler_app.domain.billing import subscriptions
from taskjuggler_app.domain.payments import service
from tests import factories as make
from tests.factories import NOON
from tests.factories.money import make_payment, make_vendor

TEN = int(datetime(2026, 3, 5, 10, 0, tzinfo=UTC).timestamp())


@pytest.fixture
def client(database_url: str) -> TestClient:
    return TestClient(Router(receipts.routes))


@contextmanager
def as_person(monkeypatch: pytest.MonkeyPatch, principal: Principal) -> Iterator[None]:
    """Requests are this person's."""
    with monkeypatch.context() as patch:
        patch.setattr(cookies, "session_hash_from_cookie", lambda cookie: "x")
        patch.setattr(sessions, "resolve", lambda session, session_id, now: principal)
        yield


def _paid(session: Session, buyer: Principal, seller: Principal) -> UUID:
    payment = make_payment(session, buyer, make_vendor(session, seller))
    service.take(session, payment.id, f"pi_{payment.id}", Decimal(210), "USD")
    return payment.id


def test_buyer_and_vendor_have_each_their_paper_and_a_stranger_has_none(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        buyer, seller, stranger = (make.make_owner(session) for _ in range(3))
        payment_id = _paid(session, buyer, seller)
    page = f"/receipts/payment/{payment_id}"
    assert client.get(page).status_code == 401
    with as_person(monkeypatch, stranger):
        assert client.get(page).status_code == 404
    with as_person(monkeypatch, seller):
        assert client.get(page).status_code == 404, "nothing was released yet"
    with as_person(monkeypatch, buyer):
        said = client.get(page)
    assert [part in said.text for part in ("Receipt", "$200.00", "Marketplace fee", "$10.00", "$210.00", "Casco")] == [
        True
    ] * 6
    assert said.headers["cache-control"] == "no-store"
    with transaction() as session:
        service.refund(session, service.locked(session, payment_id), buyer, "Half", Decimal(100))
        service.release(session, service.locked(session, payment_id), buyer, "Good")
    with as_person(monkeypatch, seller):
        statement = client.get(page).text
    assert "Earnings statement" in statement
    assert "$90.00" in statement
    with as_person(monkeypatch, buyer):
        text = client.get(page).text
        assert [part in text for part in ("Refund on its way", "-$105.00", "$105.00")] == [True] * 3
        assert client.get(f"/receipts/payment/{uuid4()}").status_code == 404


def test_names_are_escaped_and_unpaid_has_no_receipt(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        buyer, seller = make.make_owner(session), make.make_owner(session)
        vendor = make_vendor(session, seller, name="<script>alert(1)</script>")
        payment = make_payment(session, buyer, vendor)
    with as_person(monkeypatch, buyer):
        assert client.get(f"/receipts/payment/{payment.id}").status_code == 404
    with transaction() as session:
        service.take(session, payment.id, "pi_1", Decimal(210), "USD")
    with as_person(monkeypatch, buyer):
        text = client.get(f"/receipts/payment/{payment.id}").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_plans_payment_has_a_receipt_for_who_paid_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        owner, other = make.make_owner(session), make.make_owner(session)
        fact = PaymentFact("e", FactKind.INVOICE_PAID, "in_1", "plan", f"pro:{owner.user_id}", amount=Decimal(29))
        subscriptions.apply(session, fact)
        (paid,) = billing.view(session, owner).paid
    with as_person(monkeypatch, owner):
        text = client.get(paid.href).text
    assert "TaskJuggler Pro" in text
    assert "$29.00" in text
    assert paid.number in text
    with as_person(monkeypatch, other):
        assert client.get(paid.href).status_code == 404


def test_a_guest_has_a_receipt_by_their_link_also_of_what_went_back(client: TestClient) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        slug = make.make_type(session, owner, price="45").booking_slug
        made = booking.book(session, slug, TEN, Guest("Rosa", "rosa@example.com", zone="America/New_York"), NOON)
    page = f"/receipts/booking/{links.token(made.id, clock.utcnow())}"
    assert client.get(page).status_code == 404
    with transaction() as session:
        booking.paid(session, made.id, "pay_1", NOON)
    text = client.get(page).text
    assert [part in text for part in ("Rosa", "$45.00", "pay_1", "America/New_York")] == [True] * 4
    assert "Refunded" not in text
    with transaction() as session:
        changing.cancel(session, made.id, NOON + timedelta(minutes=1))
        refunds.done(session, made.id, NOON + timedelta(minutes=2))
    assert "Refunded on 2 March 2026" in client.get(page).text
    assert client.get("/receipts/booking/forged").status_code == 404
