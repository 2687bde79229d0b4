"""Runs of the time machine: asked for, watched, cancelled, looked into, put to work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.routing import queries, recent, replay, saying, service
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.receptionist import RoutingRule
from taskjuggler_app.models.routing import RoutingDecision, RoutingRun, RoutingRunChange, RunAgainst, RunStatus

REPLAY = "routing.replay"
MOST = 1_000_000
KEPT = 20
PAGE = 50
NEW = "new"
_ADMINS = "Only an admin of the workspace can try other rules."
_OPEN = (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass
class RunRow:
    """A run as a page shows it; `counts` by the names of `replay`."""

    id: str = ""
    title: str = ""
    status: str = ""
    against: str = "now"
    total: int = 0
    done: int = 0
    created_at: str = ""
    error: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    differs: list[str] = field(default_factory=list)
    usable: bool = False


@dataclass
class ChangeRow:
    """A message that would be treated otherwise; the pairs are before and after, in words."""

    item_id: str = ""
    place: int = 0
    sender: str = ""
    text: str = ""
    at: str = ""
    doer: list[str] = field(default_factory=list)
    priority: list[str] = field(default_factory=list)
    reply: list[str] = field(default_factory=list)
    rule: list[str] = field(default_factory=list)


def stored(session: Session, principal: Principal) -> list[dict[str, Any]]:
    """The workspace's rules as a run takes them, in the order tried, switched-off ones too."""
    rules = session.exec(select(RoutingRule).where(RoutingRule.team_id == principal.team_id)).all()
    place = {rule_id: number for number, rule_id in enumerate(queries.order(session, principal.team_id))}
    return [
        {
            "id": str(rule.id),
            "name": rule.name,
            "description": rule.description,
            "priority": rule.priority,
            "is_active": rule.is_active,
            "conditions": rule.conditions,
            "actions": rule.actions,
        }
        for rule in sorted(rules, key=lambda one: place.get(one.id, 0))
    ]


def start(
    session: Session,
    principal: Principal,
    rules: Sequence[dict[str, Any]],
    *,
    last: int,
    against: str = RunAgainst.NOW,
    title: str = "",
) -> RoutingRun:
    """Queue a run of the rules over the `last` messages. Raises Invalid when one of the rules cannot be evaluated."""
    require(principal.is_admin, _ADMINS)
    if isinstance(last, bool) or not isinstance(last, int) or not 1 <= last <= MOST:
        raise Invalid(f"A run looks at 1 to {MOST:,} messages.", "last")
    if against not in list(RunAgainst):
        raise Invalid("A run is compared with the rules as they are, or with what happened.", "against")
    now = stored(session, principal)
    draft = [one if one in now else {**one, **service.checked(session, principal, one)} for one in rules]
    run = RoutingRun(
        team_id=principal.team_id,
        user_id=principal.user_id,
        title=title[:200] or "Other rules",
        rules=draft,
        live_rules=now,
        against=RunAgainst(against),
        total=last,
        created_at=clock.utcnow(),
    )
    session.add(run)
    session.flush()
    old = select(RoutingRun.id).where(RoutingRun.team_id == principal.team_id)
    gone = session.exec(old.order_by(col(RoutingRun.created_at).desc()).offset(KEPT)).all()
    session.exec(delete(RoutingRun).where(col(RoutingRun.id).in_(gone)))
    defer(session, REPLAY, run_id=run.id)
    live.publish(session, topics.rules(principal.team_id))
    return run


def with_draft(
    session: Session, principal: Principal, rule_id: UUID | None, draft: dict[str, Any]
) -> list[dict[str, Any]]:
    """The workspace's rules with one of them as drafted, or with a new one after the others."""
    rules = stored(session, principal)
    made = {"description": None, **draft, "is_active": True}
    if rule_id is None:
        place = max((one["priority"] for one in rules), default=0) + service.STEP
        return [*rules, {**made, "id": NEW, "priority": place}]
    return [{**one, **made, "is_active": one["is_active"]} if one["id"] == str(rule_id) else one for one in rules]


def cancel(session: Session, principal: Principal, run_id: UUID) -> None:
    """Stop a run after the step it is in; what it found so far stays. Nothing happens to one that is over."""
    require(principal.is_admin, _ADMINS)
    run = _own(session, principal, run_id, lock=True)
    if run.status in _OPEN:
        run.status, run.finished_at = RunStatus.CANCELLED, clock.utcnow()
        session.add(run)
        live.publish(session, topics.routing_run(run.id), topics.rules(principal.team_id))


def fail(session: Session, run_id: UUID) -> None:
    """The job gave up."""
    run = session.get(RoutingRun, run_id, with_for_update=True)
    if run is not None and run.status in _OPEN:
        run.status, run.finished_at, run.error = RunStatus.FAILED, clock.utcnow(), "The run failed several times."
        session.add(run)
        live.publish(session, topics.routing_run(run.id), topics.rules(run.team_id))


