"""Reading sites, scans and issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Integer, case, cast, func
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Page, ordered_page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.sitehealth import (
    Issue,
    IssueCategory,
    IssuePlace,
    IssueStatus,
    Scan,
    ScanStatus,
    ScheduledScan,
    Severity,
    Site,
)

LISTED = 200
_ORDER = case({severity.value: place for place, severity in enumerate(Severity)}, value=col(Issue.severity), else_=9)


@dataclass
class SiteRow:
    """A site on the dashboard; `score` is "" until a scan is done."""

    id: str = ""
    name: str = ""
    url: str = ""
    score: str = ""
    trend: list[int] = field(default_factory=list)
    open_issues: int = 0
    serious: int = 0
    last_scan_at: str = ""
    next_scan_at: str = ""
    is_scanning: bool = False
    categories: list[tuple[str, int]] = field(default_factory=list)
    skipped_at: str = ""


@dataclass
class ScanRow:
    """The newest scan of a site, running or not."""

    id: str = ""
    status: str = ""
    pages_scanned: int = 0
    total_pages: int = 0
    current_url: str = ""
    issue_count: int = 0
    new_issues: int = 0
    fixed_issues: int = 0
    error: str = ""
    completed_at: str = ""
    score: int = 0
    categories: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class IssueRow:
    """An issue in the list and on its page."""

    id: str = ""
    severity: str = ""
    category: str = ""
    status: str = ""
    check: str = ""
    title: str = ""
    message: str = ""
    why: str = ""
    source: str = ""
    page_url: str = ""
    selector: str = ""
    html: str = ""
    wcag: str = ""
    places: int = 0
    needs_review: bool = False
    fix_code: str = ""
    fix_explanation: str = ""
    fix_confidence: int = 0
    task_id: str = ""
    regressed: bool = False
    first_seen_at: str = ""
    reason: str = ""
    shot: str = ""
    verified: bool = False
    written_by: str = ""
    checking: bool = False
    checked_at: str = ""
    path: str = ""


@dataclass
class PlaceRow:
    """One place of an issue."""

    page_url: str = ""
    selector: str = ""
    message: str = ""


def get(session: Session, principal: Principal, site_id: int, *, lock: bool = False) -> Site:
    """One site of the workspace. NotFound if it is not theirs."""
    query = select(Site).where(Site.id == site_id, Site.team_id == principal.team_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound
    return found


def running(session: Session, site_id: int) -> Scan | None:
    """The scan of the site that waits or runs."""
    open_ = (ScanStatus.PENDING, ScanStatus.RUNNING)
    return session.exec(select(Scan).where(Scan.site_id == site_id, col(Scan.status).in_(open_))).first()


def sites(session: Session, principal: Principal, cursor: str = "", size: int | None = None) -> Page[SiteRow]:
    """The workspace's sites by name; all of them without a size. Invalid for a strange cursor."""
    query = select(Site).where(Site.team_id == principal.team_id)
    found = ordered_page(session, query, (col(Site.name), col(Site.id)), cursor, size)
    return Page([_site(session, row[0]) for row in found.rows], found.next_cursor)


def site(session: Session, principal: Principal, site_id: int) -> SiteRow:
    """One site as the dashboard shows it."""
    return _site(session, get(session, principal, site_id))


def latest_scan(session: Session, principal: Principal, site_id: int) -> ScanRow:
    """The newest scan of the site; empty when there is none."""
    get(session, principal, site_id)
    scan = session.exec(select(Scan).where(Scan.site_id == site_id).order_by(col(Scan.id).desc())).first()
    if scan is None:
        return ScanRow()
    return ScanRow(
        id=str(scan.id),
        status=scan.status.value,
        pages_scanned=scan.pages_scanned,
        total_pages=scan.total_pages or 0,
        current_url=scan.current_url or "",
        issue_count=scan.issue_count,
        new_issues=scan.new_issues,
        fixed_issues=scan.fixed_issues,
        error=scan.error or "",
        completed_at=_iso(scan.completed_at),
        score=scan.health_score,
        categories=in_order(scan.category_scores),
    )


