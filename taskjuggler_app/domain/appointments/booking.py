"""Booking: hold a time, confirm it, pay for it. Guests act by form; `changing` has what happens afterwards."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, LimitReached
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.appointments import announcing, facts, guests, offers, openings, reminders, taking
from taskjuggler_app.domain.appointments.facts import Facts
from taskjuggler_app.domain.appointments.taking import HOLD_MINUTES
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, AppointmentType, LocationKind

MOST_HOLDS = 3
"""Times that one visitor may hold at once."""
MOST_HOLDS_OF_A_NETWORK = 12
"""Times that all visitors of one network may hold at once: tabs are free, networks are not."""
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

    Taken when it is not free; LimitReached when the visitor, or their network, holds too much.
    """
    taking.lock(session, guests.network_part(visitor), slug=slug)
    _let_go(session, slug, visitor)
    _may_hold(session, visitor, now)
    made = taking.put(session, openings.find(session, now, slug=slug), second, now, visitor=visitor[:64])
    live.publish(session, topics.calendar(made.team_id))
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


def book(
    session: Session, slug: str, second: int, guest: Guest, now: datetime, *, by: Principal | None = None
) -> Appointment:
    """Book a time at once, without holding it first. Taken, Invalid or LimitReached otherwise."""
    who = _who(guest)
    taking.lock(session, who["guest_email"], slug=slug)
    free = openings.find(session, now, slug=slug, email=who["guest_email"])
    details = {**who, **_details(free.facts.kind, guest)}
    _may_book(free.coming)
    made = taking.put(session, free, second, now, **details, **_standing(free.facts, now))
    _announce(session, free.facts.kind, made, now, by)
    return made


def confirm(session: Session, appointment_id: UUID, guest: Guest, now: datetime) -> Appointment:
    """Turn a held time into an appointment. When the hold ran out, the time is taken again if it still is free."""
    held = session.get(Appointment, appointment_id)
    if held is None:
        raise Conflict("That time was held for a few minutes only. Please choose one again.")
    found = facts.of(session, held.appointment_type_id, now)
    details = {**_who(guest), **_details(found.kind, guest)}
    taking.lock(session, details["guest_email"], type_id=held.appointment_type_id)
    session.refresh(held, with_for_update=True)
    if held.status is not AppointmentStatus.HELD or held.guest_email:
        raise Conflict("That time was held for a few minutes only. Please choose one again.")
    _may_book(_coming(session, found.kind, details["guest_email"], now))
    columns = {**details, **_standing(found, now)}
    visitor = held.visitor
    if held.held_until is not None and held.held_until <= now:
        second = int(held.start_time.timestamp())
        session.delete(held)
        session.flush()
        held = taking.put(session, openings.find(session, now, type_id=found.kind.id), second, now, **columns)
    else:
        for name, value in columns.items():
            setattr(held, name, value)
        session.flush()
    offers.let_go(session, visitor)
    _announce(session, found.kind, held, now, None)
    return held


def paid(session: Session, appointment_id: UUID, reference: str, now: datetime) -> Appointment:
    """The payment of a held appointment came in. Doing it twice changes nothing.

    Conflict when the hold ran out and the time went to somebody else, or it was paid by another payment already: this
    one has to go back.
    """
    made = session.exec(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one_or_none()
    if made is None or made.status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW):
        raise Conflict("The time was not kept any longer when your payment came.")
    if made.paid_at is not None and made.payment_reference != reference[:255]:
        raise Conflict("This appointment was paid already.")
    if made.paid_at is None:
        made.paid_at, made.payment_reference = now, reference[:255]
        made.status, made.held_until = AppointmentStatus.SCHEDULED, None
        session.add(made)
        session.flush()
        _announce(session, session.get_one(AppointmentType, made.appointment_type_id), made, now, None)
    return made


