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
_FEW = 8
"""Rules that are put into a compiled set one by one; beyond it the set is made anew."""
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
    with _lock:
        before = next((known for (team, _), known in reversed(_compiled.items()) if team == team_id), None)
    made = (_renewed(before, stored, fingerprint) if before else None) or compiled(stored, fingerprint)
    with _lock:
        _compiled[key] = made
        while len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    return made


def compiled(stored: list[dict[str, Any]], fingerprint: str = "") -> Version:
    """Rules as they are stored, compiled; those that cannot be evaluated are left out."""
    rules, actions = [], {}
    for one in stored:
        if (read := _read(one)) is not None:
            rules.append(read[0])
            actions[one["id"]] = read[1]
    return Version(fingerprint, RuleSet(rules), actions, stored)


def _read(one: dict[str, Any]) -> tuple[Rule, dict[str, Any]] | None:
    """A stored rule and its actions; None when it cannot be evaluated."""
    try:
        parsed = conditions.parse(one["conditions"])
    except Invalid:
        return None
    does = one["actions"] if isinstance(one["actions"], dict) else {}
    return Rule(one["name"], parsed, one["priority"], one["id"], does.get("continue") is True), does


def _renewed(before: Version, stored: list[dict[str, Any]], fingerprint: str) -> Version | None:
    """The version before with a few rules changed in their places; None when more than that is different."""
    if len(stored) != len(before.stored):
        return None
    changed = [(old, new) for old, new in zip(before.stored, stored, strict=True) if old != new]
    if len(changed) > _FEW or any((old["id"], old["priority"]) != (new["id"], new["priority"]) for old, new in changed):
        return None
    places = {rule.id: place for place, rule in enumerate(before.rules.rules)}
    rules, does = before.rules, dict(before.actions)
    for _, new in changed:
        read = _read(new)
        if read is None or new["id"] not in places:
            return None
        rules, does[new["id"]] = rules.replaced(places[new["id"]], read[0]), read[1]
    return Version(fingerprint, rules, does, stored)


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