def issues(
    session: Session,
    principal: Principal,
    site_id: int,
    *,
    status: str = "open",
    category: str = "",
    severity: str = "",
    check: str = "",
    page: str = "",
    cursor: str = "",
    size: int = LISTED,
) -> Page[IssueRow]:
    """The site's issues that the filters leave, worst first. Invalid for a strange cursor."""
    get(session, principal, site_id)
    query = select(Issue).where(Issue.site_id == site_id)
    for column, value in (
        (Issue.status, status),
        (Issue.category, category),
        (Issue.severity, severity),
        (Issue.check_id, check),
    ):
        if value:
            query = query.where(col(column) == value)
    if page:
        there = select(IssuePlace.issue_id).where(IssuePlace.page_url == page)
        query = query.where(col(Issue.id).in_(there))
    keys = (_ORDER, cast(col(Issue.needs_review), Integer), -col(Issue.place_count), col(Issue.id))
    found = ordered_page(session, query, keys, cursor, size)
    return Page([_issue(row[0]) for row in found.rows], found.next_cursor)


def issue(session: Session, principal: Principal, issue_id: int) -> IssueRow:
    """One issue of the workspace. NotFound."""
    return _issue(issue_and_site(session, principal, issue_id)[0])


def places(session: Session, principal: Principal, issue_id: int) -> list[PlaceRow]:
    """Where the issue stands."""
    issue_and_site(session, principal, issue_id)
    found = session.exec(select(IssuePlace).where(IssuePlace.issue_id == issue_id).order_by(col(IssuePlace.id)))
    return [PlaceRow(place.page_url, place.selector or "", place.message) for place in found.all()[:LISTED]]


def issue_and_site(session: Session, principal: Principal, issue_id: int) -> tuple[Issue, Site]:
    """An issue of the workspace with its site. NotFound."""
    found = session.exec(
        select(Issue, Site)
        .join(Site, col(Site.id) == col(Issue.site_id))
        .where(Issue.id == issue_id, Site.team_id == principal.team_id)
    ).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def in_order(scores: Mapping[str, int] | None) -> list[tuple[str, int]]:
    """The categories' scores, in the order in which people read them."""
    return [(one.value, (scores or {})[one.value]) for one in IssueCategory if one.value in (scores or {})]


def _site(session: Session, site: Site) -> SiteRow:
    site_id = int(site.id or 0)
    done = session.exec(
        select(Scan.health_score, Scan.category_scores)
        .where(Scan.site_id == site_id, Scan.status == ScanStatus.COMPLETED)
        .order_by(col(Scan.id).desc())
        .limit(12)
    ).all()
    open_ = (Issue.site_id == site_id, Issue.status == IssueStatus.OPEN)
    serious = col(Issue.severity).in_((Severity.CRITICAL, Severity.HIGH)) & ~col(Issue.needs_review)
    counts = session.exec(select(func.count(), func.count().filter(serious)).select_from(Issue).where(*open_)).one()
    following = session.exec(
        select(func.min(ScheduledScan.next_scan_at), func.max(ScheduledScan.skipped_at)).where(
            ScheduledScan.site_id == site_id, col(ScheduledScan.is_active)
        )
    ).one()
    return SiteRow(
        id=str(site_id),
        name=site.name,
        url=site.url,
        score=str(done[0][0]) if done else "",
        trend=[score for score, _ in reversed(done)],
        categories=in_order(done[0][1]) if done else [],
        open_issues=counts[0],
        serious=counts[1],
        last_scan_at=_iso(site.last_scan_at),
        next_scan_at=_iso(following[0]),
        skipped_at=_iso(following[1]),
        is_scanning=running(session, site_id) is not None,
    )


def _issue(found: Issue) -> IssueRow:
    return IssueRow(
        id=str(found.id),
        severity=found.severity.value,
        category=found.category.value,
        status=found.status.value,
        check=found.check_id,
        title=found.title,
        message=found.message,
        why=found.why,
        source=found.source,
        page_url=found.page_url,
        selector=found.selector or "",
        html=found.html_context or "",
        wcag=", ".join(str(one) for one in found.wcag_criteria or []),
        places=found.place_count,
        needs_review=found.needs_review,
        fix_code=found.fix_code or "",
        fix_explanation=found.fix_explanation or "",
        fix_confidence=found.fix_confidence or 0,
        task_id=str(found.task_id or ""),
        regressed=found.regressed_at is not None,
        first_seen_at=_iso(found.first_seen_at),
        reason=found.reason or "",
        shot=f"/data/sites/issues/{found.id}.png" if found.shot_key else "",
        verified=found.fix_verified_at is not None,
        written_by=found.fix_written_by,
        checking=found.recheck_asked_at is not None,
        checked_at=_iso(found.checked_at),
        path=urlsplit(found.page_url).path or "/",
    )


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
