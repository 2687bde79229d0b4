"""Rows for tests: each function fills in what a test does not care about, and flushes."""

from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.appointments import schedules, types
from taskjuggler_app.domain.appointments.spec import WEEKDAYS
from taskjuggler_app.domain.appointments.types import TypeDraft
from taskjuggler_app.models import (
    AppointmentHost,
    AppointmentType,
    AssistantChannel,
    ChannelType,
    InboxItem,
    Profile,
    RoutingRule,
    SourceType,
    Task,
    Team,
    TeamMember,
    User,
)

Row = TypeVar("Row")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def make_user(session: Session, **over: Any) -> User:
    """A person with a verified address and no workspace."""
    name = over.pop("name", "Alice Example")
    email = over.pop("email", f"{uuid4().hex[:8]}@example.com")
    user = User(name=name, email=email, password="x", timezone="UTC", email_verified_at=NOON, **over)
    return _added(session, user)


def make_team(session: Session, owner: User | None = None, **over: Any) -> Team:
    """A workspace, with `owner` as its admin when given."""
    team = _added(session, Team(name=over.pop("name", "Example Ltd"), created_by=owner.id if owner else None, **over))
    if owner is not None:
        make_member(session, team, owner, is_admin=True)
        owner.current_team_id = team.id
        _added(session, owner)
    return team


def make_member(session: Session, team: Team, user: User, *, is_admin: bool = False) -> TeamMember:
    """A membership."""
    return _added(session, TeamMember(team_id=team.id, user_id=user.id, is_admin=is_admin))


def make_owner(session: Session, **over: Any) -> Principal:
    """The admin of a new workspace of their own, as a principal at the web's door."""
    user = make_user(session, **over)
    team = make_team(session, user)
    _added(session, Profile(user_id=user.id, display_name=user.name))
    return principal_of(user, team, Role.ADMIN)


def make_colleague(session: Session, of: Principal, **over: Any) -> Principal:
    """Another member of somebody's workspace."""
    user = make_user(session, **over)
    team = session.get_one(Team, of.team_id)
    make_member(session, team, user)
    return principal_of(user, team, Role.MEMBER)


def principal_of(user: User, team: Team, role: Role) -> Principal:
    """What a signed-in browser of `user` acts as."""
    return Principal(user.id, team.id, role, Door.WEB, session_id="s" * 64, email=user.email, name=user.name)


def make_channel(session: Session, owner: Principal, **over: Any) -> AssistantChannel:
    """A text-message channel of the owner's workspace."""
    values = {"channel_type": ChannelType.SMS, "phone_number": "+12075550100", "name": "Main line", **over}
    return _added(session, AssistantChannel(team_id=owner.team_id, user_id=_person(owner), **values))


def make_item(session: Session, channel: AssistantChannel, **over: Any) -> InboxItem:
    """A pending message on the channel."""
    values = {
        "source_type": SourceType.SMS,
        "source_id": f"SM{uuid4().hex}",
        "from_identifier": "+12075550110",
        "body": "The kitchen faucet in unit 4B is leaking.",
        "received_at": NOON,
        **over,
    }
    item = InboxItem(team_id=channel.team_id, user_id=channel.user_id, channel_id=channel.id, **values)
    return _added(session, item)


def make_rule(session: Session, owner: Principal, **over: Any) -> RoutingRule:
    """A rule that gives maintenance to the owner."""
    values = {
        "name": "Repairs",
        "conditions": [{"field": "category", "operator": "equals", "value": "maintenance"}],
        "actions": {"create_task": True, "assign_to": "self", "priority": "high"},
        **over,
    }
    return _added(session, RoutingRule(team_id=owner.team_id, user_id=_person(owner), **values))


def make_task(session: Session, owner: Principal, **over: Any) -> Task:
    """An unclaimed pending task of the owner's workspace."""
    values = {"title": "Fix the faucet", "requestor_id": _person(owner), **over}
    return _added(session, Task(team_id=owner.team_id, **values))


def _person(principal: Principal) -> UUID:
    assert principal.user_id is not None, "the system owns nothing"
    return principal.user_id


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def make_type(session: Session, owner: Principal, **over: Any) -> AppointmentType:
    """A half-hour appointment type of the owner's, open around the clock in UTC from two hours on."""
    draft = TypeDraft(**{"name": "Site visit", "booking_slug": f"visit-{uuid4().hex[:8]}", **over})
    kind = types.save(session, owner, draft)
    for host in session.exec(select(AppointmentHost.user_id).where(AppointmentHost.appointment_type_id == kind.id)):
        schedule = schedules.ensured(session, kind.team_id, host)
        schedule.timezone, schedule.weekly = "UTC", {day: [["00:00", "24:00"]] for day in WEEKDAYS}
        session.add(schedule)
    session.flush()
    return kind


def jobs(session: Session, name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of that name that wait, in the order they were deferred."""
    query = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name AND status = 'todo' ORDER BY id")
    return list(session.execute(query, {"name": name}).scalars())
