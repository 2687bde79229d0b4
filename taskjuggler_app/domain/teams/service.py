"""Writing workspaces and who belongs to them."""

from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.profile import checked_name
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.teams import policy
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import User

MOST_OWNED = 20
LONGEST_DESCRIPTION = 500


def create(session: Session, principal: Principal, name: str) -> Team:
    """Another workspace, owned by the person, who goes there at once. Raises Invalid, LimitReached."""
    if principal.user_id is None:
        raise NotFound
    owned = session.exec(select(Team.id).where(Team.created_by == principal.user_id)).all()
    if len(owned) >= MOST_OWNED:
        raise Conflict(f"You have {MOST_OWNED} workspaces already.")
    team = Team(name=checked_name(name), created_by=principal.user_id, created_at=clock.utcnow())
    session.add(team)
    session.flush()
    join(session, team.id, principal.user_id, is_admin=True)
    go_to(session, principal, team.id)
    return team


def go_to(session: Session, principal: Principal, team_id: UUID) -> None:
    """Work in another workspace from now on, in every browser. NotFound unless the person belongs to it."""
    mine = select(TeamMember.id).where(TeamMember.team_id == team_id, TeamMember.user_id == principal.user_id)
    user = session.get(User, principal.user_id)
    if user is None or session.exec(mine).first() is None:
        raise NotFound("That workspace does not exist, or you do not belong to it.")
    user.current_team_id = team_id
    session.add(user)
    session.flush()
    live.publish(session, topics.user(user.id))


def change(session: Session, principal: Principal, name: str, description: str) -> Team:
    """Rename the workspace, or describe it. Raises Forbidden, Invalid."""
    require(policy.can_change_workspace(principal), "Only an admin can change the workspace.")
    team = _locked(session, principal)
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid(f"Use at most {LONGEST_DESCRIPTION} characters.", "description")
    team.name, team.description = checked_name(name), description.strip() or None
    session.add(team)
    session.flush()
    _record(session, principal, "team.changed", {"name": team.name})
    return team


def set_admin(session: Session, principal: Principal, member_id: UUID, is_admin: bool) -> TeamMember:
    """Make somebody admin or member. Raises Forbidden for the owner's own role."""
    team, member = _locked(session, principal), member_of(session, principal, member_id)
    may = policy.can_change_role(principal, member.user_id, team.created_by)
    require(may, "Only an admin can change roles, and the owner is always an admin.")
    if member.is_admin != is_admin:
        member.is_admin = is_admin
        session.add(member)
        session.flush()
        _record(session, principal, "team.role_changed", {"user": str(member.user_id), "admin": is_admin})
        live.publish(session, topics.user(member.user_id))
    return member


def transfer(session: Session, principal: Principal, member_id: UUID) -> Team:
    """Hand the workspace to another member, who becomes admin and its owner. Raises Forbidden."""
    team, member = _locked(session, principal), member_of(session, principal, member_id)
    require(policy.can_transfer(principal, team.created_by), "Only the owner can hand the workspace over.")
    team.created_by, member.is_admin = member.user_id, True
    session.add(team)
    session.add(member)
    session.flush()
    notify(
        session,
        member.user_id,
        type="team",
        title="A workspace is yours now",
        message=f"{principal.name} handed {team.name} over to you.",
        link="/people",
        dedupe_key=f"team_transferred:{team.id}:{clock.utcnow().isoformat()}",
        team_id=team.id,
    )
    _record(session, principal, "team.transferred", {"to": str(member.user_id)})
    return team


def join(session: Session, team_id: UUID, user_id: UUID, *, is_admin: bool) -> TeamMember:
    """The person's membership, made unless it is there. The caller has checked that they may."""
    query = select(TeamMember).where(TeamMember.team_id == team_id, TeamMember.user_id == user_id)
    member = session.exec(query.with_for_update()).first()
    if member is None:
        now = clock.utcnow()
        member = TeamMember(team_id=team_id, user_id=user_id, is_admin=is_admin, joined_at=now, created_at=now)
        session.add(member)
        session.flush()
    live.publish(session, topics.team(team_id), topics.user(user_id))
    return member


def drop(session: Session, principal: Principal, member: TeamMember) -> None:
    """End a membership whose tasks have gone to others (see tasks.leaving). Raises Forbidden for the owner."""
    team = _locked(session, principal)
    require(
        policy.can_remove(principal, member.user_id, team.created_by),
        "The owner cannot leave: hand the workspace over first."
        if member.user_id == team.created_by
        else "Only an admin can remove somebody else.",
    )
    person = session.get_one(User, member.user_id)
    session.delete(member)
    session.flush()
    if person.current_team_id == team.id:
        other = select(TeamMember.team_id).where(TeamMember.user_id == person.id).order_by(col(TeamMember.joined_at))
        person.current_team_id = session.exec(other).first()
        session.add(person)
        session.flush()
    kind = "team.left" if person.id == principal.user_id else "team.removed"
    _record(session, principal, kind, {"user": str(person.id), "name": person.name})
    live.publish(session, topics.user(person.id))


def member_of(session: Session, principal: Principal, member_id: UUID) -> TeamMember:
    """A membership of the principal's workspace, locked. NotFound otherwise."""
    query = select(TeamMember).where(TeamMember.id == member_id, TeamMember.team_id == principal.team_id)
    member = session.exec(query.with_for_update()).first()
    if member is None:
        raise NotFound("That person is not in this workspace.")
    return member


def _locked(session: Session, principal: Principal) -> Team:
    return session.exec(select(Team).where(Team.id == principal.team_id).with_for_update()).one()


def _record(session: Session, principal: Principal, kind: str, data: dict[str, object]) -> None:
    record_event(session, principal, kind=kind, subject_type="team", subject_id=principal.team_id, data=data)
    live.publish(session, topics.team(principal.team_id))
