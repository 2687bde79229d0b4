"""Reading a workspace's rules."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import conditions
from taskjuggler_app.domain.routing.conditions import Conditions, Group
from taskjuggler_app.domain.routing.engine import Rule
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.receptionist import RoutingRule


@dataclass
class ConditionRow:
    """One condition as a person reads it."""

    field: str = ""
    operator: str = ""
    value: str = ""


@dataclass
class RuleRow:
    """A rule in the list: when (conditions), then (a sentence); `last_matched_at` is ISO 8601, empty for never.

    `problem` says why a stored rule is passed over; empty for one that works.
    """

    id: str = ""
    name: str = ""
    description: str = ""
    priority: int = 100
    is_active: bool = True
    match_type: str = "all"
    conditions: list[ConditionRow] = field(default_factory=list)
    then: str = ""
    assign_to: str = ""
    team_member_id: str = ""
    task_priority: str = "normal"
    times_matched: int = 0
    last_matched_at: str = ""
    problem: str = ""
    tags: list[str] = field(default_factory=list)
    actions: dict[str, Any] = field(default_factory=dict)
    has_groups: bool = False
    raw: dict[str, Any] = field(default_factory=dict)


def rules(session: Session, principal: Principal) -> list[RuleRow]:
    """Every rule of the workspace in the order in which they are tried."""
    names = {member.id: member.name for member in teams.members(session, principal)}
    found = session.exec(select(RoutingRule).where(RoutingRule.team_id == principal.team_id).order_by(*_order()))
    return [_row(rule, names) for rule in found]


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


def compiled(rule: RoutingRule) -> Rule:
    """The rule as the engine takes it. Invalid if what is stored cannot be evaluated."""
    return Rule(rule.name, conditions.parse(rule.conditions), rule.priority, str(rule.id))


def _order() -> tuple[Any, ...]:
    return (col(RoutingRule.priority), col(RoutingRule.created_at), col(RoutingRule.id))


def _row(rule: RoutingRule, names: dict[str, str]) -> RuleRow:
    parsed, problem = _readable(rule.conditions)
    member = str(rule.actions.get("team_member_id") or "")
    return RuleRow(
        id=str(rule.id),
        name=rule.name,
        description=rule.description or "",
        priority=rule.priority,
        is_active=rule.is_active,
        match_type=parsed.match_type.value,
        conditions=[ConditionRow(c.field, c.operator.value, _shown(c.value)) for c in conditions.flat(parsed)],
        then=_sentence(rule.actions, names.get(member, "")),
        assign_to=str(rule.actions.get("assign_to") or "self"),
        team_member_id=member,
        task_priority=str(rule.actions.get("priority") or "normal"),
        times_matched=rule.times_matched,
        last_matched_at=rule.last_matched_at.isoformat() if rule.last_matched_at else "",
        problem=problem,
        tags=[str(tag) for tag in rule.actions.get("tags") or []],
        actions=rule.actions,
        has_groups=any(isinstance(one, Group) for one in parsed.rules),
        raw=conditions.dump(parsed),
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


def _sentence(actions: dict[str, Any], member: str) -> str:
    """What the rule does, said plainly."""
    if actions.get("create_task") is False:
        return "Keep it in the inbox"
    to = member or {"self": "the channel's owner", "owner": "the channel's owner"}.get(
        str(actions.get("assign_to") or "self"), "the channel's owner"
    )
    priority = str(actions.get("priority") or "normal")
    return f"Make a task with {priority} priority for {to}"


def _shown(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
