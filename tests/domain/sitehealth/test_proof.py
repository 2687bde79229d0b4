"""Looking again at one issue, fixes proven, tasks by rule, shared reports, two scans compared."""

from decimal import Decimal

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.errors import Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.marketplace import automatic, bids
from taskjuggler_app.domain.sitehealth import fixes, issues, overview, proving, queries, recording, sites
from taskjuggler_app.domain.sitehealth.checks import PAGE_CHECKS, Finding, Place
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.models.marketplace import MarketplaceBid, MarketplaceListing, VendorType
from taskjuggler_app.models.sitehealth import Issue, IssueStatus, Scan, ScheduledScan, Site
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from tests import factories
from tests.factories.money import make_vendor

URL = "https://shop.example/"
GRAVE = Finding(PAGE_CHECKS["fake-button"][0], Place("#buy", '<div id="buy">Buy</div>', "No button."), URL)
SMALL = Finding(PAGE_CHECKS["accesskey"][0], Place("#a", '<a id="a" accesskey="k" href="/">A</a>', "It has one."), URL)


@pytest.fixture
def owner(session: Session) -> Principal:
    return factories.make_owner(session)


@pytest.fixture
def site(session: Session, owner: Principal) -> Site:
    return sites.create(session, owner, SiteDraft(URL, task_severity="high"))


def scanned(session: Session, owner: Principal, site: Site, *found: Finding) -> int:
    scan_id = int(sites.start_scan(session, owner, int(site.id or 0)).id or 0)
    recording.begin(session, scan_id)
    recording.page(session, scan_id, Visit(URL, status=200), found, 1)
    recording.finish(session, scan_id, [], stopped=False)
    return scan_id


def issue_of(session: Session, check: str) -> Issue:
    return session.exec(select(Issue).where(Issue.check_id == check)).one()


def test_a_rule_makes_tasks_of_new_grave_issues_only(session: Session, owner: Principal, site: Site) -> None:
    scanned(session, owner, site, GRAVE, SMALL)
    assert issue_of(session, "fake-button").task_id is not None
    assert issue_of(session, "accesskey").task_id is None
    scanned(session, owner, site, GRAVE, SMALL)
    assert len(session.exec(select(Task)).all()) == 1


def test_looking_again_closes_the_task_or_brings_it_back(session: Session, owner: Principal, site: Site) -> None:
    scanned(session, owner, site, GRAVE)
    issue = issue_of(session, "fake-button")
    issue_id = int(issue.id or 0)
    issues.recheck(session, owner, issue_id)
    assert queries.issue(session, owner, issue_id).checking
    issues.looked_again(session, issue_id, None)
    assert issue.status is IssueStatus.OPEN
    issues.looked_again(session, issue_id, found=False)
    task = session.exec(select(Task)).one()
    assert (issue.status, task.status) == (IssueStatus.FIXED, TaskStatus.COMPLETED)
    issues.looked_again(session, issue_id, found=True)
    assert (issue.status, task.status) == (IssueStatus.OPEN, TaskStatus.PENDING)


def test_a_task_called_done_comes_back_when_the_issue_is_still_there(
    session: Session, owner: Principal, site: Site
) -> None:
    from taskjuggler_app.domain.tasks import service as tasks

    scanned(session, owner, site, GRAVE)
    task = session.exec(select(Task)).one()
    tasks.change_status(session, owner, task.id, TaskStatus.COMPLETED)
    issues.looked_again(session, int(issue_of(session, "fake-button").id or 0), found=True)
    assert task.status is TaskStatus.PENDING


def test_only_a_proven_fix_is_surer_than_79(session: Session, owner: Principal, site: Site) -> None:
    scanned(session, owner, site, SMALL)
    wanted = proving.unproven(session, int(site.id or 0))
    assert wanted is not None
    ((issue_id, finding),) = wanted.findings
    fix = fixes.propose(finding)
    assert fix is not None
    assert fix.sets == (("accesskey", None),)
    assert "accesskey" not in fix.code
    assert (issue_of(session, "accesskey").fix_confidence or 0) < fixes.PROVEN
    issues.proven(session, issue_id, holds=True, shot_key="issue-shot-1-abc.png")
    assert (issue_of(session, "accesskey").fix_confidence or 0) >= fixes.PROVEN
    assert proving.unproven(session, int(site.id or 0)) == proving.Unproven(site, [])


def test_two_scans_say_what_came_and_what_went(session: Session, owner: Principal, site: Site) -> None:
    first, second = scanned(session, owner, site, GRAVE), scanned(session, owner, site, SMALL)
    found = overview.comparison(session, owner, int(site.id or 0), first, second)
    assert [one.title for one in found.new] == [SMALL.check.title]
    assert [one.title for one in found.gone] == [GRAVE.check.title]
    assert found.score_after > found.score_before
    shown = overview.scan(session, owner, int(site.id or 0), second)
    assert [(loss.check, loss.title) for loss in shown.losses] == [("accesskey", SMALL.check.title)]


