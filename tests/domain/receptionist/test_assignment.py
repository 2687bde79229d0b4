"""From a decision to a task: what the rule says is done, and what stands in where it cannot be."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from taskjuggler_app.adapters.extraction import DeterministicExtractor
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications import queries as notices
from taskjuggler_app.domain.receptionist import assignment, processing
from taskjuggler_app.domain.receptionist.assignment import Assignment
from taskjuggler_app.domain.routing import service as routing
from taskjuggler_app.domain.routing.trace import explain, from_json
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models import InboxItem, RoutingRule, Task, TeamMember
from taskjuggler_app.models.tasks import Priority
from tests import factories as make

FACTS = {"category": "maintenance", "body": "The faucet is leaking"}


def decided(session: Session, item: InboxItem, facts: dict[str, Any] = FACTS) -> Assignment:
    """What becomes of the message."""
    return assignment.assign(session, item, routing.decide(session, item.team_id, facts))


def message(session: Session, owner: Principal, **over: Any) -> InboxItem:
    """A message on a channel of the owner's."""
    return make.make_item(session, make.make_channel(session, owner), **over)


def membership(session: Session, principal: Principal) -> UUID:
    """The person's membership."""
    assert principal.user_id
    found = teams.membership_id(session, principal.team_id, principal.user_id)
    assert found
    return found


def given_to(member: UUID | str) -> dict[str, Any]:
    """Actions that name a member."""
    return {"assign_to": "team_member", "team_member_id": str(member), "create_task": True}


def test_a_rule_gives_the_task_to_the_member_it_names(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner, name="Carlos Vega")
    actions = {**given_to(membership(session, colleague)), "priority": "urgent", "title": "Go there", "tags": ["hot"]}
    rule = make.make_rule(session, owner, actions=actions)
    item = message(session, owner)
    found = decided(session, item)
    assert found.draft is not None
    assert (found.draft.team_member_id, found.draft.owner_id) == (membership(session, colleague), None)
    assert (found.draft.priority, found.draft.title, found.draft.tags) == (Priority.URGENT, "Go there", ["hot"])
    assert found.note == "“Repairs” matched, so it went to Carlos Vega."
    assert (found.rule_id, found.stored()["rule_id"]) == (rule.id, str(rule.id))


def test_a_task_knows_where_it_came_from(session: Session) -> None:
    owner = make.make_owner(session)
    item = message(session, owner)
    draft = decided(session, item).draft
    assert draft is not None
    assert (draft.inbox_item_id, draft.source_channel_id) == (item.id, item.channel_id)
    assert (draft.source_type, draft.source_channel) == ("sms", "Main line")
    assert (draft.source_channel_ref, draft.requestor_id) == (item.source_id, owner.user_id)
    assert (draft.description, draft.priority, draft.tags) == (item.body, Priority.NORMAL, ["unrouted"])


@pytest.mark.parametrize("named", ["gone", "stranger", "nobody", "no id", None])
def test_whom_the_rule_names_must_still_be_here(session: Session, named: str | None) -> None:
    owner = make.make_owner(session, name="Olive Owner")
    stranger = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    gone = membership(session, colleague)
    session.delete(session.get_one(TeamMember, gone))
    session.flush()
    ids: dict[str, UUID | str] = {"gone": gone, "nobody": uuid4(), "no id": "x"}
    ids["stranger"] = membership(session, stranger)
    make.make_rule(session, owner, actions=given_to(ids[named] if named else ""))
    found = decided(session, message(session, owner))
    assert found.draft is not None
    assert found.draft.team_member_id == membership(session, owner)
    assert found.note == "“Repairs” matched, but who it names is not here any more, so it went to Olive Owner."
    assert "unrouted" not in found.draft.tags


@pytest.mark.parametrize("priority", ["yesterday", "", None, 7, ["high"]])
def test_a_stored_priority_that_is_none_counts_as_normal(session: Session, priority: object) -> None:
    owner = make.make_owner(session)
    make.make_rule(session, owner, actions={"assign_to": "self", "priority": priority})
    draft = decided(session, message(session, owner)).draft
    assert draft is not None
    assert draft.priority is Priority.NORMAL


def test_the_trace_says_why_and_why_not(session: Session) -> None:
    owner = make.make_owner(session)
    billing = [{"field": "category", "operator": "equals", "value": "billing"}]
    make.make_rule(session, owner, name="Money", priority=1, conditions=billing)
    make.make_rule(session, owner, name="Empty", priority=2, conditions=[])
    make.make_rule(session, owner, name="Repairs", priority=3)
    make.make_rule(session, owner, name="Later", priority=4)
    stored = decided(session, message(session, owner)).stored()
    assert explain(from_json(stored["rules"])) == [
        "“Money” did not match: category was maintenance, not billing.",
        "“Empty” did not match: it has no conditions, and such a rule never matches.",
        "“Repairs” matched: category was maintenance.",
        "“Later” was not tried: a rule before it matched.",
    ]
    assert stored["rule"] == "Repairs"


def test_another_workspaces_rules_are_not_tried(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    make.make_rule(session, stranger, name="Theirs", priority=1)
    found = decided(session, message(session, owner))
    assert (found.rule_id, found.trace) == (None, [])


def test_rules_of_equal_priority_are_tried_oldest_first(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_rule(session, owner, name="Younger", priority=5, created_at=make.NOON)
    make.make_rule(session, owner, name="Older", priority=5, created_at=make.NOON.replace(hour=1))
    assert decided(session, message(session, owner)).rule_name == "Older"


def test_a_departed_members_task_is_told_to_the_owner(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        make.make_rule(session, owner, actions=given_to(uuid4()))
        item_id = message(session, owner).id
    processing.process(item_id, DeterministicExtractor())
    with transaction() as session:
        assert [one.title for one in notices.recent(session, owner)] == ["New task for you"]
        item = session.get_one(InboxItem, item_id)
        task = session.exec(select(Task)).one()
        assert item.routed_to_task_id == task.id
        assert session.exec(select(RoutingRule.times_matched)).one() == 1
        assert item.routing_trace is not None
        assert "not here any more" in item.routing_trace["note"]
