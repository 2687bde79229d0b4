"""A guest's money back: the rule that is shown before paying, and what happens when an appointment is cancelled.

Whoever cancels in time, and whoever is cancelled by the host, gets all of it. The order is a job that is written with
the change; its key is the payment, so that neither a repetition nor a webhook sends anything twice.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import live, queue, topics
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models.appointments import Appointment, AppointmentType

REFUND = "appointments.refund"


def words(kind: AppointmentType) -> str:
    """What a guest gets back; empty for a type that costs nothing."""
    if not kind.price:
        return ""
    hours = kind.cancellation_hours
    until = f"until {hours} hour{'' if hours == 1 else 's'} before" if hours else "before"
    later = " After that only the host can cancel, and then you get all of it back too." if hours else ""
    return f"Cancel {until} it starts and you get all of it back.{later}"


def is_owed(made: Appointment) -> bool:
    """Whether a cancelled appointment was paid."""
    return bool(made.price and made.paid_at and made.payment_reference)


def order(session: Session, made: Appointment) -> None:
    """Send back what was paid for a cancelled appointment, if anything was."""
    if is_owed(made):
        queue.defer(
            session,
            REFUND,
            appointment_id=str(made.id),
            payment_id=made.payment_reference,
            amount=str(made.price),
            currency=made.currency,
        )


def done(session: Session, appointment_id: UUID, payment_id: str, now: datetime) -> None:
    """The provider sent it back: guest and host see it. Another payment of the same appointment changes nothing."""
    made = session.get(Appointment, appointment_id, with_for_update=True)
    if made is None or made.payment_reference != payment_id or made.refunded_at is not None:
        return
    made.refunded_at = now
    session.add(made)
    data = {"amount": str(made.price), "currency": made.currency}
    acting = Principal.system(made.team_id)
    record_event(
        session, acting, kind="appointment.refunded", subject_type="appointment", subject_id=made.id, data=data
    )
    live.publish(session, topics.calendar(made.team_id))
