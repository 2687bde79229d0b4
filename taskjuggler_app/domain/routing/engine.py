"""Deciding which rules a message goes by. The trace is made by the very evaluation that decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from taskjuggler_app.domain.routing.compiling import Facts, Rule, RuleSet, holds, seen
from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType
from taskjuggler_app.domain.routing.trace import Answer, GroupAnswer, Result, RuleTrace, Trace, answer

__all__ = ["Facts", "Outcome", "Rule", "RuleSet", "decide", "matches"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rule that matched first, or None; all that decide together (`matched`: those that continue, then the one
    that does not); and how it came to that (None when no trace was asked for)."""

    rule: Rule | None
    trace: Trace | None
    matched: tuple[Rule, ...] = ()


def decide(rules: Sequence[Rule] | RuleSet, facts: Facts, *, trace: bool = True) -> Outcome:
    """The first rule that matches, lowest priority number first, ties in the order given; more while they continue.

    A rule without conditions never matches. Without a trace the compiled index finds the answer; it is the same.
    """
    if not trace:
        compiled = rules if isinstance(rules, RuleSet) else RuleSet(rules)
        found = tuple(compiled.matched(facts))
        return Outcome(found[0] if found else None, None, found)
    ordered = rules.rules if isinstance(rules, RuleSet) else sorted(rules, key=lambda rule: rule.priority)
    matched: list[Rule] = []
    told: list[RuleTrace] = []
    for rule in ordered:
        answers: list[Answer | GroupAnswer] = []
        if matched and not matched[-1].continues:
            result = Result.NOT_REACHED
        elif matches(rule.conditions, facts, answers):
            result = Result.MATCHED
            matched.append(rule)
        else:
            result = Result.NOT_MATCHED
        match_type = rule.conditions.match_type
        told.append(RuleTrace(rule.name, rule.priority, match_type, result, tuple(answers), rule.id))
    return Outcome(matched[0] if matched else None, Trace(tuple(told)), tuple(matched))


def matches(conditions: Conditions | Group, facts: Facts, answers: list[Answer | GroupAnswer] | None = None) -> bool:
    """Whether the conditions hold together; every one of them is evaluated and recorded if `answers` is given."""
    if not conditions.rules:
        return False
    wants_all = conditions.match_type is not MatchType.ANY
    combined = wants_all
    for item in conditions.rules:
        held = _holds(item, facts, answers)
        combined = (combined and held) if wants_all else (combined or held)
        if answers is None and combined is not wants_all:
            break
    return combined is not (conditions.match_type is MatchType.NOT)


def _holds(item: Condition | Group, facts: Facts, answers: list[Answer | GroupAnswer] | None) -> bool:
    if isinstance(item, Condition):
        held = holds(item, facts)
        if answers is not None:
            answers.append(answer(item, seen(item, facts), held))
        return held
    inner: list[Answer | GroupAnswer] | None = None if answers is None else []
    held = matches(item, facts, inner)
    if answers is not None and inner is not None:
        answers.append(GroupAnswer(item.match_type, held, tuple(inner)))
    return held
