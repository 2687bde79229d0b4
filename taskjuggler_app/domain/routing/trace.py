"""What the engine saw: for each rule in order, each condition, the value it met and whether it held."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from taskjuggler_app.domain.routing.conditions import Condition, MatchType
from taskjuggler_app.domain.routing.operators import OPERATORS, Operator

SEEN_LENGTH = 200  # code points of a seen text that are kept
SEEN_ITEMS = 20  # items of a seen list that are kept


class Result(StrEnum):
    """What became of a rule."""

    MATCHED = "matched"
    NOT_MATCHED = "not_matched"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Answer:
    """A condition and what the message answered; `seen` is None when the message does not say."""

    field: str
    operator: Operator
    expected: Any
    seen: Any
    held: bool


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """A group of conditions, how it combines them, and whether it held."""

    match_type: MatchType
    held: bool
    conditions: "tuple[Answer | GroupAnswer, ...]"


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule's answers; none for a rule that was not reached."""

    name: str
    priority: int
    match_type: MatchType
    result: Result
    conditions: tuple[Answer | GroupAnswer, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """Every rule in the order of evaluation."""

    rules: tuple[RuleTrace, ...] = ()


def answer(condition: Condition, seen: object, held: bool) -> Answer:
    """The record of one evaluated condition, with long values cut to what a person reads."""
    return Answer(condition.field, condition.operator, condition.value, _kept(seen), held)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= SEEN_LENGTH else value[: SEEN_LENGTH - 1] + "…"
    if isinstance(value, list | tuple):
        return [_kept(item) for item in value[:SEEN_ITEMS]]
    return value if value is None or isinstance(value, bool | int | float) else _kept(str(value))


def to_json(trace: Trace) -> list[dict[str, Any]]:
    """The stored form: a list of rules."""
    return [
        {
            "id": rule.id,
            "name": rule.name,
            "priority": rule.priority,
            "match_type": rule.match_type.value,
            "result": rule.result.value,
            "conditions": [_answer_to_json(a) for a in rule.conditions],
        }
        for rule in trace.rules
    ]


def from_json(data: Sequence[dict[str, Any]]) -> Trace:
    """The trace that `to_json` wrote. KeyError or ValueError for anything else."""
    return Trace(tuple(_rule(item) for item in data))


def _answer_to_json(answer: Answer | GroupAnswer) -> dict[str, Any]:
    if isinstance(answer, GroupAnswer):
        inner = [_answer_to_json(one) for one in answer.conditions]
        return {"group": answer.match_type.value, "held": answer.held, "conditions": inner}
    return {
        "field": answer.field,
        "operator": answer.operator.value,
        "expected": answer.expected,
        "seen": answer.seen,
        "held": answer.held,
    }


def _answer_from_json(data: dict[str, Any]) -> Answer | GroupAnswer:
    if "group" in data:
        inner = tuple(_answer_from_json(one) for one in data["conditions"])
        return GroupAnswer(MatchType(data["group"]), data["held"], inner)
    return Answer(data["field"], Operator(data["operator"]), data["expected"], data["seen"], data["held"])


def _rule(data: dict[str, Any]) -> RuleTrace:
    answers = tuple(_answer_from_json(c) for c in data["conditions"])
    match_type, result = MatchType(data["match_type"]), Result(data["result"])
    return RuleTrace(data["name"], data["priority"], match_type, result, answers, data["id"])


def explain(trace: Trace) -> list[str]:
    """One sentence a rule, for the person who asks why: "“Plumbing” did not match: category was billing, not
    maintenance."."""
    if not trace.rules:
        return ["There was no rule to try."]
    return [_sentence(rule) for rule in trace.rules]


def _sentence(rule: RuleTrace) -> str:
    name = f"“{rule.name}”"
    if rule.result is Result.NOT_REACHED:
        return f"{name} was not tried: a rule before it matched."
    if not rule.conditions:
        return f"{name} did not match: it has no conditions, and such a rule never matches."
    matched = rule.result is Result.MATCHED
    reasons = "; ".join(reason(a) for a in rule.conditions if a.held is matched)
    return f"{name} {'matched' if matched else 'did not match'}: {reasons}."


def reason(answer: Answer | GroupAnswer) -> str:
    """Why a condition or a group held or did not."""
    if isinstance(answer, Answer):
        return say(answer)
    if answer.match_type is MatchType.NOT:
        inner = [reason(one) for one in answer.conditions if one.held is not answer.held] or ["nothing held"]
        return f"{'not all was so' if answer.held else 'it was so that'} ({'; '.join(inner)})"
    inner = [reason(one) for one in answer.conditions if one.held is answer.held]
    return f"({'; '.join(inner)})"


def say(answer: Answer) -> str:
    """Why one condition held or did not: "category was billing, not maintenance"."""
    field, expected = answer.field.replace("_", " "), _expected(answer)
    verb = "were" if isinstance(answer.seen, list) and len(answer.seen) != 1 else "was"
    spec = OPERATORS[answer.operator]
    if answer.operator is Operator.IS_EMPTY:
        if answer.seen is None or answer.held is (answer.expected is not False):
            return f"the message has no {field}"
        return f"{field} {verb} {_shown(answer.seen, 'and')}"
    if answer.seen is None or answer.seen == []:
        asked = f"({answer.operator.value.replace('_', ' ')} {expected} was asked)"
        return f"the message has no {field}" + (f", so it is not {expected}" if answer.held else f" {asked}")
    said = f"{field} {verb} {_shown(answer.seen, 'and')}"
    if answer.operator is Operator.EQUALS and answer.held:
        return said
    if answer.operator is Operator.NOT_EQUALS and not answer.held:
        return f"{said}, {spec.failed}"
    return f"{said}, {spec.held if answer.held else spec.failed} {expected}"


def _expected(answer: Answer) -> str:
    spans = (Operator.BETWEEN, Operator.TIME_BETWEEN, Operator.CONTAINS_ALL)
    return _shown(answer.expected, "and" if answer.operator in spans else "or")


def _shown(value: Any, word: str = "or") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _listed([_shown(item) for item in value], word)
    text = " ".join(str(value).split())
    text = text if len(text) <= 80 else text[:79] + "…"
    return f"“{text}”" if " " in text else text


def _listed(parts: list[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else "nothing"
