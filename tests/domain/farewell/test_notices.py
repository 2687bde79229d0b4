"""Notifications that colleagues keep: the name of who was deleted is in none of them, other words are as they were."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.messaging import service as messaging
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import comments
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import Notification, User
from taskjuggler_app.models.marketplace import ListingStatus, MarketplaceBid
from tests import factories as make
from tests.domain.farewell.steps import ask, delete
from tests.factories import money


def _id(who: Principal) -> UUID:
    return UUID(str(who.user_id))


def _told(session: Session, who: Principal, type_: str, title: str, message: str) -> None:
    notify(
        session,
        _id(who),
        type=type_,
        title=title,
        message=message,
        link="/people",
        dedupe_key=title + message,
        team_id=who.team_id,
    )


def _texts(who: Principal) -> set[tuple[str, str]]:
    with transaction() as session:
        rows = session.exec(select(Notification).where(Notification.user_id == who.user_id))
        return {(row.title, row.message) for row in rows}


def test_what_they_wrote_names_a_former_member(boss: Principal, me: Principal) -> None:
    with transaction() as session:
        boss_name = session.get_one(User, boss.user_id).name
        task = tasks.create(session, boss, TaskDraft("Roof", _id(boss)))
        comments.add(session, me, task.id, "It leaks")
        comments.add(session, me, task.id, f"@{boss_name} look at it")
        messaging.send(session, me, _id(boss), "Lunch?")
    with transaction() as session:
        session.get_one(User, me.user_id).name = "Otto Renamed"  # the older texts still have the other name
    ask(me)
    delete(me)
    texts = _texts(boss)
    assert {
        ("Former member commented", "Roof: It leaks"),
        ("Former member mentioned you", f"Roof: @{boss_name} look at it"),
        ("Former member wrote to you", "Lunch?"),
    } <= texts
    assert not any("Otto" in said for pair in texts for said in pair)


def test_our_sentences_lose_the_whole_name_alone(boss: Principal, me: Principal) -> None:
    with transaction() as session:
        stranger = make.make_owner(session)
        for who in (boss, stranger):
            _told(session, who, "team", "Your invitation was answered", "Otto Unmistakable joined.")
        _told(session, boss, "network", "Otto Unmistakable: accept", "Otto Unmistakablesson called")
        _told(session, boss, "task_assigned", "New task for you", "Call Otto Unmistakable")
    ask(me)
    delete(me)
    assert {
        ("Your invitation was answered", "Former member joined."),
        ("Former member: accept", "Otto Unmistakablesson called"),
        ("New task for you", "Call Otto Unmistakable"),
    } <= _texts(boss)
    assert ("Your invitation was answered", "Otto Unmistakable joined.") in _texts(stranger)


def test_a_vendors_bid_is_of_a_former_vendor(boss: Principal, me: Principal) -> None:
    with transaction() as session:
        vendor = money.make_vendor(session, me, name="Otto's Roofs")
        listing = money.make_listing(session, boss, status=ListingStatus.CANCELLED)
        session.add(MarketplaceBid(listing_id=listing.id, vendor_id=vendor.id, amount=Decimal(40)))
        notify(
            session,
            _id(boss),
            type="marketplace",
            title="Otto's Roofs bids 40",
            message="x",
            link=f"/marketplace/listings/{listing.id}",
            dedupe_key="bid",
            team_id=boss.team_id,
        )
    ask(me)
    delete(me)
    assert ("Former vendor bids 40", "x") in _texts(boss)
