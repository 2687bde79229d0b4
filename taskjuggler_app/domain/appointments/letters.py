"""What guests are told: mails with the invitation, text messages, all deferred with the change that causes them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from taskjuggler_app.core import queue
from taskjuggler_app.domain.appointments import ics, links, refunds, schedules
from taskjuggler_app.domain.appointments.facts import Facts
from taskjuggler_app.domain.appointments.rows import price_of
from taskjuggler_app.models.appointments import Appointment, AppointmentType, LocationKind, ReminderKind
from taskjuggler_app.models.users import User

OUTGOING = "outgoing"
_WHERE = {LocationKind.PLACE: "Where", LocationKind.PHONE: "By phone", LocationKind.VIDEO: "Video link"}


@dataclass(frozen=True)
class Letter:
    """Whom a message is about: the appointment, its type, its host and the zone of the host's hours."""

    made: Appointment
    kind: AppointmentType
    host: str
    host_email: str
    zone: str

    @classmethod
    def of(cls, session: Session, facts: Facts, made: Appointment) -> "Letter":
        """From the type's facts; a host who keeps the type no longer is looked up."""
        host = next((one for one in facts.hosts if one.id == made.host_id), None)
        if host is not None:
            return cls(made, facts.kind, host.name, host.email, host.hours.zone)
        user = session.get_one(User, made.host_id)
        zone = schedules.ensured(session, made.team_id, made.host_id).timezone
        return cls(made, facts.kind, user.name, user.email, zone)

    def invitation(self, method: str, now: datetime) -> str:
        """The iCalendar file that goes with it."""
        host = (self.host, self.host_email)
        return ics.invitation(self.kind, self.made, zone=self.zone, host=host, method=method, now=now)


def booked(session: Session, letter: Letter, now: datetime, *, moved: bool = False) -> None:
    """The confirmation, with the invitation and the link to change it."""
    made, kind = letter.made, letter.kind
    start = "Your appointment has a new time" if moved else "Your appointment is booked"
    _mail(
        session,
        made,
        f"{'New time' if moved else 'Booked'}: {kind.name}, {when_text(made.start_time, made.guest_zone)}",
        f"Hello {made.guest_name},\n\n{start}.\n\n{_facts(letter)}\n\n{_change(kind, made, now)}",
        letter.invitation(ics.REQUEST, now),
        ics.REQUEST,
        f"appointment:{made.id}:{made.sequence}",
    )


def cancelled(session: Session, letter: Letter, *, by_host: bool, now: datetime) -> None:
    """The withdrawal of the invitation."""
    made, kind = letter.made, letter.kind
    money = f"\n\n{price_of(made)} go back to you; banks take a few days." if refunds.is_owed(made) else ""
    who = f"{letter.host} had to cancel" if by_host else "You have cancelled"
    reason = f"\n\n{made.cancellation_reason}" if made.cancellation_reason else ""
    _mail(
        session,
        made,
        f"Cancelled: {kind.name}, {when_text(made.start_time, made.guest_zone)}",
        f"Hello {made.guest_name},\n\n{who} this appointment.{reason}{money}\n\n{_facts(letter)}",
        letter.invitation(ics.CANCEL, now),
        ics.CANCEL,
        f"appointment:{made.id}:{made.sequence}:cancelled",
    )


def remind(session: Session, letter: Letter, by: ReminderKind, *, key: str, now: datetime) -> None:
    """A reminder by mail or text message; `key` makes a second sending harmless."""
    made, kind = letter.made, letter.kind
    moment = when_text(made.start_time, made.guest_zone)
    if by is ReminderKind.SMS:
        body = f"Reminder: {kind.name} with {letter.host}, {moment}. Change it: {links.address(made.id, now)}"
        queue.defer(session, "sms.send", queue=OUTGOING, to=made.guest_phone, body=body, idempotency_key=key)
        return
    queue.defer(
        session,
        "mail.send",
        queue=OUTGOING,
        to=made.guest_email,
        subject=f"Reminder: {kind.name}, {moment}",
        text=f"Hello {made.guest_name},\n\nsee you soon.\n\n{_facts(letter)}\n\n{_change(kind, made, now)}\n",
        idempotency_key=key,
    )


def when_text(moment: datetime, zone: str) -> str:
    """A time as a sentence has it, in somebody's zone: Mon 8 Jun 2026, 09:30 (Europe/Berlin)."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({zone})"


def _facts(letter: Letter) -> str:
    made, kind = letter.made, letter.kind
    lines = [kind.name, f"When: {when_text(made.start_time, made.guest_zone)}, {kind.duration_minutes} minutes"]
    lines.append(f"With: {letter.host}")
    if kind.location_kind is LocationKind.PHONE and made.guest_phone:
        lines.append(f"By phone: we call {made.guest_phone}")
    elif kind.location:
        lines.append(f"{_WHERE[kind.location_kind]}: {kind.location}")
    if made.price:
        lines.append(f"Paid: {price_of(made)}")
    return "\n".join(lines)


def _change(kind: AppointmentType, made: Appointment, now: datetime) -> str:
    until = f" until {kind.cancellation_hours} hours before it starts" if kind.cancellation_hours else ""
    back = f"\n\n{refunds.words(kind)}" if refunds.is_owed(made) else ""
    return f"Move or cancel it{until}:\n{links.address(made.id, now)}{back}"


def too_late(session: Session, about: dict[str, str], amount: str, why: str, key: str) -> None:
    """A payment that came when there was nothing to pay any more went back; `about` is of whoever paid."""
    if about.get("email"):
        queue.defer(
            session,
            "mail.send",
            queue=OUTGOING,
            to=about["email"],
            subject=f"Your payment goes back: {about.get('what', 'your appointment')}",
            text=f"Hello {about.get('name', '')},\n\n{why}\n\n{amount} go back to you; banks take a few days.\n\n"
            f"Choose another time: {about.get('page', '')}\n",
            idempotency_key=key,
        )


def _mail(session: Session, made: Appointment, subject: str, text: str, invitation: str, method: str, key: str) -> None:
    queue.defer(
        session,
        "mail.send",
        queue=OUTGOING,
        to=made.guest_email,
        subject=subject,
        text=text + "\n",
        idempotency_key=key,
        invitation=invitation,
        method=method,
    )
