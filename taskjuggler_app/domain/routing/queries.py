"""Reading a workspace's rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import conditions, saying
from taskjuggler_app.domain.routing.actions import VENDORS
from taskjuggler_app.domain.routing.conditions import Conditions
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.contacts import ContactList
from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.receptionist import RoutingRule


@dataclass
class RuleRow:
    """A rule in the list: when and then, a sentence each; `last_matched_at` is ISO 8601, empty for never.

    `problem` says why a stored rule is passed over; empty for one that works.
    """

    id: str = ""
    name: str = ""
    description: str = ""
    priority: int = 100
    is_active: bool = True
    when: str = ""
    then: str = ""
    times_matched: int = 0
    last_matched_at: str = ""
    problem: str = ""
    conditions: dict[str, Any] = field(default_factory=dict)
    actions: dict[str, Any] = field(default_factory=dict)


def rules(session: Session, principal: Principal) -> list[RuleRow]:
    """Every rule of the workspace in the order in which they are tried."""
    names = {member.id: member.name for member in teams.members(session, principal)}
    lists = {str(one.id): one.name for one in contact_lists(session, principal.team_id)}
    found = session.exec(select(RoutingRule).where(RoutingRule.team_id == principal.team_id).order_by(*_order())).all()
    names |= vendor_names(session, [rule.actions for rule in found])
    return [_row(rule, names, lists) for rule in found]


def vendor_names(session: Session, actions: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The names of the vendors that rules' actions give tasks to, by id."""
    ids = [made for does in actions if (made := _uuid(does.get("vendor_id"))) is not None]
    if not ids:
        return {}
    query = select(MarketplaceVendor.id, MarketplaceVendor.name).where(col(MarketplaceVendor.id).in_(ids))
    return {str(vendor_id): name for vendor_id, name in session.exec(query)}


def get(session: Session, principal: Principal, rule_id: UUID, *, lock: bool = False) -> RoutingRule:
    """One rule. NotFound if it is not the principal's workspace's."""
    query = select(RoutingRule).where(RoutingRule.id == rule_id, RoutingRule.team_id == principal.team_id)
    rule = session.exec(query.with_for_update() if lock else query).first()
    if rule is None:
        raise NotFound("That rule does not exist, or it is not yours to see.")
    return rule


def lock_all(session: Session, principal: Principal) -> None:
    """Lock every rule of the workspace until the transaction ends, always in the same order: their order may change."""
    mine = select(RoutingRule.id).where(RoutingRule.team_id == principal.team_id)
    session.exec(mine.order_by(col(RoutingRule.id)).with_for_update()).all()


def active(session: Session, team_id: UUID) -> list[RoutingRule]:
    """The rules that messages are held against, in order."""
    return list(
        session.exec(
            select(RoutingRule)
            .where(RoutingRule.team_id == team_id, col(RoutingRule.is_active).is_(True))
            .order_by(*_order())
        )
    )


def order(session: Session, team_id: UUID) -> list[UUID]:
    """The ids of the workspace's rules in the order tried."""
    return list(session.exec(select(RoutingRule.id).where(RoutingRule.team_id == team_id).order_by(*_order())))


def contact_lists(session: Session, team_id: UUID) -> list[ContactList]:
    """The lists that a rule of the workspace may ask about, by name."""
    query = select(ContactList).where(ContactList.team_id == team_id).order_by(col(ContactList.name))
    return list(session.exec(query))


def _order() -> tuple[Any, ...]:
    return (col(RoutingRule.priority), col(RoutingRule.created_at), col(RoutingRule.id))


def _row(rule: RoutingRule, names: dict[str, str], lists: dict[str, str]) -> RuleRow:
    parsed, problem = _readable(rule.conditions)
    doer = "vendor_id" if rule.actions.get("assign_to") in VENDORS else "team_member_id"
    member = str(rule.actions.get(doer) or "")
    return RuleRow(
        id=str(rule.id),
        name=rule.name,
        description=rule.description or "",
        priority=rule.priority,
        is_active=rule.is_active,
        when=saying.conditions(parsed),
        then=saying.actions(rule.actions, names.get(member, ""), lists.get(str(rule.actions.get("add_to_list")), "")),
        times_matched=rule.times_matched,
        last_matched_at=rule.last_matched_at.isoformat() if rule.last_matched_at else "",
        problem=problem,
        conditions=conditions.dump(parsed),
        actions=rule.actions,
    )


def _readable(raw: object) -> tuple[Conditions, str]:
    """As much of stored conditions as can be shown, and why they cannot be evaluated."""
    try:
        return conditions.parse(raw), ""
    except Invalid as error:
        problem = error.message
    try:
        return conditions.parse(raw, fields=None), problem
    except Invalid:
        return Conditions(), problem


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
