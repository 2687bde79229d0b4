"""The versions of a workspace's rules: compiled once each, and kept with every decision."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing import conditions, queries
from taskjuggler_app.domain.routing.engine import Rule, RuleSet
from taskjuggler_app.models.routing import RoutingVersion

_FINGERPRINT = text(
    """
    SELECT md5(coalesce(string_agg(concat_ws('|', id, priority, created_at, name, conditions, actions), ','
                                   ORDER BY priority, created_at, id), ''))
      FROM routing_rules WHERE team_id = :team_id AND is_active
    """
)
_KEPT = 200
_compiled: "OrderedDict[tuple[UUID, str], Version]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Version:
    """The rules of one moment, ready to decide; `actions` by the rule's id."""

    fingerprint: str
    rules: RuleSet
    actions: dict[str, dict[str, Any]]
    stored: list[dict[str, Any]]


def current(session: Session, team_id: UUID) -> Version:
    """The rules that are active now. One that cannot be evaluated (edited by hand in the database) is passed over."""
    fingerprint: str = session.execute(_FINGERPRINT, {"team_id": team_id}).scalar_one()
    key = (team_id, fingerprint)
    with _lock:
        if key in _compiled:
            _compiled.move_to_end(key)
            return _compiled[key]
    stored = [
        {
            "id": str(rule.id),
            "name": rule.name,
            "priority": rule.priority,
            "conditions": rule.conditions,
            "actions": rule.actions,
        }
        for rule in queries.active(session, team_id)
    ]
    made = compiled(stored, fingerprint)
    with _lock:
        _compiled[key] = made
        while len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    return made


def compiled(stored: list[dict[str, Any]], fingerprint: str = "") -> Version:
    """Rules as they are stored, compiled; those that cannot be evaluated are left out."""
    rules, actions = [], {}
    for one in stored:
        try:
            parsed = conditions.parse(one["conditions"])
        except Invalid:
            continue
        does = one["actions"] if isinstance(one["actions"], dict) else {}
        rules.append(Rule(one["name"], parsed, one["priority"], one["id"], does.get("continue") is True))
        actions[one["id"]] = does
    return Version(fingerprint, RuleSet(rules), actions, stored)


def keep(session: Session, team_id: UUID, version: Version) -> UUID:
    """The id of the version's row, made when it decides for the first time."""
    values = {
        "team_id": team_id,
        "fingerprint": version.fingerprint,
        "rules": version.stored,
        "created_at": clock.utcnow(),
    }
    session.execute(insert(RoutingVersion).values(values).on_conflict_do_nothing())
    query = select(RoutingVersion.id).where(
        RoutingVersion.team_id == team_id, RoutingVersion.fingerprint == version.fingerprint
    )
    return session.exec(query).one()
