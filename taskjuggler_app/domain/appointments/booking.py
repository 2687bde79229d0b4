"""Booking: hold a time, confirm it, move it, cancel it. Guests act by link or form."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.appointments import letters, openings, reminders, taking
from taskjuggler_app.domain.appointments.taking import HOLD_MINUTES
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.appointments import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    LocationKind,
)

MOST_HOLDS = 3
"""Times that one visitor may hold at once."""
MOST_BOOKINGS = 5
"""Coming appointments that one address may have with one workspace."""
_LONGEST = 2_000


@dataclass(frozen=True)
class Guest:
    """What a visitor says about themselves, as typed."""

    name: str = ""
    email: str = ""
    phone: str = ""
    zone: str = "UTC"
    notes: str = ""
    answers: dict[str, str] = field(default_factory=dict)


def hold(session: Session, slug: str, second: int, visitor: str, now: datetime) -> Appointment:
    """Keep a time for HOLD_MINUTES while its visitor fills in the form; they let go of what they held of this type.

    Taken when it is not free; LimitReached when the visitor holds too much.
    """
    kind = openings.by_slug(session, slug)
    mine = (
        col(Appointment.visitor) == visitor,
        col(Appointment.status) == AppointmentStatus.HELD,
        col(Appointment.paid_at).is_(None),
        col(Appointment.guest_email) == "",
    )
    held = session.exec(select(func.count()).select_from(Appointment).where(*mine, col(Appointment.held_until) > now))
    if held.one() >= MOST_HOLDS:
        raise LimitReached("You are holding several times already. Finish one of them, or wait a few minutes.")
    made = taking.insert(session, kind, second, now)
    made.visitor, made.held_until = visitor[:64], now + timedelta(minutes=HOLD_MINUTES)
    session.add(made)
    session.flush()
    return made


def release(session: Session, appointment_id: UUID) -> None:
    """Let a held time go."""
    gone = session.execute(
        delete(Appointment)
        .where(col(Appointment.id) == appointment_id, col(Appointment.status) == AppointmentStatus.HELD)
        .where(col(Appointment.guest_email) == "")
        .returning(col(Appointment.team_id))
    ).scalar_one_or_none()
    if gone is not None:
        live.publish(session, topics.calendar(gone))


def book(session: Session, slug: str, second: int, guest: Guest, now: datetime) -> Appointment:
    """Book a time at once, without holding it first. Taken, Invalid or LimitReached otherwise."""
    kind = openings.by_slug(session, slug)
    _checked(session, kind, guest, now)
    return _completed(session, kind, taking.insert(session, kind, second, now), guest, now)


def confirm(session: Session, appointment_id: UUID, guest: Guest, now: datetime) -> Appointment:
    """Turn a held time into an appointment. When the hold ran out, the time is taken again if it still is free."""
    made = session.exec(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one_or_none()
    if made is None or made.status is not AppointmentStatus.HELD or made.guest_email:
        raise Conflict("That time was held for a few minutes only. Please choose one again.")
    kind = session.get_one(AppointmentType, made.appointment_type_id)
    _checked(session, kind, guest, now)
    if made.held_until is not None and made.held_until <= now:
        second = int(made.start_time.timestamp())
        session.delete(made)
        session.flush()
        made = taking.insert(session, kind, second, now)
    return _completed(session, kind, made, guest, now)


def paid(session: Session, appointment_id: UUID, reference: str, now: datetime) -> Appointment:
    """The payment of a held appointment came in. Doing it twice changes nothing.

    Conflict when the hold ran out and the time went to somebody else: the payment has to go back.
    """
    made = session.exec(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one_or_none()
    if made is None or made.status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW):
        raise Conflict("The time was given to somebody else before the payment came. You will get it back.")
    if made.paid_at is None:
        made.paid_at, made.payment_reference = now, reference[:255]
        _schedule(session, session.get_one(AppointmentType, made.appointment_type_id), made, now)
    return made


def cancel(
    session: Session, appointment_id: UUID, now: datetime, *, reason: str = "", by: Principal | None = None
) -> Appointment:
    """Cancel an appointment. Guests until the type's cut-off; hosts of the workspace (`by`) at any time."""
    made, kind = _for_change(session, appointment_id, by)
    if by is None:
        require_in_time(kind, made, now)
    made.status, made.cancelled_at = AppointmentStatus.CANCELLED, now
    made.cancellation_reason = reason.strip()[:_LONGEST] or None
    made.sequence += 1
    session.add(made)
    session.flush()
    reminders.clear(session, made.id)
    letters.cancelled(session, kind, made, by_host=by is not None, now=now)
    _tell(session, by, made, kind, "appointment.cancelled", "cancelled")
    return made


def reschedule(
    session: Session, appointment_id: UUID, second: int, now: datetime, *, by: Principal | None = None
) -> Appointment:
    """Move an appointment. Guests to a free time, until the cut-off; hosts to any time that overlaps nothing."""
    made, kind = _for_change(session, appointment_id, by)
    if by is None:
        require_in_time(kind, made, now)
        taking.lock(session, [made.host_id])
        found = openings.find(session, kind, now, apart=made.id, only=made.host_id)
        if not found.free_hosts(second):
            raise taking.refusal(found, second)
    start = datetime.fromtimestamp(second, UTC)
    try:
        with session.begin_nested():
            taking.put(made, kind, start)
            session.add(made)
            session.flush()
    except IntegrityError:
        session.expire(made)
        raise taking.Taken("Something else is booked then.", []) from None
    made.sequence += 1
    session.add(made)
    session.flush()
    reminders.plan(session, kind, made, now)
    letters.booked(session, kind, made, now, moved=True)
    _tell(session, by, made, kind, "appointment.moved", "moved")
    return made


