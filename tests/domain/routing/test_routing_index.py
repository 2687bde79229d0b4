"""The compiled index answers as the plain evaluation does: on 100,000 random pairs of rules and messages."""

import random
from typing import Any

import pytest

from taskjuggler_app.domain.routing.compiling import group_holds
from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType, parse
from taskjuggler_app.domain.routing.engine import Rule, RuleSet, decide
from taskjuggler_app.domain.routing.frames import MessageFrame
from taskjuggler_app.domain.routing.operators import LISTED, Operator

FIELDS = ("category", "urgency", "size", "body", "tags", "received", "from", "contact_lists")
WORDS = ("leak", "leaking", "water leak", "boiler", "5", "rent", "Straße", "STRASSE", "", " ", "no heat", "a")
SCALARS: tuple[Any, ...] = (
    None, True, False, 0, 1, 5, 5.0, 5.5, -3, 0.1, 1e-7, 10**20, float("nan"), "5", "5.0", "1e-07", " Leak ", "leak",
    "high", "low", "2026-03-10", "2026-03-10T23:30:00-05:00", "09:30", "true", "monday", "+12075550110", "",
    "the water leaks and the boiler is cold", "x" * 70 + "leak", "1" * 30, "0.1",
)  # fmt: skip
COUNT = 100_000


def value(chance: random.Random) -> Any:
    """What a message may have in a field."""
    if chance.random() < 0.25:
        return [chance.choice((*SCALARS, *WORDS)) for _ in range(chance.randint(0, 3))]
    if chance.random() < 0.3:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, 5)))
    return {"a": 1} if chance.random() < 0.02 else chance.choice(SCALARS)


def expected(chance: random.Random, operator: Operator) -> Any:
    """What a rule may ask for."""
    pieces = tuple(one for one in (*SCALARS, *WORDS) if one is not None)
    if operator is Operator.TIME_BETWEEN:
        return [chance.choice(("22:00", "09:00", "08:00")), chance.choice(("06:00", "24:00", "08:00"))]
    if operator is Operator.DAY_IN:
        return chance.sample(["mon", "tuesday", "weekend", "weekdays"], 2)
    if operator is Operator.IS_EMPTY:
        return chance.random() < 0.5
    if operator is Operator.MATCHES:
        return chance.choice(("leak", "^5", "[a-z]+ [a-z]+", "straße|boiler"))
    if operator is Operator.BETWEEN:
        return [chance.choice(pieces), chance.choice(pieces)]
    if operator in LISTED:
        return [chance.choice(pieces) for _ in range(chance.randint(1, 3))]
    return chance.choice(pieces)


def item(chance: random.Random, depth: int = 0) -> Condition | Group:
    """A condition, now and then a group of them."""
    if depth < 2 and chance.random() < 0.15:
        inside = tuple(item(chance, depth + 1) for _ in range(chance.randint(1, 3)))
        return Group(chance.choice(list(MatchType)), inside)
    operator = chance.choice(list(Operator))
    return Condition(chance.choice(FIELDS), operator, expected(chance, operator))


def rule(chance: random.Random, name: str) -> Rule:
    """Conditions of every kind, none at all now and then."""
    kind = MatchType.ANY if chance.random() < 0.3 else MatchType.ALL
    conditions = Conditions(kind, tuple(item(chance) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))))
    return Rule(name, conditions, chance.randint(0, 3), continues=chance.random() < 0.2)


def message(chance: random.Random) -> dict[str, Any]:
    """Any of the fields."""
    return {field: value(chance) for field in FIELDS if chance.random() < 0.7}


@pytest.mark.parametrize("seed", range(4))
def test_indexed_and_plain_evaluation_agree(seed: int) -> None:
    chance = random.Random(seed)
    pairs = 0
    while pairs < COUNT / 4:
        rules = [rule(chance, str(number)) for number in range(25)]
        compiled = RuleSet(rules)
        for _ in range(20):
            facts = message(chance)
            plain = [one for one in compiled.rules if group_holds(one.conditions, facts)]
            assert compiled.all(facts) == plain, facts
            assert compiled.first(facts) is (plain[0] if plain else None)
            pairs += len(rules)
        traced = decide(compiled, facts)
        assert (traced.rule, traced.matched) == (compiled.first(facts), tuple(compiled.matched(facts)))


def test_a_replaced_rule_leaves_a_set_as_if_compiled_anew() -> None:
    chance = random.Random(11)
    for _ in range(40):
        rules = [rule(chance, str(number)) for number in range(12)]
        compiled = RuleSet(rules)
        for _ in range(5):
            place = chance.randrange(len(rules))
            new = rule(chance, "new")
            new = Rule(new.name, new.conditions, compiled.rules[place].priority)
            changed = compiled.replaced(place, new)
            anew = RuleSet([*compiled.rules[:place], new, *compiled.rules[place + 1 :]])
            for _ in range(10):
                facts = message(chance)
                assert [one.name for one in changed.all(facts)] == [one.name for one in anew.all(facts)]
                plain = [one for one in compiled.rules if group_holds(one.conditions, facts)]
                assert compiled.all(facts) == plain
            compiled = changed


def test_rules_that_continue_let_later_ones_decide_too() -> None:
    billing = parse([{"field": "category", "operator": "equals", "value": "billing"}])
    rules = [Rule("tag", billing, 1, continues=True), Rule("give", billing, 2), Rule("never", billing, 3)]
    assert [one.name for one in RuleSet(rules).matched({"category": "Billing"})] == ["tag", "give"]
    outcome = decide(rules, {"category": "billing"})
    assert [one.name for one in outcome.matched] == ["tag", "give"]
    assert outcome.trace is not None
    assert [one.result.value for one in outcome.trace.rules] == ["matched", "matched", "not_reached"]


def test_a_frame_of_messages_answers_as_each_message_alone() -> None:
    chance = random.Random(3)
    long = {"note": "a longer text that hardly ever repeats, with the number {} in it and a leak"}
    facts = [{**message(chance), "note": long["note"].format(number)} for number in range(300)]
    frame = MessageFrame(facts)
    pieces = ("leak", "number 7", "STRASSE")
    searched = [Condition("note", Operator.CONTAINS_ANY, list(pieces)), Condition("note", Operator.STARTS_WITH, "A")]
    for number in range(150):
        conditions = rule(chance, "x").conditions
        asked = Conditions(conditions.match_type, (*conditions.rules, searched[number % 2]))
        assert frame.matching(asked).to_list() == [group_holds(asked, one) for one in facts]
    assert not frame.matching(Conditions()).any()
