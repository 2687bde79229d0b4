"""The doctor's claims about rules: true of every message, and shown by one that was tried."""

import random
from datetime import datetime
from typing import Any

import pytest

from taskjuggler_app.domain.routing import doctor, witnesses
from taskjuggler_app.domain.routing.comparing import DAYS
from taskjuggler_app.domain.routing.compiling import group_holds
from taskjuggler_app.domain.routing.conditions import Conditions, Group, MatchType, parse
from taskjuggler_app.domain.routing.covering import cover_together, covers
from taskjuggler_app.domain.routing.doctor import Finding, Fix, Kind, Patient, examine, never_fits
from taskjuggler_app.domain.routing.engine import Rule, RuleSet
from taskjuggler_app.domain.routing.frames import MessageFrame

VALUES: dict[str, list[Any]] = {
    "category": ["billing", "legal", "sales"],
    "body": ["the roof leaks", "roof", "leaks badly", "invoice 12"],
    "urgency": ["low", "normal", "high", "urgent"],
    "earlier_messages": [0, 1, 2, 3, 10],
    "has_attachments": [True, False],
    "received_weekday": ["monday", "tuesday", "sunday"],
    "received": ["2026-03-02T08:00:00-05:00", "2026-03-07T23:30:00-05:00", "2026-03-08T05:59:00-05:00"],
    "keywords": [["roof"], ["roof", "leak"], []],
    "dates": [["2026-03-02"], ["2026-03-07", "2026-04-01"], []],
    "contact_lists": [["VIP"], ["Blocked", "VIP"], []],
    "from": ["+12075550110", "a@b.example"],
}
ASKED: list[tuple[str, str, list[Any]]] = [
    ("category", "equals", ["billing", "legal"]),
    ("category", "not_equals", ["billing", "sales"]),
    ("category", "in", [["billing", "legal"], ["sales"]]),
    ("category", "not_in", [["billing", "legal"]]),
    ("category", "is_empty", [True, False]),
    ("body", "contains", ["roof", "leaks", "the roof"]),
    ("body", "not_contains", ["roof", "oo"]),
    ("body", "contains_any", [["roof", "invoice"]]),
    ("body", "contains_all", [["roof", "leaks"]]),
    ("body", "starts_with", ["the", "the roof", "inv"]),
    ("urgency", "greater_than", ["normal", "high"]),
    ("urgency", "less_than", ["high", "low"]),
    ("urgency", "equals", ["urgent"]),
    ("earlier_messages", "greater_than", [1, 2]),
    ("earlier_messages", "less_than", [1, 3]),
    ("earlier_messages", "between", [[1, 3], [2, 2]]),
    ("has_attachments", "equals", [True, False]),
    ("received_weekday", "in", [["monday"], ["sunday", "monday"]]),
    ("received", "day_in", [["weekdays"], ["weekend"], ["monday"]]),
    ("received", "time_between", [["22:00", "06:00"], ["09:00", "17:00"], ["23:00", "23:45"]]),
    ("keywords", "contains", ["roof", "leak"]),
    ("keywords", "not_contains", ["roof"]),
    ("dates", "greater_than", ["2026-03-05", "2026-05-01"]),
    ("dates", "less_than", ["2026-03-05"]),
    ("dates", "day_in", [["saturday"]]),
    ("from", "caller_in_list", [["VIP"], ["Blocked"]]),
    ("from", "caller_not_in_list", [["VIP"]]),
]


def conditions(chance: random.Random, depth: int = 0) -> dict[str, Any]:
    """A few conditions, sometimes in groups."""
    rules: list[Any] = []
    for _ in range(chance.randint(1, 3)):
        if depth < 2 and chance.random() < 0.2:
            rules.append(conditions(chance, depth + 1) | {"match_type": chance.choice(["all", "any", "not"])})
        else:
            field, operator, values = chance.choice(ASKED)
            rules.append({"field": field, "operator": operator, "value": chance.choice(values)})
    return {"match_type": chance.choice(["all", "all", "any"]), "rules": rules}


def a_rule(chance: random.Random, name: str = "r") -> Rule:
    return Rule(name, parse(conditions(chance)), id=name)


def a_message(chance: random.Random) -> dict[str, Any]:
    made = {field: chance.choice(values) for field, values in VALUES.items() if chance.random() < 0.8}
    made.pop("received_weekday", None)
    if "received" in made:  # what tells of one moment agrees
        made["received_weekday"] = DAYS[datetime.fromisoformat(made["received"]).weekday()]
    return made


@pytest.mark.parametrize("seed", range(3))
def test_what_is_called_contradictory_fits_no_message(seed: int) -> None:
    chance = random.Random(seed)
    claimed = 0
    messages = [a_message(chance) for _ in range(150)]
    for _ in range(500):
        rule = a_rule(chance)
        if never_fits(rule) is not None:
            claimed += 1
            assert witnesses.message(rule.conditions) is None
            assert not any(group_holds(rule.conditions, one) for one in messages), rule
    assert claimed > 20


