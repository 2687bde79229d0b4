"""No page has a violation that axe-core finds, in light or dark, on a desktop or a phone; none scrolls sideways."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.core import clock
from taskjuggler_app.demo import story
from taskjuggler_app.domain.appointments import links
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation, sign_in

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
    "reports": (
        "/monday",
        "/dashboards/rows?of=work_in&from=2026-01-01&to=2026-12-31",
        *(f"/dashboards/{one}" for one in ("inbox", "tasks", "marketplace", "sites", "calendar")),
    ),
    "network": ("/network", "/network/conversations", "/network/delegation", "/network/deliveries"),
    "settings": (
        "/settings",
        *(f"/settings/{one}" for one in ("security", "data", "notifications", "ai", "keys", "plan", "webhooks")),
        *(f"/settings/{one}" for one in ("audit", "integrations", "outbox", "operations")),
    ),
}
ROWS = {
    "/inbox/[item_id]": ("/inbox", ".inbox-row .row-link"),
    "/tasks/[task_id]": ("/tasks", ".task-row .row-link"),
    "/contacts/[list_id]": ("/contacts", "a.rule-name"),
    "/messages/[person_id]": ("/messages", ".talk-person .row-link"),
    "/tasks/projects/[project_id]": ("/tasks/projects", ".project-tile .row-link"),
    "/network/[actor_id]": ("/network", ".actor-row .rule-name"),
    "/rules/[rule]": ("/rules", "a.rule-name"),
    "/marketplace/listings/[listing_id]": ("/marketplace", ".market-card h2 a"),
}
"""Pages of one thing, and where a link to one stands."""
MADE = {
    "/marketplace/vendors/[vendor_id]": "SELECT id FROM marketplace_vendors ORDER BY created_at LIMIT 1",
    "/contacts/import/[import_id]": """
        INSERT INTO contact_imports
               (id, team_id, contact_list_id, user_id, file_name, content, mapping, region, total_rows)
        SELECT gen_random_uuid(), lists.team_id, lists.id, users.id, 'people.csv',
               E'Name,Phone\\nAda,207-555-0110\\nBob,none', '{"Name": "name", "Phone": "phone"}', 'US', 2
        FROM contact_lists AS lists, users WHERE users.email = %s ORDER BY lists.created_at LIMIT 1 RETURNING id""",
    "/rules/time-machine/[run]": """
        INSERT INTO routing_runs (id, team_id, title, rules, live_rules, counts, against, status, total, done)
        SELECT gen_random_uuid(), team_id, 'As they are', '[]', '[]', '{}', 'now', 'done', 0, 0
        FROM routing_rules ORDER BY created_at LIMIT 1 RETURNING id""",
}
"""Pages of one thing that no list leads to, and the statement that gives the thing's id."""
ELSEWHERE = {
    "/calendar": "booking",
    "/calendar/upcoming": "booking",
    "/calendar/types": "booking",
    "/calendar/hours": "booking",
    "/book/[slug]": "booking",
    "/host/[slug]": "booking",
    "/sites": "sites",
    "/sites/[site_id]": "sites",
    "/sites/[site_id]/scans/[scan_id]": "sites",
    "/sites/[site_id]/issues/[issue_id]": "sites",
    "/channels/[channel_id]": "channels",
    "/simulator": "channels",
    "/ask/[slug]": "ask",
    "/vendors/[vendor_id]": "marketplace",
}
"""Pages that the tests of their own things examine: tests/e2e/test_….py."""


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


def test_no_page_of_one_thing_has_a_violation(page: Page, installation: Installation) -> None:
    sign_in(page, story.PEOPLE[0].email)
    problems = []
    for path, row in ROWS.values():
        page.goto(path)
        page.wait_for_selector(row)
        problems += examine(page, str(page.locator(row).first.get_attribute("href")))
    for route, statement in MADE.items():
        ((one,),) = installation.rows(statement, *[story.PEOPLE[0].email] * statement.count("%s"))
        problems += examine(page, route.partition("[")[0] + str(one))
    assert problems == []


def test_no_page_of_an_appointment_has_a_violation(page: Page, installation: Installation) -> None:
    ((one,),) = installation.rows("SELECT id FROM appointments ORDER BY start_time DESC LIMIT 1")
    assert examine(page, f"/appointment/{links.token(UUID(str(one)), clock.utcnow())}") == []
