"""Which rule a message goes by, and what the trace says about it."""

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskjuggler_app.domain.routing.conditions import Condition, Conditions, Group, MatchType, parse
from taskjuggler_app.domain.routing.engine import Rule, decide, matches
from taskjuggler_app.domain.routing.operators import LISTED, Operator
from taskjuggler_app.domain.routing.trace import Answer, Result, explain, from_json, to_json


def holds(field: str, operator: str, value: object, facts: dict[str, Any]) -> bool:
    return matches(parse([{"field": field, "operator": operator, "value": value}], fields=None), facts)


def rule(name: str, *conditions: tuple[str, str, object], priority: int = 100, match: str = "all") -> Rule:
    rules = [{"field": f, "operator": o, "value": v} for f, o, v in conditions]
    return Rule(name, parse({"match_type": match, "rules": rules}), priority)


@pytest.mark.parametrize(
    ("seen", "operator", "value", "held"),
    [
        ("Billing", "equals", "bILLING", True),
        ("billing ", "equals", "billing", True),
        ("billing", "equals", "bill", False),
        (5, "equals", "5", True),
        ("5", "equals", 5, True),
        (5.0, "equals", "5", True),
        ("5.0", "equals", 5, True),
        ("007", "equals", "7", False),
        (True, "equals", "true", True),
        (True, "equals", 1, False),
        (False, "equals", 0, False),
        (None, "equals", "none", False),
        ("", "equals", "x", False),
        (["a", "B"], "equals", "b", True),
        ("billing", "not_equals", "legal", True),
        ("Legal", "not_equals", "legal", False),
        (None, "not_equals", "legal", True),
        (["a", "b"], "not_equals", "b", False),
        ("Legal", "in", ["billing", "legal"], True),
        (5, "in", ["4", "5"], True),
        (None, "in", ["x"], False),
        ("water leak", "contains", "LEAK", True),
        ("water", "contains", "leak", False),
        (["Leak"], "contains", "leak", True),
        (["leaking"], "contains", "leak", False),
        (12345, "contains", "234", True),
        (None, "contains", "x", False),
        (10, "greater_than", 9, True),
        ("10", "greater_than", "9", True),
        (9, "greater_than", 9, False),
        (10**400, "greater_than", 1, True),
        (0.1, "less_than", "0.2", True),
        ("ten", "greater_than", 9, False),
        (None, "less_than", 9, False),
        (True, "greater_than", 0, False),
        ("2026-03-10", "greater_than", "2026-03-09", True),
        (["2026-03-01", "2026-03-12"], "greater_than", "2026-03-10", True),
        ("2026-03-10T08:00:00Z", "less_than", "2026-03-11", True),
        ("09:30", "less_than", "10:00", True),
        ({"a": 1}, "greater_than", 1, False),
    ],
)
def test_an_operator_compares_as_a_person_would(seen: object, operator: str, value: object, held: bool) -> None:
    assert holds("field", operator, value, {"field": seen}) is held


@pytest.mark.parametrize("field", ["urgency", "priority"])
def test_words_of_urgency_have_an_order(field: str) -> None:
    assert holds(field, "greater_than", "normal", {field: "High"})
    assert holds(field, "less_than", "urgent", {field: "high"})
    assert not holds(field, "greater_than", "high", {field: "high"})
    assert not holds("category", "greater_than", "low", {"category": "high"})
    assert not holds(field, "greater_than", 5, {field: "high"})
    assert holds(field, "greater_than", 5, {field: 6})


def test_a_missing_field_satisfies_negations_only() -> None:
    held = {o for o in Operator if holds("gone", o, VALUES.get(o, "5"), {})}
    negations = {Operator.NOT_EQUALS, Operator.NOT_IN, Operator.NOT_CONTAINS, Operator.CALLER_NOT_IN_LIST}
    assert held == {*negations, Operator.IS_EMPTY}


def test_the_lowest_priority_number_wins_and_ties_go_by_the_order_given() -> None:
    always = ("category", "not_equals", "x")
    rules = [rule(name, always, priority=n) for name, n in (("late", 50), ("tie one", 1), ("tie two", 1))]
    winner = decide(rules, {}).rule
    assert winner is not None
    assert winner.name == "tie one"


