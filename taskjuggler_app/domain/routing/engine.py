"""Deciding which rule a message goes by. The trace is made by the very evaluation that decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taskjuggler_app.domain.routing.conditions import Condition, Conditions, MatchType
from taskjuggler_app.domain.routing.operators import OPERATORS
from taskjuggler_app.domain.routing.trace import Answer, Result, RuleTrace, Trace, answer

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the engine sees it; what to do when it matches is the caller's, found again by `id`."""

    name: str
    conditions: Conditions
    priority: int = 100
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rule that matched, or None, and how it came to that (None when no trace was asked for)."""

    rule: Rule | None
    trace: Trace | None


def decide(rules: Sequence[Rule], facts: Facts, *, trace: bool = True) -> Outcome:
    """The first rule that matches, lowest priority number first, ties in the order given.

    A rule without conditions never matches. Without a trace evaluation stops as early as it can; the answer is the
    same.
    """
    winner: Rule | None = None
    seen: list[RuleTrace] = []
    for rule in sorted(rules, key=lambda r: r.priority):
        answers: list[Answer] | None = [] if trace else None
        if winner is not None:
            result = Result.NOT_REACHED
        elif matches(rule.conditions, facts, answers):
            result, winner = Result.MATCHED, rule
        else:
            result = Result.NOT_MATCHED
        if not trace and winner is not None:
            break
        if answers is not None:
            match_type = rule.conditions.match_type
            seen.append(RuleTrace(rule.name, rule.priority, match_type, result, tuple(answers), rule.id))
    return Outcome(winner, Trace(tuple(seen)) if trace else None)


def matches(conditions: Conditions, facts: Facts, answers: list[Answer] | None = None) -> bool:
    """Whether the conditions hold together; every one of them is evaluated and recorded if `answers` is given."""
    wants_all = conditions.match_type is MatchType.ALL
    if not conditions.rules:
        return False
    combined = wants_all
    for condition in conditions.rules:
        held = _holds(condition, facts, answers)
        combined = (combined and held) if wants_all else (combined or held)
        if answers is None and combined is not wants_all:
            break
    return combined


def _holds(condition: Condition, facts: Facts, answers: list[Answer] | None) -> bool:
    seen = facts.get(condition.field)
    held = OPERATORS[condition.operator].holds(condition.field, seen, condition.value)
    if answers is not None:
        answers.append(answer(condition, seen, held))
    return held
