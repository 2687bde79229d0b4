"""Reading the people of a workspace."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import User


@dataclass
class MemberRow:
    """A member; `id` is the membership's, `user_id` the person's."""

    id: str = ""
    user_id: str = ""
    name: str = ""
    email: str = ""
    is_admin: bool = False


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
    )
    return [MemberRow(str(m.id), str(u.id), u.name, u.email, m.is_admin) for m, u in rows]


def membership_id(session: Session, team_id: UUID, user_id: UUID) -> UUID | None:
    """The id of the person's membership in the workspace."""
    return session.exec(
        select(TeamMember.id).where(TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    ).first()
