"""Reading a site as a whole: its settings, its scans, its worst pages, groups of issues, two scans side by side."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import case, func
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.sitehealth import keeping, queries, sites
from taskjuggler_app.domain.sitehealth.checks import Finding
from taskjuggler_app.domain.sitehealth.keeping import path_of
from taskjuggler_app.domain.sitehealth.score import WEIGHT
from taskjuggler_app.models.sitehealth import (
    Issue,
    IssuePlace,
    IssueStatus,
    Scan,
    ScanPage,
    ScanStatus,
    ScheduledScan,
    Severity,
    Site,
)

SCANS, WORST, GROUPS, CHANGES, PAGES = 30, 8, 100, 100, 200


@dataclass
class Settings:
    """How a site is scanned, for its form. The secret itself is never shown."""

    url: str = ""
    name: str = ""
    max_pages: str = "50"
    timezone: str = "UTC"
    auth_type: str = "none"
    has_secret: bool = False
    include: str = ""
    exclude: str = ""
    checks: list[str] = field(default_factory=list)
    task_severity: str = ""
    task_doer: str = ""
    schedule: str = ""
    cron: str = ""
    skipped_at: str = ""
    shared_path: str = ""


@dataclass
class Figure:
    """A named figure of a chart: its value and how it reads."""

    label: str = ""
    value: float = 0
    text: str = ""
    key: str = ""


@dataclass
class ScanLine:
    """A scan in the list of a site's scans."""

    id: str = ""
    status: str = ""
    at: str = ""
    score: int = 0
    pages: int = 0
    issues: int = 0
    new: int = 0
    fixed: int = 0
    error: str = ""


@dataclass
class Group:
    """Open issues that share a check or a page."""

    key: str = ""
    name: str = ""
    severity: str = ""
    issues: int = 0
    places: int = 0


@dataclass
class LossLine:
    """What one check cost its category in a scan."""

    category: str = ""
    check: str = ""
    severity: str = ""
    pages: int = 0
    points: str = ""
    title: str = ""


@dataclass
class PageLine:
    """A page that a scan looked at."""

    url: str = ""
    status: int = 0
    error: str = ""
    seconds: str = ""
    findings: int = 0


@dataclass
class ScanView:
    """One scan with where its points went and its pages."""

    id: str = ""
    status: str = ""
    at: str = ""
    score: int = 0
    error: str = ""
    categories: list[tuple[str, int]] = field(default_factory=list)
    pages_scanned: int = 0
    issue_count: int = 0
    new_issues: int = 0
    fixed_issues: int = 0
    losses: list[LossLine] = field(default_factory=list)
    pages: list[PageLine] = field(default_factory=list)


@dataclass
class Change:
    """An issue that one of two scans has and the other not."""

    severity: str = ""
    category: str = ""
    title: str = ""
    page_url: str = ""


@dataclass
class Comparison:
    """Two scans of a site, side by side."""

    score_before: int = 0
    score_after: int = 0
    new: list[Change] = field(default_factory=list)
    gone: list[Change] = field(default_factory=list)
    same: int = 0
    new_count: int = 0
    gone_count: int = 0


def settings_of(session: Session, principal: Principal, site_id: int) -> Settings:
    """The site's settings."""
    site = queries.get(session, principal, site_id)
    planned = session.exec(select(ScheduledScan).where(ScheduledScan.site_id == site_id)).first()
    secret = sites.shared_secret(site) if principal.is_admin else ""
    return Settings(
        url=site.url,
        name=site.name,
        max_pages=str(site.max_pages or 50),
        timezone=site.timezone,
        auth_type=site.auth_type.value,
        has_secret=bool(site.secret),
        include="\n".join(str(one) for one in site.include),
        exclude="\n".join(str(one) for one in site.exclude),
        checks=[str(one) for one in site.checks or []],
        task_severity=site.task_severity or "",
        task_doer=site.task_doer or "",
        schedule=planned.schedule_type.value if planned else "",
        cron=str((planned.schedule_config or {}).get("cron", "")) if planned else "",
        skipped_at=planned.skipped_at.isoformat() if planned and planned.skipped_at else "",
        shared_path=f"/reports/{secret}" if secret else "",
    )


def scans(session: Session, principal: Principal, site_id: int) -> list[ScanLine]:
    """The site's scans, newest first."""
    queries.get(session, principal, site_id)
    found = session.exec(select(Scan).where(Scan.site_id == site_id).order_by(col(Scan.id).desc()).limit(SCANS)).all()
    return [_line(scan) for scan in found]


