"""Reminders are rows: made with the appointment, claimed by one tick, sent by a job whose key is the row."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from taskjuggler_app.domain.appointments import facts, letters
from taskjuggler_app.models.appointments import (
    Appointment,
    AppointmentReminder,
    AppointmentStatus,
    AppointmentType,
    ReminderKind,
)

AT_ONCE = 200
_CLAIM = text(
    """
    UPDATE appointment_reminders SET claimed_at = :now WHERE id IN (
        SELECT id FROM appointment_reminders WHERE claimed_at IS NULL AND due_at <= :now
         ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id, appointment_id, kind
    """
)

_TABLE: Any = AppointmentReminder.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_INSERT = insert(_TABLE).on_conflict_do_nothing()


def plan(session: Session, kind: AppointmentType, made: Appointment, now: datetime) -> None:
    """The type's reminders for a new appointment; those whose moment has passed are left out."""
    rows = []
    for wanted in kind.reminders:
        due = made.start_time - timedelta(minutes=int(wanted["minutes"]))
        if due > now and (wanted["by"] == ReminderKind.EMAIL or made.guest_phone):
            row = {"id": uuid4(), "appointment_id": made.id, "team_id": made.team_id, "kind": wanted["by"]}
            rows.append({**row, "due_at": due})
    if rows:
        session.execute(_INSERT, rows)


def clear(session: Session, appointment_id: UUID) -> None:
    """Forget what was not sent yet."""
    session.execute(
        delete(AppointmentReminder).where(
            col(AppointmentReminder.appointment_id) == appointment_id, col(AppointmentReminder.claimed_at).is_(None)
        )
    )


def send_due(session: Session, now: datetime) -> int:
    """Claim the due rows and queue their messages, in one transaction; says how many. Any number of ticks may run."""
    claimed = session.execute(_CLAIM, {"now": now, "most": AT_ONCE}).all()
    for reminder_id, appointment_id, kind in claimed:
        made = session.get(Appointment, appointment_id)
        if made is None or made.status is not AppointmentStatus.SCHEDULED or made.start_time <= now:
            continue
        letter = letters.Letter.of(session, facts.of(session, made.appointment_type_id, now), made)
        letters.remind(session, letter, ReminderKind(kind), key=f"reminder:{reminder_id}", now=now)
    return len(claimed)
