"""No page has a violation that axe-core finds, in light or dark, on a desktop or a phone; none scrolls sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.axe import examine
from tests.e2e.conftest import sign_in

GUEST_PAGES = ("/sign-in", "/second-step", "/sign-up", "/forgot", "/reset?token=x", "/verify", "/join/x", "/invited/x")
PAGES = {
    "work": (
        "/",
        "/inbox",
        "/tasks",
        *(f"/tasks/{one}" for one in ("board", "calendar", "projects", "processes", "bin")),
    ),
    "rules": ("/rules", "/rules/new", "/rules/doctor", "/rules/time-machine", "/channels", "/approvals"),
    "talk": ("/people", "/contacts", "/messages", "/notifications"),
    "market": ("/marketplace", *(f"/marketplace/{one}" for one in ("new", "vendor", "payments", "desk", "tools"))),
    "reports": ("/monday", *(f"/dashboards/{one}" for one in ("inbox", "tasks", "marketplace", "sites", "calendar"))),
    "network": ("/network", "/network/delegation", "/network/deliveries"),
    "settings": (
        "/settings",
        *(f"/settings/{one}" for one in ("security", "data", "notifications", "ai", "keys", "plan", "webhooks")),
        *(f"/settings/{one}" for one in ("audit", "outbox", "operations")),
    ),
}
ROWS = (
    ("/inbox", ".inbox-row .row-link"),
    ("/tasks", ".task-row .row-link"),
    ("/contacts", "a.rule-name"),
    ("/messages", ".talk-person .row-link"),
    ("/tasks/projects", ".project-tile .row-link"),
    ("/network", ".actor-row .rule-name"),
)


@pytest.fixture
def page(open_browser: Callable[..., BrowserContext]) -> Page:
    """A browser into which axe may be put."""
    return open_browser(bypass_csp=True, reduced_motion="reduce").new_page()


def test_no_page_for_guests_has_a_violation(page: Page) -> None:
    assert [problem for path in GUEST_PAGES for problem in examine(page, path)] == []


@pytest.mark.parametrize("area", list(PAGES))
def test_no_page_has_a_violation(page: Page, area: str) -> None:
    sign_in(page, story.PEOPLE[0].email)
    assert [problem for path in PAGES[area] for problem in examine(page, path)] == []


def test_no_page_of_one_thing_has_a_violation(page: Page) -> None:
    sign_in(page, story.PEOPLE[0].email)
    problems = []
    for path, row in ROWS:
        page.goto(path)
        page.wait_for_selector(row)
        problems += examine(page, str(page.locator(row).first.get_attribute("href")))
    assert problems == []
