"""What a rule may be made of, what is refused and where, and the answers to lines of messages."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing.conditions import MatchType, dump, parse
from taskjuggler_app.domain.routing.lines import route_lines

BILLING = {"field": "category", "operator": "equals", "value": "billing"}


def test_both_shapes_are_read_and_a_bare_list_means_all() -> None:
    assert parse([BILLING]) == parse({"match_type": "all", "rules": [BILLING]}) == parse({"rules": [BILLING]})
    assert parse({"match_type": "any", "rules": [BILLING]}).match_type is MatchType.ANY


def test_the_example_of_the_schema_is_accepted() -> None:
    parse([{**BILLING, "value": "maintenance"}, {"field": "priority", "operator": "greater_than", "value": 5}])


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (None, "conditions"),
        ("billing", "conditions"),
        ({"rules": {}}, "rules"),
        ({"match_type": "some", "rules": []}, "match_type"),
        ({"match_type": "all", "conditions": []}, "conditions"),
        ([BILLING, 3], "rules[1]"),
        ([BILLING, {**BILLING, "field": "colour"}], "rules[1].field"),
        ([{**BILLING, "field": 7}], "rules[0].field"),
        ([BILLING, {**BILLING, "operator": "is"}], "rules[1].operator"),
        ([{**BILLING, "operator": ["equals"]}], "rules[0].operator"),
        ([{"field": "category", "operator": "equals"}], "rules[0].value"),
        ([{**BILLING, "value": None}], "rules[0].value"),
        ([{**BILLING, "value": "  "}], "rules[0].value"),
        ([{**BILLING, "value": ["billing"]}], "rules[0].value"),
        ([{**BILLING, "operator": "in"}], "rules[0].value"),
        ([{**BILLING, "operator": "in", "value": []}], "rules[0].value"),
        ([{**BILLING, "operator": "in", "value": ["a", None]}], "rules[0].value"),
        ([{**BILLING, "operator": "greater_than"}], "rules[0].value"),
        ([{**BILLING, "note": "x"}], "rules[0].note"),
        ([{"field": "urgency", "operator": "equals", "value": "soon"}], "rules[0].value"),
        ([{"field": "received_hour", "operator": "less_than", "value": "noon"}], "rules[0].value"),
        ([{"field": "has_attachments", "operator": "equals", "value": "perhaps"}], "rules[0].value"),
        ([{"field": "dates", "operator": "less_than", "value": "soon"}], "rules[0].value"),
        ([{"field": "received_hour", "operator": "contains", "value": 1}], "rules[0].value"),
        ([{**BILLING, "value": float("nan")}], "rules[0].value"),
        ([BILLING] * 101, "rules"),
    ],
)
def test_what_could_not_be_evaluated_is_refused_with_the_place_named(raw: Any, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(raw)
    assert refused.value.field == place
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("dates", "greater_than", "2026-03-10"),
        ("times", "less_than", "09:30"),
        ("urgency", "greater_than", "normal"),
        ("has_attachments", "equals", True),
        ("has_attachments", "equals", "true"),
        ("received_hour", "less_than", "9"),
        ("keywords", "contains", "leak"),
    ],
)
def test_values_that_fit_their_field_are_accepted(field: str, operator: str, value: object) -> None:
    parse([{"field": field, "operator": operator, "value": value}])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
OPERATORS = JSON | st.sampled_from(["equals", "in", "less_than"])
SHAPED = st.fixed_dictionaries({"field": JSON | st.just("category"), "operator": OPERATORS, "value": JSON})


@settings(max_examples=400, deadline=None)
@given(raw=JSON | st.lists(SHAPED | JSON, max_size=3))
def test_any_json_is_either_read_or_refused_by_name(raw: Any) -> None:
    try:
        conditions = parse(raw)
    except Invalid as refused:
        assert refused.field
    else:
        assert parse(dump(conditions)) == conditions


RULES = json.dumps(
    [
        {"name": "any colour", "priority": 2, "match_type": "any", "conditions": [
            {"field": "colour", "operator": "equals", "value": "red"},
            {"field": "size", "operator": "greater_than", "value": 3},
        ]},
        {"name": "red", "priority": 1, "conditions": [{"field": "colour", "operator": "equals", "value": "red"}]},
        {"name": "empty", "priority": 0, "match_type": "all", "conditions": []},
    ]
)  # fmt: skip


def test_each_line_of_messages_gets_its_rule_and_its_trace() -> None:
    lines = ['{"colour": "RED"}', '{"size": "4"}', "{}", "", "nonsense", "[1]"]
    answers = list(route_lines(RULES, lines))
    assert [a["matched"] for a in answers] == ["red", "any colour", None, None, None]
    assert [r["result"] for r in answers[0]["trace"]] == ["not_matched", "matched", "not_reached"]
    assert ["error" in a for a in answers] == [False, False, False, True, True]
    assert answers[3]["error"].startswith("line 5: not JSON")


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        ("{", None),
        ("{}", None),
        ("[1]", "[0]"),
        ('[{"name": "x", "priority": "high", "conditions": []}]', "[0].priority"),
        ('[{"name": "x"}]', "[0].conditions"),
        ('[{"name": "x", "conditions": [], "match_type": "most"}]', "[0].match_type"),
        ('[{"name": "x", "conditions": [{"field": "a", "operator": "b", "value": 1}]}]', "[0].rules[0].operator"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_before_the_first_line(rules: str, place: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        route_lines(rules, iter(()))
    assert refused.value.field == place
