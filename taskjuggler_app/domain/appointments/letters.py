"""What guests are told: mails with the invitation, text messages, all deferred with the change that causes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from taskjuggler_app.core import queue
from taskjuggler_app.domain.appointments import ics, links, schedules
from taskjuggler_app.models.appointments import Appointment, AppointmentType, LocationKind, ReminderKind
from taskjuggler_app.models.users import User

_WHERE = {LocationKind.PLACE: "Where", LocationKind.PHONE: "By phone", LocationKind.VIDEO: "Video link"}


def booked(session: Session, kind: AppointmentType, made: Appointment, now: datetime, *, moved: bool = False) -> None:
    """The confirmation, with the invitation and the link to change it."""
    host = session.get_one(User, made.host_id)
    start = "Your appointment has a new time" if moved else "Your appointment is booked"
    _mail(
        session,
        made,
        f"{'New time' if moved else 'Booked'}: {kind.name}, {when_text(made.start_time, made.guest_zone)}",
        f"Hello {made.guest_name},\n\n{start}.\n\n{_facts(kind, made, host.name)}\n\n{_change(kind, made, now)}",
        _invitation(session, kind, made, host, ics.REQUEST, now),
        ics.REQUEST,
        f"appointment:{made.id}:{made.sequence}",
    )


def cancelled(session: Session, kind: AppointmentType, made: Appointment, *, by_host: bool, now: datetime) -> None:
    """The withdrawal of the invitation."""
    host = session.get_one(User, made.host_id)
    who = f"{host.name} had to cancel" if by_host else "You have cancelled"
    reason = f"\n\n{made.cancellation_reason}" if made.cancellation_reason else ""
    _mail(
        session,
        made,
        f"Cancelled: {kind.name}, {when_text(made.start_time, made.guest_zone)}",
        f"Hello {made.guest_name},\n\n{who} this appointment.{reason}\n\n{_facts(kind, made, host.name)}",
        _invitation(session, kind, made, host, ics.CANCEL, now),
        ics.CANCEL,
        f"appointment:{made.id}:{made.sequence}:cancelled",
    )


def remind(
    session: Session, kind: AppointmentType, made: Appointment, by: ReminderKind, *, key: str, now: datetime
) -> None:
    """A reminder by mail or text message; `key` makes a second sending harmless."""
    host = session.get_one(User, made.host_id)
    if by is ReminderKind.SMS:
        body = f"Reminder: {kind.name} with {host.name}, {when_text(made.start_time, made.guest_zone)}."
        body += f" Change it: {links.address(made.id, now)}"
        queue.defer(session, "sms.send", to=made.guest_phone, body=body, idempotency_key=key)
        return
    queue.defer(
        session,
        "mail.send",
        to=made.guest_email,
        subject=f"Reminder: {kind.name}, {when_text(made.start_time, made.guest_zone)}",
        text=f"Hello {made.guest_name},\n\nsee you soon.\n\n{_facts(kind, made, host.name)}\n\n"
        f"{_change(kind, made, now)}",
        idempotency_key=key,
    )


def when_text(moment: datetime, zone: str) -> str:
    """A time as a sentence has it, in somebody's zone: Mon 8 Jun 2026, 09:30 (Europe/Berlin)."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


def _facts(kind: AppointmentType, made: Appointment, host: str) -> str:
    lines = [kind.name, f"When: {when_text(made.start_time, made.guest_zone)}, {kind.duration_minutes} minutes"]
    lines.append(f"With: {host}")
    if kind.location_kind is LocationKind.PHONE and made.guest_phone:
        lines.append(f"By phone: we call {made.guest_phone}")
    elif kind.location:
        lines.append(f"{_WHERE[kind.location_kind]}: {kind.location}")
    if made.price:
        lines.append(f"Paid: {made.price} {made.currency}")
    return "\n".join(lines)


def _change(kind: AppointmentType, made: Appointment, now: datetime) -> str:
    until = f" until {kind.cancellation_hours} hours before it starts" if kind.cancellation_hours else ""
    return f"Move or cancel it{until}:\n{links.address(made.id, now)}"


def _invitation(
    session: Session, kind: AppointmentType, made: Appointment, host: User, method: str, now: datetime
) -> str:
    zone = schedules.ensured(session, made.team_id, made.host_id).timezone
    return ics.invitation(kind, made, zone=zone, host=(host.name, host.email), method=method, now=now)


def _mail(session: Session, made: Appointment, subject: str, text: str, invitation: str, method: str, key: str) -> None:
    queue.defer(
        session,
        "mail.send",
        to=made.guest_email,
        subject=subject,
        text=text + "\n",
        idempotency_key=key,
        invitation=invitation,
        method=method,
    )
