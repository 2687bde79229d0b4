"""Every check of a scan; importing this registers them."""

from collections.abc import Iterable, Iterator

from taskjuggler_app.domain.sitehealth.checks import (
    a11y_forms,
    a11y_keyboard,
    a11y_language,
    a11y_links,
    a11y_media,
    a11y_tables,
    a11y_text,
    axe,
    performance,
    security,
    seo,
    site,
)
from taskjuggler_app.domain.sitehealth.checks.registry import (
    PAGE_CHECKS,
    SITE_CHECKS,
    Check,
    Finding,
    Place,
    run_page,
    run_site,
)
from taskjuggler_app.domain.sitehealth.visit import SiteFacts, Visit
from taskjuggler_app.models.sitehealth import IssueCategory

__all__ = ["ALL", "PAGE_CHECKS", "SITE_CHECKS", "Check", "Finding", "Place", "judge"]
_REGISTERED = (
    a11y_forms, a11y_keyboard, a11y_language, a11y_links, a11y_media, a11y_tables, a11y_text, performance, security, seo,
    site,
)  # fmt: skip
ALL = frozenset(IssueCategory)


def judge(visits: list[Visit], facts: SiteFacts, wanted: Iterable[IssueCategory] = ALL) -> Iterator[Finding]:
    """Every finding on every page of a scan, in the order of the pages."""
    categories = frozenset(wanted)
    for visit in visits:
        if IssueCategory.ACCESSIBILITY in categories:
            yield from axe.findings(visit)
        yield from run_page(visit, categories)
    yield from run_site(visits, facts, categories)
