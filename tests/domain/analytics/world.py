"""A workspace where a little of everything happened at random, over the change of New York's clocks."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import folding
from taskjuggler_app.domain.receptionist.extraction.values import Category
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import SourceType, TaskStatus, User
from taskjuggler_app.models.appointments import Appointment, AppointmentStatus, busy_range
from taskjuggler_app.models.marketplace import BidStatus, ListingStatus, MarketplaceBid
from taskjuggler_app.models.receptionist import InboxItem, ProcessingStatus
from taskjuggler_app.models.sitehealth import (
    Issue,
    IssueCategory,
    IssueStatus,
    Scan,
    ScanStatus,
    Severity,
    Site,
)
from tests import factories as make
from tests.factories import money

MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
"""The Monday after New York's clocks went forward."""
WEEK = {"from": "2026-03-02", "to": "2026-03-08"}
MINUTES = 21 * 24 * 60


def world(session: Session, seed: int) -> Principal:
    """The owner of the workspace; everything is folded."""
    chance = random.Random(seed)
    owner = make.make_owner(session)
    session.get_one(User, owner.user_id).timezone = "America/New_York"
    people = [owner, make.make_colleague(session, owner)]
    made = _tasks(session, chance, people)
    _messages(session, chance, owner, made)
    _appointments(session, chance, people)
    _listings(session, chance, owner)
    _sites(session, chance, owner)
    session.commit()
    folding.rebuild(session, owner.team_id)
    session.commit()
    return owner


def _at(chance: random.Random) -> datetime:
    return MONDAY - timedelta(minutes=chance.randrange(MINUTES))


def _tasks(session: Session, chance: random.Random, people: list[Principal]) -> list[UUID]:
    made = []
    for number in range(45):
        when, who = _at(chance), chance.choice(people)
        assert who.user_id is not None
        source = chance.choice([None, SourceType.SMS, SourceType.EMAIL])
        doer = chance.choice([None, who.user_id])
        due = chance.choice([None, MONDAY + timedelta(hours=chance.randrange(-300, 40))])
        with clock.at(when):
            draft = TaskDraft(f"Work {number}", who.user_id, owner_id=doer, source_type=source, due_date=due)
            task = tasks.create(session, people[0], draft)
            session.commit()
        made.append(task.id)
        then = when
        for status in chance.choice([(), (TaskStatus.COMPLETED,), (TaskStatus.COMPLETED, TaskStatus.PENDING)]):
            then += timedelta(minutes=chance.randrange(1, 4000))
            with clock.at(min(then, MONDAY)):
                tasks.change_status(session, people[0], task.id, status)
                session.commit()
    return made


def _messages(session: Session, chance: random.Random, owner: Principal, made: list[UUID]) -> None:
    channel = make.make_channel(session, owner)
    for task_id in chance.sample(made, 30):
        was_read = chance.random() < 0.8
        values = {
            "received_at": _at(chance),
            "source_type": chance.choice([SourceType.SMS, SourceType.EMAIL, SourceType.PHONE]),
            "processing_status": chance.choice([ProcessingStatus.COMPLETED, ProcessingStatus.FAILED]),
            "routed_to_task_id": task_id if chance.random() < 0.5 else None,
            "extracted_data": {"category": {"value": chance.choice(list(Category)).value}} if was_read else None,
        }
        item: InboxItem = make.make_item(session, channel, **values)
        item.thread_id = item.id


def _appointments(session: Session, chance: random.Random, people: list[Principal]) -> None:
    kind = make.make_type(session, people[0])
    for number in range(25):
        start = MONDAY - timedelta(minutes=30 * (1 + number * 40 + chance.randrange(30)))
        host = chance.choice(people).user_id
        assert host is not None
        session.add(
            Appointment(
                appointment_type_id=kind.id,
                team_id=people[0].team_id,
                host_id=host,
                start_time=start,
                end_time=start + timedelta(minutes=30),
                busy=busy_range(start, start + timedelta(minutes=30)),
                status=chance.choice([one for one in AppointmentStatus if one is not AppointmentStatus.HELD]),
                guest_name=f"Guest {number}",
            )
        )


def _listings(session: Session, chance: random.Random, owner: Principal) -> None:
    vendor = money.make_vendor(session, make.make_owner(session))
    for number in range(12):
        when = _at(chance)
        given = when + timedelta(minutes=chance.randrange(1, 3000))
        listing = money.make_listing(session, owner, title=f"Job {number}")
        listing.created_at, listing.status = when, chance.choice(list(ListingStatus))
        if listing.status in (ListingStatus.ASSIGNED, ListingStatus.COMPLETED):
            listing.assigned_at, listing.delivered_at = given, chance.choice([None, given + timedelta(hours=1)])
        for _ in range(chance.randrange(3)):
            session.add(
                MarketplaceBid(
                    listing_id=listing.id,
                    vendor_id=vendor.id,
                    amount=Decimal(50),
                    status=BidStatus.WITHDRAWN,
                    created_at=when + timedelta(minutes=chance.randrange(3000)),
                )
            )


def _sites(session: Session, chance: random.Random, owner: Principal) -> None:
    assert owner.user_id is not None
    for name in ("Shop", "Blog"):
        site = Site(team_id=owner.team_id, user_id=owner.user_id, name=name, url=f"https://{name.lower()}.example.com")
        session.add(site)
        session.flush()
        assert site.id is not None
        for when in sorted(_at(chance) for _ in range(6)):
            scan = Scan(site_id=site.id, status=ScanStatus.COMPLETED, started_at=when, completed_at=when)
            scan.health_score = chance.randrange(30, 100)
            session.add(scan)
            session.flush()
            _issues(session, chance, site.id, scan)


def _issues(session: Session, chance: random.Random, site_id: int, scan: Scan) -> None:
    assert scan.id is not None
    for _ in range(4):
        status = chance.choice(list(IssueStatus))
        issue = Issue(
            site_id=site_id,
            scan_id=scan.id,
            category=chance.choice(list(IssueCategory)),
            severity=chance.choice(list(Severity)),
            status=status,
            title="A problem",
            message="It is so.",
            page_url="https://example.com/",
            fingerprint=uuid4().hex,
            check_id="x",
            first_seen_at=scan.started_at,
        )
        issue.fixed_at = _at(chance) if status is IssueStatus.FIXED else None
        issue.regressed_at = chance.choice([None, _at(chance)]) if status is IssueStatus.OPEN else None
        session.add(issue)