def test_the_first_match_ends_it_and_the_rest_is_listed_as_not_reached() -> None:
    rules = [
        rule("miss", ("category", "equals", "legal"), ("subject", "contains", "hi")),
        rule("hit", ("category", "equals", "billing"), ("subject", "contains", "zzz"), match="any"),
        rule("after", ("category", "equals", "billing")),
    ]
    outcome = decide(rules, {"category": "billing", "subject": "hi"})
    assert outcome.trace is not None
    assert [r.result for r in outcome.trace.rules] == [Result.NOT_MATCHED, Result.MATCHED, Result.NOT_REACHED]
    assert [[(a.seen, a.held) for a in r.conditions if isinstance(a, Answer)] for r in outcome.trace.rules] == [
        [("billing", False), ("hi", True)],
        [("billing", True), ("hi", False)],
        [],
    ]


@pytest.mark.parametrize("match_type", [MatchType.ALL, MatchType.ANY])
def test_a_rule_without_conditions_never_matches(match_type: MatchType) -> None:
    outcome = decide([Rule("empty", Conditions(match_type))], {"category": "billing"})
    assert outcome.rule is None
    assert outcome.trace is not None
    assert explain(outcome.trace) == ["“empty” did not match: it has no conditions, and such a rule never matches."]


def test_the_explanation_is_in_sentences() -> None:
    rules = [
        rule("Plumber", ("category", "equals", "maintenance")),
        rule("Late payers", ("keywords", "contains", "overdue"), ("location", "equals", "Unit 4")),
        rule("Spam", ("from", "not_equals", "a@b.example")),
        rule("Shouting", ("urgency", "greater_than", "normal"), ("category", "in", ["billing", "legal"])),
        rule("Rest", ("category", "equals", "billing")),
    ]
    facts = {"category": "billing", "keywords": ["rent", "april"], "from": "a@b.example", "urgency": "high"}
    trace = decide(rules, facts).trace
    assert trace is not None
    assert explain(trace) == [
        "“Plumber” did not match: category was billing, not maintenance.",
        "“Late payers” did not match: keywords were rent and april, without overdue; the message has no location "
        "(equals “Unit 4” was asked).",
        "“Spam” did not match: from was a@b.example, which is excluded.",
        "“Shouting” matched: urgency was high, above normal; category was billing, one of billing or legal.",
        "“Rest” was not tried: a rule before it matched.",
    ]


def test_a_long_body_is_cut_in_the_trace_but_not_in_the_decision() -> None:
    outcome = decide([rule("end", ("body", "contains", "needle"))], {"body": "hay " * 10_000 + "needle"})
    assert outcome.rule is not None
    assert len(json.dumps(to_json(outcome.trace))) < 1_000 if outcome.trace else False


