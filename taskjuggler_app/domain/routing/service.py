"""Writing rules, and deciding by them."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.routing import conditions, engine, queries
from taskjuggler_app.domain.routing.engine import Facts, Outcome
from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.tasks import Priority
from taskjuggler_app.models.teams import TeamMember

STEP = 10
_ADMINS = "Only an admin of the workspace can change its rules."
_TARGETS = ("self", "owner", "team_member")
_ACTIONS = ("assign_to", "team_member_id", "create_task", "notify", "priority", "title", "tags")
LAST = 1_000_000
MOST_TAGS, TAG_LENGTH, TITLE_LENGTH = 20, 50, 500


def decide(session: Session, team_id: UUID, facts: Facts) -> Outcome:
    """Hold the facts against the workspace's active rules; a match is counted.

    A stored rule that cannot be evaluated (edited by hand in the database) is passed over.
    """
    rules = []
    for stored in queries.active(session, team_id):
        try:
            rules.append(queries.compiled(stored))
        except Invalid:
            continue
    outcome = engine.decide(rules, facts)
    if outcome.rule is not None and outcome.rule.id is not None:
        _count_match(session, UUID(outcome.rule.id))
    return outcome


def create(session: Session, principal: Principal, draft: dict[str, Any]) -> RoutingRule:
    """Add a rule after the others. Raises Invalid with the place when it could never be evaluated."""
    require(principal.is_admin and principal.user_id is not None, _ADMINS)
    existing = queries.rules(session, principal)
    priority = max((rule.priority for rule in existing), default=0) + STEP
    rule = RoutingRule(
        team_id=principal.team_id,
        user_id=cast(UUID, principal.user_id),
        priority=_checked_place(draft.get("priority", priority)),
        **_checked(session, principal, draft),
    )
    session.add(rule)
    session.flush()
    _tell(session, principal, rule, "rule.created")
    return rule


def change(session: Session, principal: Principal, rule_id: UUID, draft: dict[str, Any]) -> RoutingRule:
    """Replace a rule's name, description, conditions and actions."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    for name, value in _checked(session, principal, draft).items():
        setattr(rule, name, value)
    session.add(rule)
    _tell(session, principal, rule, "rule.changed")
    return rule


def set_active(session: Session, principal: Principal, rule_id: UUID, active: bool) -> None:
    """Switch a rule on or off."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    rule.is_active = active
    session.add(rule)
    _tell(session, principal, rule, "rule.enabled" if active else "rule.disabled")


def move(session: Session, principal: Principal, rule_id: UUID, offset: int) -> None:
    """Try a rule earlier (offset -1) or later (1); the rules' priorities are numbered anew."""
    require(principal.is_admin, _ADMINS)
    queries.lock_all(session, principal)
    order = [UUID(row.id) for row in queries.rules(session, principal)]
    if rule_id not in order:
        raise NotFound("That rule does not exist, or it is not yours to see.")
    at = order.index(rule_id)
    order.insert(max(0, min(len(order), at + offset)), order.pop(at))
    for place, one in enumerate(order, start=1):
        session.execute(update(RoutingRule).where(col(RoutingRule.id) == one).values(priority=place * STEP))
    _tell(session, principal, queries.get(session, principal, rule_id), "rule.moved")


def delete(session: Session, principal: Principal, rule_id: UUID) -> None:
    """Remove a rule; messages it routed keep their trace."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    _tell(session, principal, rule, "rule.deleted")
    session.delete(rule)


def _checked(session: Session, principal: Principal, draft: dict[str, Any]) -> dict[str, Any]:
    """The columns of a rule, validated."""
    name = " ".join(str(draft.get("name") or "").split())
    if not 1 <= len(name) <= 100:
        raise Invalid("A rule needs a name of at most 100 characters.", "name")
    parsed = conditions.parse(draft.get("conditions"))
    if not parsed.rules:
        raise Invalid("A rule needs at least one condition: without any it would never match.", "conditions")
    return {
        "name": name,
        "description": str(draft.get("description") or "").strip() or None,
        "conditions": conditions.dump(parsed),
        "actions": _checked_actions(session, principal, draft.get("actions") or {}),
    }


def _checked_place(place: object) -> int:
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place <= LAST:
        raise Invalid(f"A rule's place is a number from 0 to {LAST}.", "priority")
    return place


def _checked_actions(session: Session, principal: Principal, actions: object) -> dict[str, Any]:
    """What to do on a match. Invalid for an action that is unknown or could not be carried out."""
    if not isinstance(actions, dict):
        raise Invalid("Actions are an object.", "actions")
    unknown = next((str(key) for key in actions if key not in _ACTIONS), None)
    if unknown is not None:
        raise Invalid(f"There is no action called {unknown!r}.", f"actions.{unknown}")
    for name in ("create_task", "notify"):
        if not isinstance(actions.get(name, True), bool):
            raise Invalid(f"{name} is true or false.", f"actions.{name}")
    title, tags = actions.get("title", ""), actions.get("tags", [])
    if not isinstance(title, str) or len(title) > TITLE_LENGTH:
        raise Invalid(f"The title is a text of at most {TITLE_LENGTH} characters.", "actions.title")
    if not isinstance(tags, list) or len(tags) > MOST_TAGS or not all(_is_tag(tag) for tag in tags):
        raise Invalid(f"Tags are at most {MOST_TAGS} words of at most {TAG_LENGTH} characters.", "actions.tags")
    target = actions.get("assign_to", "self")
    if target not in _TARGETS:
        raise Invalid(f"A task goes to one of {', '.join(_TARGETS)}.", "actions.assign_to")
    if actions.get("priority", "normal") not in [priority.value for priority in Priority]:
        raise Invalid("The priority is low, normal, high or urgent.", "actions.priority")
    if target == "team_member":
        member = session.get(TeamMember, _uuid(actions.get("team_member_id")))
        if member is None or member.team_id != principal.team_id:
            raise Invalid("Choose who in the workspace gets the task.", "actions.team_member_id")
    return {"create_task": True, "notify": True, "assign_to": target, **actions}


def _is_tag(tag: object) -> bool:
    return isinstance(tag, str) and 0 < len(tag.strip()) <= TAG_LENGTH


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise Invalid("Choose who in the workspace gets the task.", "actions.team_member_id") from None


def _count_match(session: Session, rule_id: UUID) -> None:
    session.execute(
        update(RoutingRule)
        .where(col(RoutingRule.id) == rule_id)
        .values(times_matched=RoutingRule.times_matched + 1, last_matched_at=clock.utcnow())
    )


def _tell(session: Session, principal: Principal, rule: RoutingRule, kind: str) -> None:
    data = {"name": rule.name, "conditions": rule.conditions, "actions": rule.actions}
    record_event(session, principal, kind=kind, subject_type="rule", subject_id=rule.id, data=data)
    live.publish(session, topics.rules(principal.team_id))
