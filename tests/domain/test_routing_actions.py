"""What a rule may say to do, the order of rules under many hands, and rules that cannot be read any more."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.routing import queries, service
from tests import factories as make

MAINTENANCE = [{"field": "category", "operator": "equals", "value": "maintenance"}]


@pytest.mark.parametrize(
    ("actions", "place"),
    [
        ({"tags": "abc"}, "actions.tags"),
        ({"tags": ["fine", {"not": "fine"}]}, "actions.tags"),
        ({"tags": ["x"] * 21}, "actions.tags"),
        ({"title": {"a": 1}}, "actions.title"),
        ({"title": "x" * 501}, "actions.title"),
        ({"create_task": "no"}, "actions.create_task"),
        ({"notify": "off"}, "actions.notify"),
        ({"send_money": True}, "actions.send_money"),
        (["assign_to"], "actions"),
    ],
)
def test_an_action_that_could_not_be_carried_out_is_refused(session: Session, actions: Any, place: str) -> None:
    owner = make.make_owner(session)
    with pytest.raises(Invalid) as refused:
        service.create(session, owner, {"name": "Rule", "conditions": MAINTENANCE, "actions": actions})
    assert refused.value.field == place


@pytest.mark.parametrize("place", [10**12, -1, "first", True, None])
def test_a_place_that_is_none_is_refused(session: Session, place: object) -> None:
    owner = make.make_owner(session)
    with pytest.raises(Invalid):
        service.create(session, owner, {"name": "Rule", "conditions": MAINTENANCE, "priority": place})


def test_many_people_may_sort_the_rules_at_once(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        ids = [make.make_rule(session, owner, name=f"Rule {n}", priority=n).id for n in range(30)]

    def sort(person: int) -> None:
        for turn in range(10):
            with transaction() as session:
                service.move(session, owner, ids[(person * 7 + turn * 3) % 30], 1 if person % 2 else -1)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(sort, range(6)))
    with transaction() as session:
        assert sorted(rule.priority for rule in queries.active(session, owner.team_id)) == list(range(10, 310, 10))


@pytest.mark.parametrize("raw", [{"rules": 7}, "text", [{"field": "x"}], {"nonsense": 1}])
def test_one_unreadable_rule_does_not_hide_the_others(session: Session, raw: Any) -> None:
    owner = make.make_owner(session)
    make.make_rule(session, owner, name="Broken", conditions=raw, priority=1)
    service.create(session, owner, {"name": "Good", "conditions": MAINTENANCE})
    broken, good = queries.rules(session, owner)
    assert (broken.name, bool(broken.problem), broken.conditions) == ("Broken", True, [])
    assert (good.name, good.problem) == ("Good", "")


def test_a_rule_about_a_field_that_is_gone_is_shown_with_its_problem(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_rule(session, owner, conditions=[{"field": "mood", "operator": "equals", "value": "bad"}])
    (row,) = queries.rules(session, owner)
    assert [condition.field for condition in row.conditions] == ["mood"]
    assert "mood" in row.problem
