"""Which issues are to be looked at again, and which fixes are still to be tried."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from taskjuggler_app.domain.sitehealth import fingerprint, fixes, keeping, writing
from taskjuggler_app.domain.sitehealth.checks import SITE_CHECKS, Finding
from taskjuggler_app.domain.understanding import calls
from taskjuggler_app.models.sitehealth import Issue, IssuePlace, IssueStatus, Scan, ScanStatus, Severity, Site

PAGES, MOST = 20, 20
MEASURED = frozenset(("lcp", "cls", "tbt", "fcp", "ttfb", "unused-code", "unminified", "source-map"))
"""Checks that read what only the measured first page of a scan has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An issue to look at again: on which pages, and with what of the scan."""

    site: Site
    fingerprint: str
    pages: list[str]
    whole_site: bool
    measured: bool


@dataclass(frozen=True, slots=True)
class Unproven:
    """Findings of the newest scan whose fix or picture is wanted, by issue. `writes`: a language model may be asked."""

    site: Site
    findings: list[tuple[int, Finding]]
    writes: bool = False


def asked(session: Session, issue_id: int) -> Asked | None:
    """What looking again at the issue takes; None when it is gone."""
    issue = session.get(Issue, issue_id)
    site = session.get(Site, issue.site_id) if issue else None
    if issue is None or site is None:
        return None
    listed = session.exec(
        select(IssuePlace.page_url).where(IssuePlace.issue_id == issue_id).order_by(col(IssuePlace.id)).limit(400)
    ).all()
    pages = list(dict.fromkeys([issue.page_url, *listed]))[:PAGES]
    return Asked(site, issue.fingerprint, pages, issue.check_id in SITE_CHECKS, issue.check_id in MEASURED)


def unproven(session: Session, site_id: int) -> Unproven | None:
    """The gravest open issues of the newest scan that have no proof or no picture yet."""
    site = session.get(Site, site_id)
    scan = session.exec(
        select(Scan).where(Scan.site_id == site_id, Scan.status == ScanStatus.COMPLETED).order_by(col(Scan.id).desc())
    ).first()
    if site is None or scan is None:
        return None
    writes = calls.is_on(session, site.team_id)
    untried = col(Issue.fix_verified_at).is_(None) & col(Issue.shot_key).is_(None)
    unwritten = col(Issue.check_id).in_(writing.KINDS) & (Issue.fix_written_by == "")
    query = select(Issue).where(Issue.site_id == site_id, Issue.status == IssueStatus.OPEN)
    rows = session.exec(query.where(untried | unwritten if writes else untried))
    waiting = {one.fingerprint: one for one in rows}
    chosen: dict[str, Finding] = {}
    for finding in keeping.read(session, scan).findings:
        mark = fingerprint.of(finding)
        if (
            mark in waiting
            and mark not in chosen
            and (finding.place.selector or (writes and writing.of_head(finding.check.id)))
        ):
            chosen[mark] = finding
    order = list(Severity)

    def rank(mark: str) -> tuple[bool, int]:
        fix = fixes.propose(chosen[mark])
        asked = writes and chosen[mark].check.id in writing.KINDS
        return not (asked or (fix and fix.sets)), order.index(chosen[mark].severity)

    marks = sorted(chosen, key=rank)[:MOST]
    return Unproven(site, [(int(waiting[mark].id or 0), chosen[mark]) for mark in marks], writes)
