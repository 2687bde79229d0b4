"""What visitors and guests read: a type, a person's types, an appointment of their own."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.domain.appointments import facts, openings, refunds, rows
from taskjuggler_app.domain.appointments.facts import Facts
from taskjuggler_app.domain.appointments.rows import AppointmentRow, PublicType
from taskjuggler_app.models.appointments import Appointment, AppointmentHost, AppointmentType, HostSchedule
from taskjuggler_app.models.users import User


def offered(session: Session, slug: str, now: datetime, *, moving: UUID | None = None) -> tuple[PublicType, list[int]]:
    """A type with its free starts as UTC seconds; `moving`, for the guest of that appointment: with its host alone, or
    with the type's other hosts, and a note, when theirs no longer keeps it.

    NotFound for an unknown address, and for an appointment of another type.
    """
    apart = session.get(Appointment, moving) if moving else None
    found = openings.find(session, now, slug=slug, apart=moving, keeper=apart.host_id if apart else None)
    if moving and (apart is None or apart.appointment_type_id != found.facts.kind.id):
        raise NotFound
    kind = shown(found.facts)
    if apart is not None and found.facts.keeper(apart.host_id) is None:
        gone = session.get_one(User, apart.host_id).name
        kind.note = f"{gone} no longer takes these appointments: a new time is with {' or '.join(kind.hosts)}."
    return kind, found.starts()


def types_of(session: Session, host_slug: str, now: datetime) -> tuple[str, list[PublicType]]:
    """A host's name and their public types. NotFound for an unknown address."""
    schedule = session.exec(select(HostSchedule).where(HostSchedule.public_slug == host_slug)).one_or_none()
    if schedule is None:
        raise NotFound("There is nothing to book at this address.")
    host = session.get_one(User, schedule.user_id)
    kinds = session.exec(
        select(AppointmentType.id)
        .join(AppointmentHost, col(AppointmentHost.appointment_type_id) == col(AppointmentType.id))
        .where(AppointmentHost.user_id == schedule.user_id, AppointmentType.team_id == schedule.team_id)
        .where(col(AppointmentType.is_active), col(AppointmentType.is_public))
        .order_by(col(AppointmentType.duration_minutes), col(AppointmentType.name))
    )
    return host.name, [shown(facts.of(session, type_id, now)) for type_id in kinds]


def addresses(session: Session, most: int) -> tuple[list[str], list[str]]:
    """What anybody may find: the addresses of public types, and of people who have some; `most` of each, by name."""
    is_open = (col(AppointmentType.is_active), col(AppointmentType.is_public))
    kinds = select(AppointmentType.booking_slug).where(*is_open).order_by(col(AppointmentType.booking_slug))
    hosts = (
        select(HostSchedule.public_slug)
        .join(AppointmentHost, col(AppointmentHost.user_id) == col(HostSchedule.user_id))
        .join(AppointmentType, col(AppointmentType.id) == col(AppointmentHost.appointment_type_id))
        .where(*is_open, AppointmentType.team_id == HostSchedule.team_id, col(HostSchedule.public_slug).is_not(None))
        .distinct()
        .order_by(col(HostSchedule.public_slug))
    )
    found = (session.exec(kinds.limit(most)).all(), session.exec(hosts.limit(most)).all())
    return [slug for slug in found[0] if slug], [slug for slug in found[1] if slug]


def own(session: Session, appointment_id: UUID, now: datetime) -> tuple[PublicType, AppointmentRow]:
    """What the holder of a signed link sees."""
    made = session.get(Appointment, appointment_id)
    if made is None:
        raise NotFound("This appointment is gone: the time was held for a few minutes only.")
    found = facts.of(session, made.appointment_type_id, now)
    host = next((one.name for one in found.hosts if one.id == made.host_id), "")
    return shown(found), rows.appointment(made, found.kind, host or session.get_one(User, made.host_id).name)


def shown(found: Facts) -> PublicType:
    """A type as visitors see it."""
    kind = found.kind
    return PublicType(
        id=str(kind.id),
        slug=kind.booking_slug,
        name=kind.name,
        description=kind.description or "",
        minutes=kind.duration_minutes,
        price=rows.price_of(kind),
        amount=str(kind.price) if kind.price else "",
        currency=kind.currency,
        location_kind=kind.location_kind.value,
        location=kind.location,
        color=kind.color,
        business=found.business,
        hosts=[one.name for one in found.hosts],
        questions=list(kind.questions),
        cancellation_hours=kind.cancellation_hours,
        refund=refunds.words(kind),
        zone=found.zone,
        team_id=str(kind.team_id),
    )
