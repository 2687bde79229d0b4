"""Why a message went where it went, and why not elsewhere: a sentence for every rule of the workspace."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import queries
from taskjuggler_app.domain.routing.engine import Facts, Rule, decide
from taskjuggler_app.domain.routing.trace import (
    Answer,
    GroupAnswer,
    Result,
    RuleTrace,
    because,
    from_json,
    reason,
)
from taskjuggler_app.domain.routing.versions import compiled
from taskjuggler_app.models.routing import RoutingDecision, RoutingVersion

MATCHED, NOT, UNTRIED, LATER = "matched", "not_matched", "not_reached", "later"


@dataclass
class WhyLine:
    """One condition, or a group's head, as it was answered."""

    text: str = ""
    held: bool = False
    depth: int = 0


@dataclass
class WhyRow:
    """One rule: what became of it (matched, not_matched, not_reached, later: it was not there yet), and why."""

    rule_id: str = ""
    name: str = ""
    result: str = NOT
    sentence: str = ""
    lines: list[WhyLine] = field(default_factory=list)


@dataclass
class Why:
    """The decision in a sentence, and every rule; no rows when no rule has decided about the message."""

    note: str = ""
    rows: list[WhyRow] = field(default_factory=list)


def of_item(session: Session, principal: Principal, item_id: UUID) -> Why:
    """The last decision about a message, rule by rule as it was traced; then the rules that came later, asked now."""
    mine = select(RoutingDecision).where(
        RoutingDecision.inbox_item_id == item_id, RoutingDecision.team_id == principal.team_id
    )
    decision = session.exec(mine.order_by(col(RoutingDecision.decided_at).desc()).limit(1)).first()
    if decision is None:
        return Why()
    version = compiled(session.get_one(RoutingVersion, decision.version_id).rules)
    by_id = {rule.id: rule for rule in version.rules.rules}
    rows = [_row(told, by_id.get(told.id), decision.input) for told in from_json(decision.trace).rules]
    known = {row.rule_id for row in rows}
    later = [rule for rule in queries.active(session, principal.team_id) if str(rule.id) not in known]
    stored = [
        {"id": str(one.id), "name": one.name, "priority": one.priority, "conditions": one.conditions, "actions": {}}
        for one in later
    ]
    rows += [_asked(rule, decision.input, LATER) for rule in compiled(stored).rules.rules]
    return Why(str(decision.outcome.get("note") or ""), rows)


def _row(told: RuleTrace, rule: Rule | None, facts: Facts) -> WhyRow:
    if told.result is Result.NOT_REACHED and rule is not None:
        return _asked(rule, facts, UNTRIED)
    return WhyRow(told.id or "", told.name, told.result.value, because(told), _lines(told.conditions))


def _asked(rule: Rule, facts: Facts, result: str) -> WhyRow:
    """A rule that was not tried, tried on what was known then."""
    traced = decide([rule], facts).trace
    told = (
        traced.rules[0]
        if traced
        else RuleTrace(rule.name, rule.priority, rule.conditions.match_type, Result.NOT_MATCHED)
    )
    why = "It was not there yet" if result == LATER else "A rule before it had decided"
    would = "would have matched" if told.result is Result.MATCHED else "would not have matched"
    return WhyRow(rule.id or "", rule.name, result, f"{why}. It {would}: {because(told)}", _lines(told.conditions))


def _lines(answers: Any, depth: int = 0) -> list[WhyLine]:
    made: list[WhyLine] = []
    for one in answers:
        if isinstance(one, GroupAnswer):
            head = {"all": "all of these", "any": "any of these", "not": "not all of these"}[one.match_type.value]
            made += [WhyLine(head, one.held, depth), *_lines(one.conditions, depth + 1)]
        elif isinstance(one, Answer):
            made.append(WhyLine(reason(one), one.held, depth))
    return made
