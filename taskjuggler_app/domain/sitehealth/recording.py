"""What a running scan writes: its start, each page, and at the end the issues, matched with those known."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import delete, func, null, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.sitehealth import fingerprint, fixes, issues
from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.keeping import kept_finding
from taskjuggler_app.domain.sitehealth.score import Counted, score
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.domain.teams.queries import membership_id
from taskjuggler_app.models.sitehealth import (
    Issue,
    IssuePlace,
    IssueStatus,
    Scan,
    ScanPage,
    ScanStatus,
    Severity,
    Site,
)

PLACES = 400
TASKS_A_SCAN = 25
"""New tasks that a rule may make after one scan: a first scan must not bury people."""
SCORE_DROP = 5
"""Points by which the health score must fall before people are told."""


@dataclass
class _Tally:
    """A scan's findings by issue: how many, the first places of each, and what counts for the score."""

    counted: list[Counted] = field(default_factory=list)
    places: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    read: set[str] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        """Take one finding in."""
        mark = fingerprint.of(finding)
        self.counts[mark] += 1
        if len(self.places[mark]) < PLACES:
            self.places[mark].append(finding)
        if not finding.place.needs_review:
            check = finding.check
            self.counted.append(Counted(check.category, check.id, finding.severity, finding.page_url))


@dataclass(frozen=True)
class Started:
    """A scan that may run: its site, and the pages that a killed run has judged already."""

    site: Site
    done: list[Visit]


def begin(session: Session, scan_id: int) -> Started | None:
    """Mark the scan running. None when it is over or was cancelled."""
    scan = session.get(Scan, scan_id, with_for_update=True)
    site = session.get(Site, scan.site_id) if scan else None
    if scan is None or site is None or scan.status not in (ScanStatus.PENDING, ScanStatus.RUNNING):
        return None
    if scan.status is ScanStatus.PENDING:
        scan.status, scan.started_at = ScanStatus.RUNNING, clock.utcnow()
        session.add(scan)
    live.publish(session, topics.site(scan.site_id), topics.sites(site.team_id))
    judged = select(ScanPage.url, ScanPage.kept).where(ScanPage.scan_id == scan_id).order_by(col(ScanPage.id))
    rows = session.exec(judged.execution_options(yield_per=50))
    return Started(site, [Visit.again(url, dict(kept or {})) for url, kept in rows])


def page(session: Session, scan_id: int, visit: Visit, findings: Sequence[Finding], found: int) -> bool:
    """Keep a page that was judged. False when the scan is to stop."""
    scan = session.get(Scan, scan_id, with_for_update=True)
    site = session.get(Site, scan.site_id) if scan else None
    if scan is None or site is None:
        return False
    values = {
        "team_id": site.team_id,
        "scan_id": scan_id,
        "url": visit.url[:1000],
        "status": visit.status,
        "error": visit.error or None,
        "seconds": visit.seconds,
        "findings": [_plain(finding) for finding in findings],
        "kept": visit.kept(),
    }
    session.execute(insert(ScanPage).values(values).on_conflict_do_nothing(index_elements=["scan_id", "url"]))
    counted = session.exec(select(func.count()).select_from(ScanPage).where(ScanPage.scan_id == scan_id)).one()
    scan.pages_scanned, scan.total_pages, scan.current_url = counted, max(found, counted), visit.url[:1000]
    scan.issue_count += len({fingerprint.of(finding) for finding in findings})
    session.add(scan)
    live.publish(session, topics.site(scan.site_id))
    return scan.cancelled_at is None


def fail(session: Session, scan_id: int, why: str) -> None:
    """End a scan that cannot go on."""
    scan = session.get(Scan, scan_id, with_for_update=True)
    site = session.get(Site, scan.site_id) if scan else None
    if scan is not None and site is not None and scan.status in (ScanStatus.PENDING, ScanStatus.RUNNING):
        scan.status, scan.completed_at, scan.error, scan.current_url = ScanStatus.FAILED, clock.utcnow(), why, None
        session.add(scan)
        _let_go(session, scan_id)
        live.publish(session, topics.site(scan.site_id), topics.sites(site.team_id))


