"""Writing rules, and deciding by them."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.routing import actions, conditions, doctor, engine, queries, saying, versions
from taskjuggler_app.domain.routing.engine import Facts, Outcome, Rule
from taskjuggler_app.domain.routing.operators import Operator
from taskjuggler_app.domain.routing.trace import to_json
from taskjuggler_app.models.contacts import ContactList
from taskjuggler_app.models.marketplace import MarketplaceVendor, VendorType
from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.routing import RoutingDecision
from taskjuggler_app.models.teams import TeamMember

STEP = 10
_ADMINS = "Only an admin of the workspace can change its rules."
LAST = 1_000_000


@dataclass(frozen=True)
class Decided:
    """A decision as made: the outcome, the actions of the rules that decided, the version, and the frozen input."""

    outcome: Outcome
    actions: tuple[dict[str, Any], ...]
    version: versions.Version
    facts: Facts

    @property
    def rule(self) -> Rule | None:
        """The rule that matched first."""
        return self.outcome.rule


def decide(session: Session, team_id: UUID, facts: Facts) -> Decided:
    """Hold the facts against the workspace's active rules; matches are counted: this is a real run."""
    version = versions.current(session, team_id)
    outcome = engine.decide(version.rules, facts)
    ids = [rule.id for rule in outcome.matched if rule.id is not None]
    for rule_id in ids:
        _count_match(session, UUID(rule_id))
    return Decided(outcome, tuple(version.actions[rule_id] for rule_id in ids), version, facts)


def keep(session: Session, team_id: UUID, item_id: UUID, decided: Decided, note: str) -> None:
    """Store the decision with the version of the rules, the input and the trace."""
    trace = to_json(decided.outcome.trace) if decided.outcome.trace else []
    rules = [{"id": rule.id, "name": rule.name} for rule in decided.outcome.matched]
    session.add(
        RoutingDecision(
            team_id=team_id,
            inbox_item_id=item_id,
            version_id=versions.keep(session, team_id, decided.version),
            input=dict(decided.facts),
            trace=trace,
            outcome={"rules": rules, "plan": actions.plan(decided.actions).to_json(), "note": note},
            decided_at=clock.utcnow(),
        )
    )


def create(session: Session, principal: Principal, draft: dict[str, Any]) -> RoutingRule:
    """Add a rule after the others. Raises Invalid with the place when it could never be evaluated."""
    require(principal.is_admin and principal.user_id is not None, _ADMINS)
    existing = queries.rules(session, principal)
    priority = max((rule.priority for rule in existing), default=0) + STEP
    rule = RoutingRule(
        team_id=principal.team_id,
        user_id=cast(UUID, principal.user_id),
        priority=_checked_place(draft.get("priority", priority)),
        **checked(session, principal, draft),
    )
    session.add(rule)
    session.flush()
    _tell(session, principal, rule, "rule.created")
    return rule


def change(session: Session, principal: Principal, rule_id: UUID, draft: dict[str, Any]) -> RoutingRule:
    """Replace a rule's name, description, conditions and actions."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    for name, value in checked(session, principal, draft).items():
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
    order = _locked_order(session, principal, rule_id)
    at = order.index(rule_id)
    order.insert(max(0, min(len(order), at + offset)), order.pop(at))
    for place, one in enumerate(order, start=1):
        session.execute(update(RoutingRule).where(col(RoutingRule.id) == one).values(priority=place * STEP))
    _tell(session, principal, queries.get(session, principal, rule_id), "rule.moved")


def duplicate(session: Session, principal: Principal, rule_id: UUID) -> RoutingRule:
    """A copy of a rule right after it, switched off until somebody wants it."""
    require(principal.is_admin and principal.user_id is not None, _ADMINS)
    rule = queries.get(session, principal, rule_id)
    copy = RoutingRule(
        team_id=rule.team_id,
        user_id=cast(UUID, principal.user_id),
        name=f"{rule.name[:93]} (copy)",
        description=rule.description,
        priority=rule.priority,
        is_active=False,
        conditions=rule.conditions,
        actions=rule.actions,
    )
    session.add(copy)
    session.flush()
    _tell(session, principal, copy, "rule.created")
    return copy


def take_place(session: Session, principal: Principal, rule_id: UUID, other_id: UUID) -> None:
    """Put a rule where another one stands, which makes room: what a person means who drags it there."""
    order = _locked_order(session, principal, rule_id, other_id)
    move(session, principal, rule_id, order.index(other_id) - order.index(rule_id))


def put_before(session: Session, principal: Principal, rule_id: UUID, other_id: UUID) -> None:
    """Try a rule before another one; nothing changes when it is already."""
    order = _locked_order(session, principal, rule_id, other_id)
    move(session, principal, rule_id, min(0, order.index(other_id) - order.index(rule_id)))


def stop_replying(session: Session, principal: Principal, rule_id: UUID) -> None:
    """Take the automatic reply out of a rule."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    rule.actions = {name: value for name, value in rule.actions.items() if name != "auto_response"}
    session.add(rule)
    _tell(session, principal, rule, "rule.changed")


