"""A workspace's rules: who may write them, in what order they are tried, and what is refused."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import actions, queries, service
from taskjuggler_app.models.routing import RoutingDecision
from tests import factories as make

MAINTENANCE = [{"field": "category", "operator": "equals", "value": "maintenance"}]
FACTS = {"category": "maintenance", "body": "The faucet is leaking"}


def draft(name: str) -> dict[str, object]:
    """A rule as the editor sends it."""
    return {"name": name, "conditions": MAINTENANCE, "actions": {}}


def names(session: Session, principal: Principal) -> list[str]:
    """The rules in the order tried."""
    return [row.name for row in queries.rules(session, principal)]


def test_a_new_rule_is_tried_after_the_others(session: Session) -> None:
    owner = make.make_owner(session)
    for name in ("First", "Second", "Third"):
        service.create(session, owner, draft(name))
    assert names(session, owner) == ["First", "Second", "Third"]


def test_a_rule_moves_one_place_and_no_further_than_the_ends(session: Session) -> None:
    owner = make.make_owner(session)
    ids = [service.create(session, owner, draft(name)).id for name in ("A", "B", "C")]
    service.move(session, owner, ids[2], -1)
    session.expire_all()
    assert names(session, owner) == ["A", "C", "B"]
    service.move(session, owner, ids[0], -1)
    service.move(session, owner, ids[1], 1)
    session.expire_all()
    assert names(session, owner) == ["A", "C", "B"]


def test_the_first_rule_that_matches_decides_and_is_counted(session: Session) -> None:
    owner = make.make_owner(session)
    for name in ("First", "Second"):
        service.create(session, owner, draft(name))
    outcome = service.decide(session, owner.team_id, FACTS)
    session.expire_all()
    assert outcome.rule is not None
    assert outcome.rule.name == "First"
    assert [row.times_matched for row in queries.rules(session, owner)] == [1, 0]


def test_a_rule_that_is_switched_off_is_not_tried(session: Session) -> None:
    owner = make.make_owner(session)
    rule = service.create(session, owner, draft("Off"))
    service.set_active(session, owner, rule.id, False)
    assert service.decide(session, owner.team_id, FACTS).rule is None


def test_a_stored_rule_that_makes_no_sense_is_passed_over(session: Session) -> None:
    owner = make.make_owner(session)
    broken = service.create(session, owner, draft("Broken"))
    service.create(session, owner, draft("Good"))
    session.execute(text("UPDATE routing_rules SET conditions = '{\"rules\": 7}' WHERE id = :id"), {"id": broken.id})
    session.expire_all()
    outcome = service.decide(session, owner.team_id, FACTS)
    assert outcome.rule is not None
    assert outcome.rule.name == "Good"


def test_only_admins_change_rules(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    rule = service.create(session, owner, draft("Mine"))
    for refused in (
        lambda: service.create(session, colleague, draft("Theirs")),
        lambda: service.change(session, colleague, rule.id, draft("Changed")),
        lambda: service.set_active(session, colleague, rule.id, False),
        lambda: service.move(session, colleague, rule.id, 1),
        lambda: service.delete(session, colleague, rule.id),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert names(session, colleague) == ["Mine"]


def test_another_workspaces_rule_is_not_there(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    rule = service.create(session, owner, draft("Mine"))
    for missing in (
        lambda: service.change(session, stranger, rule.id, draft("Changed")),
        lambda: service.set_active(session, stranger, rule.id, False),
        lambda: service.move(session, stranger, rule.id, 1),
        lambda: service.delete(session, stranger, rule.id),
    ):
        with pytest.raises(NotFound):
            missing()
    assert service.decide(session, stranger.team_id, FACTS).rule is None


@pytest.mark.parametrize(
    ("over", "place"),
    [
        ({"name": " "}, "name"),
        ({"conditions": []}, "conditions"),
        ({"conditions": [{"field": "mood", "operator": "equals", "value": 1}]}, "rules[0].field"),
        ({"conditions": [*MAINTENANCE, {"field": "body", "operator": "like", "value": "x"}]}, "rules[1].operator"),
        ({"actions": {"assign_to": "nobody"}}, "actions.assign_to"),
        ({"actions": {"priority": "yesterday"}}, "actions.priority"),
        ({"actions": {"assign_to": "team_member", "team_member_id": "x"}}, "actions.team_member_id"),
    ],
)
def test_what_could_never_work_is_refused_with_its_place(session: Session, over: dict[str, object], place: str) -> None:
    owner = make.make_owner(session)
    with pytest.raises(Invalid) as refused:
        service.create(session, owner, {**draft("Rule"), **over})
    assert refused.value.field == place


def test_a_deleted_rule_is_gone(session: Session) -> None:
    owner = make.make_owner(session)
    rule = service.create(session, owner, draft("Gone"))
    service.delete(session, owner, rule.id)
    session.flush()
    with pytest.raises(NotFound):
        queries.get(session, owner, UUID(str(rule.id)))


def test_a_copy_is_off_and_comes_right_after(session: Session) -> None:
    owner = make.make_owner(session)
    rule = service.create(session, owner, draft("First"))
    service.create(session, owner, draft("Second"))
    copy = service.duplicate(session, owner, rule.id)
    assert names(session, owner) == ["First", "First (copy)", "Second"]
    assert not copy.is_active
    assert copy.times_matched == 0


def test_a_decision_is_kept_with_its_version_its_input_and_its_trace(session: Session) -> None:
    owner = make.make_owner(session)
    item = make.make_item(session, make.make_channel(session, owner))
    service.create(session, owner, draft("First"))
    for _ in range(2):
        service.keep(session, owner.team_id, item.id, service.decide(session, owner.team_id, FACTS), "It went there.")
    service.create(session, owner, draft("Second"))
    service.keep(session, owner.team_id, item.id, service.decide(session, owner.team_id, FACTS), "It went there.")
    session.flush()
    kept = session.exec(select(RoutingDecision).where(RoutingDecision.inbox_item_id == item.id)).all()
    assert [one.input for one in kept] == [FACTS] * 3
    assert {one.outcome["rules"][0]["name"] for one in kept} == {"First"}
    assert len({one.version_id for one in kept}) == 2
    assert kept[0].trace[0]["result"] == "matched"


def test_a_rule_that_continues_adds_to_the_one_that_decides(session: Session) -> None:
    owner = make.make_owner(session)
    service.create(
        session, owner, {**draft("Tag"), "actions": {"continue": True, "tags": ["hot"], "auto_response": "Hi"}}
    )
    service.create(session, owner, {**draft("Give"), "actions": {"priority": "urgent", "tags": ["repair"]}})
    decided = service.decide(session, owner.team_id, FACTS)
    session.expire_all()
    together = actions.combined(decided.actions)
    assert (together["tags"], together["priority"], together["auto_response"]) == (["hot", "repair"], "urgent", "Hi")
    assert [row.times_matched for row in queries.rules(session, owner)] == [1, 1]
