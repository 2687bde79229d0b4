"""Findings as they are kept with a scan, and scans read back from them: for reports and comparisons."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from taskjuggler_app.domain.sitehealth import fingerprint
from taskjuggler_app.domain.sitehealth.checks import Check, Finding, Place
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import IssueCategory, Scan, ScanPage, Severity


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished scan as it was: what was found, and on which pages it looked."""

    findings: list[Finding]
    visits: list[Visit]


@dataclass(frozen=True, slots=True)
class Changed:
    """What two scans do not share, one finding for each issue; only pages that both read are compared."""

    new: list[Finding]
    gone: list[Finding]
    same: int


def kept_finding(row: dict[str, Any], url: str) -> Finding:
    """A finding from its stored form."""
    check, place = dict(row["check"]), dict(row["place"])
    check |= {
        "category": IssueCategory(check["category"]),
        "severity": Severity(check["severity"]),
        "wcag": tuple(check["wcag"]),
    }
    place["severity"] = Severity(place["severity"]) if place["severity"] else None
    return Finding(Check(**check), Place(**place), url)


def read(session: Session, scan: Scan) -> Kept:
    """The scan's findings and pages."""
    pages = session.exec(select(ScanPage).where(ScanPage.scan_id == scan.id).order_by(col(ScanPage.id))).all()
    findings = [kept_finding(row, page.url) for page in pages for row in page.findings]
    findings += [kept_finding(row, str(row["page_url"])) for row in scan.site_findings]
    visits = [Visit(page.url, page.url, page.status, error=page.error or "", seconds=page.seconds) for page in pages]
    return Kept(findings, visits)


def compare(older: Kept, newer: Kept) -> Changed:
    """What came and what went between two scans of a site."""
    both = _read_pages(older) & _read_pages(newer)
    before, after = _by_issue(older.findings, both), _by_issue(newer.findings, both)
    return Changed(
        [finding for mark, finding in after.items() if mark not in before],
        [finding for mark, finding in before.items() if mark not in after],
        len(before.keys() & after.keys()),
    )


def path_of(url: str) -> str:
    """An address without what all pages of a site share."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read_pages(kept: Kept) -> set[str]:
    return {visit.url for visit in kept.visits if not visit.error}


def _by_issue(findings: Iterable[Finding], pages: set[str]) -> dict[str, Finding]:
    return {fingerprint.of(one): one for one in findings if one.page_url in pages}
