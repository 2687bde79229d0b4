"""A guest's money back: the rule that is shown before paying, and what happens when an appointment is cancelled.

Whoever cancels in time, and whoever is cancelled by the host, gets all of it. The order is a job that is written with
the change; its key is the payment, so that neither a repetition nor a webhook sends anything twice.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import live, money, queue, topics
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import ledger
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType

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


def done(session: Session, appointment_id: UUID, now: datetime) -> None:
    """The provider sent something back: guest and host see it once nothing of it is left here."""
    made = session.get(Appointment, appointment_id, with_for_update=True)
    if made is None or made.status is not AppointmentStatus.CANCELLED or not is_owed(made):
        return
    if made.refunded_at is not None or ledger.balance(session, ledger.booking_account(str(made.id))) != 0:
        return
    made.refunded_at = now
    session.add(made)
    data = {"amount": str(made.price), "currency": made.currency}
    acting = Principal.system(made.team_id)
    record_event(
        session, acting, kind="appointment.refunded", subject_type="appointment", subject_id=made.id, data=data
    )
    live.publish(session, topics.calendar(made.team_id))


def stuck(session: Session, appointment_id: UUID) -> None:
    """The provider would not send it back, however often it was asked: the host has to see to it."""
    made = session.get(Appointment, appointment_id)
    if made is not None:
        notify(
            session,
            made.host_id,
            type="payment",
            title=f"{made.guest_name}'s money did not go back",
            message=f"{money.shown(made.price, made.currency)} of a cancelled appointment are still here. An operator "
            "can try it again under Settings, Operations, or send it back on the provider's own page.",
            link="/calendar/upcoming",
            dedupe_key=f"refund_stuck:{made.id}",
            team_id=made.team_id,
        )
