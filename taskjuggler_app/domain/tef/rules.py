"""Delegation rules: tasks that nobody has go to an actor by themselves, on the conditions of the routing engine."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import DomainError, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import conditions, engine
from taskjuggler_app.domain.routing.fields import Kind
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tef import actors, delegation, policy
from taskjuggler_app.models.exchange import Exchange
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.tef import DelegationRule

TASK_FIELDS: dict[str, Kind] = {
    "title": Kind.TEXT,
    "description": Kind.TEXT,
    "priority": Kind.LEVEL,
    "tags": Kind.LIST,
    "source_type": Kind.TEXT,
    "channel": Kind.TEXT,
    "has_due_date": Kind.FLAG,
    "has_message": Kind.FLAG,
}
"""What a rule may ask of a task."""
_ADMINS = "Only an admin writes delegation rules."


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that was looked at, and why it did not delegate; empty when it did."""

    rule_id: UUID
    reason: str = ""


def facts(task: Task) -> dict[str, Any]:
    """The task as the routing engine sees it."""
    return {
        "title": task.title,
        "description": task.description,
        "priority": task.priority.value,
        "tags": [str(tag) for tag in task.tags],
        "source_type": task.source_type.value if task.source_type else None,
        "channel": task.source_channel,
        "has_due_date": task.due_date is not None,
        "has_message": task.inbox_item_id is not None,
    }


def add(
    session: Session, principal: Principal, delegatee_id: UUID, raw: object, *, scopes: list[str], priority: int = 100
) -> DelegationRule:
    """Delegate tasks that meet the conditions; `scopes` are capabilities the actor must have. Raises Invalid."""
    require(policy.can_write_delegation_rules(principal), _ADMINS)
    actors.get(session, principal, delegatee_id)
    asked = conditions.dump(conditions.parse(raw, fields=TASK_FIELDS))
    now = clock.utcnow()
    made = DelegationRule(
        delegator_actor_id=actors.of_team(session, principal.team_id).id,
        delegatee_actor_id=delegatee_id,
        conditions={**asked, "scopes": scopes},
        priority=priority,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    actors.record(session, principal, actors.get(session, principal, delegatee_id), "rule_added", {})
    return made


def listed(session: Session, principal: Principal) -> list[DelegationRule]:
    """The workspace's rules in the order they are asked."""
    mine = actors.of_team(session, principal.team_id).id
    query = select(DelegationRule).where(DelegationRule.delegator_actor_id == mine)
    return list(session.exec(query.order_by(col(DelegationRule.priority), col(DelegationRule.created_at))))


def set_active(session: Session, principal: Principal, rule_id: UUID, active: bool) -> None:
    """Switch a rule on or off."""
    rule = _one(session, principal, rule_id)
    rule.is_active = active
    session.add(rule)
    session.flush()


def remove(session: Session, principal: Principal, rule_id: UUID) -> None:
    """Forget a rule."""
    session.delete(_one(session, principal, rule_id))
    session.flush()


def apply(session: Session, principal: Principal, task_id: UUID) -> tuple[Exchange | None, list[Tried]]:
    """Delegate a task that nobody has by the first rule that fits and may; says what became of each rule asked."""
    task = task_queries.get_for_update(session, principal, task_id)
    tried: list[Tried] = []
    if task_queries.doer_id(session, task) is not None or task.marketplace_vendor_id is not None:
        return None, tried
    for rule in listed(session, principal):
        if not rule.is_active:
            continue
        scopes = tuple(scopes_of(rule))
        if not engine.matches(_asked(rule), facts(task)):
            tried.append(Tried(rule.id, "Its conditions do not hold."))
            continue
        try:
            with session.begin_nested():
                made = delegation.delegate(
                    session, principal, task_id, rule.delegatee_actor_id, delegation.Terms(scopes=scopes)
                )
        except DomainError as error:
            tried.append(Tried(rule.id, error.message))
            continue
        return made, [*tried, Tried(rule.id)]
    if tried:
        data = {"rules": [{"rule": str(one.rule_id), "reason": one.reason} for one in tried]}
        tasks.record(session, principal, task, "not_delegated", data)
    return None, tried


def scopes_of(rule: DelegationRule) -> list[str]:
    """The capabilities that the rule asks for."""
    raw = rule.conditions if isinstance(rule.conditions, dict) else {}
    return [str(scope) for scope in raw.get("scopes", [])]


def sentence(rule: DelegationRule) -> str:
    """The conditions as people read them."""
    asked = _asked(rule)
    joined = " or " if asked.match_type is conditions.MatchType.ANY else " and "
    parts = [f"{one.field} {one.operator.value} {_shown(one.value)}" for one in conditions.flat(asked)]
    return joined.join(part.strip().replace("_", " ") for part in parts)


def _asked(rule: DelegationRule) -> conditions.Conditions:
    raw = dict(rule.conditions) if isinstance(rule.conditions, dict) else {"rules": rule.conditions}
    raw.pop("scopes", None)
    return conditions.parse(raw, fields=TASK_FIELDS)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _one(session: Session, principal: Principal, rule_id: UUID) -> DelegationRule:
    require(policy.can_write_delegation_rules(principal), _ADMINS)
    mine = actors.of_team(session, principal.team_id).id
    query = select(DelegationRule).where(DelegationRule.id == rule_id, DelegationRule.delegator_actor_id == mine)
    found = session.exec(query.with_for_update()).first()
    if found is None:
        raise NotFound("That rule does not exist any more.")
    return found
