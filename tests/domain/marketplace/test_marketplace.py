"""Listings, bids, the award and the work: who sees what, who wins, what is told and what is explained."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Float, cast, literal
from sqlmodel import Session, select

from taskjuggler_app.adapters.geocoding import OfflineGeocoder
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Invalid, NotFound
from taskjuggler_app.core.ports import Place
from taskjuggler_app.domain.marketplace import automatic, bids, listings, matching, queries, vendors, work
from taskjuggler_app.domain.marketplace.distance import EARTH_MILES, miles_to
from taskjuggler_app.domain.marketplace.drafts import ListingDraft
from taskjuggler_app.domain.marketplace.queries import Filter
from taskjuggler_app.domain.marketplace.vendors import VendorDraft
from taskjuggler_app.domain.payments import ledger
from taskjuggler_app.models import (
    BidStatus,
    ListingStatus,
    MarketplaceBid,
    Notification,
    Task,
    Transaction,
    TransactionStatus,
    VendorType,
)
from tests import factories as make
from tests.factories.market import awarded, seller
from tests.factories.money import make_listing, make_vendor

HERE = Place("Portland", 43.66, -70.26)


def test_a_task_goes_to_the_market_with_its_words_and_its_doer_becomes_the_vendor(session: Session) -> None:
    buyer, _, listing, payment = awarded(session)
    task = session.get_one(Task, listing.task_id)
    assert (listing.title, task.marketplace_vendor_id) == (task.title, listing.assigned_vendor_id)
    assert payment.status is TransactionStatus.PROCESSING
    with pytest.raises(Conflict):
        listings.publish_task(session, buyer, task.id)


def test_accepted_work_releases_the_money_finishes_the_task_and_is_rated_once(session: Session) -> None:
    buyer, acting, listing, payment = awarded(session)
    work.deliver(session, acting, listing.id, "Done")
    work.accept(session, buyer, listing.id)
    assert session.get_one(Task, listing.task_id).status == "completed"
    assert ledger.held(session, payment.id) == 0
    with pytest.raises(Invalid):
        work.rate(session, buyer, listing.id, 6, "")
    rating = work.rate(session, buyer, listing.id, 4, "Good.")
    with pytest.raises(Conflict):
        work.rate(session, buyer, listing.id, 5, "")
    work.reply(session, acting, rating.id, "Thank you.")
    with pytest.raises(Conflict):
        work.reply(session, acting, rating.id, "Again.")
    profile = queries.vendor(session, buyer, rating.vendor_id)
    assert (profile.row.stars, profile.row.jobs, profile.ratings[0].reply) == ("4.00", 1, "Thank you.")


def test_delivered_work_is_paid_by_itself_after_a_while_unless_disputed(session: Session) -> None:
    _, acting, listing, payment = awarded(session)
    work.deliver(session, acting, listing.id)
    assert work.release_due(session, clock.utcnow()) == 0
    assert work.release_due(session, clock.utcnow() + timedelta(days=8)) == 1
    assert listing.status == "completed"
    assert ledger.held(session, payment.id) == 0


def test_a_cancelled_job_gives_all_of_it_back_and_delivered_work_cannot_be_cancelled(session: Session) -> None:
    buyer, acting, listing, payment = awarded(session)
    listings.cancel(session, buyer, listing.id, "Found somebody")
    assert ledger.balance(session, ledger.refund_account(payment.id)) == -210
    assert session.get_one(Task, listing.task_id).marketplace_vendor_id is None
    listings.reopen(session, buyer, listing.id)
    assert listing.status == "open"
    buyer, acting, listing, _ = awarded(session)
    work.deliver(session, acting, listing.id)
    with pytest.raises(Conflict):
        listings.cancel(session, buyer, listing.id)


def test_a_vendor_who_gives_the_job_back_opens_it_for_others(session: Session) -> None:
    _, acting, listing, payment = awarded(session)
    bid = session.exec(select(MarketplaceBid).where(MarketplaceBid.listing_id == listing.id)).one()
    bids.withdraw(session, acting, bid.id)
    assert (listing.status, listing.assigned_vendor_id) == (ListingStatus.OPEN, None)
    assert ledger.held(session, payment.id) == 0


def test_an_award_that_nobody_pays_lapses(session: Session) -> None:
    buyer = make.make_owner(session)
    acting, vendor = seller(session)
    listing = make_listing(session, buyer)
    bid = bids.place(session, acting, listing.id, vendor.id, "80")
    payment = bids.award(session, buyer, listing.id, bid.id)
    assert bids.lapse_unpaid(session, clock.utcnow() + timedelta(days=4)) == 1
    assert (listing.status, payment.status) == (ListingStatus.OPEN, TransactionStatus.FAILED)


def test_what_nobody_was_chosen_for_expires_and_its_bidders_hear(session: Session) -> None:
    buyer = make.make_owner(session)
    acting, vendor = seller(session)
    listing = listings.publish(session, buyer, ListingDraft("Paint the fence", category="maintenance"))
    bids.place(session, acting, listing.id, vendor.id, "80")
    assert listings.expire(session, clock.utcnow() + timedelta(days=15)) == 1
    told = session.exec(select(Notification.title).where(Notification.user_id == acting.user_id)).all()
    assert set(told) == {"A job that fits you", "A job was taken back"}
    with pytest.raises(Conflict):
        bids.place(session, acting, listing.id, vendor.id, "70")


def test_a_bid_is_changed_in_place_and_seen_by_its_two_sides_only(session: Session) -> None:
    buyer, stranger = make.make_owner(session), make.make_owner(session)
    acting, vendor = seller(session)
    listing = make_listing(session, buyer)
    first = bids.place(session, acting, listing.id, vendor.id, "80")
    assert bids.place(session, acting, listing.id, vendor.id, "75", days=2).id == first.id
    assert [bid.amount for bid in queries.listing(session, buyer, listing.id).bids] == ["$75.00"]
    assert queries.listing(session, stranger, listing.id).bids == []
    bids.award(session, buyer, listing.id, first.id)
    with pytest.raises(NotFound):
        queries.listing(session, stranger, listing.id)
    with pytest.raises(NotFound):
        bids.withdraw(session, stranger, first.id)


@pytest.mark.parametrize(
    ("price", "said"), [("100", "within the budget"), ("150", "over the budget"), ("170", "over the budget")]
)
def test_a_bid_over_the_budget_says_so(session: Session, price: str, said: str) -> None:
    buyer = make.make_owner(session)
    acting, vendor = seller(session, base_rate=None)
    listing = make_listing(session, buyer, budget_max=Decimal(100))
    bids.place(session, acting, listing.id, vendor.id, price)
    (row,) = queries.listing(session, buyer, listing.id).bids
    assert (row.over_budget, [one.said for one in row.parts if "budget" in one.said]) == (price != "100", [said])


@pytest.mark.parametrize(
    ("who", "amount", "refusal"), [("buyer", "80", DomainError), ("seller", "0", Invalid), ("seller", "1.005", Invalid)]
)
def test_what_is_no_bid_is_refused(session: Session, who: str, amount: str, refusal: type[DomainError]) -> None:
    buyer = make.make_owner(session)
    acting, vendor = seller(session)
    mine = make_vendor(session, buyer)
    listing = make_listing(session, buyer)
    principal, chosen = (buyer, mine) if who == "buyer" else (acting, vendor)
    with pytest.raises(refusal):
        bids.place(session, principal, listing.id, chosen.id, amount)


def test_of_a_hundred_awards_at_once_one_wins(database_url: str) -> None:
    with transaction() as session:
        buyer = make.make_owner(session)
        listing = make_listing(session, buyer).id
        sellers = [seller(session) for _ in range(10)]

    def bid(number: int) -> UUID:
        acting, vendor = sellers[number % 10]
        try:
            with transaction() as session:
                return bids.place(session, acting, listing, vendor.id, str(100 + number)).id
        except Conflict:
            return uuid4()

    def award(bid_id: UUID) -> bool:
        try:
            with transaction() as session:
                bids.award(session, buyer, listing, bid_id)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(bid, range(100)))
        with transaction() as session:
            rows = session.exec(select(MarketplaceBid).where(MarketplaceBid.listing_id == listing)).all()
            assert len(rows) == 10
        assert sum(threads.map(award, [row.id for row in rows] * 10)) == 1
    with transaction() as session:
        states = [row.status for row in session.exec(select(MarketplaceBid))]
        assert (states.count(BidStatus.ACCEPTED), states.count(BidStatus.REJECTED)) == (1, 9)
        assert len(session.exec(select(Transaction)).all()) == 1


def test_the_same_function_ranks_and_explains(session: Session) -> None:
    near = seller(session, latitude=43.7, longitude=-70.3, average_rating=Decimal(5), rating_count=20)[1]
    far = seller(session, latitude=44.5, longitude=-70.3, service_radius_miles=100)[1]
    too_far = seller(session, latitude=40.7, longitude=-74.0)[1]
    other = seller(session, categories=["legal"], latitude=43.7, longitude=-70.3)[1]
    job = matching.Job("maintenance", HERE.latitude, HERE.longitude, 100, True, Decimal(100))
    found = [
        one for one in matching.rank(session, job).rows if one.vendor_id in {near.id, far.id, too_far.id, other.id}
    ]
    assert [one.vendor_id for one in found] == [near.id, far.id]
    for one in found:
        assert matching.explain(session, job, one.vendor_id) == one
        assert abs(sum(part["share"] * part["of"] for part in one.parts) - one.score) <= 1
    assert "miles away" in str(found[0].parts)


@given(*(st.integers(-most, most).map(lambda micro: micro / 1e6) for most in (89_000_000, 179_000_000) * 2))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_distances_are_those_of_a_sphere(session: Session, lat: float, lng: float, lat2: float, lng2: float) -> None:
    there = [cast(literal(one), Float(53)) for one in (lat, lng)]
    miles = session.scalar(select(miles_to(there[0], there[1], from_latitude=lat2, from_longitude=lng2)))
    a, b, c, d = (math.radians(one) for one in (lat, lng, lat2, lng2))
    cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)
    assert miles is not None
    assert abs(miles - EARTH_MILES * math.acos(max(-1.0, min(1.0, cosine)))) < 0.5


def test_the_nearest_listing_is_found_behind_hundreds_of_newer_ones(session: Session) -> None:
    buyer, reader = make.make_owner(session), make.make_owner(session)
    town, city = {"lat": 47.0, "lng": -68.0}, {"lat": 40.7, "lng": -74.0}
    oldest = make_listing(
        session, buyer, location=town, created_at=clock.utcnow() - timedelta(days=30), title="100% off_road"
    )
    for _ in range(210):
        make_listing(session, buyer, location=city)
    near = Place("", 47.1, -68.1)
    assert queries.listings(session, reader, Filter(near=near)).rows[0].id == str(oldest.id)
    assert [row.id for row in queries.listings(session, reader, Filter(near=near, within=50)).rows] == [str(oldest.id)]
    assert [row.id for row in queries.listings(session, reader, Filter(text="100% OFF_road")).rows] == [str(oldest.id)]


def test_a_vendor_is_found_by_name_behind_fifty_better_ones(session: Session) -> None:
    reader = make.make_owner(session)
    for _ in range(55):
        seller(session, average_rating=Decimal(5), rating_count=9, categories=["roof"])
    wanted = seller(session, name="Quill Roofing", average_rating=None, categories=["roof"])[1]
    for category in ("", "roof"):
        rows = queries.vendors(session, reader, Filter(text="quill ROOF", category=category)).rows
        assert [row.id for row in rows] == [str(wanted.id)]


def test_a_tool_bids_by_itself_once(session: Session) -> None:
    buyer, owner = make.make_owner(session), make.make_owner(session)
    tool = make_vendor(session, owner, user_id=None, vendor_type=VendorType.AI, base_rate=Decimal("4.50"))
    listing = make_listing(session, buyer)
    assert [automatic.bid_all(session, listing.id) for _ in range(2)] == [1, 0]
    bid = session.exec(select(MarketplaceBid).where(MarketplaceBid.vendor_id == tool.id)).one()
    assert (bid.amount, bid.is_automatic) == (Decimal("4.50"), True)


def test_only_an_operator_verifies_and_a_changed_profile_is_verified_anew(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting = make.make_owner(session)
    draft = VendorDraft("Casco", categories=["maintenance"], base_rate="95", pricing_model="hourly")
    vendor = vendors.save(session, acting, draft)
    vendors.ask_verification(session, acting, vendor.id)
    with pytest.raises(DomainError):
        vendors.verify(session, acting, vendor.id, True, "")
    monkeypatch.setattr("taskjuggler_app.domain.marketplace.vendors.is_operator", lambda principal: True)
    vendors.verify(session, make.make_owner(session), vendor.id, True, "")
    assert [row.verified for row in queries.own_vendors(session, acting)] == [True]
    vendors.save(session, acting, VendorDraft("Another name", categories=["legal"]), vendor.id)
    assert [row.verified for row in queries.own_vendors(session, acting)] == [False]
    with pytest.raises(Conflict):
        vendors.save(session, acting, draft)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Chicago", "Chicago, IL"),
        ("portland, ME", "Portland, ME"),
        ("Portland, Maine", "Portland, ME"),
        ("Portland", "Portland, OR"),
        ("12 Oak Street, Brunswick, Maine", None),
        ("12 Oak Street, Brunswick 04011", "Brunswick, ME"),
        ("Paris, France", "Paris"),
        ("Berlin, Germany", "Berlin"),
        ("43.66, -70.26", "43.660, -70.260"),
        ("Nowhere at all", None),
        ("95, 10", None),
        ("", None),
    ],
)
def test_places_are_found_without_a_network(typed: str, found: str | None) -> None:
    place = OfflineGeocoder().find(typed)
    assert (place.name if place else None) == found