def finish(session: Session, scan_id: int, site_findings: Sequence[Finding], *, stopped: bool) -> None:
    """Match what was found with the known issues, score the site, tell people of what is new or worse."""
    scan = session.get(Scan, scan_id, with_for_update=True)
    site = session.get(Site, scan.site_id) if scan else None
    if scan is None or site is None or scan.status is not ScanStatus.RUNNING:
        return
    tally = _tallied(session, scan_id, site_findings)
    read = tally.read
    if stopped or not read:
        fail(session, scan_id, "Cancelled." if stopped else "No page of the site could be read.")
        return
    before = _last_score(session, scan)
    scored = score(tally.counted, len(read))
    fresh = _match(session, site, scan, tally)
    scan.site_findings = [{**_plain(finding), "page_url": finding.page_url} for finding in site_findings]
    scan.losses = [
        {"category": loss.category.value, "check": loss.check, "severity": loss.severity.value, "pages": loss.pages,
         "points": round(loss.points, 2)}
        for loss in scored.losses
    ]  # fmt: skip
    _tasks_by_rule(session, site, fresh)
    scan.status, scan.completed_at, scan.current_url = ScanStatus.COMPLETED, clock.utcnow(), None
    scan.health_score = round(scored.overall)
    scan.category_scores = {category.value: round(value) for category, value in scored.categories.items()}
    scan.issue_count, scan.new_issues = len(tally.places), len(fresh)
    site.last_scan_at = scan.completed_at
    session.add_all([scan, site])
    _let_go(session, scan_id)
    dropped = before is not None and before - scan.health_score >= SCORE_DROP
    serious = [issue for issue in fresh if issue.severity in (Severity.CRITICAL, Severity.HIGH)]
    if before is not None and (serious or dropped):
        _alert(session, site, scan, serious, before)
    live.publish(session, topics.site(scan.site_id), topics.sites(site.team_id))


def _let_go(session: Session, scan_id: int) -> None:
    """Nobody goes on with a scan that is over."""
    session.execute(update(ScanPage).where(col(ScanPage.scan_id) == scan_id).values(kept=null()))


def _tallied(session: Session, scan_id: int, site_findings: Sequence[Finding]) -> _Tally:
    """What the scan's pages hold, read a few at a time: thousands of them do not fit into memory at once."""
    tally = _Tally()
    pages = select(ScanPage.url, ScanPage.error, ScanPage.findings).where(ScanPage.scan_id == scan_id)
    for url, error, rows in session.exec(pages.execution_options(yield_per=50)):
        if not error:
            tally.read.add(url)
        for row in rows:
            tally.add(kept_finding(row, url))
    for finding in site_findings:
        tally.add(finding)
    return tally


def _match(session: Session, site: Site, scan: Scan, tally: _Tally) -> list[Issue]:
    """Write issues and places: new, persisting, regressed; fixed where a read page lacks it. Gives the new."""
    grouped, read = tally.places, tally.read
    rows = session.exec(select(Issue).where(Issue.site_id == scan.site_id).with_for_update()).all()
    known = {issue.fingerprint: issue for issue in rows}
    fresh: list[Issue] = []
    now, principal = clock.utcnow(), Principal.system(site.team_id)
    for mark, places in grouped.items():
        issue = known.get(mark)
        if issue is None:
            issue = _issue(scan, mark, places[0])
            fresh.append(issue)
        elif issue.status is IssueStatus.FIXED:
            issue.status, issue.regressed_at, issue.fixed_at = IssueStatus.OPEN, now, None
            fresh.append(issue)
            issues.reopen_task(session, principal, issue)
        issue.scan_id, issue.place_count = int(scan.id or 0), tally.counts[mark]
        session.add(issue)
        session.flush()
        _places(session, site, int(issue.id or 0), places)
    for mark, issue in known.items():
        if mark not in grouped and issue.status is IssueStatus.OPEN and issue.page_url in read:
            issue.status, issue.fixed_at = IssueStatus.FIXED, now
            session.add(issue)
            scan.fixed_issues += 1
            issues.close_task(session, principal, issue)
    return fresh