def put_to_work(session: Session, principal: Principal, run_id: UUID) -> None:
    """Make a run's rules the workspace's. Conflict when those have changed since the run was asked for."""
    require(principal.is_admin, _ADMINS)
    run = _own(session, principal, run_id, lock=True)
    queries.lock_all(session, principal)
    if stored(session, principal) != run.live_rules:
        raise Conflict("The rules have changed since this run. Run it again on the rules as they are now.")
    now = {one["id"]: one for one in run.live_rules}
    for one in run.rules:
        if one["id"] not in now:
            service.create(session, principal, {**one, "priority": one["priority"]})
        elif one != now[one["id"]]:
            rule = queries.get(session, principal, UUID(one["id"]))
            rule.priority, rule.is_active = one["priority"], one["is_active"]
            service.change(session, principal, rule.id, one)


def row(session: Session, principal: Principal, run_id: UUID) -> RunRow:
    """One run."""
    run = _own(session, principal, run_id)
    made = _row(run)
    made.usable = bool(made.differs) and stored(session, principal) == run.live_rules
    return made


def rows(session: Session, principal: Principal) -> list[RunRow]:
    """The workspace's runs, newest first."""
    mine = select(RoutingRun).where(RoutingRun.team_id == principal.team_id)
    return [_row(run) for run in session.exec(mine.order_by(col(RoutingRun.created_at).desc()).limit(KEPT))]


def changes(session: Session, principal: Principal, run_id: UUID, kind: str = "", after: int = -1) -> list[ChangeRow]:
    """A page of what would change, newest message first; only one kind of change when it is named."""
    run = _own(session, principal, run_id)
    people = {one.id: one.name for one in teams.members(session, principal)}
    people |= queries.vendor_names(session, [one["actions"] for one in [*run.rules, *run.live_rules]])
    latest = (
        select(RoutingDecision.input)
        .where(RoutingDecision.inbox_item_id == RoutingRunChange.inbox_item_id)
        .order_by(col(RoutingDecision.decided_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(RoutingRunChange, latest).where(RoutingRunChange.run_id == run.id, RoutingRunChange.place > after)
    if kind in replay.COUNTED:
        query = query.where(col(RoutingRunChange.kinds).contains([kind]))
    found = session.execute(query.order_by(col(RoutingRunChange.place)).limit(PAGE)).all()
    return [_change(change, facts or {}, people) for change, facts in found]


def _own(session: Session, principal: Principal, run_id: UUID, *, lock: bool = False) -> RoutingRun:
    query = select(RoutingRun).where(RoutingRun.id == run_id, RoutingRun.team_id == principal.team_id)
    run = session.exec(query.with_for_update() if lock else query).first()
    if run is None:
        raise NotFound("That run does not exist, or it is not yours to see.")
    return run


def _row(run: RoutingRun) -> RunRow:
    now = {one["id"]: one for one in run.live_rules}
    return RunRow(
        id=str(run.id),
        title=run.title,
        status=run.status.value,
        against=run.against.value,
        total=run.total,
        done=run.done,
        created_at=run.created_at.isoformat(),
        error=run.error or "",
        counts={name: int(value) for name, value in run.counts.items()},
        differs=[one["name"] for one in run.rules if one != now.get(one["id"])],
    )


def _change(change: RoutingRunChange, facts: dict[str, Any], people: dict[str, str]) -> ChangeRow:
    def pair(kind: str, said: Any) -> list[str]:
        return [said(change.before), said(change.after)] if kind in change.kinds else []

    moved = replay.ASSIGNEE in change.kinds or replay.PLACE in change.kinds
    return ChangeRow(
        item_id=str(change.inbox_item_id),
        place=change.place,
        sender=recent.sender(facts),
        text=recent.snippet(facts),
        at=str(facts.get("received") or ""),
        doer=[_doer(change.before, people), _doer(change.after, people)] if moved else [],
        priority=pair(replay.PRIORITY, lambda plan: str(plan.get("priority") or "normal")),
        reply=pair(replay.REPLY, lambda plan: str(plan.get("reply") or "no reply")),
        rule=[_rules(change.before), _rules(change.after)],
    )


def _doer(plan: dict[str, Any], people: dict[str, str]) -> str:
    if plan.get("dismisses"):
        return "put away"
    if plan.get("keeps"):
        return "stays in the inbox"
    target = str(plan.get("assign_to") or "self")
    return people.get(str(plan.get("assignee_id")), saying.TARGETS.get(target, "the channel's owner"))


def _rules(plan: dict[str, Any]) -> str:
    return saying.listed([str(name) for name in plan.get("rules") or ["no rule"]], "and")
