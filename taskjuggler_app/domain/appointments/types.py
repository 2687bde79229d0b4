"""Appointment types: what can be booked, by whom it is kept, at which address."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import schedules
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models.appointments import (
    AppointmentHost,
    AppointmentType,
    LocationKind,
    ReminderKind,
)
from taskjuggler_app.models.teams import TeamMember

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NUMBERS = {
    "duration_minutes": (5, 24 * 60, "A length"),
    "step_minutes": (5, 24 * 60, "A step"),
    "buffer_before_minutes": (0, 24 * 60, "Time before"),
    "buffer_after_minutes": (0, 24 * 60, "Time after"),
    "notice_minutes": (0, 90 * 24 * 60, "Notice"),
    "advance_booking_days": (1, 366, "Days ahead"),
    "cancellation_hours": (0, 24 * 90, "Hours for changes"),
}
_REMINDER = re.compile(
    r"(?P<number>\d{1,5})\s*(?:(?P<minutes>m|min|mins|minutes?)|(?P<hours>h|hrs?|hours?)|(?P<days>d|days?))\.?,?\s+"
    r"(?:before,?\s+)?(?:by\s+)?(?:(?P<mail>e-?mail|mail)|text|sms)",
    re.IGNORECASE,
)
_UNITS = {"minutes": 1, "hours": 60, "days": 1440}
_SOONEST, _EARLIEST = 5, 30 * 1440
"""A reminder's minutes before the start."""
_MOST_REMINDERS = 5
_DEFAULT_REMINDERS: tuple[dict[str, Any], ...] = (
    {"minutes": 1440, "by": ReminderKind.EMAIL.value},
    {"minutes": 60, "by": ReminderKind.SMS.value},
)


@dataclass
class TypeDraft:
    """What the form of a type says; numbers are minutes, days and hours as the columns have them."""

    name: str = ""
    description: str = ""
    duration_minutes: int = 30
    step_minutes: int = 30
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    notice_minutes: int = 120
    advance_booking_days: int = 30
    cancellation_hours: int = 24
    daily_cap: int | None = None
    price: str = ""
    currency: str = "USD"
    booking_slug: str = ""
    color: str = "#3B82F6"
    is_active: bool = True
    is_public: bool = True
    location_kind: str = LocationKind.PLACE.value
    location: str = ""
    questions: list[dict[str, Any]] = field(default_factory=list)
    reminders: list[dict[str, Any]] = field(default_factory=lambda: [dict(one) for one in _DEFAULT_REMINDERS])
    host_ids: list[UUID] = field(default_factory=list)


def save(session: Session, principal: Principal, draft: TypeDraft, type_id: UUID | None = None) -> AppointmentType:
    """Make a type or change one. Raises Invalid for a field; Conflict when the address is somebody else's."""
    if type_id is None:
        if principal.user_id is None:
            raise NotFound
        kind = AppointmentType(team_id=principal.team_id, user_id=principal.user_id, name="", booking_slug="")
    else:
        kind = own(session, principal, type_id)
        may = principal.is_admin or kind.user_id == principal.user_id
        require(may, "Only its owner or an admin can change this.")
    _fill(kind, draft)
    try:
        with session.begin_nested():
            session.add(kind)
            session.flush()
    except IntegrityError:
        raise Conflict("That address is in use already. Choose another one.") from None
    _set_hosts(session, kind, draft.host_ids)
    event = "appointment_type.changed" if type_id else "appointment_type.created"
    record_event(
        session,
        principal,
        kind=event,
        subject_type="appointment_type",
        subject_id=kind.id,
        data={"name": kind.name, "slug": kind.booking_slug},
    )
    schedules.changed(session, principal.team_id)
    return kind


