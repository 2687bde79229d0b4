"""Every action of a rule as it is carried out: turns, loads, lists, putting away, due times, no vendor
there; and the same under several workers at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from taskjuggler_app.adapters.extraction import DeterministicExtractor
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import assignment, processing
from taskjuggler_app.domain.receptionist.assignment import Assignment
from taskjuggler_app.domain.routing import service as routing
from taskjuggler_app.models import InboxItem, RoutingDecision, RoutingRule, Task, TeamMember
from taskjuggler_app.models.contacts import ContactList, ContactListMember
from taskjuggler_app.models.receptionist import AssistantChannel, InboxStatus
from tests import factories as make

FACTS = {"category": "maintenance", "body": "The faucet is leaking"}
LEAK = "The kitchen faucet is leaking again, please repair it"


def members(session: Session, owner: Principal) -> list[TeamMember]:
    """The workspace's memberships, the longest first."""
    mine = select(TeamMember).where(TeamMember.team_id == owner.team_id)
    return list(session.exec(mine.order_by(col(TeamMember.joined_at), col(TeamMember.id))))


def done(session: Session, item: InboxItem) -> Assignment:
    """What becomes of a message."""
    return assignment.assign(session, item, routing.decide(session, item.team_id, FACTS))


def doer(found: Assignment) -> UUID | None:
    assert found.draft is not None
    return found.draft.team_member_id


def test_everybody_has_their_turn(session: Session) -> None:
    owner = make.make_owner(session)
    for _ in range(2):
        make.make_colleague(session, owner)
    make.make_rule(session, owner, actions={"assign_to": "team_rotation"})
    item = make.make_item(session, make.make_channel(session, owner))
    order = [doer(done(session, item)) for _ in range(6)]
    assert order == [member.id for member in members(session, owner)] * 2


def test_whoever_has_least_to_do_gets_it(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_colleague(session, owner)
    first, second = members(session, owner)
    make.make_rule(session, owner, actions={"assign_to": "team_load"})
    item = make.make_item(session, make.make_channel(session, owner))
    assert doer(done(session, item)) == first.id
    make.make_task(session, owner, team_member_id=first.id, owner_id=None)
    assert doer(done(session, item)) == second.id
    for _ in range(2):
        make.make_task(session, owner, team_member_id=second.id, owner_id=None)
    assert doer(done(session, item)) == first.id


@pytest.mark.parametrize("target", ["human_vendor", "ai_vendor", "marketplace"])
def test_where_no_vendor_is_there_the_owner_gets_it_and_it_says_so(session: Session, target: str) -> None:
    owner = make.make_owner(session, name="Olive Owner")
    make.make_rule(session, owner, actions={"assign_to": target})
    found = done(session, make.make_item(session, make.make_channel(session, owner)))
    assert doer(found) == members(session, owner)[0].id
    assert "Olive Owner" in found.note


def test_a_task_is_due_so_many_hours_from_now(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_rule(session, owner, actions={"due_in_hours": 5})
    now = clock.utcnow()
    with clock.at(now):
        found = done(session, make.make_item(session, make.make_channel(session, owner)))
    assert found.draft is not None
    assert found.draft.due_date == now + timedelta(hours=5)


def channel_with(actions: dict[str, Any], *, colleagues: int = 0) -> tuple[Principal, UUID]:
    """A workspace whose only rule takes repairs, and its channel's id."""
    with transaction() as session:
        owner = make.make_owner(session)
        for _ in range(colleagues):
            make.make_colleague(session, owner)
        make.make_rule(session, owner, actions=actions)
        return owner, make.make_channel(session, owner).id


def arrives(channel_id: UUID, source_id: str, sender: str = "+12075550110") -> UUID:
    """A message about a repair; its id."""
    with transaction() as session:
        channel = session.get_one(AssistantChannel, channel_id)
        return make.make_item(session, channel, source_id=source_id, from_identifier=sender, body=LEAK).id


def read(item_id: UUID) -> None:
    """As a worker does."""
    processing.process(item_id, DeterministicExtractor())


def test_the_sender_is_put_on_the_list_once(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        listed = ContactList(team_id=owner.team_id, user_id=owner.user_id or UUID(int=0), name="Repairs")
        session.add(listed)
        session.flush()
        list_id = listed.id
        make.make_rule(session, owner, actions={"add_to_list": str(list_id), "create_task": False})
        channel_id = make.make_channel(session, owner).id
    for number in range(2):
        read(arrives(channel_id, f"S{number}"))
    with transaction() as session:
        on_it = session.exec(select(ContactListMember).where(ContactListMember.contact_list_id == list_id)).all()
        assert [one.phone for one in on_it] == ["+12075550110"]
        assert session.exec(select(Task)).all() == []
        assert {item.status for item in session.exec(select(InboxItem))} == {InboxStatus.PROCESSED}


def test_a_message_is_put_away(database_url: str) -> None:
    _, channel_id = channel_with({"dismiss": True})
    item_id = arrives(channel_id, "S1")
    read(item_id)
    with transaction() as session:
        assert session.get_one(InboxItem, item_id).status is InboxStatus.DISMISSED
        assert session.exec(select(Task)).all() == []


def test_two_workers_give_everybody_the_same_share_and_count_each_message_once(database_url: str) -> None:
    owner, channel_id = channel_with({"assign_to": "team_rotation"}, colleagues=2)
    items = [arrives(channel_id, f"S{number}", f"+1207555{number:04d}") for number in range(12)]
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(read, [*items, *items]))
    with transaction() as session:
        share = Counter(task.team_member_id for task in session.exec(select(Task)))
        assert share == {member.id: 4 for member in members(session, owner)}
        assert session.exec(select(RoutingRule.times_matched)).one() == 12
        assert len(session.exec(select(RoutingDecision)).all()) == 12


def test_rules_may_be_sorted_while_messages_are_decided(database_url: str) -> None:
    owner, channel_id = channel_with({"assign_to": "self"})
    with transaction() as session:
        ids = [make.make_rule(session, owner, name=f"Rule {n}", priority=200 + n).id for n in range(4)]
    items = [arrives(channel_id, f"S{number}", f"+1207555{number:04d}") for number in range(12)]

    def sort(turn: int) -> None:
        with transaction() as session:
            routing.move(session, owner, ids[turn % 4], -1)

    with ThreadPoolExecutor(4) as hands:
        sorting = [hands.submit(sort, turn) for turn in range(12)]
        reading = [hands.submit(read, item_id) for item_id in items]
        for one in (*sorting, *reading):
            one.result()
    with transaction() as session:
        assert len(session.exec(select(Task)).all()) == 12
        for decision in session.exec(select(RoutingDecision)):
            matched = [rule["name"] for rule in decision.trace if rule["result"] == "matched"]
            assert matched == [rule["name"] for rule in decision.outcome["rules"]]