@pytest.mark.parametrize("seed", range(3))
def test_what_is_called_covered_fits_the_other_rule_too(seed: int) -> None:
    chance = random.Random(seed)
    claimed = 0
    messages = [a_message(chance) for _ in range(150)]
    for _ in range(700):
        earlier, later = a_rule(chance), a_rule(chance)
        if chance.random() < 0.5:  # one that asks for more of the same
            both = (*earlier.conditions.rules, *later.conditions.rules)
            if earlier.conditions.match_type is MatchType.ANY:
                both = (Group(MatchType.ANY, earlier.conditions.rules), *later.conditions.rules)
            later = Rule("later", Conditions(MatchType.ALL, both))
        if covers(earlier, later):
            claimed += 1
            for one in [*messages, witnesses.message(later.conditions) or {}]:
                assert group_holds(earlier.conditions, one) or not group_holds(later.conditions, one), (earlier, later)
    assert claimed > 100


def test_a_made_up_message_fits_and_is_found_for_most_rules() -> None:
    chance = random.Random(5)
    found = 0
    for _ in range(300):
        rule = a_rule(chance)
        made = witnesses.message(rule.conditions)
        if made is not None:
            found += 1
            assert group_holds(rule.conditions, made)
        else:
            assert never_fits(rule) is not None, rule
    assert found > 200


@pytest.mark.parametrize("expression", ["leak", r"unit \d{2}[a-c]", "^(roof|wall)s?", "a.c$", r"\binvoice\b"])
def test_a_pattern_gets_a_message_that_it_finds(expression: str) -> None:
    asked = parse([{"field": "body", "operator": "matches", "value": expression}])
    made = witnesses.message(asked)
    assert made is not None
    assert group_holds(asked, made)


def found(rules: list[Rule], **over: Any) -> list[Finding]:
    return examine(Patient(RuleSet(rules), **over))


def said(name: str, *asked: tuple[str, str, Any], priority: int = 100, match: str = "all") -> Rule:
    rules = [{"field": f, "operator": o, "value": v} for f, o, v in asked]
    return Rule(name, parse({"match_type": match, "rules": rules}), priority, name)


def test_a_narrower_rule_behind_a_wider_one_is_put_before_it() -> None:
    wide = said("Wide", ("category", "in", ["billing", "legal"]), priority=1)
    narrow = said("Narrow", ("category", "equals", "billing"), ("urgency", "greater_than", "high"), priority=2)
    (one,) = found([wide, narrow], actions={"Wide": {"priority": "low"}, "Narrow": {"priority": "high"}})
    assert (one.kind, one.fix, one.other) == (Kind.SHADOWED, Fix.PUT_BEFORE, wide)
    assert group_holds(narrow.conditions, one.witness)
    assert RuleSet([wide, narrow]).matched(one.witness) == [wide]
    assert one.sentence == "It is never reached: whatever fits it goes by “Wide” before."
    assert found([narrow, Rule("Wide", wide.conditions, 3, "Wide")]) == []


def test_rules_that_leave_a_later_one_nothing_together_are_all_named() -> None:
    bills = said("Bills", ("category", "equals", "billing"), priority=1)
    other = said("Other", ("category", "equals", "sales"), priority=2)
    law = said("Law", ("category", "equals", "legal"), ("body", "contains", "a"), priority=3)
    dull = said("Dull", ("category", "not_equals", "sales"), ("body", "not_contains", "a"), priority=4)
    last = said("Last", ("category", "in", ["billing", "legal"]), ("urgency", "equals", "high"), priority=5)
    rules = [bills, other, law, dull, last]
    does = {one.name: {"tags": [one.name]} for one in rules}
    (one,) = [one for one in found(rules, actions=does) if one.rule is last]
    assert (one.kind, one.fix, one.other) == (Kind.SHADOWED, Fix.PUT_BEFORE, bills)
    assert one.sentence == "It is never reached: whatever fits it goes by “Bills”, “Law” or “Dull” before."
    assert group_holds(last.conditions, one.witness)
    assert last not in RuleSet(rules).matched(one.witness)
    assert [one for one in found([bills, other, dull, last], actions=does) if one.rule is last] == []


@pytest.mark.parametrize("seed", range(3))
def test_what_is_covered_together_is_taken_by_one_of_them(seed: int) -> None:
    chance = random.Random(seed + 50)
    claimed = 0
    for _ in range(400):
        earlier = [a_rule(chance, str(number)) for number in range(4)]
        later = a_rule(chance, "later")
        together = cover_together(earlier, later)
        claimed += len(together) > 1
        for _ in range(40 if together else 0):
            facts = a_message(chance)
            if group_holds(later.conditions, facts):
                assert any(group_holds(one.conditions, facts) for one in together)
    assert claimed


def test_a_rule_that_continues_shadows_nobody() -> None:
    wide = said("Wide", ("category", "equals", "billing"), priority=1)
    goes_on = Rule("Wide", wide.conditions, 1, "Wide", continues=True)
    narrow = said("Narrow", ("category", "equals", "Billing"), priority=2)
    assert found([goes_on, narrow], actions={"Wide": {"tags": ["x"]}}) == []