def mark(session: Session, principal: Principal, appointment_id: UUID, status: AppointmentStatus) -> Appointment:
    """Say how a past appointment went: completed, or the guest did not come."""
    made, kind = _for_change(
        session, appointment_id, principal, (AppointmentStatus.SCHEDULED, AppointmentStatus.NO_SHOW)
    )
    if status not in (AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW):
        raise Invalid("An appointment is marked as done or as missed.")
    made.status = status
    session.add(made)
    session.flush()
    _tell(session, principal, made, kind, f"appointment.{status.value}", "")
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


def sweep(session: Session, now: datetime) -> int:
    """Give back held times that nobody confirmed or paid for; says how many."""
    gone = session.execute(
        delete(Appointment)
        .where(col(Appointment.status) == AppointmentStatus.HELD, col(Appointment.held_until) <= now)
        .returning(col(Appointment.team_id))
    ).all()
    live.publish(session, *{topics.calendar(team_id) for (team_id,) in gone})
    return len(gone)


def _checked(session: Session, kind: AppointmentType, guest: Guest, now: datetime) -> None:
    """Raise unless the guest's details can be used."""
    if not " ".join(guest.name.split()):
        raise Invalid("Please tell us your name.", "name")
    email = normalise_email(guest.email)
    if guest.phone.strip():
        normalise_phone(guest.phone)
    elif kind.location_kind is LocationKind.PHONE:
        raise Invalid("We call you for this appointment: please give your number.", "phone")
    for question in kind.questions:
        if question.get("required") and not guest.answers.get(question["label"], "").strip():
            raise Invalid(f"Please answer: {question['label']}", "answers")
    coming = session.exec(
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.team_id == kind.team_id,
            Appointment.guest_email == email,
            Appointment.status == AppointmentStatus.SCHEDULED,
            col(Appointment.start_time) > now,
        )
    ).one()
    if coming >= MOST_BOOKINGS:
        raise LimitReached(f"You have {coming} appointments coming up already. Please call or write for more.")


def _completed(session: Session, kind: AppointmentType, made: Appointment, guest: Guest, now: datetime) -> Appointment:
    """The guest's details on the held time; scheduled at once unless it has to be paid first."""
    asked = {question["label"] for question in kind.questions}
    made.guest_name = " ".join(guest.name.split())[:200]
    made.guest_email = normalise_email(guest.email)
    made.guest_phone = normalise_phone(guest.phone) if guest.phone.strip() else ""
    made.guest_zone = guest.zone[:50]
    made.notes = guest.notes.strip()[:_LONGEST] or None
    made.answers = {label: value.strip()[:_LONGEST] for label, value in guest.answers.items() if label in asked}
    if made.price:
        made.held_until = now + timedelta(minutes=2 * HOLD_MINUTES)
        session.add(made)
        session.flush()
    else:
        _schedule(session, kind, made, now)
    return made


def _schedule(session: Session, kind: AppointmentType, made: Appointment, now: datetime) -> None:
    made.status, made.held_until, made.visitor = AppointmentStatus.SCHEDULED, None, ""
    session.add(made)
    session.flush()
    reminders.plan(session, kind, made, now)
    letters.booked(session, kind, made, now)
    _tell(session, None, made, kind, "appointment.booked", "booked")


def _for_change(
    session: Session,
    appointment_id: UUID,
    by: Principal | None,
    allowed: tuple[AppointmentStatus, ...] = (AppointmentStatus.SCHEDULED,),
) -> tuple[Appointment, AppointmentType]:
    made = session.exec(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one_or_none()
    if made is None or (by is not None and made.team_id != by.team_id):
        raise NotFound
    if by is not None and not (by.is_admin or made.host_id == by.user_id):
        raise Forbidden("Only the host or an admin can change this appointment.")
    if made.status not in allowed:
        raise Conflict(f"This appointment is {made.status.value.replace('_', ' ')}.")
    return made, session.get_one(AppointmentType, made.appointment_type_id)


def _tell(
    session: Session, by: Principal | None, made: Appointment, kind: AppointmentType, event: str, word: str
) -> None:
    """The log, the host's bell, the open pages."""
    acting = by or Principal.system(made.team_id, Door.WEB)
    data = {"type": kind.name, "start": made.start_time.isoformat(), "host": str(made.host_id)}
    record_event(session, acting, kind=event, subject_type="appointment", subject_id=made.id, data=data)
    if word and (by is None or by.user_id != made.host_id):
        notify(
            session,
            made.host_id,
            type="appointment",
            title=f"{made.guest_name} {word} {kind.name}",
            message=letters.when_text(made.start_time, openings.zone_of(session, made.team_id, made.host_id)),
            link="/calendar/upcoming",
            dedupe_key=f"{event}:{made.id}:{made.sequence}",
            team_id=made.team_id,
        )
    live.publish(session, topics.calendar(made.team_id))


def too_late(session: Session, appointment_id: UUID, now: datetime) -> str:
    """Why a guest cannot change the appointment any more; empty while they can."""
    made = session.get_one(Appointment, appointment_id)
    try:
        require_in_time(session.get_one(AppointmentType, made.appointment_type_id), made, now)
    except Forbidden as error:
        return error.message
    return ""
