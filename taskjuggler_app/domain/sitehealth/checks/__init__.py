"""Every check of a scan; importing this registers them."""

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
from taskjuggler_app.models.sitehealth import IssueCategory

__all__ = ["ALL", "PAGE_CHECKS", "SITE_CHECKS", "Check", "Finding", "Place", "axe", "run_page", "run_site"]
_REGISTERED = (
    a11y_forms, a11y_keyboard, a11y_language, a11y_links, a11y_media, a11y_tables, a11y_text, performance, security,
    seo, site,
)  # fmt: skip
ALL = frozenset(IssueCategory)
