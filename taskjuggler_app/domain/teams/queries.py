"""Reading the people of a workspace."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.teams.profiles import pictures_of
from taskjuggler_app.models.tasks import InvitationStatus, Task, TaskStatus
from taskjuggler_app.models.teams import Team, TeamInvitation, TeamMember
from taskjuggler_app.models.users import User


@dataclass
class MemberRow:
    """A member; `id` is the membership's, `user_id` the person's."""

    id: str = ""
    user_id: str = ""
    name: str = ""
    email: str = ""
    is_admin: bool = False
    picture: str = ""


@dataclass
class LoadRow:
    """A member and what they have to do: open tasks, those overdue, those due within a week, done in 30 days."""

    id: str = ""
    user_id: str = ""
    name: str = ""
    email: str = ""
    is_admin: bool = False
    picture: str = ""
    is_owner: bool = False
    is_me: bool = False
    open: int = 0
    overdue: int = 0
    soon: int = 0
    done: int = 0


@dataclass
class InvitationRow:
    """An invitation that waits; times are ISO 8601 in UTC."""

    id: str = ""
    address: str = ""
    is_admin: bool = False
    inviter: str = ""
    sent_at: str = ""
    expires_at: str = ""
    expired: bool = False


@dataclass
class WorkspaceRow:
    """A workspace the person belongs to."""

    id: str = ""
    name: str = ""
    current: bool = False


def name(session: Session, principal: Principal) -> str:
    """The workspace's name."""
    return session.exec(select(Team.name).where(Team.id == principal.team_id)).one()


def members(session: Session, principal: Principal) -> list[MemberRow]:
    """The workspace's people, by name."""
    rows = session.exec(
        select(TeamMember, User)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == principal.team_id)
        .order_by(col(User.name), col(User.id))
    ).all()
    faces = pictures_of(session, [user.id for _, user in rows])
    return [MemberRow(str(m.id), str(u.id), u.name, u.email, m.is_admin, faces.get(u.id, "")) for m, u in rows]


def membership_id(session: Session, team_id: UUID, user_id: UUID) -> UUID | None:
    """The id of the person's membership in the workspace."""
    return session.exec(
        select(TeamMember.id).where(TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    ).first()


def load(session: Session, principal: Principal) -> list[LoadRow]:
    """The workspace's people by name, each with their load."""
    owner_id = session.exec(select(Team.created_by).where(Team.id == principal.team_id)).one()
    now = clock.utcnow()
    is_open = and_(col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)), col(Task.deleted_at).is_(None))
    recently = and_(col(Task.status) == TaskStatus.COMPLETED, col(Task.completed_at) > now - timedelta(days=30))
    doer = func.coalesce(col(TeamMember.user_id), col(Task.owner_id)).label("doer")
    counted = (
        select(  # type: ignore[call-overload]  # sqlmodel types select() for up to four columns
            doer,
            func.count().filter(is_open),
            func.count().filter(is_open, col(Task.due_date) < now),
            func.count().filter(is_open, col(Task.due_date).between(now, now + timedelta(days=7))),
            func.count().filter(recently),
        )
        .select_from(Task)
        .outerjoin(TeamMember, col(TeamMember.id) == col(Task.team_member_id))
        .where(Task.team_id == principal.team_id, is_open | recently)
        .group_by(doer)
    )
    loads = {row[0]: tuple(row[1:]) for row in session.execute(counted)}
    rows = []
    for member in members(session, principal):
        user_id = UUID(member.user_id)
        row = LoadRow(**vars(member), is_owner=user_id == owner_id, is_me=user_id == principal.user_id)
        row.open, row.overdue, row.soon, row.done = loads.get(user_id, (0, 0, 0, 0))
        rows.append(row)
    return rows


def unclaimed(session: Session, principal: Principal) -> int:
    """How many open tasks of the workspace nobody has."""
    return session.exec(
        select(func.count())
        .select_from(Task)
        .where(
            Task.team_id == principal.team_id,
            col(Task.status).in_((TaskStatus.PENDING, TaskStatus.IN_PROGRESS)),
            col(Task.deleted_at).is_(None),
            col(Task.owner_id).is_(None),
            col(Task.team_member_id).is_(None),
            col(Task.marketplace_vendor_id).is_(None),
        )
    ).one()


def invitations(session: Session, principal: Principal) -> list[InvitationRow]:
    """The invitations without an answer, newest first; those too old are shown for a month, to be sent again."""
    now = clock.utcnow()
    rows = session.exec(
        select(TeamInvitation, User.name)
        .join(User, col(User.id) == col(TeamInvitation.invited_by))
        .where(
            TeamInvitation.team_id == principal.team_id,
            col(TeamInvitation.status).in_((InvitationStatus.PENDING, InvitationStatus.EXPIRED)),
            col(TeamInvitation.revoked_at).is_(None),
            col(TeamInvitation.expires_at) > now - timedelta(days=30),
        )
        .order_by(col(TeamInvitation.created_at).desc(), col(TeamInvitation.id))
    )
    return [
        InvitationRow(
            id=str(one.id),
            address=one.email or one.phone or "",
            is_admin=one.is_admin,
            inviter=inviter,
            sent_at=one.sent_at.isoformat() if one.sent_at else "",
            expires_at=one.expires_at.isoformat() if one.expires_at else "",
            expired=one.expires_at is None or one.expires_at <= now,
        )
        for one, inviter in rows
    ]


def workspaces(session: Session, principal: Principal) -> list[WorkspaceRow]:
    """The workspaces of the person, by name."""
    rows = session.exec(
        select(Team.id, Team.name)
        .join(TeamMember, col(TeamMember.team_id) == col(Team.id))
        .where(TeamMember.user_id == principal.user_id)
        .order_by(func.lower(Team.name), col(Team.id))
    )
    return [WorkspaceRow(str(team_id), name, team_id == principal.team_id) for team_id, name in rows]


def about(session: Session, principal: Principal) -> tuple[str, str]:
    """The workspace's name and description."""
    team = session.get_one(Team, principal.team_id)
    return team.name, team.description or ""
