"""Telling people what happened to an appointment: a job queued with the change, done when the visitor has their answer.

The job reads the appointment as it then is. A later change says more with its own job, so an overtaken one is silent;
keys make a second run harmless.
"""

from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.appointments import facts, letters
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType

TELL = "appointments.tell"
BOOKED, MOVED, CANCELLED = "booked", "moved", "cancelled"


def changed(session: Session, made: Appointment, kind: AppointmentType, what: str, by: Principal | None) -> None:
    """Log what happened, tell the open pages now, and guest and host by a job. `by` is None for the guest."""
    log(session, made, kind, what, by)
    actor = str(by.user_id) if by is not None and by.user_id else ""
    queue.defer(session, TELL, appointment_id=str(made.id), what=what, sequence=made.sequence, actor=actor)


def taken_over(session: Session, made: Appointment, kind: AppointmentType, before: UUID) -> None:
    """Tell the host who had an appointment that somebody else has it now."""
    notify(
        session,
        before,
        type="appointment",
        title=f"{made.guest_name} moved {kind.name} to somebody else",
        message="You no longer keep this type, so the new time is with another host.",
        link="/calendar/upcoming",
        dedupe_key=f"appointment.left:{made.id}:{made.sequence}",
        team_id=made.team_id,
    )


def log(session: Session, made: Appointment, kind: AppointmentType, what: str, by: Principal | None) -> None:
    """The case log and the open pages."""
    acting = by or Principal.system(made.team_id, Door.WEB)
    data = {"type": kind.name, "start": made.start_time.isoformat(), "host": str(made.host_id)}
    record_event(session, acting, kind=f"appointment.{what}", subject_type="appointment", subject_id=made.id, data=data)
    live.publish(session, topics.calendar(made.team_id))


def tell(session: Session, appointment_id: UUID, what: str, sequence: int, actor: str) -> None:
    """The guest's mail with the invitation, and the host's bell unless they did it themselves."""
    made = session.get(Appointment, appointment_id)
    if made is None or made.sequence != sequence or made.status is AppointmentStatus.HELD:
        return
    now = clock.utcnow()
    known = facts.of(session, made.appointment_type_id, now)
    letter = letters.Letter.of(session, known, made)
    if what == CANCELLED:
        letters.cancelled(session, letter, by_host=bool(actor), now=now)
    else:
        letters.booked(session, letter, moved=what == MOVED, now=now)
    if actor != str(made.host_id):
        notify(
            session,
            made.host_id,
            type="appointment",
            title=f"{made.guest_name} {what} {known.kind.name}" if not actor else f"{known.kind.name} was {what}",
            message=letters.when_text(made.start_time, letter.zone),
            link="/calendar/upcoming",
            dedupe_key=f"appointment.{what}:{made.id}:{made.sequence}",
            team_id=made.team_id,
        )
