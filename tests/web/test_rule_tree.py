"""The rule editor's lines: what the domain stores comes back unchanged; lines are added and removed as trees."""

import random

from taskjuggler_app.domain.routing.conditions import dump, parse
from taskjuggler_app.domain.routing.fields import MESSAGE_FIELDS
from taskjuggler_app.web.pages.rules import tree, vocabulary
from tests.domain.routing.test_routing_doctor import conditions


def test_any_rule_comes_back_from_the_editor_as_it_was() -> None:
    chance = random.Random(9)
    for _ in range(400):
        stored = dump(parse(conditions(chance)))
        match_type, rows = tree.rows_of(stored)
        raw, places = tree.raw_of(rows, match_type)
        assert dump(parse(raw)) == stored
        assert sorted(places.values(), key=int) == [row.id for row in rows]


def test_a_list_with_commas_and_blank_lines_is_its_lines() -> None:
    stored = dump(parse([{"field": "body", "operator": "contains_any", "value": ["Smith, John", "roof"]}]))
    _, (row,) = tree.rows_of(stored)
    assert (row.input, row.value) == ("lines", "Smith, John\nroof")
    assert tree.raw_of([tree.changed(row, "value", "Smith, John\n\n roof ")], "all")[0] == stored


def test_a_refusals_place_leads_to_its_line() -> None:
    _, rows = tree.rows_of(
        {"rules": [{"match_type": "any", "rules": [{"field": "x", "operator": "equals", "value": 1}]}]}
    )
    _, places = tree.raw_of(rows, "all")
    assert tree.row_at("rules[0].rules[0].value", places) == rows[1].id
    assert tree.row_at("rules[0].match_type", places) == rows[0].id
    assert tree.row_at("name", places) == ""


def test_removing_the_last_condition_of_a_group_removes_the_group() -> None:
    _, rows = tree.rows_of({"rules": []})
    rows = tree.told(tree.added(rows, tree.ROOT, group=True), "all")
    assert [(row.is_group, row.depth, row.parent) for row in rows] == [(True, 0, ""), (False, 1, rows[0].id)]
    rows = tree.added(rows, rows[0].id, group=True)
    assert [row.depth for row in rows] == [0, 1, 1, 2]
    assert [row.id for row in tree.removed(rows, rows[3].id)] == [rows[0].id, rows[1].id]
    assert tree.removed(rows, rows[0].id) == []


def test_another_field_takes_a_comparison_that_it_knows_and_forgets_a_value_that_is_none_for_it() -> None:
    row = tree.FormRow("1", field="body", operator="contains", value="roof", input="text", pick="none")
    moved = tree.changed(row, "field", "received")
    assert (moved.operator, moved.value) == ("time_between", "")
    assert tree.changed(row, "operator", "contains_any").value == "roof"
    assert tree.changed(row, "field", "has_attachments").value == "true"


def test_every_field_has_a_topic_and_every_comparison_its_words() -> None:
    offered = {name for _, names in vocabulary.TOPICS for name in names}
    assert offered == set(MESSAGE_FIELDS)
    assert all(choice.label for some in vocabulary.comparisons().values() for choice in some)


def test_a_condition_changes_places_with_its_neighbour_and_takes_along_what_is_below_it() -> None:
    one, two = ({"field": name, "operator": "equals", "value": "1"} for name in ("body", "subject"))
    _, rows = tree.rows_of({"rules": [one, {"match_type": "any", "rules": [one, two]}, two]})
    head, group, inner, last_inner, last = (row.id for row in rows)
    assert [row.id for row in tree.shifted(rows, head, 1)] == [group, inner, last_inner, head, last]
    assert [row.id for row in tree.shifted(rows, last, -1)] == [head, last, group, inner, last_inner]
    assert [row.id for row in tree.shifted(rows, inner, 1)] == [head, group, last_inner, inner, last]
    for end, step in ((head, -1), (last, 1), (last_inner, 1), ("77", 1)):
        assert tree.shifted(rows, end, step) == list(rows)
