"""Reading appointments: the public pages, a guest's own, the workspace's calendar."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import openings
from taskjuggler_app.models.appointments import (
    Appointment,
    AppointmentHost,
    AppointmentStatus,
    AppointmentType,
    CalendarBusy,
    CalendarSubscription,
    HostSchedule,
)
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import User

MOST = 500


@dataclass
class PublicType:
    """A type as visitors see it."""

    id: str = ""
    slug: str = ""
    name: str = ""
    description: str = ""
    minutes: int = 0
    price: str = ""
    location_kind: str = "place"
    location: str = ""
    color: str = ""
    business: str = ""
    hosts: list[str] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    cancellation_hours: int = 0
    zone: str = "UTC"
    team_id: str = ""


@dataclass
class AppointmentRow:
    """An appointment as its host sees it; `start` and `end` are ISO 8601 in UTC."""

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
    is_active: bool = True
    is_public: bool = True
    hosts: str = ""
    coming: int = 0


def public_type(session: Session, slug: str) -> PublicType:
    """The active type at an address."""
    return _public(session, openings.by_slug(session, slug))


def public_page(session: Session, host_slug: str) -> tuple[str, list[PublicType]]:
    """A host's name and their public types. NotFound for an unknown address."""
    schedule = session.exec(select(HostSchedule).where(HostSchedule.public_slug == host_slug)).one_or_none()
    if schedule is None:
        raise NotFound("There is nothing to book at this address.")
    host = session.get_one(User, schedule.user_id)
    kinds = session.exec(
        select(AppointmentType)
        .join(AppointmentHost, col(AppointmentHost.appointment_type_id) == col(AppointmentType.id))
        .where(AppointmentHost.user_id == schedule.user_id, AppointmentType.team_id == schedule.team_id)
        .where(col(AppointmentType.is_active), col(AppointmentType.is_public))
        .order_by(col(AppointmentType.duration_minutes), col(AppointmentType.name))
    )
    return host.name, [_public(session, kind) for kind in kinds]


def for_guest(session: Session, appointment_id: UUID) -> tuple[PublicType, AppointmentRow]:
    """What the holder of a signed link sees."""
    made = session.get(Appointment, appointment_id)
    if made is None:
        raise NotFound("This appointment is gone: the time was held for a few minutes only.")
    kind = session.get_one(AppointmentType, made.appointment_type_id)
    host = session.get_one(User, made.host_id)
    return _public(session, kind), _row(made, kind, host.name)


def upcoming(session: Session, principal: Principal, now: datetime, *, mine: bool = False) -> list[AppointmentRow]:
    """What is coming, and what is over but has not been marked yet, in order of time."""
    rows = session.exec(
        select(Appointment, AppointmentType, User)
        .join(AppointmentType, col(AppointmentType.id) == col(Appointment.appointment_type_id))
        .join(User, col(User.id) == col(Appointment.host_id))
        .where(
            Appointment.team_id == principal.team_id,
            Appointment.status == AppointmentStatus.SCHEDULED,
            col(Appointment.end_time) > now - timedelta(days=14),
            *([Appointment.host_id == principal.user_id] if mine else []),
        )
        .order_by(col(Appointment.start_time))
        .limit(MOST)
    )
    return [_row(made, kind, host.name, principal) for made, kind, host in rows]


def one(session: Session, principal: Principal, appointment_id: UUID) -> AppointmentRow:
    """An appointment of the workspace. NotFound otherwise."""
    made = session.exec(
        select(Appointment).where(Appointment.id == appointment_id, Appointment.team_id == principal.team_id)
    ).one_or_none()
    if made is None:
        raise NotFound
    kind, host = session.get_one(AppointmentType, made.appointment_type_id), session.get_one(User, made.host_id)
    return _row(made, kind, host.name, principal)


def calendar(
    session: Session, principal: Principal, start: datetime, end: datetime, *, mine: bool = False
) -> list[Entry]:
    """Appointments, tasks with a due date, and the person's busy times, from `start` to before `end`."""
    shown = col(Appointment.status).in_((AppointmentStatus.SCHEDULED, AppointmentStatus.COMPLETED))
    found = session.exec(
        select(Appointment, AppointmentType, User)
        .join(AppointmentType, col(AppointmentType.id) == col(Appointment.appointment_type_id))
        .join(User, col(User.id) == col(Appointment.host_id))
        .where(Appointment.team_id == principal.team_id, shown)
        .where(col(Appointment.start_time) < end, col(Appointment.end_time) > start)
        .where(*([Appointment.host_id == principal.user_id] if mine else []))
        .limit(MOST)
    )
    entries = [
        Entry(
            id=str(made.id),
            title=f"{kind.name}: {made.guest_name}",
            start=made.start_time.isoformat(),
            end=made.end_time.isoformat(),
            color=kind.color,
            note=host.name,
            movable=made.status is AppointmentStatus.SCHEDULED and _may_change(principal, made),
        )
        for made, kind, host in found
    ]
    return sorted([*entries, *_tasks(session, principal, start, end, mine), *_busy(session, principal, start, end)],
                  key=lambda entry: (entry.start, entry.title))  # fmt: skip


