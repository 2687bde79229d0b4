"""The last messages of a workspace as the rules saw them: for the preview beside the editor, and for the doctor."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import conditions, versions
from taskjuggler_app.domain.routing.engine import Facts, Rule, RuleSet
from taskjuggler_app.domain.routing.frames import MessageFrame
from taskjuggler_app.models.routing import RoutingDecision

LOOKED_AT = 500
SHOWN = 5
DRAFT = "draft"
_KEPT = 50
_SNIPPET = 140
_frames: "OrderedDict[tuple[UUID, UUID], Recent]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Recent:
    """Messages, newest first: the inbox item of each, when it was decided, what was known, and all side by side."""

    items: tuple[UUID, ...]
    times: tuple[str, ...]
    facts: tuple[Facts, ...]
    frame: MessageFrame


@dataclass
class Fit:
    """A recent message that fits the conditions; `goes_to` is the rule that would decide now, empty for the draft."""

    item_id: str = ""
    sender: str = ""
    text: str = ""
    at: str = ""
    goes_to: str = ""


@dataclass
class Preview:
    """What a rule would have done with the last `of` messages: `fits` its conditions, `decides` as the rule in charge;
    `before` names the earlier rules that take the others, most first."""

    of: int = 0
    fits: int = 0
    decides: int = 0
    before: list[str] = field(default_factory=list)
    examples: list[Fit] = field(default_factory=list)


def recent(session: Session, team_id: UUID) -> Recent:
    """The last messages that were decided; read once until there is a newer one."""
    mine = select(RoutingDecision).where(RoutingDecision.team_id == team_id)
    newest_first = (col(RoutingDecision.decided_at).desc(), col(RoutingDecision.id).desc())
    newest = session.exec(mine.order_by(*newest_first).limit(1)).first()
    if newest is None:
        return Recent((), (), (), MessageFrame([]))
    key = (team_id, newest.id)
    with _lock:
        if key in _frames:
            _frames.move_to_end(key)
            return _frames[key]
    rows = session.exec(
        select(RoutingDecision.inbox_item_id, RoutingDecision.decided_at, RoutingDecision.input)
        .where(RoutingDecision.team_id == team_id)
        .order_by(*newest_first)
        .limit(LOOKED_AT)
    ).all()
    facts = tuple(row[2] for row in rows)
    made = Recent(tuple(row[0] for row in rows), tuple(row[1].isoformat() for row in rows), facts, MessageFrame(facts))
    with _lock:
        for old in [one for one in _frames if one[0] == team_id]:
            del _frames[old]
        _frames[key] = made
        while len(_frames) > _KEPT:
            _frames.popitem(last=False)
    return made


def preview(session: Session, principal: Principal, raw: object, rule_id: UUID | None = None) -> Preview:
    """What a draft of a rule would have done with the recent messages, in the place of the rule that it changes or
    after all others. Nothing is counted. Raises Invalid with the place of a condition that cannot be evaluated."""
    parsed = conditions.parse(raw)
    seen = recent(session, principal.team_id)
    if not parsed.rules:
        return Preview(of=len(seen.items))
    rules = _with_draft(versions.current(session, principal.team_id).rules, parsed, rule_id)
    made = Preview(of=len(seen.items))
    taken: dict[str, int] = {}
    for place in seen.frame.matching(parsed).arg_true().to_list():
        made.fits += 1
        decided = rules.matched(seen.facts[place])
        other = "" if any(one.id == DRAFT for one in decided) else decided[-1].name
        if other:
            taken[other] = taken.get(other, 0) + 1
        else:
            made.decides += 1
        if len(made.examples) < SHOWN:
            made.examples.append(_fit(seen, place, other))
    made.before = sorted(taken, key=lambda name: -taken[name])
    return made


def count(session: Session, team_id: UUID) -> int:
    """How many messages of the workspace have been decided by rules."""
    query = select(func.count()).select_from(RoutingDecision).where(RoutingDecision.team_id == team_id)
    return session.exec(query).one()


def snippet(facts: Facts) -> str:
    """A message in a line."""
    said = " ".join(str(facts.get("subject") or facts.get("body") or facts.get("summary") or "").split())
    return said if len(said) <= _SNIPPET else f"{said[: _SNIPPET - 1]}…"


def sender(facts: Facts) -> str:
    """Who sent it, as people call them."""
    return str(facts.get("from_name") or facts.get("contact_name") or facts.get("from") or "Somebody")


def _with_draft(live: RuleSet, parsed: conditions.Conditions, rule_id: UUID | None) -> RuleSet:
    same = next((one for one in live.rules if rule_id is not None and one.id == str(rule_id)), None)
    draft = Rule("", parsed, same.priority if same else _after(live), DRAFT, bool(same and same.continues))
    if same is None:
        return RuleSet([*live.rules, draft])
    return live.replaced(live.rules.index(same), draft)


def _after(live: RuleSet) -> int:
    return max((one.priority for one in live.rules), default=0) + 1


def _fit(seen: Recent, place: int, goes_to: str) -> Fit:
    facts: Any = seen.facts[place]
    return Fit(str(seen.items[place]), sender(facts), snippet(facts), seen.times[place], goes_to)