def _issue(scan: Scan, mark: str, finding: Finding) -> Issue:
    fix = fixes.propose(finding)
    return Issue(
        scan_id=int(scan.id or 0),
        site_id=scan.site_id,
        category=finding.check.category,
        severity=finding.severity,
        title=finding.check.title[:500],
        message=finding.place.message or finding.check.title,
        page_url=finding.page_url[:1000],
        selector=finding.place.selector[:500] or None,
        html_context=finding.place.html[:2000] or None,
        wcag_criteria=list(finding.check.wcag),
        fix_code=fix.code if fix else None,
        fix_explanation=fix.explanation if fix else None,
        fix_confidence=fix.confidence if fix else None,
        fingerprint=mark,
        check_id=finding.check.id[:100],
        why=finding.check.why[:500],
        source=finding.check.source[:300],
        needs_review=finding.place.needs_review,
    )


def _tasks_by_rule(session: Session, site: Site, fresh: Sequence[Issue]) -> None:
    """The site's rule: new issues of that severity or worse become tasks at once."""
    order = list(Severity)
    if site.task_severity in order:
        worst = order[: order.index(Severity(site.task_severity)) + 1]
        wanted = [int(one.id or 0) for one in fresh if one.severity in worst and not one.needs_review]
        # A listing is somebody's, so the rule acts for who looks after the site: an admin chose it with the rule.
        by = Principal(site.user_id, site.team_id, Role.ADMIN, Door.JOB)
        doer = site.task_doer or ""
        if doer == "owner":
            doer = str(membership_id(session, site.team_id, site.user_id) or "")
        try:
            with session.begin_nested():
                issues.make_tasks(session, by, wanted[:TASKS_A_SCAN], doer)
        except DomainError:  # who looks after the site has left: the work is nobody's yet, and not lost
            issues.make_tasks(session, Principal.system(site.team_id), wanted[:TASKS_A_SCAN])


def _places(session: Session, site: Site, issue_id: int, places: Sequence[Finding]) -> None:
    session.execute(delete(IssuePlace).where(col(IssuePlace.issue_id) == issue_id))
    session.execute(
        insert(IssuePlace),
        [
            {
                "team_id": site.team_id,
                "issue_id": issue_id,
                "page_url": one.page_url[:1000],
                "selector": one.place.selector[:500],
                "html_context": one.place.html[:500],
                "message": one.place.message or one.check.title,
            }
            for one in places[:PLACES]
        ],
    )


def _last_score(session: Session, scan: Scan) -> int | None:
    return session.exec(
        select(Scan.health_score)
        .where(Scan.site_id == scan.site_id, Scan.status == ScanStatus.COMPLETED)
        .order_by(col(Scan.id).desc())
    ).first()


def _alert(session: Session, site: Site, scan: Scan, serious: Sequence[Issue], before: int) -> None:
    """Only what is new: old problems are on the page for whoever looks."""
    if serious:
        title = f"{len(serious)} new serious issue{'s' if len(serious) > 1 else ''} on {site.name}"
        message = "; ".join(dict.fromkeys(issue.title for issue in serious[:3]))
    else:
        title, message = f"{site.name} fell from {before} to {scan.health_score}", "The last scan says why."
    notify(
        session, site.user_id, type="site_alert", title=title, message=message, link=f"/sites/{site.id}",
        dedupe_key=f"site_alert:{scan.id}", team_id=site.team_id,
    )  # fmt: skip


def _plain(finding: Finding) -> dict[str, Any]:
    return {"check": asdict(finding.check), "place": asdict(finding.place)}
