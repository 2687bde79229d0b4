"""The time machine: other rules held against past messages, with no effect but the run's own rows.

A run goes through the stored decisions from the newest on, some thousands a step, each step a transaction: so it can be
watched, cancelled, and taken up again where a killed worker left it. Against the rules as they are, only messages that
fit a rule that differs are decided again; all others go as before.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import func as sql
from sqlalchemy import insert, tuple_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing import actions, conditions, versions
from taskjuggler_app.domain.routing.compiling import CALLER_FACT
from taskjuggler_app.domain.routing.conditions import Conditions
from taskjuggler_app.domain.routing.engine import Facts
from taskjuggler_app.domain.routing.frames import MessageFrame
from taskjuggler_app.domain.routing.versions import Version
from taskjuggler_app.models.routing import RoutingDecision, RoutingRun, RoutingRunChange, RunAgainst, RunStatus

STEP = 5_000
MOST_CHANGES = 2_000
"""Changes kept for the drill-down; all are counted."""
ASSIGNEE, PRIORITY, REPLY, PLACE, RULE = "assignee", "priority", "reply", "place", "rule"
COUNTED = (ASSIGNEE, PRIORITY, REPLY, PLACE, RULE)
UNROUTED_BEFORE, UNROUTED_AFTER, CHANGED = "unrouted_before", "unrouted_after", "changed"


@dataclass(frozen=True)
class _Past:
    """A stored decision: where it stands, its message, what was known, what followed."""

    id: UUID
    item_id: UUID
    at: datetime
    facts: Facts
    outcome: dict[str, Any]


def step(session: Session, run_id: UUID) -> bool:
    """Look at the next messages of a run; True while there are more. A run that is over or cancelled stays so."""
    run = session.get(RoutingRun, run_id, with_for_update=True)
    if run is None or run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
        return False
    if run.status is RunStatus.QUEUED:
        run.status, run.total = RunStatus.RUNNING, min(run.total, _behind(session, run))
    past = _next(session, run, min(STEP, run.total - run.done))
    changes = compare(run, [one.facts for one in past], [one.outcome for one in past])
    counts = {name: int(run.counts.get(name, 0)) for name in (*COUNTED, CHANGED, UNROUTED_BEFORE, UNROUTED_AFTER)}
    _count(counts, changes)
    kept = [_row(run, run.done + place, past[place], one) for place, one in enumerate(changes) if one.kinds]
    kept = kept[: max(0, MOST_CHANGES - int(run.counts.get(CHANGED, 0)))]
    if kept:
        session.execute(insert(RoutingRunChange), kept)
    run.counts, run.done = counts, run.done + len(past)
    if past:
        run.cursor_at, run.cursor_id = past[-1].at, past[-1].id
    over = not past or run.done >= run.total
    if over:
        run.status, run.finished_at, run.total = RunStatus.DONE, clock.utcnow(), run.done
    session.add(run)
    live.publish(session, topics.routing_run(run.id), topics.rules(run.team_id))
    return not over


@dataclass(frozen=True)
class Change:
    """What one message got and would get, and in what the two differ (nothing: the same)."""

    before: dict[str, Any]
    after: dict[str, Any]
    kinds: tuple[str, ...] = ()


def compare(run: RoutingRun, messages: Sequence[Facts], happened: Sequence[Mapping[str, Any]]) -> list[Change]:
    """For each message what the draft would do beside what happened, or beside what the rules as they are would do."""
    draft = _compiled(json.dumps(_active(run.rules)))
    if run.against is RunAgainst.HAPPENED:
        befores = [_of_outcome(one) for one in happened]
        return [_change(before, decided(draft, facts)) for before, facts in zip(befores, messages, strict=True)]
    now = _compiled(json.dumps(_active(run.live_rules)))
    told = [decided(now, facts) for facts in messages]
    touched = _touched(now, draft, messages)
    return [
        _change(before, decided(draft, facts)) if touched[place] else Change(before, before)
        for place, (before, facts) in enumerate(zip(told, messages, strict=True))
    ]


def decided(version: Version, facts: Facts) -> dict[str, Any]:
    """What the rules do with a message: the plan, and the names of the rules that decide."""
    found = version.rules.matched(facts)
    plan = actions.plan([version.actions[str(rule.id)] for rule in found])
    return {**plan.to_json(), "rules": [rule.name for rule in found], "rule_ids": [rule.id for rule in found]}


def differing(live_rules: Sequence[Mapping[str, Any]], draft: Sequence[Mapping[str, Any]]) -> list[Conditions]:
    """The conditions, old and new, of the rules that are not the same in both; of a moved rule too."""
    old, new = _by_id(live_rules), _by_id(draft)
    apart = [
        one.get(rule_id)
        for rule_id in dict.fromkeys([*old, *new])
        if old.get(rule_id) != new.get(rule_id)
        for one in (old, new)
    ]
    return [_parsed(raw["conditions"]) for raw in apart if raw is not None]


def _touched(now: Version, draft: Version, messages: Sequence[Facts]) -> list[bool]:
    """Which messages fit a rule that differs. All others are decided by the same rules in the same order."""
    asked = differing(now.stored, draft.stored)
    if len(asked) > len(now.stored):
        return [True] * len(messages)
    frame = MessageFrame(messages)
    found = [False] * len(messages)
    for one in asked:
        for place in frame.matching(one).arg_true().to_list():
            found[place] = True
    return found


def _by_id(rules: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    names = ("name", "priority", "conditions", "actions")
    return {str(one["id"]): {name: one[name] for name in names} for one in rules}


def _active(rules: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in rules if one.get("is_active", True)]


@lru_cache(maxsize=32)
def _compiled(stored: str) -> Version:
    return versions.compiled(json.loads(stored))


def _change(before: dict[str, Any], after: dict[str, Any]) -> Change:
    def differs(*names: str) -> bool:
        return any(before.get(name) != after.get(name) for name in names)

    makes_task = not (_put_away(before) or _put_away(after))
    kinds = [
        (ASSIGNEE, makes_task and differs("assign_to", "assignee_id")),
        (PRIORITY, makes_task and differs("priority")),
        (REPLY, differs("reply")),
        (PLACE, differs("keeps", "dismisses")),
    ]
    found = tuple(name for name, is_so in kinds if is_so)
    return Change(before, after, found or ((RULE,) if differs("rule_ids") else ()))


def _put_away(plan: Mapping[str, Any]) -> bool:
    return bool(plan.get("keeps") or plan.get("dismisses"))


def _count(counts: dict[str, int], changes: Iterable[Change]) -> None:
    for one in changes:
        counts[UNROUTED_BEFORE] += not one.before.get("routed")
        counts[UNROUTED_AFTER] += not one.after.get("routed")
        counts[CHANGED] += bool(one.kinds)
        for kind in one.kinds:
            counts[kind] += 1


def _of_outcome(outcome: Mapping[str, Any]) -> dict[str, Any]:
    rules = outcome.get("rules") or []
    named = {"rules": [one["name"] for one in rules], "rule_ids": [one["id"] for one in rules]}
    return {**(outcome.get("plan") or {}), **named}


def _row(run: RoutingRun, place: int, past: _Past, change: Change) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "place": place,
        "inbox_item_id": past.item_id,
        "kinds": list(change.kinds),
        "before": change.before,
        "after": change.after,
    }


def _behind(session: Session, run: RoutingRun) -> int:
    """How many decisions there were when the run was asked for."""
    mine = (RoutingDecision.team_id == run.team_id, RoutingDecision.decided_at <= run.created_at)
    return session.exec(select(func.count()).select_from(RoutingDecision).where(*mine)).one()


def _next(session: Session, run: RoutingRun, size: int) -> list[_Past]:
    """The next decisions, with those fields of the message only that a rule asks about."""
    if size <= 0:
        return []
    fields = _fields([*run.rules, *run.live_rules])
    picked = [part for name in fields for part in (name, col(RoutingDecision.input)[name])]
    query = (
        select(  # type: ignore[call-overload]  # sqlmodel types select() for up to four columns
            RoutingDecision.id,
            RoutingDecision.inbox_item_id,
            RoutingDecision.decided_at,
            sql.jsonb_build_object(*picked),
            RoutingDecision.outcome,
        )
        .where(RoutingDecision.team_id == run.team_id, RoutingDecision.decided_at <= run.created_at)
        .order_by(col(RoutingDecision.decided_at).desc(), col(RoutingDecision.id).desc())
        .limit(size)
    )
    if run.cursor_at is not None:
        here = tuple_(col(RoutingDecision.decided_at), col(RoutingDecision.id))
        query = query.where(here < tuple_(run.cursor_at, run.cursor_id))
    return [_Past(*row) for row in session.execute(query)]


def _fields(rules: Iterable[dict[str, Any]]) -> list[str]:
    found: set[str] = {CALLER_FACT}
    for one in rules:
        found |= {asked.field for asked in conditions.flat(_parsed(one["conditions"]))}
    return sorted(found)


def _parsed(raw: object) -> Conditions:
    """The conditions; none, which fit nothing, where they cannot be evaluated: such a rule is passed over."""
    try:
        return conditions.parse(raw)
    except Invalid:
        return Conditions()