def worst_pages(session: Session, principal: Principal, site_id: int) -> list[Figure]:
    """The pages with the most and gravest open issues; value is the sum of the severities' weights."""
    queries.get(session, principal, site_id)
    weight = case({severity.value: value for severity, value in WEIGHT.items()}, value=col(Issue.severity), else_=0.0)
    total, count = func.sum(weight), func.count(func.distinct(Issue.id))
    rows = session.exec(
        select(IssuePlace.page_url, total, count)
        .join(Issue, col(Issue.id) == col(IssuePlace.issue_id))
        .where(Issue.site_id == site_id, Issue.status == IssueStatus.OPEN, ~col(Issue.needs_review))
        .group_by(IssuePlace.page_url)
        .order_by(total.desc())
        .limit(WORST)
    ).all()
    return [Figure(path_of(url), float(value), f"{number} issues", url) for url, value, number in rows]


def groups(session: Session, principal: Principal, site_id: int, by: str, status: str = "open") -> list[Group]:
    """The site's issues by check or by page, gravest first."""
    queries.get(session, principal, site_id)
    gravest = func.min(case({one.value: n for n, one in enumerate(Severity)}, value=col(Issue.severity), else_=9))
    where = [col(Issue.site_id) == site_id, *([col(Issue.status) == status] if status else [])]
    count, places = func.count(func.distinct(col(Issue.id))), func.count(col(IssuePlace.id))
    key, name = (
        (col(Issue.check_id), func.min(Issue.title)) if by == "check" else (col(IssuePlace.page_url), func.min(""))
    )
    rows = session.execute(
        sa.select(key, name, gravest, count, places)
        .join(IssuePlace, col(IssuePlace.issue_id) == col(Issue.id))
        .where(*where)
        .group_by(key)
        .order_by(gravest, count.desc())
        .limit(GROUPS)
    ).all()
    order = list(Severity)
    return [Group(k, str(n) if by == "check" else path_of(k), order[g].value, c, p) for k, n, g, c, p in rows]


def scan(session: Session, principal: Principal, site_id: int, scan_id: int) -> ScanView:
    """One scan of the site. NotFound."""
    found = scan_of(session, principal, site_id, scan_id)
    count = func.jsonb_array_length(ScanPage.findings)
    rows = session.execute(
        sa.select(col(ScanPage.url), col(ScanPage.status), col(ScanPage.error), col(ScanPage.seconds), count)
        .where(col(ScanPage.scan_id) == scan_id)
        .order_by(count.desc(), col(ScanPage.id))
        .limit(PAGES)
    ).all()
    named = sa.select(col(Issue.check_id), func.min(Issue.title)).where(col(Issue.site_id) == site_id)
    titles = {check: str(title) for check, title in session.execute(named.group_by(col(Issue.check_id))).all()}
    line = _line(found)
    return ScanView(
        **{name: getattr(line, name) for name in ("id", "status", "at", "score", "error")},
        categories=queries.in_order(found.category_scores),
        pages_scanned=found.pages_scanned,
        issue_count=found.issue_count,
        new_issues=found.new_issues,
        fixed_issues=found.fixed_issues,
        losses=[
            LossLine(**{**one, "points": f"{one['points']:.1f}"}, title=titles.get(one["check"], one["check"]))
            for one in found.losses[:40]
            if one["points"] >= 0.05
        ],
        pages=[
            PageLine(url, status, error or "", f"{took:.1f} s", number) for url, status, error, took, number in rows
        ],
    )


def comparison(session: Session, principal: Principal, site_id: int, older_id: int, newer_id: int) -> Comparison:
    """What came and went between two finished scans of the site. NotFound."""
    older, newer = (scan_of(session, principal, site_id, one) for one in (older_id, newer_id))
    changed = keeping.compare(keeping.read(session, older), keeping.read(session, newer))
    return Comparison(
        score_before=older.health_score,
        score_after=newer.health_score,
        new=[_change(one) for one in changed.new[:CHANGES]],
        gone=[_change(one) for one in changed.gone[:CHANGES]],
        same=changed.same,
        new_count=len(changed.new),
        gone_count=len(changed.gone),
    )


def scan_of(session: Session, principal: Principal, site_id: int, scan_id: int) -> Scan:
    """A scan of a site of the workspace. NotFound."""
    queries.get(session, principal, site_id)
    found = session.get(Scan, scan_id)
    if found is None or found.site_id != site_id:
        raise NotFound
    return found


def newest(session: Session, site: Site) -> Scan:
    """The site's newest finished scan. NotFound."""
    found = session.exec(
        select(Scan).where(Scan.site_id == site.id, Scan.status == ScanStatus.COMPLETED).order_by(col(Scan.id).desc())
    ).first()
    if found is None:
        raise NotFound("No scan of the site is finished yet.")
    return found


def _line(found: Scan) -> ScanLine:
    return ScanLine(
        id=str(found.id),
        status=found.status.value,
        at=(found.completed_at or found.started_at).isoformat(),
        score=found.health_score,
        pages=found.pages_scanned,
        issues=found.issue_count,
        new=found.new_issues,
        fixed=found.fixed_issues,
        error=found.error or "",
    )


def _change(one: Finding) -> Change:
    return Change(one.severity.value, one.check.category.value, one.check.title, path_of(one.page_url))
