"""The demo workspace's web sites with their scans, as the scanner would have written them, and a task from an issue."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.demo import story
from taskjuggler_app.domain.sitehealth import issues, recording, sites
from taskjuggler_app.domain.sitehealth.checks import PAGE_CHECKS, SITE_CHECKS, Check, Finding, Place
from taskjuggler_app.domain.sitehealth.checks.axe import PLAIN
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.domain.sitehealth.visit import Visit
from taskjuggler_app.models.sitehealth import Issue, IssueCategory, IssueStatus, Scan, Severity

HOME = "https://www.demo.example.com/"
SHOP = "https://shop.demo.example.com/"
PATHS = ("", "services", "services/plumbing", "services/electrical", "services/roofing", "prices", "about", "team",
         "contact", "news", "news/winter-checklist", "imprint")  # fmt: skip


def _axe(id_: str, severity: Severity, why: str, wcag: str) -> Check:
    rules = f"axe-core: https://dequeuniversity.com/rules/axe/4.14/{id_}"
    return Check(id_, IssueCategory.ACCESSIBILITY, severity, PLAIN[id_], why, rules, (wcag,))


_RULES = {
    "image-alt": _axe("image-alt", Severity.CRITICAL, "Who does not see the image is told nothing of it.", "1.1.1"),
    "label": _axe("label", Severity.CRITICAL, "Who does not see the field does not learn what to type.", "4.1.2"),
    "color-contrast": _axe("color-contrast", Severity.HIGH,
                           "Pale text cannot be read in sunlight or with tired eyes.", "1.4.3"),
    "link-name": _axe("link-name", Severity.HIGH, "The link is read as nothing.", "2.4.4"),
}  # fmt: skip
Row = tuple[str, str, str, str, str, dict[str, Any]]
_NAV = '<a href="#" class="menu-toggle"><i class="icon-bars"></i></a>'
_PALE = {"fg": "#9aa5b1", "bg": "#ffffff", "ratio": 2.5, "wanted": "4.5:1"}
FIRST: tuple[Row, ...] = (
    ("", "image-alt", "#hero > img", '<img src="/img/van.jpg" class="hero">', "It has no alternative.", {}),
    ("", "lcp", "#hero > img", "", "The largest element appears after 3.1 s.", {}),
    ("", "unsized-images", "#hero > img", '<img src="/img/van.jpg" class="hero">',
     "It has no width and height (1600 by 900 px).", {"width": 1600, "height": 900}),
    ("contact", "label", "#request > input:nth-of-type(2)", '<input name="phone">', "It has no label.", {}),
    ("contact", "form-over-http", "#request", '<form id="request" action="http://www.demo.example.com/send">',
     "The form is sent over plain HTTP.", {}),
    ("prices", "table-no-headings", "main > table", '<table class="prices">',
     "None of its cells is a heading (th).", {}),
    ("services/roofing", "broken-link", "main > a:nth-of-type(3)", '<a href="/services/gutters">Gutters</a>',
     f"{HOME}services/gutters answers 404.", {}),
    ("news", "generic-link-text", "article:nth-of-type(1) > a", '<a href="/news/winter-checklist">Read more</a>',
     "“Read more” does not say where the link goes.", {}),
    ("team", "fake-button", "#more", '<div id="more" class="btn">Show everybody</div>',
     "It reacts to clicks, but the keyboard does not reach it.", {}),
    ("", "vulnerable-js", "", "jquery 1.12.4", "jquery 1.12.4: scripts in HTML (CVE-2020-11022, CVE-2020-11023).", {}),
    *((path, "color-contrast", "footer > p", '<p class="small">© Demo</p>', "2.5:1, wanted 4.5:1.", _PALE)
      for path in PATHS),
    *((path, "link-name", ".menu-toggle", _NAV, "It has no text.", {}) for path in PATHS),
    *((path, "csp-missing", "", "", "There is no Content-Security-Policy.", {}) for path in PATHS),
    *((path, "nosniff", "", "", "X-Content-Type-Options: nosniff is missing.", {}) for path in PATHS),
    *((path, "meta-description", "head", "", "The description is empty or missing.", {}) for path in PATHS[4:]),
)  # fmt: skip
REPAIRED = frozenset(("label", "form-over-http", "link-name", "broken-link"))
SECOND: tuple[Row, ...] = (
    *(row for row in FIRST if row[1] not in REPAIRED),
    ("news/winter-checklist", "alt-is-filename", "main > img", '<img src="/img/IMG_2214.jpg" alt="IMG_2214.jpg">',
     "The alternative is a file name: “IMG_2214.jpg”.", {}),
)  # fmt: skip
OTHER: tuple[Row, ...] = (
    ("", "hsts", "", "", "Strict-Transport-Security is missing.", {}),
    ("", "link-new-window", "footer > a", '<a href="https://maps.example.org" target="_blank">Map</a>',
     "It opens a new window and does not say so.", {}),
    ("basket", "title-missing", "title", "", "The title is empty or missing.", {}),
)  # fmt: skip


def load(session: Session, owner: Principal, now: datetime) -> None:
    """Two sites with their scans; one issue has a task."""
    main = sites.create(session, owner, SiteDraft(HOME, f"{story.WORKSPACE} web site", 50, story.ZONE))
    shop = sites.create(session, owner, SiteDraft(SHOP, "Spare parts shop", 20, story.ZONE))
    _scan(session, int(main.id or 0), HOME, PATHS, FIRST, now - timedelta(days=9))
    _scan(session, int(shop.id or 0), SHOP, ("", "basket", "delivery"), OTHER, now - timedelta(days=2))
    grave = session.exec(select(Issue).where(Issue.site_id == main.id, Issue.check_id == "image-alt")).one()
    issues.make_task(session, owner, int(grave.id or 0))
    known = session.exec(select(Issue).where(Issue.site_id == main.id, Issue.check_id == "nosniff")).one()
    issues.set_status(session, owner, [int(known.id or 0)], IssueStatus.IGNORED, "The host sets it next month.")
    _scan(session, int(main.id or 0), HOME, PATHS, SECOND, now - timedelta(hours=20))


def _scan(
    session: Session, site_id: int, base: str, paths: tuple[str, ...], rows: tuple[Row, ...], at: datetime
) -> None:
    """A finished scan at that time."""
    with clock.at(at):
        scan = Scan(site_id=site_id, started_at=at)
        session.add(scan)
        session.flush()
        scan_id = int(scan.id or 0)
        recording.begin(session, scan_id)
        for path in paths:
            found = [_finding(base, row) for row in rows if row[0] == path and row[1] not in SITE_CHECKS]
            visit = Visit(base + path, base + path, 200, seconds=1.2 + len(path) / 20)
            recording.page(session, scan_id, visit, found, len(paths))
        whole = [_finding(base, row) for row in rows if row[1] in SITE_CHECKS]
        recording.finish(session, scan_id, whole, stopped=False)


def _finding(base: str, row: Row) -> Finding:
    path, id_, selector, html, message, data = row
    check = _RULES.get(id_) or (PAGE_CHECKS.get(id_) or SITE_CHECKS[id_])[0]
    return Finding(check, Place(selector, html, message, data=data), base + path)
