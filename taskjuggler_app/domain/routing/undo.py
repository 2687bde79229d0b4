"""Taking back what was just done to a workspace's rules: the difference between two moments, put back."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.routing import queries
from taskjuggler_app.models.receptionist import RoutingRule

_FIELDS = ("name", "description", "priority", "is_active", "conditions", "actions")
_COUNTED = ("times_matched", "last_matched_at", "created_at", "user_id")
Snapshot = dict[str, dict[str, Any]]
"""What each rule was, by id."""


def snapshot(session: Session, principal: Principal) -> Snapshot:
    """The workspace's rules as they are now."""
    rules = session.exec(select(RoutingRule).where(RoutingRule.team_id == principal.team_id))
    return {str(rule.id): {name: getattr(rule, name) for name in (*_FIELDS, *_COUNTED)} for rule in rules}


def put_back(session: Session, principal: Principal, before: Snapshot, after: Snapshot) -> None:
    """Undo what happened between the two snapshots; what others changed meanwhile in other rules stays."""
    require(principal.is_admin, "Only an admin of the workspace can change its rules.")
    queries.lock_all(session, principal)
    mine = select(RoutingRule).where(RoutingRule.team_id == principal.team_id)
    there = {str(rule.id): rule for rule in session.exec(mine)}
    for rule_id, was in before.items():
        if rule_id not in after and rule_id not in there:
            session.add(_again(principal, rule_id, was))
    for rule_id, became in after.items():
        rule = there.get(rule_id)
        if rule is None:
            continue
        if rule_id not in before:
            session.delete(rule)
            continue
        for name in _FIELDS:
            if before[rule_id][name] != became[name]:
                setattr(rule, name, before[rule_id][name])
        session.add(rule)
    session.flush()
    named = next((one for one in before if one not in after or before[one] != after[one]), None)
    record_event(
        session,
        principal,
        kind="rule.undone",
        subject_type="rule",
        subject_id=UUID(named) if named else principal.team_id,
        data={},
    )
    live.publish(session, topics.rules(principal.team_id))


def _again(principal: Principal, rule_id: str, was: dict[str, Any]) -> RoutingRule:
    values = {name: was[name] for name in (*_FIELDS, "times_matched")}
    return RoutingRule(
        id=UUID(rule_id),
        team_id=principal.team_id,
        user_id=cast(UUID, was["user_id"]),
        last_matched_at=cast("datetime | None", was["last_matched_at"]),
        created_at=cast(datetime, was["created_at"]),
        **values,
    )
