"""Issues from scan to scan: new, fixed, back again, ignored; their task goes with them; schedules are claimed once."""

from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Forbidden, NotFound
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.sitehealth import issues, queries, recording, sites, watching
from taskjuggler_app.domain.sitehealth.checks import PAGE_CHECKS, Finding, Place
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import Issue, IssueStatus, ScanStatus, ScheduledScan, Site, SiteAuth
from taskjuggler_app.models.tasks import Task, TaskStatus
from tests import factories

URL = "https://shop.example/"
PROBLEM = Finding(PAGE_CHECKS["fake-button"][0], Place("#buy", '<div id="buy">Buy</div>', "No button."), URL)


@pytest.fixture
def owner(session: Session) -> Principal:
    return factories.make_owner(session)


@pytest.fixture
def site(session: Session, owner: Principal) -> Site:
    return sites.create(session, owner, SiteDraft(URL, auth_type=SiteAuth.BEARER, secret="the token of the shop"))


def scanned(session: Session, owner: Principal, site: Site, *found: Finding) -> None:
    scan_id = int(sites.start_scan(session, owner, int(site.id or 0)).id or 0)
    assert recording.begin(session, scan_id) is not None
    assert recording.page(session, scan_id, Visit(URL, status=200), found, 1)
    recording.finish(session, scan_id, [], stopped=False)


def only(session: Session) -> Issue:
    return session.exec(select(Issue)).one()


def test_an_issue_is_new_then_fixed_then_back_and_its_task_goes_with_it(
    session: Session, owner: Principal, site: Site
) -> None:
    scanned(session, owner, site, PROBLEM)
    task = issues.make_task(session, owner, int(only(session).id or 0))
    with pytest.raises(Conflict):
        issues.make_task(session, owner, int(only(session).id or 0))
    scanned(session, owner, site)
    assert only(session).status is IssueStatus.FIXED
    assert session.exec(select(Task.status).where(Task.id == task.id)).one() is TaskStatus.COMPLETED
    scanned(session, owner, site, PROBLEM)
    assert only(session).status is IssueStatus.OPEN
    assert only(session).regressed_at is not None
    assert session.exec(select(Task.status).where(Task.id == task.id)).one() is TaskStatus.PENDING


def test_an_ignored_issue_stays_ignored(session: Session, owner: Principal, site: Site) -> None:
    scanned(session, owner, site, PROBLEM)
    issues.set_status(session, owner, [int(only(session).id or 0)], IssueStatus.FALSE_POSITIVE, "it is decoration")
    scanned(session, owner, site, PROBLEM)
    assert only(session).status is IssueStatus.FALSE_POSITIVE
    assert only(session).reason == "it is decoration"


def test_the_same_finding_on_many_places_is_one_issue(session: Session, owner: Principal, site: Site) -> None:
    places = [replace(PROBLEM, place=replace(PROBLEM.place, selector=f"li:nth-of-type({n}) > div")) for n in range(9)]
    scanned(session, owner, site, *places)
    assert only(session).place_count == 9
    assert len(queries.places(session, owner, int(only(session).id or 0))) == 9


def test_a_secret_is_not_stored_in_clear(session: Session, site: Site) -> None:
    assert "token" not in str(site.secret)
    assert sites.secret_of(site) == "the token of the shop"


def test_a_killed_scan_goes_on_after_its_pages_and_a_cancelled_one_stops(
    session: Session, owner: Principal, site: Site
) -> None:
    scan = sites.start_scan(session, owner, int(site.id or 0))
    scan_id = int(scan.id or 0)
    recording.begin(session, scan_id)
    recording.page(session, scan_id, Visit(URL, status=200), [PROBLEM], 2)
    again = recording.begin(session, scan_id)
    assert again is not None
    assert [visit.url for visit in again.done] == [URL]
    with pytest.raises(Conflict):
        sites.start_scan(session, owner, int(site.id or 0))
    sites.cancel_scan(session, owner, int(site.id or 0))
    assert not recording.page(session, scan_id, Visit(URL + "b", status=200), [], 2)
    recording.finish(session, scan_id, [], stopped=True)
    assert scan.status is ScanStatus.FAILED


def test_a_due_site_is_scanned_once(session: Session, owner: Principal, site: Site) -> None:
    sites.set_schedule(session, owner, int(site.id or 0), "daily")
    row = session.exec(select(ScheduledScan)).one()
    row.next_scan_at = clock.utcnow()
    session.add(row)
    assert sites.claim_due(session, clock.utcnow()) == 1
    assert sites.claim_due(session, clock.utcnow()) == 0
    assert queries.running(session, int(site.id or 0)) is not None


def test_strangers_see_nothing_and_members_add_nothing(session: Session, owner: Principal, site: Site) -> None:
    stranger = factories.make_owner(session)
    with pytest.raises(NotFound):
        queries.site(session, stranger, int(site.id or 0))
    member = Principal(owner.user_id, owner.team_id, Role.MEMBER, Door.WEB)
    with pytest.raises(Forbidden):
        sites.create(session, member, SiteDraft(URL))
    assert session.exec(select(Site).where(col(Site.team_id) == stranger.team_id)).all() == []


def test_findings_are_shown_as_they_arrive_and_no_longer_when_the_scan_is_over(
    session: Session, owner: Principal, site: Site
) -> None:
    site_id = int(site.id or 0)
    scan_id = int(sites.start_scan(session, owner, site_id).id or 0)
    assert watching.arriving(session, owner, site_id) == []
    recording.begin(session, scan_id)
    recording.page(session, scan_id, Visit(URL, status=200), [PROBLEM, replace(PROBLEM, page_url=URL)], 3)
    looked_at = replace(PROBLEM, place=replace(PROBLEM.place, needs_review=True), page_url=f"{URL}tea?kind=green")
    recording.page(session, scan_id, Visit(looked_at.page_url, status=200), [looked_at], 3)
    newest, before = watching.arriving(session, owner, site_id)
    assert (newest.path, newest.needs_review) == ("/tea?kind=green", True)
    assert (before.title, before.severity, before.path, before.places) == (PROBLEM.check.title, "high", "/", "2 places")
    with pytest.raises(NotFound):
        watching.arriving(session, factories.make_owner(session), site_id)
    recording.finish(session, scan_id, [], stopped=False)
    assert watching.arriving(session, owner, site_id) == []
