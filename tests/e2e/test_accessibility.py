"""No page has a violation that axe-core finds, in light or dark, on a desktop or a phone; none scrolls sideways."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.conftest import sign_in

GUEST_PAGES = ("/sign-in", "/sign-up", "/forgot", "/reset?token=x", "/verify", "/join/x", "/invited/x")
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
OFFICE_PAGES = ("/monday", "/approvals", "/settings/plan")
TALK_ROWS = (("/contacts", "a.rule-name"), ("/messages", ".talk-person .row-link"))
TASK_ROWS = (("/tasks/projects", ".project-tile .row-link"),)
AXE = Path(sys.prefix) / "tools" / "node_modules" / "axe-core" / "axe.min.js"
"""Installed by scripts/install.sh."""
DESKTOP, PHONE = (1440, 900), (390, 844)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_has_a_violation(
    open_browser: Callable[..., BrowserContext], scheme: str, size: tuple[int, int]
) -> None:
    width, height = size
    context = open_browser(
        viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    problems = [problem for path in GUEST_PAGES for problem in examine(page, path, width)]
    sign_in(page, story.PEOPLE[0].email)
    paths = PAGES + TASK_PAGES + TALK_PAGES + MARKET_PAGES + OFFICE_PAGES
    problems += [problem for path in paths for problem in examine(page, path, width)]
    for path, row in (("/inbox", ".inbox-row .row-link"), ("/tasks", ".task-row .row-link"), *TALK_ROWS, *TASK_ROWS):
        page.goto(path)
        page.wait_for_selector(row)
        address = page.locator(row).first.get_attribute("href")
        problems += examine(page, str(address), width)
    assert problems == []


def examine(page: Page, path: str, width: int) -> list[str]:
    """One line for each violation on the page, once its content is there."""
    page.goto(path)
    page.wait_for_selector("main h1")
    page.wait_for_function("!document.querySelector('.skeleton')")
    page.wait_for_timeout(150)
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run()")
    lines = [
        f"{path}: {violation['id']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    scrolled = page.evaluate("document.documentElement.scrollWidth")
    return [*lines, f"{path}: {scrolled} px wide"] if scrolled > width else lines