VALUES: dict[Operator, Any] = {
    **{key: ["x"] for key in LISTED},
    Operator.BETWEEN: [1, 5],
    Operator.TIME_BETWEEN: ["22:00", "06:00"],
    Operator.DAY_IN: ["mon"],
    Operator.IS_EMPTY: True,
}

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=True),
    st.sampled_from(["", "a", "A", "ab", "1", "2.0", "low", "high", "2026-03-10", "09:30", "2026-13-45", "inf"]),
    st.text(max_size=5),
)
SEEN = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.text(max_size=2), SCALARS, max_size=2))
FIELDS = st.sampled_from(["category", "urgency", "keywords", "received_hour", "x"])
PIECES = SCALARS.filter(lambda v: v is not None)
SPANS = st.sampled_from([["22:00", "06:00"], ["09:00", "17:00"], ["08:00", "08:00"]])
EXPECTED: dict[Operator, st.SearchStrategy[Any]] = {
    **dict.fromkeys(LISTED, st.lists(PIECES, min_size=1, max_size=3)),
    Operator.BETWEEN: st.lists(PIECES, min_size=2, max_size=2),
    Operator.TIME_BETWEEN: SPANS,
    Operator.DAY_IN: st.lists(st.sampled_from(["mon", "tuesday", "weekend"]), min_size=1, max_size=2),
    Operator.IS_EMPTY: st.booleans(),
    Operator.MATCHES: st.sampled_from(["a", "^a.*b$", "[0-9]+", "l(ow|eak)"]),
}
CONDITION = st.sampled_from(Operator).flatmap(
    lambda operator: st.builds(Condition, FIELDS, st.just(operator), EXPECTED.get(operator, PIECES))
)
ITEMS = st.recursive(
    CONDITION,
    lambda inner: st.builds(Group, st.sampled_from(MatchType), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=4,
)
CONDITIONS = st.builds(
    Conditions, st.sampled_from([MatchType.ALL, MatchType.ANY]), st.lists(ITEMS, max_size=3).map(tuple)
)
RULES = st.lists(st.builds(Rule, st.sampled_from("abc"), CONDITIONS, st.integers(0, 3)), max_size=6)
FACTS = st.dictionaries(FIELDS, SEEN, max_size=5)


@settings(max_examples=500, deadline=None)
@given(rules=RULES, facts=FACTS)
def test_asking_for_the_trace_does_not_change_the_answer(rules: list[Rule], facts: dict[str, Any]) -> None:
    with_trace, without = decide(rules, facts), decide(rules, facts, trace=False)
    assert with_trace.rule is without.rule
    assert with_trace.matched == without.matched
    assert without.trace is None
    assert with_trace.trace is not None
    named = [r.result for r in with_trace.trace.rules]
    assert len(named) == len(rules)
    assert named.count(Result.MATCHED) == (with_trace.rule is not None)
    assert len(explain(with_trace.trace)) == max(1, len(rules))


def group_recomputed(answer: Any) -> bool:
    """What the answers inside a group lead to; a single answer itself."""
    if isinstance(answer, Answer):
        return answer.held
    inner = [group_recomputed(one) for one in answer.conditions]
    combined = any(inner) if answer.match_type is MatchType.ANY else all(inner)
    assert answer.held is (combined is not (answer.match_type is MatchType.NOT))
    return answer.held


def recomputed(trace_rule: Any) -> bool:
    answers = [group_recomputed(a) for a in trace_rule.conditions]
    return bool(answers) and (all(answers) if trace_rule.match_type is MatchType.ALL else any(answers))


@settings(max_examples=300, deadline=None)
@given(rules=RULES, facts=FACTS)
def test_the_trace_alone_leads_to_the_same_answer(rules: list[Rule], facts: dict[str, Any]) -> None:
    trace = decide(rules, facts).trace
    assert trace is not None
    for seen in trace.rules:
        if seen.result is not Result.NOT_REACHED:
            assert recomputed(seen) == (seen.result is Result.MATCHED)


PLAIN = (Operator.EQUALS, Operator.NOT_EQUALS, Operator.CONTAINS, Operator.LESS_THAN)
SANE = SCALARS.filter(lambda v: v == v)  # NaN is not equal to itself, and JSON has none


@settings(max_examples=200, deadline=None)
@given(values=st.lists(SANE, min_size=1, max_size=4), facts=st.dictionaries(FIELDS, SANE | st.lists(SANE, max_size=3)))
def test_a_trace_survives_json(values: list[Any], facts: dict[str, Any]) -> None:
    conditions = tuple(Condition(f, o, v) for f, o, v in zip(["category", "x"] * 2, PLAIN, values, strict=False))
    trace = decide([Rule("r", Conditions(MatchType.ANY, conditions), id="7"), Rule("s", Conditions())], facts).trace
    assert trace is not None
    assert from_json(json.loads(json.dumps(to_json(trace)))) == trace


def test_the_order_of_rules_with_different_priorities_does_not_matter() -> None:
    rules = [rule(str(n), ("category", "equals", "billing"), priority=n) for n in (3, 1, 2)]
    winners = {o.rule.name for p in permutations(rules) if (o := decide(p, {"category": "billing"})).rule}
    assert winners == {"1"}