def types(session: Session, principal: Principal, now: datetime) -> list[TypeRow]:
    """The workspace's types with who keeps them and how much is coming."""
    kinds = session.exec(
        select(AppointmentType)
        .where(AppointmentType.team_id == principal.team_id)
        .order_by(col(AppointmentType.is_active).desc(), col(AppointmentType.name))
        .limit(MOST)
    ).all()
    hosts: dict[UUID, list[str]] = defaultdict(list)
    named = session.exec(
        select(AppointmentHost, User)
        .join(User, col(User.id) == col(AppointmentHost.user_id))
        .where(AppointmentHost.team_id == principal.team_id)
        .order_by(col(User.name))
    )
    for link, user in named:
        hosts[link.appointment_type_id].append(user.name)
    coming: dict[UUID, int] = defaultdict(int)
    scheduled = select(Appointment.appointment_type_id).where(
        Appointment.team_id == principal.team_id,
        Appointment.status == AppointmentStatus.SCHEDULED,
        col(Appointment.start_time) > now,
    )
    for type_id in session.exec(scheduled):
        coming[type_id] += 1
    return [
        TypeRow(
            id=str(kind.id),
            name=kind.name,
            slug=kind.booking_slug,
            minutes=kind.duration_minutes,
            color=kind.color,
            price=_money(kind),
            is_active=kind.is_active,
            is_public=kind.is_public,
            hosts=", ".join(hosts[kind.id]),
            coming=coming[kind.id],
        )
        for kind in kinds
    ]


def subscriptions(session: Session, principal: Principal) -> list[CalendarSubscription]:
    """The person's subscribed calendars."""
    return list(
        session.exec(
            select(CalendarSubscription)
            .where(CalendarSubscription.team_id == principal.team_id, CalendarSubscription.user_id == principal.user_id)
            .order_by(col(CalendarSubscription.name))
        )
    )


def _tasks(session: Session, principal: Principal, start: datetime, end: datetime, mine: bool) -> list[Entry]:
    closed = (TaskStatus.COMPLETED, TaskStatus.CANCELLED)
    rows = session.exec(
        select(Task)
        .where(Task.team_id == principal.team_id, col(Task.status).not_in(closed))
        .where(col(Task.due_date) >= start, col(Task.due_date) < end)
        .where(*([Task.owner_id == principal.user_id] if mine else []))
        .limit(MOST)
    )
    return [
        Entry(str(task.id), "task", task.title, task.due_date.isoformat(), "", "", f"/tasks/{task.id}", "Task due")
        for task in rows
        if task.due_date is not None
    ]


def _busy(session: Session, principal: Principal, start: datetime, end: datetime) -> list[Entry]:
    rows = session.exec(
        select(CalendarBusy)
        .where(CalendarBusy.team_id == principal.team_id, CalendarBusy.user_id == principal.user_id)
        .where(col(CalendarBusy.start_time) < end, col(CalendarBusy.end_time) > start)
        .limit(MOST)
    )
    return [
        Entry(str(row.id), "busy", "Busy", row.start_time.isoformat(), row.end_time.isoformat(), note="Other calendar")
        for row in rows
    ]


def _public(session: Session, kind: AppointmentType) -> PublicType:
    hosts = openings.hosts_of(session, kind)
    named = openings.names(session, hosts)
    business = session.exec(select(Team.name).where(Team.id == kind.team_id)).one()
    return PublicType(
        id=str(kind.id),
        slug=kind.booking_slug,
        name=kind.name,
        description=kind.description or "",
        minutes=kind.duration_minutes,
        price=_money(kind),
        location_kind=kind.location_kind.value,
        location=kind.location,
        color=kind.color,
        business=business,
        hosts=[named[one] for one in hosts if one in named],
        questions=list(kind.questions),
        cancellation_hours=kind.cancellation_hours,
        zone=openings.zone_of(session, kind.team_id, hosts[0]),
        team_id=str(kind.team_id),
    )


def _row(made: Appointment, kind: AppointmentType, host: str, principal: Principal | None = None) -> AppointmentRow:
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
        price=f"{made.price} {made.currency}" if made.price else "",
        location=kind.location,
        may_change=principal is None or _may_change(principal, made),
    )


def _may_change(principal: Principal, made: Appointment) -> bool:
    return principal.is_admin or made.host_id == principal.user_id


def _money(kind: AppointmentType) -> str:
    return f"{kind.price} {kind.currency}" if kind.price else ""
