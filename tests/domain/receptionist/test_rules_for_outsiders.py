"""Rules that give a task to a vendor, or open a listing for it; the owner stands in where there is nobody."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import listings
from taskjuggler_app.domain.receptionist import assignment, outsiders
from taskjuggler_app.domain.routing import queries, service, versions
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.tasks import service as task_service
from taskjuggler_app.models.marketplace import MarketplaceListing, VendorType
from taskjuggler_app.models.notifications import Notification
from taskjuggler_app.models.receptionist import InboxItem, SourceType
from taskjuggler_app.models.tasks import Task, TaskInvitation
from tests import factories as make
from tests.factories.money import make_vendor

LEAK = [{"field": "category", "operator": "equals", "value": "maintenance"}]


def routed(session: Session, owner: Principal, actions: dict[str, Any]) -> tuple[Task, str]:
    """The task that a rule with these actions makes of a message, and the note."""
    service.create(session, owner, {"name": "Leaks", "conditions": LEAK, "actions": actions})
    item = InboxItem(
        team_id=owner.team_id,
        user_id=UUID(str(owner.user_id)),
        source_type=SourceType.SMS,
        source_id=uuid4().hex,
        from_identifier="+12075550110",
        body="The sink leaks",
        received_at=clock.utcnow(),
        extracted_data={"category": {"value": "maintenance"}},
    )
    session.add(item)
    session.flush()
    decided = assignment.assign(session, item, service.decide(session, owner.team_id, {"category": "maintenance"}))
    assert decided.draft is not None
    task = task_service.create(session, Principal.system(owner.team_id), decided.draft)
    outsiders.follow(session, item, task, decided)
    return task, decided.note


def test_a_vendor_from_outside_has_the_task_and_gets_a_link_to_it(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    vendor = make_vendor(session, other)
    task, note = routed(session, owner, {"assign_to": "human_vendor", "vendor_id": str(vendor.id)})
    assert (task.marketplace_vendor_id, task.owner_id, task.team_member_id) == (vendor.id, None, None)
    assert note == "“Leaks” matched, so it went to Casco Plumbing."
    assert tasks.detail(session, owner, task.id).row.doer == "Casco Plumbing"
    assert session.exec(select(TaskInvitation).where(TaskInvitation.task_id == task.id)).one().email == other.email
    assert "Casco Plumbing" in queries.rules(session, owner)[0].then


@pytest.mark.parametrize(
    ("vendor_id", "over", "said"),
    [
        ("", {}, "it names no vendor"),
        ("own", {"is_active": False}, "takes no work at the moment"),
        ("own", {"vendor_type": VendorType.AI}, "is not a vendor"),
        ("gone", {}, "is not on the marketplace any more"),
    ],
)
def test_a_missing_vendor_leaves_the_task_to_the_owner_who_is_told_why(
    session: Session, vendor_id: str, over: dict[str, Any], said: str
) -> None:
    owner = make.make_owner(session)
    vendor = make_vendor(session, owner)
    named = {"own": {"vendor_id": str(vendor.id)}, "gone": {"vendor_id": str(vendor.id)}}.get(vendor_id, {})
    rule_actions = {"assign_to": "human_vendor", **named}
    for name, value in over.items():
        setattr(vendor, name, value)
    session.flush()
    if vendor_id == "gone":
        rule_actions["vendor_id"] = str(uuid4())
    make.make_rule(session, owner, name="Leaks", conditions=LEAK, actions=rule_actions, priority=1)
    task, note = routed(session, owner, {})
    assert task.marketplace_vendor_id is None
    assert tasks.doer_id(session, task) == owner.user_id
    assert said in note


def test_a_vendor_who_is_not_there_cannot_be_named(session: Session) -> None:
    owner = make.make_owner(session)
    does = {"assign_to": "ai_vendor", "vendor_id": str(make_vendor(session, owner).id)}
    with pytest.raises(Invalid) as refused:
        service.create(session, owner, {"name": "Rule", "conditions": LEAK, "actions": does})
    assert refused.value.field == "actions.vendor_id"


def test_a_listing_waits_as_a_draft_and_the_owner_is_told(session: Session) -> None:
    owner = make.make_owner(session)
    does = {"assign_to": "marketplace", "listing": {"category": "maintenance", "budget_max": "250"}}
    task, note = routed(session, owner, does)
    assert tasks.doer_id(session, task) == owner.user_id
    assert "asks for a marketplace listing" in note
    assert session.exec(select(MarketplaceListing)).first() is None
    draft = listings.draft_of_task(session, owner, task.id)
    assert (draft.title, draft.category, draft.budget_max) == (task.title, "maintenance", "250")
    told = session.exec(select(Notification).where(Notification.type == "marketplace")).one()
    assert told.link == f"/marketplace/new?task={task.id}"


def test_a_rule_may_publish_the_listing_at_once(session: Session) -> None:
    owner = make.make_owner(session)
    task, _ = routed(session, owner, {"assign_to": "marketplace", "listing": {"publish": True}})
    listing = session.exec(select(MarketplaceListing).where(MarketplaceListing.task_id == task.id)).one()
    assert (listing.title, listing.requestor_id) == (task.title, owner.user_id)


def test_a_changed_rule_is_put_into_the_compiled_set(session: Session) -> None:
    owner = make.make_owner(session)
    rules = [service.create(session, owner, {"name": f"R{n}", "conditions": LEAK}) for n in range(3)]
    before = versions.current(session, owner.team_id)
    other = [{"field": "category", "operator": "equals", "value": "billing"}]
    service.change(session, owner, rules[0].id, {"name": "R0", "conditions": other, "actions": {"dismiss": True}})
    session.flush()
    after = versions.current(session, owner.team_id)
    assert after is not before
    assert after.rules.rules[1] is before.rules.rules[1]
    for category, names in (("billing", ["R0"]), ("maintenance", ["R1", "R2"])):
        assert [one.name for one in after.rules.all({"category": category})] == names
    assert after.actions[str(rules[0].id)]["dismiss"] is True
