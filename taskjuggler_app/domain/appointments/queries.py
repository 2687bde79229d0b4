"""Reading appointments for the people of the workspace: the calendar, what is coming, the types."""

from collections import defaultdict
from dataclasses import fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Page, ordered_page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import facts, rows
from taskjuggler_app.domain.appointments.rows import AppointmentRow, Entry, TypeRow
from taskjuggler_app.domain.appointments.types import TypeDraft, own
from taskjuggler_app.models.appointments import (
    Appointment,
    AppointmentHost,
    AppointmentStatus,
    AppointmentType,
    CalendarBusy,
    CalendarSubscription,
)
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.users import User

MOST = 500


def upcoming(
    session: Session, principal: Principal, now: datetime, *, mine: bool = False, cursor: str = "", size: int = MOST
) -> Page[AppointmentRow]:
    """What is coming, and what is over but has not been marked yet, in order of time. Invalid for a strange cursor."""
    query = (
        select(Appointment, AppointmentType, User)
        .join(AppointmentType, col(AppointmentType.id) == col(Appointment.appointment_type_id))
        .join(User, col(User.id) == col(Appointment.host_id))
        .where(
            Appointment.team_id == principal.team_id,
            Appointment.status == AppointmentStatus.SCHEDULED,
            col(Appointment.end_time) > now - timedelta(days=14),
            *([Appointment.host_id == principal.user_id] if mine else []),
        )
    )
    found = ordered_page(session, query, (col(Appointment.start_time), col(Appointment.id)), cursor, size)
    shown = [rows.appointment(made, kind, host.name, principal) for made, kind, host in found.rows]
    return Page(shown, found.next_cursor)


def one(session: Session, principal: Principal, appointment_id: UUID) -> AppointmentRow:
    """An appointment of the workspace. NotFound otherwise."""
    made = session.exec(
        select(Appointment).where(Appointment.id == appointment_id, Appointment.team_id == principal.team_id)
    ).one_or_none()
    if made is None:
        raise NotFound
    kind, host = session.get_one(AppointmentType, made.appointment_type_id), session.get_one(User, made.host_id)
    return rows.appointment(made, kind, host.name, principal)


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
            movable=made.status is AppointmentStatus.SCHEDULED and rows.may_change(principal, made),
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
            price=rows.price_of(kind),
            amount=str(kind.price) if kind.price else "",
            currency=kind.currency,
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
    found = session.exec(
        select(Task)
        .where(Task.team_id == principal.team_id, col(Task.status).not_in(closed))
        .where(col(Task.due_date) >= start, col(Task.due_date) < end)
        .where(*([Task.owner_id == principal.user_id] if mine else []))
        .limit(MOST)
    )
    return [
        Entry(str(task.id), "task", task.title, task.due_date.isoformat(), "", "", f"/tasks/{task.id}", "Task due")
        for task in found
        if task.due_date is not None
    ]


def _busy(session: Session, principal: Principal, start: datetime, end: datetime) -> list[Entry]:
    found = session.exec(
        select(CalendarBusy)
        .where(CalendarBusy.team_id == principal.team_id, CalendarBusy.user_id == principal.user_id)
        .where(col(CalendarBusy.start_time) < end, col(CalendarBusy.end_time) > start)
        .limit(MOST)
    )
    return [
        Entry(str(row.id), "busy", "Busy", row.start_time.isoformat(), row.end_time.isoformat(), note="Other calendar")
        for row in found
    ]


def draft(session: Session, principal: Principal, type_id: UUID) -> TypeDraft:
    """What a type says now, with its hosts: to be changed in part. NotFound when it is not the workspace's."""
    kind = own(session, principal, type_id)
    same = {one.name for one in fields(TypeDraft)} - {"description", "price", "location_kind", "host_ids"}
    return TypeDraft(
        **{name: getattr(kind, name) for name in same},
        description=kind.description or "",
        price=str(kind.price or ""),
        location_kind=kind.location_kind.value,
        host_ids=[one.id for one in facts.of(session, kind.id, clock.utcnow()).hosts],
    )