def read_reminders(text: str) -> list[dict[str, Any]]:
    """Lines such as "24 hours by mail" as minutes before the start and the way. Raises Invalid for other lines."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        said = _REMINDER.fullmatch(line)
        if said is None:
            raise Invalid("Write reminders as “24 hours by mail” or “1 hour by text”, one a line.", "reminders")
        minutes = int(said["number"]) * next(size for unit, size in _UNITS.items() if said[unit])
        if not _SOONEST <= minutes <= _EARLIEST:
            raise Invalid("A reminder goes out 5 minutes to 30 days before the start.", "reminders")
        found.append({"minutes": minutes, "by": (ReminderKind.EMAIL if said["mail"] else ReminderKind.SMS).value})
    if len(found) > _MOST_REMINDERS:
        raise Invalid(f"At most {_MOST_REMINDERS} reminders, please.", "reminders")
    return found


def reminders_text(reminders: list[dict[str, Any]]) -> str:
    """What `read_reminders` reads."""
    lines = []
    for one in reminders:
        minutes, by = int(one["minutes"]), "mail" if one["by"] == ReminderKind.EMAIL else "text"
        number, unit = (minutes, "minute") if minutes % 60 else (minutes // 60, "hour")
        lines.append(f"{number} {unit}{'' if number == 1 else 's'} by {by}")
    return "\n".join(lines)


def set_active(session: Session, principal: Principal, type_id: UUID, active: bool) -> AppointmentType:
    """Stop or start taking bookings; what is booked stays."""
    kind = own(session, principal, type_id)
    may = principal.is_admin or kind.user_id == principal.user_id
    require(may, "Only its owner or an admin can change this.")
    kind.is_active = active
    session.add(kind)
    session.flush()
    schedules.changed(session, principal.team_id)
    return kind


def own(session: Session, principal: Principal, type_id: UUID) -> AppointmentType:
    """A type of the workspace. NotFound otherwise."""
    kind = session.exec(
        select(AppointmentType).where(AppointmentType.id == type_id, AppointmentType.team_id == principal.team_id)
    ).one_or_none()
    if kind is None:
        raise NotFound
    return kind


def _fill(kind: AppointmentType, draft: TypeDraft) -> None:
    name = " ".join(draft.name.split())
    if not 1 <= len(name) <= 255:
        raise Invalid("Give it a name.", "name")
    for column, (least, most, said) in _NUMBERS.items():
        value = getattr(draft, column)
        if not least <= value <= most:
            raise Invalid(f"{said} is a number from {least} to {most}.", column)
        setattr(kind, column, value)
    if draft.daily_cap is not None and not 1 <= draft.daily_cap <= 500:
        raise Invalid("A daily cap is a number from 1 to 500; leave it empty for none.", "daily_cap")
    slug = draft.booking_slug.strip().lower() or f"{schedules.slugged(name)}-{crypto.digest(crypto.token())[:5]}"
    if not _SLUG.fullmatch(slug) or len(slug) > 100:
        raise Invalid("An address has small letters, digits and hyphens, such as site-visit.", "booking_slug")
    if not _COLOUR.fullmatch(draft.color):
        raise Invalid("Choose a colour.", "color")
    if draft.location_kind not in LocationKind.__members__.values():
        raise Invalid("Choose where you meet.", "location_kind")
    kind.name, kind.description, kind.booking_slug = name, draft.description.strip()[:5_000] or None, slug
    kind.daily_cap, kind.color = draft.daily_cap, draft.color
    kind.price, kind.currency = _price(draft.price), _currency(draft.currency)
    kind.is_active, kind.is_public = draft.is_active, draft.is_public
    kind.location_kind, kind.location = LocationKind(draft.location_kind), draft.location.strip()[:500]
    kind.questions = [
        {"label": str(one["label"]).strip()[:200], "required": bool(one.get("required"))}
        for one in draft.questions[:20]
        if str(one.get("label", "")).strip()
    ]
    kind.reminders = [
        {"minutes": min(max(int(one["minutes"]), _SOONEST), _EARLIEST), "by": ReminderKind(one["by"]).value}
        for one in draft.reminders[:_MOST_REMINDERS]
    ]


def _price(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        price = Decimal(text.strip().replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Invalid("A price is a number such as 45.00; leave it empty for none.", "price") from None
    if not 0 <= price <= 100_000:
        raise Invalid("A price is a number such as 45.00; leave it empty for none.", "price")
    return price or None


def _currency(text: str) -> str:
    code = text.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Invalid("A currency has three letters, such as USD.", "currency")
    return code


def _set_hosts(session: Session, kind: AppointmentType, wanted: list[UUID]) -> None:
    """Only members of the workspace can be hosts; none named means the owner alone."""
    members = session.exec(
        select(TeamMember.user_id).where(TeamMember.team_id == kind.team_id, col(TeamMember.user_id).in_(wanted))
    ).all()
    session.execute(delete(AppointmentHost).where(col(AppointmentHost.appointment_type_id) == kind.id))
    hosts = sorted({one for one in members if one is not None} or {kind.user_id}, key=str)
    session.add_all(AppointmentHost(appointment_type_id=kind.id, user_id=one, team_id=kind.team_id) for one in hosts)
    session.flush()
    for one in hosts:
        schedules.ensured(session, kind.team_id, one)
