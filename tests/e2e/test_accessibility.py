"""No page has a violation that axe-core finds, in light or dark, on a desktop or a phone; none scrolls sideways."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from taskjuggler_app.demo import story
from tests.e2e.axe import examine
from tests.e2e.conftest import sign_in

GUEST_PAGES = ("/sign-in", "/second-step", "/sign-up", "/forgot", "/reset?token=x", "/verify", "/join/x", "/invited/x")
PAGES = (
    "/",
    "/inbox",
    "/tasks",
    "/rules",
    "/rules/new",
    "/rules/doctor",
    "/rules/time-machine",
    "/channels",
    "/settings",
    "/settings/security",
    "/settings/data",
)
TALK_PAGES = ("/people", "/contacts", "/messages", "/notifications", "/settings/notifications")
TASK_PAGES = ("/tasks/board", "/tasks/calendar", "/tasks/projects", "/tasks/processes", "/tasks/bin")
MARKET_PAGES = (
    "/marketplace",
    "/marketplace/new",
    "/marketplace/vendor",
    "/marketplace/payments",
    "/marketplace/desk",
    "/marketplace/tools",
)
OFFICE_PAGES = ("/approvals", "/settings/plan", "/settings/operations")
REPORT_PAGES = ("/monday", *(f"/dashboards/{name}" for name in ("inbox", "tasks", "marketplace", "sites", "calendar")))
TALK_ROWS = (("/contacts", "a.rule-name"), ("/messages", ".talk-person .row-link"))
TASK_ROWS = (("/tasks/projects", ".project-tile .row-link"),)


def test_no_page_has_a_violation(open_browser: Callable[..., BrowserContext]) -> None:
    context = open_browser(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    problems = [problem for path in GUEST_PAGES for problem in examine(page, path)]
    sign_in(page, story.PEOPLE[0].email)
    paths = PAGES + TASK_PAGES + TALK_PAGES + MARKET_PAGES + OFFICE_PAGES + REPORT_PAGES
    problems += [problem for path in paths for problem in examine(page, path)]
    for path, row in (("/inbox", ".inbox-row .row-link"), ("/tasks", ".task-row .row-link"), *TALK_ROWS, *TASK_ROWS):
        page.goto(path)
        page.wait_for_selector(row)
        address = page.locator(row).first.get_attribute("href")
        problems += examine(page, str(address))
    assert problems == []
