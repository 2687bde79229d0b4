"""The receipt of what a guest paid for an appointment."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.appointments import facts, letters
from taskjuggler_app.domain.payments.paper import Paper, day, number_of
from taskjuggler_app.models.appointments import Appointment


def of_booking(session: Session, appointment_id: UUID, now: datetime) -> Paper:
    """For whoever holds the appointment's signed link. NotFound until it is paid."""
    made = session.get(Appointment, appointment_id)
    if made is None or made.paid_at is None or not made.price:
        raise NotFound("There is no receipt: nothing was paid.")
    found = facts.of(session, made.appointment_type_id, now)
    lines: list[tuple[str, Decimal]] = [
        (f"{found.kind.name}, {letters.when_text(made.start_time, made.guest_zone)}", made.price)
    ]
    if made.refunded_at is not None:
        lines.append((f"Refunded on {day(made.refunded_at, made.guest_zone)}", -made.price))
    return Paper(
        title="Receipt",
        number=number_of(str(made.id)),
        at=made.paid_at,
        zone=made.guest_zone,
        currency=made.currency,
        sides=[("From", [found.business]), ("Paid by", [made.guest_name, made.guest_email])],
        lines=lines,
        total="Paid",
        facts=[
            ("Paid", day(made.paid_at, made.guest_zone)),
            ("Provider's number", made.payment_reference),
            ("Tax", f"Not stated here. Ask {found.business} for a tax invoice if you need one."),
        ],
    )
