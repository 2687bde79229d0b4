"""Who gets the task that a rule makes: a named member, the next in turn, the one with the least to do, or a vendor."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.domain.routing import saying
from taskjuggler_app.domain.routing.actions import OWN, VENDORS
from taskjuggler_app.models.marketplace import MarketplaceVendor, VendorType
from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

_GONE = "who it names is not here any more"


@dataclass(frozen=True)
class Doer:
    """Who gets the task, as a membership or as a vendor. Neither: the channel's owner does, `missing` says why."""

    name: str = ""
    member_id: UUID | None = None
    vendor_id: UUID | None = None
    missing: str = ""


def choose(session: Session, team_id: UUID, actions: dict[str, Any], rule_id: UUID) -> Doer:
    """Whom the actions ask for. The owner, with nothing missing, for themselves and for a listing's task."""
    target = str(actions.get("assign_to") or "self")
    if target in VENDORS:
        return _vendor(session, target, actions.get("vendor_id"))
    if target in (*OWN, "marketplace"):
        return Doer()
    found = {
        "team_member": lambda: _named(session, team_id, actions.get("team_member_id")),
        "team_rotation": lambda: _next(session, team_id, rule_id),
        "team_load": lambda: _least(session, team_id),
    }.get(target, lambda: (None, ""))()
    return Doer(found[1], member_id=found[0]) if found[0] is not None else Doer(missing=_GONE)


def _vendor(session: Session, target: str, vendor_id: object) -> Doer:
    """The vendor that a rule names, while they take work and are of the kind asked for."""
    if not vendor_id:
        return Doer(missing="it names no vendor")
    try:
        vendor = session.get(MarketplaceVendor, UUID(str(vendor_id)))
    except ValueError:
        vendor = None
    if vendor is None:
        return Doer(missing="the vendor it names is not on the marketplace any more")
    if not vendor.is_active:
        return Doer(missing=f"{vendor.name} takes no work at the moment")
    wanted = VendorType.AI if target == "ai_vendor" else VendorType.HUMAN
    if vendor.vendor_type not in (wanted, VendorType.HYBRID):
        return Doer(missing=f"{vendor.name} is not {saying.TARGETS[target]}")
    return Doer(vendor.name, vendor_id=vendor.id)


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
