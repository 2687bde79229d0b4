"""Who gets the task that a rule makes: a named member, the next in turn, or the one with the least to do."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

NOT_YET = {"human_vendor": "a vendor", "ai_vendor": "an AI vendor", "marketplace": "a marketplace listing"}
"""Targets that nobody stands behind; the owner gets the task and the note says so."""


def choose(session: Session, team_id: UUID, actions: dict[str, Any], rule_id: UUID) -> tuple[UUID | None, str]:
    """The membership that gets the task, and the person's name; (None, "") leaves it to the channel's owner."""
    target = actions.get("assign_to")
    if target == "team_member":
        return _named(session, team_id, actions.get("team_member_id"))
    if target == "team_rotation":
        return _next(session, team_id, rule_id)
    if target == "team_load":
        return _least(session, team_id)
    return None, ""


def _named(session: Session, team_id: UUID, member_id: object) -> tuple[UUID | None, str]:
    try:
        member = session.get(TeamMember, UUID(str(member_id)))
    except ValueError:
        return None, ""
    if member is None or member.team_id != team_id:
        return None, ""
    return member.id, session.get_one(User, member.user_id).name


def _next(session: Session, team_id: UUID, rule_id: UUID) -> tuple[UUID | None, str]:
    """In turn, by how often the rule has matched; its row is locked by the counting, so nobody is taken twice."""
    matched = session.exec(select(RoutingRule.times_matched).where(RoutingRule.id == rule_id)).first() or 1
    members = session.exec(_people(team_id).order_by(col(TeamMember.joined_at), col(TeamMember.id))).all()
    if not members:
        return None, ""
    member_id, name = members[(matched - 1) % len(members)]
    return member_id, name


def _least(session: Session, team_id: UUID) -> tuple[UUID | None, str]:
    """The fewest open tasks; among equals who has been there longest."""
    busy = select(col(Task.team_member_id), func.count().label("open")).where(
        Task.team_id == team_id, col(Task.status).in_([TaskStatus.PENDING, TaskStatus.IN_PROGRESS])
    )
    load = busy.group_by(col(Task.team_member_id)).subquery()
    query = _people(team_id).outerjoin(load, load.c.team_member_id == col(TeamMember.id))
    found = session.exec(
        query.order_by(func.coalesce(load.c.open, 0), col(TeamMember.joined_at), col(TeamMember.id))
    ).first()
    return found if found is not None else (None, "")


def _people(team_id: UUID) -> Any:
    return (
        select(TeamMember.id, User.name)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == team_id)
    )
