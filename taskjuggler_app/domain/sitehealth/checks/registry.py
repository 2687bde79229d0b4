"""The one registry of checks: pure functions from what a visit collected to the places that have the problem."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from taskjuggler_app.domain.sitehealth.visit import SiteFacts, Visit
from taskjuggler_app.models.sitehealth import IssueCategory, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """One place that has the problem. `needs_review` marks what a person has to confirm: it costs no score."""

    selector: str = ""
    html: str = ""
    message: str = ""
    needs_review: bool = False
    severity: Severity | None = None
    page_url: str = ""
    data: dict[str, Any] = field(default_factory=dict)


Found = Iterable[Place]


@dataclass(frozen=True, slots=True)
class Check:
    """What is looked for, how much it matters and why; `source` is the standard or reference behind it."""

    id: str
    category: IssueCategory
    severity: Severity
    title: str
    why: str
    source: str
    wcag: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that found something at one place of one page."""

    check: Check
    place: Place
    page_url: str

    @property
    def severity(self) -> Severity:
        """The place's own severity where it differs from the check's."""
        return self.place.severity or self.check.severity


PAGE_CHECKS: dict[str, tuple[Check, Callable[[Visit], Found]]] = {}
SITE_CHECKS: dict[str, tuple[Check, Callable[[list[Visit], SiteFacts], Found]]] = {}
PLACES_A_CHECK = 25

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW


def page_check(
    id: str,  # noqa: A002  # the word of the field
    severity: Severity,
    title: str,
    why: str,
    source: str = "",
    wcag: str = "",
    category: IssueCategory = IssueCategory.ACCESSIBILITY,
) -> Callable[[Callable[[Visit], Found]], Callable[[Visit], Found]]:
    """Register a check of single pages; `wcag` holds criteria separated by spaces."""

    def register(run: Callable[[Visit], Found]) -> Callable[[Visit], Found]:
        made = Check(id, category, severity, title, why, source or f"WCAG 2.2, {wcag}", tuple(wcag.split()))
        PAGE_CHECKS[id] = (made, run)
        return run

    return register


def site_check(
    id: str,  # noqa: A002  # the word of the field
    severity: Severity,
    title: str,
    why: str,
    source: str,
    category: IssueCategory = IssueCategory.SEO,
) -> Callable[
    [Callable[[list[Visit], SiteFacts], Found]],
    Callable[[list[Visit], SiteFacts], Found],
]:
    """Register a check over all pages of a scan and the site's own files."""

    def register(run: Callable[[list[Visit], SiteFacts], Found]) -> Callable[[list[Visit], SiteFacts], Found]:
        SITE_CHECKS[id] = (Check(id, category, severity, title, why, source), run)
        return run

    return register


def at(row: dict[str, Any], message: str, **more: Any) -> Place:
    """The place of a collected element."""
    return Place(selector=str(row.get("selector") or ""), html=str(row.get("html") or ""), message=message, **more)


def run_page(visit: Visit, categories: frozenset[IssueCategory]) -> Iterator[Finding]:
    """Every finding of the page checks on one visit."""
    if not visit.is_page:
        return
    for check, run in PAGE_CHECKS.values():
        if check.category in categories:
            for number, place in enumerate(run(visit)):
                if number == PLACES_A_CHECK:
                    break
                yield Finding(check, place, visit.url)


def run_site(visits: list[Visit], facts: SiteFacts, categories: frozenset[IssueCategory]) -> Iterator[Finding]:
    """Every finding that takes the whole site to see."""
    for check, run in SITE_CHECKS.values():
        if check.category in categories:
            for place in run(visits, facts):
                yield Finding(check, place, place.page_url or facts.asked_url or facts.start_url)
