"""What the pages show of appointments: plain values."""

from dataclasses import dataclass, field
from typing import Any

from taskjuggler_app.core import money
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import refunds
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType


@dataclass
class PublicType:
    """A type as visitors see it; `note` is something said before the times."""

    id: str = ""
    slug: str = ""
    name: str = ""
    description: str = ""
    minutes: int = 0
    price: str = ""
    amount: str = ""
    currency: str = ""
    location_kind: str = "place"
    location: str = ""
    color: str = ""
    business: str = ""
    hosts: list[str] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    cancellation_hours: int = 0
    refund: str = ""
    zone: str = "UTC"
    team_id: str = ""
    note: str = ""


@dataclass
class AppointmentRow:
    """An appointment as its host sees it; `start` and `end` are ISO 8601 in UTC, `refund` says where its money is."""

    id: str = ""
    type_id: str = ""
    type_name: str = ""
    color: str = ""
    start: str = ""
    end: str = ""
    status: str = ""
    host_id: str = ""
    host: str = ""
    guest_name: str = ""
    guest_email: str = ""
    guest_phone: str = ""
    guest_zone: str = ""
    notes: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    price: str = ""
    amount: str = ""
    currency: str = ""
    refund: str = ""
    paid: bool = False
    location: str = ""
    may_change: bool = True


@dataclass
class Entry:
    """Something in the calendar. kind: appointment, task, busy."""

    id: str = ""
    kind: str = "appointment"
    title: str = ""
    start: str = ""
    end: str = ""
    color: str = ""
    href: str = ""
    note: str = ""
    movable: bool = False


@dataclass
class TypeRow:
    """A type in the workspace's list."""

    id: str = ""
    name: str = ""
    slug: str = ""
    minutes: int = 0
    color: str = ""
    price: str = ""
    amount: str = ""
    currency: str = ""
    is_active: bool = True
    is_public: bool = True
    hosts: str = ""
    coming: int = 0


def appointment(
    made: Appointment, kind: AppointmentType, host: str, principal: Principal | None = None
) -> AppointmentRow:
    """A row of an appointment; without a principal it is the guest's own."""
    return AppointmentRow(
        id=str(made.id),
        type_id=str(kind.id),
        type_name=kind.name,
        color=kind.color,
        start=made.start_time.isoformat(),
        end=made.end_time.isoformat(),
        status=made.status.value,
        host_id=str(made.host_id),
        host=host,
        guest_name=made.guest_name,
        guest_email=made.guest_email,
        guest_phone=made.guest_phone,
        guest_zone=made.guest_zone,
        notes=made.notes or "",
        answers={str(key): str(value) for key, value in made.answers.items()},
        price=price_of(made),
        amount=str(made.price) if made.price else "",
        currency=made.currency,
        refund=_refund(made),
        paid=made.paid_at is not None and bool(made.price),
        location=kind.location,
        may_change=principal is None or may_change(principal, made),
    )


def _refund(made: Appointment) -> str:
    if made.refunded_at is not None:
        return f"{price_of(made)} were refunded."
    going = made.status is AppointmentStatus.CANCELLED and refunds.is_owed(made)
    return f"{price_of(made)} are on their way back." if going else ""


def may_change(principal: Principal, made: Appointment) -> bool:
    """Whether a member may move, cancel or mark it."""
    return principal.is_admin or made.host_id == principal.user_id


def price_of(priced: AppointmentType | Appointment) -> str:
    """The price as people read it, $45.00; empty for none."""
    return money.shown(priced.price, priced.currency) if priced.price else ""
