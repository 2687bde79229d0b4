"""What can be booked with the demo business, and who has done so already."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.demo import story
from taskjuggler_app.domain.appointments import booking, openings, own_hours, types
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.appointments.own_hours import Draft
from taskjuggler_app.domain.appointments.types import TypeDraft
from taskjuggler_app.models.appointments import LocationKind
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.users import User

BOOKINGS, PAST, DUE = 14, 3, 6
_HOSTS = ("luis", "tom")


def load(session: Session, owner: Principal, chance: random.Random, now: datetime) -> None:
    """Three types, and some appointments in the weeks to come. Their guests are made up: no mail goes out to them."""
    emails = {person.email: person.key for person in story.PEOPLE}
    ids: dict[str, UUID] = {}
    for user in session.exec(select(User)):
        if user.email in emails:
            ids[emails[user.email]] = user.id
    made = [types.save(session, owner, draft) for draft in _drafts([ids[key] for key in _HOSTS])]
    for place in range(BOOKINGS + PAST):
        kind = made[place % 2]
        asked = now if place < BOOKINGS else now - timedelta(days=6)
        starts = openings.find(session, asked, type_id=kind.id).starts()
        if asked < now:
            starts = [one for one in starts if one < now.timestamp() - 3 * 3600]
        number, name = story.CALLERS[place % len(story.CALLERS)]
        answers = {str(one["label"]): "Unit 4B, 12 Oak Street" for one in kind.questions}
        email = f"{name.split()[0].lower()}{place}@example.com"
        guest = Guest(name, email, number, story.ZONE, answers=answers)
        try:
            booking.book(session, kind.booking_slug, chance.choice(starts[:160]), guest, asked)
        except (DomainError, IndexError):
            continue
    closed = Draft(opens=False, day=now.date(), starts="12:00", ends="13:00", zone=story.ZONE, rule="FREQ=DAILY")
    own_hours.add(session, owner, made[0].id, closed)
    _give_dates(session, owner, now)
    session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'appointments.tell' AND status = 'todo'"))


def _give_dates(session: Session, owner: Principal, now: datetime) -> None:
    """Some open tasks are due in the days to come: they stand in the calendar too."""
    undated = select(Task).where(Task.team_id == owner.team_id, Task.status == TaskStatus.PENDING)
    for place, task in enumerate(session.exec(undated.where(col(Task.due_date).is_(None)).limit(DUE))):
        task.due_date = (now + timedelta(days=place)).replace(hour=19, minute=0, second=0, microsecond=0)
        session.add(task)
    session.flush()


def _drafts(hosts: list[UUID]) -> list[TypeDraft]:
    return [
        TypeDraft(
            name="Repair visit",
            description="We come by, look at what is broken and fix it if we can on the spot.",
            duration_minutes=60,
            buffer_before_minutes=15,
            buffer_after_minutes=15,
            booking_slug="repair-visit",
            location="At your place",
            color="#B26A00",
            questions=[{"label": "Which unit or address?", "required": True}],
            host_ids=hosts,
        ),
        TypeDraft(
            name="Call about a quote",
            description="Tell us what you have in mind; we call you and talk through the price.",
            duration_minutes=20,
            step_minutes=20,
            booking_slug="quote-call",
            location_kind=LocationKind.PHONE.value,
            color="#2F6FC0",
        ),
        TypeDraft(
            name="Walk-through of a building",
            description="An hour and a half on site with a written report afterwards.",
            duration_minutes=90,
            booking_slug="walk-through",
            location="On site",
            price="120.00",
            color="#3F7F2F",
        ),
    ]
