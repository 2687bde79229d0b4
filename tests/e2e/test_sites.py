"""The sites area in a browser: issues become tasks, reasons are kept, settings, a shared report, axe on every page."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from taskjuggler_app.demo import story
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation


def open_demo_site(page: Page) -> None:
    page.goto("/sites")
    page.click(f".site-card .site-name:has-text('{story.WORKSPACE}')")
    page.wait_for_selector(".issue-table")


def test_issues_are_chosen_and_become_tasks(installation: Installation, maya: Page) -> None:
    open_demo_site(maya)
    maya.click("input[aria-label^='Choose Use a button']")  # the server ticks it: check() would not wait for that
    maya.wait_for_selector(".issue-chosen:has-text('1 chosen')")
    maya.click(".issue-chosen button:has-text('Make tasks')")
    maya.click("#issues-task button[type=submit]")
    maya.wait_for_selector(".toast:has-text('1 tasks made')")
    titles = installation.rows("SELECT title FROM tasks WHERE title LIKE %s", "Use a button%")
    assert len(titles) == 1


def test_no_problem_takes_a_reason(installation: Installation, maya: Page) -> None:
    open_demo_site(maya)
    maya.click("a.issue-title:has-text('jquery'), a.issue-title:has-text('Update libraries')")
    maya.wait_for_selector("h2:has-text('What is wrong')")
    maya.click("button:has-text('Not a problem')")
    maya.fill("#issue-false-reason", "Not reachable from outside.")
    maya.click("#issue-false button[type=submit]")
    maya.wait_for_selector("text=Not reachable from outside.")


def test_a_report_is_read_as_a_page_and_as_a_pdf(maya: Page) -> None:
    open_demo_site(maya)
    maya.click("a.scan-link >> nth=0")
    links = [maya.locator(f"a:has-text('{name}')").get_attribute("href") for name in ("As a page", "As PDF")]
    page, pdf = (maya.request.get(str(link)) for link in links)
    assert "Health score of 100" in page.text()
    assert (pdf.status, pdf.headers["content-type"], pdf.body()[:5]) == (200, "application/pdf", b"%PDF-")


def test_settings_keep_the_secret_to_themselves_and_the_report_is_shared(
    installation: Installation, maya: Page, open_browser: Callable[..., BrowserContext]
) -> None:
    open_demo_site(maya)
    maya.click("button:has-text('Settings')")
    maya.wait_for_selector("#site-settings[open] form")
    maya.click("#site-settings summary:has-text('Signing in')")
    maya.select_option("#site-settings select[name=auth_type]", "basic")
    maya.fill("#site-settings input[name=secret]", "maya:open sesame")
    maya.click("#site-settings button[type=submit]")
    maya.wait_for_selector(".toast:has-text('Saved')")
    stored = installation.rows("SELECT auth_type, secret FROM sites WHERE secret IS NOT NULL")
    assert [row[0] for row in stored] == ["basic"]
    assert "sesame" not in str(stored[0][1])
    maya.click(".menu-trigger[title=More]")
    maya.click("button:has-text('Share the report')")
    maya.click("#site-share button:has-text('Make a link')")
    path = maya.locator("#site-share code").inner_text()
    guest = open_browser().new_page()
    guest.goto(path)
    guest.wait_for_selector(f"h1:has-text('{story.WORKSPACE}')")
    maya.click("#site-share button:has-text('Withdraw')")
    maya.wait_for_selector("#site-share button:has-text('Make a link')")
    answer = guest.goto(path)
    assert answer is not None
    assert answer.status == 404


def test_no_page_of_the_sites_has_a_violation(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(story.PEOPLE[0].email, bypass_csp=True, reduced_motion="reduce").pages[0]
    problems = examine(page, "/sites")
    open_demo_site(page)
    problems += examine(page, page.url)
    links = [page.locator(one).first.get_attribute("href") for one in ("a.issue-title", "a.scan-link")]
    assert problems + [problem for link in links for problem in examine(page, str(link))] == []