def test_the_same_rule_twice_is_a_duplicate() -> None:
    first = said("First", ("category", "equals", "billing"), ("urgency", "equals", "high"), priority=1)
    second = said("Second", ("urgency", "in", ["high"]), ("category", "equals", "BILLING"), priority=2)
    (one,) = found([first, second])
    assert (one.kind, one.fix, one.rule) == (Kind.DUPLICATE, Fix.SWITCH_OFF, second)


@pytest.mark.parametrize(
    ("asked", "fix"),
    [
        ([("category", "equals", "billing"), ("category", "equals", "legal")], Fix.EITHER),
        ([("earlier_messages", "greater_than", 5), ("earlier_messages", "less_than", 5)], Fix.SWITCH_OFF),
        ([("received", "day_in", ["weekend"]), ("received", "day_in", ["monday"])], Fix.SWITCH_OFF),
        ([("body", "contains", "the roof"), ("body", "not_contains", "roof")], Fix.SWITCH_OFF),
        ([("category", "is_empty", True), ("category", "equals", "legal")], Fix.SWITCH_OFF),
        ([("attachment_count", "less_than", 1), ("received_hour", "equals", 3)], Fix.SWITCH_OFF),
        ([("received", "day_in", ["weekend"]), ("received_weekday", "equals", "friday")], Fix.SWITCH_OFF),
        ([("received", "time_between", ["22:00", "06:00"]), ("received_hour", "between", [6, 21])], Fix.SWITCH_OFF),
        ([("received_date", "equals", "2026-11-26"), ("received", "day_in", ["friday", "monday"])], Fix.SWITCH_OFF),
        ([("is_first_message", "equals", True), ("has_open_task", "equals", True)], Fix.SWITCH_OFF),
        ([("urgency", "equals", "high"), ("priority", "in", ["low", "urgent"])], Fix.SWITCH_OFF),
        ([("received", "time_between", ["22:00", "06:00"]), ("received", "time_between", ["08:00", "17:00"])], None),
    ],
)
def test_conditions_that_exclude_each_other_are_named(asked: list[tuple[str, str, Any]], fix: Fix | None) -> None:
    rule = said("Never", ("has_attachments", "equals", True), *asked)
    (one,) = found([rule])
    assert one.kind is Kind.CONTRADICTORY
    assert fix is None or one.fix is fix
    assert not group_holds(rule.conditions, one.witness)
    assert "exclude each other" in one.sentence


@pytest.mark.parametrize(
    "asked",
    [
        [("received", "time_between", ["22:00", "06:00"]), ("received_hour", "between", [5, 21])],
        [("received", "matches", "2026-12"), ("received_weekday", "equals", "tuesday")],
        [("has_attachments", "equals", True), ("attachment_count", "greater_than", 7)],
        [("is_first_message", "equals", False), ("earlier_messages", "less_than", 2)],
        [("received_date", "greater_than", "2026-11-26"), ("received", "day_in", ["sunday"])],
    ],
)
def test_fields_that_tell_of_one_fact_and_agree_are_left_alone(asked: list[tuple[str, str, Any]]) -> None:
    assert never_fits(said("May be", *asked)) is None
    assert found([said("May be", *asked)]) == []


def test_a_rule_is_shadowed_by_one_that_says_the_same_of_another_field() -> None:
    wide = said("At night", ("received", "time_between", ["22:00", "06:00"]), priority=1)
    narrow = said("At three", ("received_hour", "equals", 3), priority=2)
    (one,) = found([wide, narrow])
    assert (one.kind, one.rule, one.other) == (Kind.SHADOWED, narrow, wide)


def test_a_rule_that_no_message_fitted_is_dead_unless_it_is_young() -> None:
    messages = [{"category": "billing", "urgency": "low"} for _ in range(doctor.FEWEST_MESSAGES)]
    rule = said("Legal", ("category", "equals", "legal"), ("urgency", "equals", "low"))
    behind: dict[str, Any] = {"recent": MessageFrame(messages), "messages": messages}
    (one,) = found([rule], **behind)
    assert (one.kind, one.witness) == (Kind.DEAD, messages[0])
    assert one.shown == "The closest one failed: category was billing, not legal."
    assert found([rule], young=frozenset({"Legal"}), **behind) == []


def test_a_reply_that_answers_itself_is_a_loop_also_by_way_of_another_rule() -> None:
    def reads(facts: Any, reply: str) -> dict[str, Any]:
        return {**facts, "body": reply}

    ping = said("Ping", ("body", "contains", "ping"), priority=1)
    pong = said("Pong", ("body", "contains", "pong"), priority=2)
    does = {"Ping": {"auto_response": "here is a pong"}, "Pong": {"auto_response": "and a ping"}}
    kinds = [(one.kind, one.rule.name, one.fix) for one in found([ping, pong], actions=does, reads=reads)]
    assert kinds == [
        (Kind.LOOPING, "Ping", Fix.STOP_REPLYING),
        (Kind.LOOPING, "Pong", Fix.STOP_REPLYING),
    ]
    calm = {"Ping": {"auto_response": "We call you back"}, "Pong": {}}
    assert found([ping, pong], actions=calm, reads=reads) == []
