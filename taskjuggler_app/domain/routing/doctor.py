"""The doctor: rules that cannot do what they were written for. Every finding comes with a message that shows it, tried
by the engine, and one sentence. Pure: what the workspace's messages were is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from taskjuggler_app.domain.routing import proving, saying, witnesses
from taskjuggler_app.domain.routing.compiling import Facts, group_holds
from taskjuggler_app.domain.routing.conditions import Condition, MatchType
from taskjuggler_app.domain.routing.covering import cover_together, covers
from taskjuggler_app.domain.routing.engine import Rule, RuleSet, decide
from taskjuggler_app.domain.routing.frames import MessageFrame
from taskjuggler_app.domain.routing.literals import Literal, terms
from taskjuggler_app.domain.routing.operators import Operator
from taskjuggler_app.domain.routing.trace import Answer, GroupAnswer, say

FEWEST_MESSAGES = 30
"""With fewer messages behind them, nothing is said about rules that none of them fitted."""
Reads = Callable[[Facts, str], Facts]
"""What a message is whose sender answers a message with a text."""


class Kind(StrEnum):
    """What is wrong with a rule."""

    CONTRADICTORY = "contradictory"
    DUPLICATE = "duplicate"
    SHADOWED = "shadowed"
    DEAD = "dead"
    LOOPING = "looping"


class Fix(StrEnum):
    """What one click does about it."""

    SWITCH_OFF = "switch_off"
    PUT_BEFORE = "put_before"
    EITHER = "either"
    STOP_REPLYING = "stop_replying"


@dataclass(frozen=True)
class Finding:
    """One problem: the rule, the other rule where there is one, a message that shows it, and the fix."""

    kind: Kind
    rule: Rule
    sentence: str
    witness: Facts
    fix: Fix
    other: Rule | None = None
    shown: str = ""


@dataclass(frozen=True)
class Patient:
    """The rules as they are tried, what each does (by id), the last messages, and the ids of rules too young to be
    called dead."""

    rules: RuleSet
    actions: dict[str, dict[str, Any]] = field(default_factory=dict)
    recent: MessageFrame = field(default_factory=lambda: MessageFrame([]))
    messages: Sequence[Facts] = ()
    young: frozenset[str] = frozenset()
    reads: Reads | None = None


def examine(patient: Patient) -> list[Finding]:
    """Everything that is wrong, in the order of the rules; at most one finding a rule, the gravest."""
    found = []
    for place, rule in enumerate(patient.rules.rules):
        if not rule.conditions.rules:
            continue
        witness = _witness(patient, rule)
        finding = _contradictory(rule) if witness is None else _never_reached(patient, place, witness)
        finding = finding or (_dead(patient, rule) if witness is not None else None)
        finding = finding or (_looping(patient, rule, witness) if witness is not None else None)
        if finding is not None:
            found.append(finding)
    return found


def never_fits(rule: Rule) -> tuple[Literal, ...] | None:
    """The answers that exclude each other, when it is proved that no message fits the rule."""
    fits = terms(rule.conditions)
    if not fits:
        return None
    clashes = [proving.clash(one) for one in fits]
    return clashes[0] if all(clash is not None for clash in clashes) else None


def _witness(patient: Patient, rule: Rule) -> Facts | None:
    real = patient.recent.matching(rule.conditions).arg_true()
    return patient.messages[real[0]] if len(real) else witnesses.message(rule.conditions)


def _contradictory(rule: Rule) -> Finding | None:
    clash = never_fits(rule)
    if clash is None:
        return None
    term = (terms(rule.conditions) or [()])[0]
    nearest = _nearest(term, clash)
    if group_holds(rule.conditions, nearest):
        return None
    said = saying.listed([f"“{_said(one)}”" for one in clash], "and")
    sentence = f"No message can fit it: {said} {'exclude each other' if len(clash) > 1 else 'is never so'}."
    fix = Fix.EITHER if can_be_either(rule, clash) else Fix.SWITCH_OFF
    left = [one for one in clash if not one.fits(nearest)]
    shown = f"It still fails on “{_said(left[0])}”." if left else ""
    return Finding(Kind.CONTRADICTORY, rule, sentence, nearest, fix, shown=shown)


def can_be_either(rule: Rule, clash: Sequence[Literal]) -> bool:
    """Whether the clash is about two values of one field that both have to be, where one of them was meant."""
    asked = [one for one in rule.conditions.rules if isinstance(one, Condition)]
    equal = (Operator.EQUALS, Operator.IN)
    same = {one.condition.field for one in clash}
    together = rule.conditions.match_type is MatchType.ALL
    straight = all(one.wanted and one.condition.operator in equal and one.condition in asked for one in clash)
    return together and straight and len(same) == 1 and len(clash) > 1


def _never_reached(patient: Patient, place: int, witness: Facts) -> Finding | None:
    rule = patient.rules.rules[place]
    for earlier in patient.rules.all(witness):
        if earlier is rule:
            break
        if not covers(earlier, rule):
            continue
        same = covers(rule, earlier)
        twice = same and _does(patient, earlier) == _does(patient, rule)
        if earlier.continues and not twice:
            continue
        if rule in patient.rules.matched(witness) and not twice:
            continue
        if twice:
            sentence = f"It asks for the same as “{earlier.name}” and does the same."
            return Finding(Kind.DUPLICATE, rule, sentence, witness, Fix.SWITCH_OFF, earlier)
        sentence = f"It is never reached: whatever fits it goes by “{earlier.name}” before."
        fix = Fix.SWITCH_OFF if same else Fix.PUT_BEFORE
        return Finding(Kind.SHADOWED, rule, sentence, witness, fix, earlier, f"Goes by “{earlier.name}”.")
    return _left_nothing(patient, place, witness)


def _left_nothing(patient: Patient, place: int, witness: Facts) -> Finding | None:
    """Several rules before it that stop, none of which has all its messages, and which have them together."""
    rule, by = patient.rules.rules[place], patient.rules.first(witness)
    if by is None or by is rule or rule in patient.rules.matched(witness):
        return None
    together = cover_together([one for one in patient.rules.rules[:place] if not one.continues], rule)
    if len(together) < 2:
        return None
    names = saying.listed([f"“{one.name}”" for one in together], "or")
    sentence = f"It is never reached: whatever fits it goes by {names} before."
    taker = next((one for one in patient.rules.matched(witness) if not one.continues), by)
    shown = f"Goes by “{taker.name}”."
    return Finding(Kind.SHADOWED, rule, sentence, witness, Fix.PUT_BEFORE, together[0], shown)


def _dead(patient: Patient, rule: Rule) -> Finding | None:
    size = len(patient.messages)
    if size < FEWEST_MESSAGES or rule.id in patient.young or patient.recent.matching(rule.conditions).any():
        return None
    nearest, answers = max(
        ((facts, _answers(rule, facts)) for facts in patient.messages),
        key=lambda pair: sum(one.held for one in pair[1]),
    )
    failed = next((one for one in answers if not one.held), None)
    shown = f"The closest one failed: {say(failed)}." if failed else ""
    sentence = f"None of the last {size} messages fitted it."
    return Finding(Kind.DEAD, rule, sentence, nearest, Fix.SWITCH_OFF, shown=shown)


def _looping(patient: Patient, rule: Rule, witness: Facts) -> Finding | None:
    """A reply whose own words, coming back from a robot, are replied to again."""
    if patient.reads is None or not _does(patient, rule).get("auto_response"):
        return None
    facts, told = witness, [rule.name]
    if _replies(patient, facts) is not rule:
        return None
    for _ in range(len(patient.rules.rules) + 1):
        replying = _replies(patient, facts)
        if replying is None:
            return None
        told.append(replying.name)
        if told.count(replying.name) > 2 and replying is rule:
            with_others = [f"“{name}”" for name in dict.fromkeys(told) if name != rule.name]
            by = f" by way of {saying.listed(with_others, 'and')}" if with_others else ""
            sentence = f"It answers its own answer{by}: an automatic mailbox that quotes it gets it again."
            return Finding(Kind.LOOPING, rule, sentence, facts, Fix.STOP_REPLYING)
        facts = patient.reads(facts, str(_does(patient, replying)["auto_response"]))
    return None


def _replies(patient: Patient, facts: Facts) -> Rule | None:
    """The rule whose reply the message gets."""
    deciding = patient.rules.matched(facts)
    return next((one for one in deciding if _does(patient, one).get("auto_response")), None)


def _does(patient: Patient, rule: Rule) -> dict[str, Any]:
    return patient.actions.get(rule.id or "", {})


def _nearest(term: Sequence[Literal], clash: Sequence[Literal]) -> Facts:
    """A message that gives all answers but some of those that clash."""
    rest = [one for one in term if one not in clash]
    for left_out in clash:
        made = witnesses.for_answers([*rest, *(one for one in clash if one is not left_out)])
        if made is not None:
            return made
    return witnesses.for_answers(clash[:1]) or {}


def _answers(rule: Rule, facts: Facts) -> list[Answer]:
    traced = decide([rule], facts).trace
    return list(_flat(traced.rules[0].conditions)) if traced else []


def _flat(answers: Sequence[Answer | GroupAnswer]) -> list[Answer]:
    found: list[Answer] = []
    for one in answers:
        found += [one] if isinstance(one, Answer) else _flat(one.conditions)
    return found


def _said(one: Literal) -> str:
    said = saying.condition(one.condition)
    return said if one.wanted else f"not: {said}"