def sweep(session: Session, now: datetime) -> int:
    """Give back held times that nobody confirmed or paid for; says how many."""
    gone = session.execute(
        delete(Appointment)
        .where(col(Appointment.status) == AppointmentStatus.HELD, col(Appointment.held_until) <= now)
        .returning(col(Appointment.team_id))
    ).all()
    live.publish(session, *{topics.calendar(team_id) for (team_id,) in gone})
    return len(gone)


def _let_go(session: Session, slug: str, visitor: str) -> None:
    asked = select(AppointmentType.id).where(AppointmentType.booking_slug == slug)
    session.execute(
        delete(Appointment).where(
            col(Appointment.visitor) == visitor[:64],
            col(Appointment.appointment_type_id).in_(asked),
            col(Appointment.status) == AppointmentStatus.HELD,
            col(Appointment.guest_email) == "",
        )
    )


def _may_hold(session: Session, visitor: str, now: datetime) -> None:
    network = guests.network_part(visitor)
    held = session.execute(
        select(func.count().filter(col(Appointment.visitor) == visitor[:64]), func.count())
        .select_from(Appointment)
        .where(
            col(Appointment.visitor).startswith(network, autoescape=True),
            col(Appointment.status) == AppointmentStatus.HELD,
            col(Appointment.held_until) > now,
        )
    ).one()
    if held[0] >= MOST_HOLDS or held[1] >= MOST_HOLDS_OF_A_NETWORK:
        raise LimitReached("You are holding several times already. Finish one of them, or wait a few minutes.")


def _may_book(coming: int) -> None:
    if coming >= MOST_BOOKINGS:
        raise LimitReached(f"You have {coming} appointments coming up already. Please call or write for more.")


def _coming(session: Session, kind: AppointmentType, email: str, now: datetime) -> int:
    return session.exec(
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.team_id == kind.team_id,
            Appointment.guest_email == email,
            Appointment.status == AppointmentStatus.SCHEDULED,
            col(Appointment.start_time) > now,
        )
    ).one()


def _who(guest: Guest) -> dict[str, Any]:
    """Name and address of a guest. Raises Invalid, with the field, for what cannot be used."""
    name = " ".join(guest.name.split())[:200]
    if not name:
        raise Invalid("Please tell us your name.", "name")
    return {"guest_name": name, "guest_email": normalise_email(guest.email)}


def _details(kind: AppointmentType, guest: Guest) -> dict[str, Any]:
    """What else a type asks of its guest. Raises Invalid, with the field, for what cannot be used."""
    phone = ""
    if guest.phone.strip():
        phone = normalise_phone(guest.phone)
    elif kind.location_kind is LocationKind.PHONE:
        raise Invalid("We call you for this appointment: please give your number.", "phone")
    answers = {}
    for question in kind.questions:
        label = question["label"]
        answer = guest.answers.get(label, "").strip()[:_LONGEST]
        if question.get("required") and not answer:
            raise Invalid(f"Please answer: {label}", "answers")
        if label in guest.answers:
            answers[label] = answer
    return {
        "guest_phone": phone,
        "guest_zone": guest.zone[:50],
        "notes": guest.notes.strip()[:_LONGEST] or None,
        "answers": answers,
    }


def _standing(found: Facts, now: datetime) -> dict[str, Any]:
    """Scheduled at once, unless it has to be paid first: then held for the time of a payment."""
    if found.kind.price:
        return {"status": AppointmentStatus.HELD, "held_until": now + timedelta(minutes=2 * HOLD_MINUTES)}
    return {"status": AppointmentStatus.SCHEDULED, "held_until": None, "visitor": ""}


def _announce(session: Session, kind: AppointmentType, made: Appointment, now: datetime, by: Principal | None) -> None:
    if made.status is AppointmentStatus.SCHEDULED:
        reminders.plan(session, kind, made, now)
        announcing.changed(session, made, kind, announcing.BOOKED, by)
    else:
        live.publish(session, topics.calendar(made.team_id))
