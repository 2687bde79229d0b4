"""What a running scan writes: its start, each page, and at the end the issues, matched with those known."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.sitehealth import fingerprint, fixes, issues, report
from taskjuggler_app.domain.sitehealth.checks import Check, Finding, Place
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import (
    Issue,
    IssueCategory,
    IssuePlace,
    IssueStatus,
    Scan,
    ScanPage,
    ScanStatus,
    Severity,
    Site,
)

PLACES = 400
SCORE_DROP = 5
"""Points by which the health score must fall before people are told."""


@dataclass(frozen=True)
class Started:
    """A scan that may run: its site, and the pages that a killed run has judged already."""

    site: Site
    done: list[str]


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
    done = session.exec(select(ScanPage.url).where(ScanPage.scan_id == scan_id)).all()
    return Started(site, list(done))


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
        live.publish(session, topics.site(scan.site_id), topics.sites(site.team_id))


def finish(session: Session, scan_id: int, site_findings: Sequence[Finding], *, stopped: bool) -> None:
    """Match what was found with the known issues, score the site, tell people of what is new or worse."""
    scan = session.get(Scan, scan_id, with_for_update=True)
    site = session.get(Site, scan.site_id) if scan else None
    if scan is None or site is None or scan.status is not ScanStatus.RUNNING:
        return
    pages = session.exec(select(ScanPage).where(ScanPage.scan_id == scan_id)).all()
    findings = [*(_finding(row, kept.url) for kept in pages for row in kept.findings), *site_findings]
    read = {kept.url for kept in pages if not kept.error}
    if stopped or not read:
        fail(session, scan_id, "Cancelled." if stopped else "No page of the site could be read.")
        return
    before = _last_score(session, scan)
    scored = report.scored(findings, len(read))
    fresh = _match(session, site, scan, findings, read)
    scan.status, scan.completed_at, scan.current_url = ScanStatus.COMPLETED, clock.utcnow(), None
    scan.health_score = round(scored.overall)
    scan.category_scores = {category.value: round(value) for category, value in scored.categories.items()}
    scan.issue_count, scan.new_issues = len({fingerprint.of(finding) for finding in findings}), len(fresh)
    site.last_scan_at = scan.completed_at
    session.add_all([scan, site])
    dropped = before is not None and before - scan.health_score >= SCORE_DROP
    serious = [issue for issue in fresh if issue.severity in (Severity.CRITICAL, Severity.HIGH)]
    if before is not None and (serious or dropped):
        _alert(session, site, scan, serious, before)
    live.publish(session, topics.site(scan.site_id), topics.sites(site.team_id))


def _match(session: Session, site: Site, scan: Scan, findings: Sequence[Finding], read: set[str]) -> list[Issue]:
    """Write issues and places: new, persisting, regressed; fixed where a read page lacks it. Gives the new."""
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[fingerprint.of(finding)].append(finding)
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
        issue.scan_id, issue.place_count = int(scan.id or 0), len(places)
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


def _finding(row: dict[str, Any], url: str) -> Finding:
    check, place = dict(row["check"]), dict(row["place"])
    check |= {
        "category": IssueCategory(check["category"]),
        "severity": Severity(check["severity"]),
        "wcag": tuple(check["wcag"]),
    }
    place["severity"] = Severity(place["severity"]) if place["severity"] else None
    return Finding(Check(**check), Place(**place), url)
