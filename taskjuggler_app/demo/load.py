"""Loads the demo workspace by the product's own verbs, with the clock set to each message's time."""

import asyncio
import random
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import (
    aitools,
    appointments,
    faces,
    inbox,
    marketplace,
    network,
    sites,
    story,
    talk,
    understanding,
    work,
)
from taskjuggler_app.domain.access import accounts, passwords
from taskjuggler_app.domain.receptionist import channels, intake, processing, samples
from taskjuggler_app.domain.receptionist.intake import InboundMessage
from taskjuggler_app.domain.routing import service as routing
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.models.notifications import Notification
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import User

DAYS = 24
SEED = 7
_FORGET = text("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
"""Jobs about what happened in the story: it is told, and nobody is on their other side."""
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def load_if_empty() -> bool:
    """Load the demo unless somebody has an account already; True when it was loaded.

    Conflict under a public address: everybody knows the demo's password.
    """
    with transaction() as session:
        if session.exec(select(User.id).limit(1)).first() is not None:
            return False
    if not is_local(settings().public_url):
        raise Conflict("The demo workspace is for trying things out: it does not load under a public PUBLIC_URL.")
    load()
    return True


def is_loaded() -> bool:
    """Whether the demo's owner has an account here."""
    with transaction() as session:
        return session.exec(select(User.id).where(User.email == story.PEOPLE[0].email)).first() is not None


def is_local(public_url: str) -> bool:
    """Whether only this machine is meant to reach the address."""
    return (urlsplit(public_url).hostname or "") in _LOCAL


def load() -> None:
    """Make the people, the channels, the rules and the weeks behind them."""
    password_hash = asyncio.run(passwords.hash_password(story.DEMO_PASSWORD))
    now = clock.utcnow()
    start = now - timedelta(days=DAYS)
    with clock.at(start), transaction() as session:
        owner = _people(session, password_hash)
        members = _members(session, owner)
        lines = [
            channels.create(session, owner, name="Main line", phone_number=story.MAIN_LINE),
            channels.create(session, owner, name="Emergencies", phone_number=story.EMERGENCY_LINE),
        ]
        for rule in story.RULES:
            routing.create(session, owner, _with_member(rule, members))
    chance = random.Random(SEED)  # noqa: S311  # a story that is the same each time, not a secret
    for moment in _moments(chance, start, now):
        _message(chance, moment, lines)
    _work(chance, owner, now)
    with transaction() as session:
        talk.load(session, owner, now)
        people = talk.colleagues(session, owner)
        faces.load(session, people)
        work.load(session, owner, people, members, now)
        appointments.load(session, owner, chance, now)
        network.load(session, owner, now)
        marketplace.load(session, owner, chance, now)
        aitools.load(session, owner, now)
    _read_old_notices(now)
    inbox.load(owner, lines[0])
    understanding.load(owner, now)
    with transaction() as session:
        sites.load(session, owner, now)
        samples.note_loaded(session, owner)
        session.execute(_FORGET)


def _people(session: Session, password_hash: str) -> Principal:
    """The owner's workspace, and the colleagues in it."""
    boss, *others = story.PEOPLE
    owner = accounts.create(
        session, accounts.NewAccount(boss.name, story.WORKSPACE, boss.email, story.ZONE), password_hash
    )
    team = session.exec(select(Team).where(Team.created_by == owner.id)).one()
    for person in others:
        account = accounts.NewAccount(person.name, person.name, person.email, story.ZONE)
        user = accounts.create(session, account, password_hash)
        user.email_verified_at, user.current_team_id = clock.utcnow(), team.id
        session.add(TeamMember(team_id=team.id, user_id=user.id, is_admin=person.is_admin))
        session.add(user)
    owner.email_verified_at = clock.utcnow()
    session.add(owner)
    session.flush()
    return Principal(owner.id, team.id, Role.ADMIN, Door.WEB, email=owner.email, name=owner.name, timezone=story.ZONE)


def _members(session: Session, owner: Principal) -> dict[str, UUID]:
    """key of a person -> membership in the demo workspace."""
    keys = {person.email: person.key for person in story.PEOPLE}
    rows = session.exec(
        select(TeamMember.id, User.email)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == owner.team_id)
    )
    return {keys[email]: member_id for member_id, email in rows}


def _with_member(rule: dict[str, Any], members: dict[str, UUID]) -> dict[str, Any]:
    person = rule["actions"].get("assign_to")
    named = {"assign_to": "team_member", "team_member_id": str(members[person])} if person else {}
    return {**rule, "actions": {**rule["actions"], **named}}


def _moments(chance: random.Random, start: datetime, now: datetime) -> list[datetime]:
    """When messages come in: on working days mostly, from seven to seven, busier in the morning."""
    zone = ZoneInfo(story.ZONE)
    moments = []
    for offset in range(DAYS + 1):
        day = (start + timedelta(days=offset)).astimezone(zone)
        for _ in range(chance.randint(1, 2) if day.weekday() >= 5 else chance.randint(4, 8)):
            hour = min(int(chance.triangular(7, 19, 9.5)), 19)
            moment = day.replace(hour=hour, minute=chance.randint(0, 59), second=chance.randint(0, 59))
            if start < moment < now:
                moments.append(moment)
    return sorted(moments)


def _message(chance: random.Random, moment: datetime, lines: list[AssistantChannel]) -> None:
    """One text message, received and processed as if it were then."""
    number, name = chance.choice(story.CALLERS)
    text = chance.choice(story.MESSAGES)
    line = lines[1] if "burst" in text or "gas" in text else lines[0]
    source_id = f"SMdemo{chance.getrandbits(96):024x}"
    inbound = InboundMessage(line.team_id, line.user_id, line.id, "sms", source_id, number, text, moment)
    with clock.at(moment):
        with transaction() as session:
            intake.store(session, [inbound])
            item = session.exec(select(InboxItem).where(InboxItem.source_id == source_id)).one()
            item.from_name = name
            session.add(item)
        processing.process(item.id, registry.extractor())


def _work(chance: random.Random, owner: Principal, now: datetime) -> None:
    """The people did most of what came in, some hours later."""
    with transaction() as session:
        found = session.exec(
            select(Task.id, Task.created_at).where(Task.team_id == owner.team_id).order_by(col(Task.created_at))
        ).all()
    for task_id, created in found:
        age = now - created
        started, finished = (created + timedelta(hours=chance.expovariate(1 / mean)) for mean in (4, 30))
        if started < now and (age > timedelta(days=1) or chance.random() < 0.5):
            _move(owner, task_id, TaskStatus.IN_PROGRESS, started)
        if finished < now and finished > started and chance.random() < 0.93:
            ended = TaskStatus.CANCELLED if chance.random() < 0.06 else TaskStatus.COMPLETED
            _move(owner, task_id, ended, finished)


def _read_old_notices(now: datetime) -> None:
    """People look at their notifications: what is older than a day has been read."""
    with transaction() as session:
        session.execute(
            update(Notification)
            .where(col(Notification.created_at) < now - timedelta(days=1))
            .values(is_read=True, read_at=Notification.created_at)
        )


def _move(owner: Principal, task_id: UUID, status: TaskStatus, moment: datetime) -> None:
    with clock.at(moment), transaction() as session:
        tasks.change_status(session, owner, task_id, status)