def accept_either(session: Session, principal: Principal, rule_id: UUID) -> None:
    """Let a field have any of the values that a rule asks for at once, which no message has. Conflict when the rule
    does not contradict itself like that (any more)."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    parsed = conditions.parse(rule.conditions)
    clash = doctor.never_fits(Rule(rule.name, parsed))
    if clash is None or not doctor.can_be_either(Rule(rule.name, parsed), clash):
        raise Conflict("This rule was changed meanwhile. Look at it again.")
    asked = [one.condition for one in clash]
    values = [value for one in asked for value in (one.value if isinstance(one.value, list) else [one.value])]
    either = conditions.Condition(asked[0].field, Operator.IN, list(dict.fromkeys(values)))
    kept = [either if one == asked[0] else one for one in parsed.rules if one not in asked[1:]]
    rule.conditions = conditions.dump(conditions.Conditions(parsed.match_type, tuple(kept)))
    session.add(rule)
    _tell(session, principal, rule, "rule.changed")


def delete(session: Session, principal: Principal, rule_id: UUID) -> None:
    """Remove a rule; messages it routed keep their trace."""
    require(principal.is_admin, _ADMINS)
    rule = queries.get(session, principal, rule_id, lock=True)
    _tell(session, principal, rule, "rule.deleted")
    session.delete(rule)


def _locked_order(session: Session, principal: Principal, *named: UUID) -> list[UUID]:
    """The rules in the order tried, held until the transaction ends. NotFound when one of those named is not there."""
    require(principal.is_admin, _ADMINS)
    queries.lock_all(session, principal)
    order = queries.order(session, principal.team_id)
    if not set(named) <= set(order):
        raise NotFound("That rule does not exist, or it is not yours to see.")
    return order


def checked(session: Session, principal: Principal, draft: dict[str, Any]) -> dict[str, Any]:
    """The columns of a rule, validated. Raises Invalid with the place."""
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
        "actions": _checked_actions(session, principal, {} if draft.get("actions") is None else draft["actions"]),
    }


def _checked_place(place: object) -> int:
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place <= LAST:
        raise Invalid(f"A rule's place is a number from 0 to {LAST}.", "priority")
    return place


def _checked_actions(session: Session, principal: Principal, raw: object) -> dict[str, Any]:
    """What to do on a match. Invalid for an action that is unknown or could not be carried out."""
    made = actions.checked(raw)
    if made["assign_to"] == "team_member":
        member = session.get(TeamMember, _uuid(made.get("team_member_id")))
        if member is None or member.team_id != principal.team_id:
            raise Invalid("Choose who in the workspace gets the task.", "actions.team_member_id")
    if made["assign_to"] in actions.VENDORS and made.get("vendor_id"):
        vendor = session.get(MarketplaceVendor, UUID(str(made["vendor_id"])))
        wanted = VendorType.AI if made["assign_to"] == "ai_vendor" else VendorType.HUMAN
        if vendor is None or vendor.vendor_type not in (wanted, VendorType.HYBRID):
            raise Invalid(f"Choose {saying.TARGETS[made['assign_to']]} from the marketplace.", "actions.vendor_id")
    if "add_to_list" in made:
        found = session.get(ContactList, UUID(str(made["add_to_list"])))
        if found is None or found.team_id != principal.team_id:
            raise Invalid("Choose one of the workspace's contact lists.", "actions.add_to_list")
    return made


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
