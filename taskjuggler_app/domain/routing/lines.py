"""Routing messages that come as JSON lines, for people who try rules on their own data."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing.conditions import Conditions, match_type, parse
from taskjuggler_app.domain.routing.engine import Rule, RuleSet, decide
from taskjuggler_app.domain.routing.trace import to_json


def route_lines(rules_json: str, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer {matched, trace} a line, in order; a line that is no message also gets `error`.

    Blank lines are skipped. Raises Invalid for rules that cannot be used, before the first line is read.
    """
    rules = RuleSet(read_rules(rules_json))
    return (_answer(rules, number, line) for number, line in enumerate(lines, 1) if line.strip())


def read_rules(rules_json: str) -> list[Rule]:
    """The rules of a file: a list of {name, priority, match_type, conditions}, conditions in either shape.

    Raises Invalid with the place, as "[2].rules[0].operator".
    """
    try:
        raw = json.loads(rules_json)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The rules are not JSON: {error}.") from error
    if not isinstance(raw, list):
        raise Invalid("The rules file must hold a list of rules.")
    return [_rule(item, index) for index, item in enumerate(raw)]


def _rule(raw: object, index: int) -> Rule:
    if not isinstance(raw, dict):
        raise Invalid("A rule is an object with name, priority and conditions.", f"[{index}]")
    name, priority = raw.get("name", f"rule {index + 1}"), raw.get("priority", 100)
    if not isinstance(name, str):
        raise Invalid("A rule's name is text.", f"[{index}].name")
    if not isinstance(priority, int) or isinstance(priority, bool):
        raise Invalid("A rule's priority is a whole number.", f"[{index}].priority")
    try:
        conditions = parse(raw.get("conditions"), fields=None)
        if "match_type" in raw:
            conditions = Conditions(match_type(raw["match_type"]), conditions.rules)
    except Invalid as error:
        raise Invalid(f"Rule {index + 1} ({name}): {error.message}", f"[{index}].{error.field}") from error
    return Rule(name, conditions, priority)


def _answer(rules: RuleSet, number: int, line: str) -> dict[str, Any]:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _refusal(number, f"not JSON: {error}")
    if not isinstance(facts, dict):
        return _refusal(number, "a message is an object of fields")
    outcome = decide(rules, facts)
    trace = to_json(outcome.trace) if outcome.trace else []
    return {"matched": outcome.rule.name if outcome.rule else None, "trace": trace}


def _refusal(number: int, why: str) -> dict[str, Any]:
    return {"matched": None, "trace": [], "error": f"line {number}: {why}"}
