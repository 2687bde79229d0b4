"""A scan while it runs: what its newest pages brought."""

from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.sitehealth import queries
from taskjuggler_app.domain.sitehealth.keeping import kept_finding, path_of
from taskjuggler_app.models.sitehealth import ScanPage, Severity

PAGES, SHOWN = 6, 12


@dataclass
class Arrived:
    """A check that found something on a page just now: how often, and whether it is only for a person to look at."""

    severity: str = ""
    category: str = ""
    title: str = ""
    path: str = ""
    places: str = ""
    needs_review: bool = False


def arriving(session: Session, principal: Principal, site_id: int) -> list[Arrived]:
    """What the running scan of the site found last, newest page first, gravest first in a page; [] when none runs."""
    queries.get(session, principal, site_id)
    scan = queries.running(session, site_id)
    if scan is None:
        return []
    newest = session.exec(
        select(ScanPage).where(ScanPage.scan_id == scan.id).order_by(col(ScanPage.id).desc()).limit(PAGES)
    )
    found = [one for page in newest for one in _of_page(page)]
    return found[:SHOWN]


def _of_page(page: ScanPage) -> list[Arrived]:
    findings = [kept_finding(row, page.url) for row in page.findings]
    counts = Counter(one.check.id for one in findings)
    once = {one.check.id: one for one in reversed(findings)}
    order = list(Severity)
    ranked = sorted(once.values(), key=lambda one: (one.place.needs_review, order.index(one.severity)))
    return [
        Arrived(
            severity=one.severity.value,
            category=one.check.category.value,
            title=one.check.title,
            path=path_of(page.url),
            places="" if counts[one.check.id] == 1 else f"{counts[one.check.id]} places",
            needs_review=one.place.needs_review,
        )
        for one in ranked
    ]
