"""The story of a task whose work is bought: bids, tool runs and payments stand on the same timeline."""

from decimal import Decimal
from uuid import UUID

from jobs.handlers import ai_tools as handlers
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.marketplace import bids, listings, work
from taskjuggler_app.domain.payments import service as payments
from taskjuggler_app.domain.tasks import story
from taskjuggler_app.domain.tasks.story import StoryRow
from tests.domain.aitools.test_tool_runs import asked, state
from tests.factories import make_colleague, make_owner, make_task
from tests.factories.money import make_vendor


def told(who: Principal, task_id: UUID) -> list[StoryRow]:
    """The story as somebody reads it."""
    with transaction() as session:
        return story.of_task(session, who, task_id)


def test_bids_the_award_the_work_and_the_money_are_told_in_their_order(database_url: str) -> None:
    with transaction() as session:
        buyer, seller = make_owner(session, name="Bea Buyer"), make_owner(session, name="Vera Vendor")
        vendor_id = make_vendor(session, seller).id
        task_id = make_task(session, buyer).id
        listing_id = listings.publish_task(session, buyer, task_id).id
    with transaction() as session:
        bids.place(session, seller, listing_id, vendor_id, "240")
    with transaction() as session:
        bid_id = bids.place(session, seller, listing_id, vendor_id, "200").id
    with transaction() as session:
        payment_id = bids.award(session, buyer, listing_id, bid_id).id
    with transaction() as session:
        payments.take(session, payment_id, "pi_story", Decimal(210), "USD")
    with transaction() as session:
        work.deliver(session, seller, listing_id, "New washer, no drip")
    with transaction() as session:
        work.accept(session, buyer, listing_id)
        work.rate(session, buyer, listing_id, 5, "")
    rows = {row.kind: row for row in told(buyer, task_id)}
    wanted = ["listing.published", "bid.placed", "bid.changed", "payment.opened", "listing.awarded", "payment.held"]
    wanted += ["work.delivered", "payment.released", "work.rated"]
    assert [kind for kind in rows if kind in wanted] == wanted
    said = {kind: (row.who, row.to, row.note) for kind, row in rows.items()}
    assert said["bid.placed"] == ("Casco Plumbing", "", "$240.00")
    assert said["bid.changed"] == ("Casco Plumbing", "", "$200.00")
    assert said["listing.awarded"] == ("Bea Buyer", "Casco Plumbing", "$200.00")
    assert said["payment.held"][2].startswith("$")
    assert said["work.delivered"] == ("Casco Plumbing", "", "New washer, no drip")
    assert said["work.rated"] == ("Bea Buyer", "", "5 of 5 stars")
    with transaction() as session:
        colleague, other = make_colleague(session, buyer), make_task(session, buyer).id
    assert [row.kind for row in told(colleague, task_id)] == [row.kind for row in told(buyer, task_id)]
    assert told(buyer, other) == []


def test_a_tools_run_is_told_with_its_name_and_what_it_brought(database_url: str) -> None:
    owner, run = asked("function", function="summarise")
    handlers.run(str(run))
    rows = {row.kind: row for row in told(owner, state(run).task_id)}
    assert [kind for kind in rows if kind.startswith("task.tool")] == ["task.tool_asked", "task.tool_finished"]
    assert rows["task.tool_asked"].note == "Helper"
    assert rows["task.tool_finished"].note.startswith("Helper: The boiler is cold")
