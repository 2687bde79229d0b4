"""A guest's payment that comes when its time is gone, or a second one, goes back by itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from jobs.handlers import appointments as handlers
from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import MoneyOrder
from taskjuggler_app.domain.appointments import booking
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.models import Appointment, AppointmentStatus
from tests.factories import NOON, make_owner, make_type

TEN = int(datetime(2026, 3, 3, 10, 0, tzinfo=UTC).timestamp())


class Provider:
    """A provider that notes what it is told."""

    def __init__(self) -> None:
        self.orders: list[MoneyOrder] = []

    def refund(self, order: MoneyOrder) -> str:
        self.orders.append(order)
        return "refund-1"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Provider:
    made = Provider()
    monkeypatch.setattr(registry, "payments", lambda: made)
    return made


def _held(email: str, now: datetime, slug: str = "") -> tuple[str, str]:
    with transaction() as session:
        slug = slug or make_type(session, make_owner(session), price="45").booking_slug
        made = booking.book(session, slug, TEN, Guest("Rosa", email), now)
        assert made.status is AppointmentStatus.HELD
        return str(made.id), slug


def test_a_payment_after_the_time_went_to_somebody_else_goes_back_once_in_the_books(provider: Provider) -> None:
    late, slug = _held("rosa@example.com", NOON)
    with transaction() as session:
        booking.sweep(session, NOON + timedelta(minutes=30))
    _held("ben@example.com", NOON + timedelta(minutes=31), slug)
    for _ in range(2):
        handlers.booking_paid(late, "pay_1", "45.00", "USD")
    assert {(one.operation, one.payment_id, one.amount) for one in provider.orders} == {
        ("pay_1", "pay_1", Decimal("45.00"))
    }
    with transaction() as session:
        assert session.exec(select(Appointment)).one().guest_email == "ben@example.com"


def test_a_second_payment_of_one_appointment_goes_back(provider: Provider) -> None:
    made, _ = _held("rosa@example.com", NOON)
    with clock.at(NOON + timedelta(minutes=1)):
        for payment in ("pay_1", "pay_1", "pay_2"):
            handlers.booking_paid(made, payment, "45.00", "USD")
    assert [one.payment_id for one in provider.orders] == ["pay_2"]
    with transaction() as session:
        found = session.exec(select(Appointment)).one()
        assert (found.status, found.payment_reference) == (AppointmentStatus.SCHEDULED, "pay_1")
