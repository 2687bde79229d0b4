"""After the booking: move it, cancel it, say how it went. Guests until the cut-off, hosts at any time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import announcing, openings, refunds, reminders, taking
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType

_LONGEST = 2_000


def cancel(
    session: Session, appointment_id: UUID, now: datetime, *, reason: str = "", by: Principal | None = None
) -> Appointment:
    """Cancel an appointment; what was paid goes back. Guests until the type's cut-off; hosts (`by`) at any time."""
    made, kind = _for_change(session, appointment_id, by)
    if by is None:
        require_in_time(kind, made, now)
    made.status, made.cancelled_at = AppointmentStatus.CANCELLED, now
    made.cancellation_reason = reason.strip()[:_LONGEST] or None
    made.sequence += 1
    session.add(made)
    session.flush()
    reminders.clear(session, made.id)
    refunds.order(session, made)
    announcing.changed(session, made, kind, announcing.CANCELLED, by)
    return made


def reschedule(
    session: Session, appointment_id: UUID, second: int, now: datetime, *, by: Principal | None = None
) -> Appointment:
    """Move an appointment. Guests to a free time of its host, until the cut-off, and of the type's other hosts when
    its own no longer keeps it; hosts to any time that overlaps nothing.
    """
    planned = session.get(Appointment, appointment_id)
    if planned is None:
        raise NotFound
    if by is None:
        taking.lock(session, type_id=planned.appointment_type_id)
    made, kind = _for_change(session, appointment_id, by)
    host = before = made.host_id
    if by is None:
        require_in_time(kind, made, now)
        found = openings.find(session, now, type_id=kind.id, apart=made.id, keeper=before)
        free = taking.in_turn(session, kind, found.free_hosts(second), now)
        if not free:
            raise taking.refusal(found, second)
        host = free[0]
    try:
        with session.begin_nested():
            made.host_id = host
            for name, value in taking.times(kind, datetime.fromtimestamp(second, UTC)).items():
                setattr(made, name, value)
            made.sequence += 1
            session.flush()
    except IntegrityError:
        session.expire(made)
        raise taking.Taken("Something else is booked then.", []) from None
    reminders.clear(session, made.id)
    reminders.plan(session, kind, made, now)
    announcing.changed(session, made, kind, announcing.MOVED, by)
    if host != before:
        announcing.taken_over(session, made, kind, before)
    return made


def mark(
    session: Session, principal: Principal, appointment_id: UUID, status: AppointmentStatus, now: datetime
) -> Appointment:
    """Say how an appointment that has begun went: completed, or the guest did not come; or take back what was said."""
    over = (AppointmentStatus.SCHEDULED, AppointmentStatus.NO_SHOW, AppointmentStatus.COMPLETED)
    made, kind = _for_change(session, appointment_id, principal, over)
    if status not in over:
        raise Invalid("An appointment is marked as done or as missed.")
    if made.start_time > now:
        raise Conflict("It has not begun yet.")
    made.status = status
    session.add(made)
    session.flush()
    announcing.log(session, made, kind, status.value, principal)
    return made


def require_in_time(kind: AppointmentType, made: Appointment, now: datetime) -> None:
    """Raise Forbidden when the guest's cut-off has passed."""
    if now > made.start_time - timedelta(hours=kind.cancellation_hours):
        hours = kind.cancellation_hours
        raise Forbidden(
            "This appointment has begun or is over."
            if now >= made.start_time
            else f"It can be changed until {hours} hours before it starts. Please call or write instead."
        )


def too_late(session: Session, appointment_id: UUID, now: datetime) -> str:
    """Why a guest cannot change the appointment any more; empty while they can."""
    made = session.get_one(Appointment, appointment_id)
    try:
        require_in_time(session.get_one(AppointmentType, made.appointment_type_id), made, now)
    except Forbidden as error:
        return error.message
    return ""


def _for_change(
    session: Session,
    appointment_id: UUID,
    by: Principal | None,
    allowed: tuple[AppointmentStatus, ...] = (AppointmentStatus.SCHEDULED,),
) -> tuple[Appointment, AppointmentType]:
    locked = select(Appointment).where(Appointment.id == appointment_id).with_for_update()
    made = session.exec(locked.execution_options(populate_existing=True)).one_or_none()
    if made is None or (by is not None and made.team_id != by.team_id):
        raise NotFound
    if by is not None and not (by.is_admin or made.host_id == by.user_id):
        raise Forbidden("Only the host or an admin can change this appointment.")
    if made.status not in allowed:
        raise Conflict(f"This appointment is {made.status.value.replace('_', ' ')}.")
    return made, session.get_one(AppointmentType, made.appointment_type_id)