def test_a_report_is_shared_by_a_secret_that_can_be_withdrawn(session: Session, owner: Principal, site: Site) -> None:
    site_id = int(site.id or 0)
    secret = sites.share(session, owner, site_id)
    assert sites.share(session, owner, site_id) == secret
    assert site.share_digest == crypto.digest(secret)
    assert secret not in str(site.share_sealed)
    sites.stop_sharing(session, owner, site_id)
    assert not overview.settings_of(session, owner, site_id).shared_path
    assert sites.share(session, owner, site_id) != secret
    member = Principal(owner.user_id, owner.team_id, Role.MEMBER, Door.WEB)
    with pytest.raises(Forbidden):
        sites.share(session, member, site_id)
    assert overview.settings_of(session, member, site_id).shared_path == ""


def test_no_problem_needs_a_reason_and_carries_it_on(session: Session, owner: Principal, site: Site) -> None:
    scanned(session, owner, site, GRAVE)
    issue = issue_of(session, "fake-button")
    with pytest.raises(Invalid):
        issues.set_status(session, owner, [int(issue.id or 0)], IssueStatus.FALSE_POSITIVE, " ")
    issues.set_status(session, owner, [int(issue.id or 0)], IssueStatus.FALSE_POSITIVE, "A game, not a control.")
    scanned(session, owner, site, GRAVE)
    assert (issue.status, issue.reason) == (IssueStatus.FALSE_POSITIVE, "A game, not a control.")


def test_a_planned_scan_that_meets_a_running_one_is_said_to_be_skipped(
    session: Session, owner: Principal, site: Site
) -> None:
    sites.set_schedule(session, owner, int(site.id or 0), "daily")
    row = session.exec(select(ScheduledScan)).one()
    sites.start_scan(session, owner, int(site.id or 0))
    row.next_scan_at = clock.utcnow()
    sites.claim_due(session, clock.utcnow())
    assert queries.site(session, owner, int(site.id or 0)).skipped_at
    assert len(session.exec(select(Scan)).all()) == 1


def test_groups_and_worst_pages_count_issues(session: Session, owner: Principal, site: Site) -> None:
    scanned(session, owner, site, GRAVE, SMALL)
    site_id = int(site.id or 0)
    assert [(one.key, one.issues) for one in overview.groups(session, owner, site_id, "check")] == [
        ("fake-button", 1),
        ("accesskey", 1),
    ]
    assert [(one.key, one.issues) for one in overview.groups(session, owner, site_id, "page")] == [(URL, 2)]
    assert [one.label for one in overview.worst_pages(session, owner, site_id)] == ["/"]
    with pytest.raises(NotFound):
        overview.groups(session, factories.make_owner(session), site_id, "check")


def test_a_rule_puts_its_tasks_on_the_market_where_ai_bids_and_the_proof_ends_the_work(
    session: Session, owner: Principal
) -> None:
    tool = make_vendor(session, factories.make_owner(session), vendor_type=VendorType.AI, categories=["maintenance"],
                       base_rate=Decimal(40))  # fmt: skip
    site = sites.create(session, owner, SiteDraft(URL, task_severity="high", task_doer="market"))
    scanned(session, owner, site, GRAVE)
    task = session.exec(select(Task)).one()
    listing = session.exec(select(MarketplaceListing)).one()
    assert (listing.task_id, listing.category) == (task.id, "maintenance")
    assert automatic.bid_all(session, listing.id) == 1
    bid = session.exec(select(MarketplaceBid)).one()
    bids.award(session, owner, listing.id, bid.id)
    assert task.marketplace_vendor_id == tool.id
    scanned(session, owner, site)
    assert task.status is TaskStatus.COMPLETED
    scanned(session, owner, site, GRAVE)
    assert (task.status, len(session.exec(select(Task)).all())) == (TaskStatus.PENDING, 1)


@pytest.mark.parametrize("stays", [True, False])
def test_the_tasks_of_a_rule_go_to_who_looks_after_the_site_and_to_nobody_when_they_have_left(
    session: Session, owner: Principal, stays: bool
) -> None:
    site = sites.create(session, owner, SiteDraft(URL, task_severity="high", task_doer="owner"))
    if not stays:
        session.execute(delete(TeamMember).where(col(TeamMember.user_id) == owner.user_id))
    scanned(session, owner, site, GRAVE)
    task = session.exec(select(Task)).one()
    assert task_queries.doer_id(session, task) == (owner.user_id if stays else None)
