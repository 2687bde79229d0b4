"""Visitors book, move and cancel in a browser, with and without scripts; hosts see it in their calendar."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect

from taskjuggler_app.demo import story
from tests.e2e.axe import examine
from tests.e2e.conftest import Installation, eventually, sign_in

VISIT = "/book/repair-visit"
Browsers = Callable[..., BrowserContext]


def _visitor(open_browser: Browsers, **options: object) -> Page:
    return open_browser(timezone_id="America/New_York", **options).new_page()


def _to_times(page: Page, address: str = VISIT) -> None:
    page.goto(address)
    page.wait_for_selector(".book-ready .book-times button")


def _take(page: Page, place: int = -1) -> str:
    """Choose a time of the last free day; its UTC second."""
    page.locator(".book-ready .book-cell:not([disabled])").last.click()
    time = page.locator(".book-ready .book-times button").nth(place)
    second = str(time.get_attribute("data-time"))
    time.click()
    page.wait_for_selector("input[name=email]")
    return second


def _fill(page: Page, email: str) -> None:
    page.fill("input[name=name]", "Rosa Delgado")
    page.fill("input[name=email]", email)
    page.fill("[name='q:Which unit or address?']", "4B, 12 Oak Street")
    page.click("form button[type=submit]")


def test_a_visitor_books_moves_and_cancels(open_browser: Browsers, installation: Installation) -> None:
    page = _visitor(open_browser, viewport={"width": 390, "height": 844})
    _to_times(page)
    _take(page)
    _fill(page, "rosa.books@example.com")
    page.wait_for_url("**/appointment/**")
    expect(page.locator("h1")).to_have_text("Your appointment is booked")
    file = page.request.get(str(page.get_by_role("link", name="Save in your calendar").get_attribute("href")))
    assert "BEGIN:VTIMEZONE" in file.text()
    page.get_by_role("link", name="Choose another time").click()
    page.wait_for_selector(".book-ready .book-times button")
    page.locator(".book-ready .book-cell:not([disabled])").last.click()
    page.locator(".book-ready .book-times button").first.click()
    page.get_by_role("button", name="Move it here").click()
    page.wait_for_url("**/appointment/**")
    page.get_by_role("button", name="Cancel it").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator("h1")).to_have_text("This appointment is cancelled")
    query = "SELECT status, sequence FROM appointments WHERE guest_email = 'rosa.books@example.com'"
    assert installation.rows(query) == [("cancelled", 2)]
    mails = "SELECT count(*) FROM outbox_messages WHERE to_address = 'rosa.books@example.com'"
    assert eventually(lambda: installation.rows(mails)[0][0] != 0)


def test_without_scripts_a_plain_form_books(open_browser: Browsers, installation: Installation) -> None:
    page = _visitor(open_browser, java_script_enabled=False)
    page.goto(VISIT)
    expect(page.locator(".served")).to_be_hidden()
    page.fill("input[name=name]", "Sam Plain")
    page.fill("input[name=email]", "sam.plain@example.com")
    page.fill("[name='q:Which unit or address?']", "2A")
    page.locator("select[name=start]").select_option(index=20)
    page.click("button[type=submit]")
    page.wait_for_url("**/appointment/**")
    said = page.locator("main.plain-page")  # Playwright looks for neither texts nor roles inside noscript
    assert "It is booked." in said.inner_text()
    page.click("a[href*='?move=']")
    page.locator("select[name=start]").select_option(index=25)
    page.click("button[type=submit]")
    page.wait_for_url("**/appointment/**")
    page.click("form[action='/booking/cancel'] button")
    page.wait_for_load_state()
    assert "It is cancelled." in said.inner_text()
    query = "SELECT status, sequence FROM appointments WHERE guest_email = 'sam.plain@example.com'"
    assert installation.rows(query) == [("cancelled", 2)]


def test_a_time_that_one_visitor_takes_disappears_for_the_other(open_browser: Browsers) -> None:
    one, other = _visitor(open_browser), _visitor(open_browser)
    address = "/book/walk-through"
    _to_times(one, address)
    _to_times(other, address)
    other.locator(".book-ready .book-cell:not([disabled])").last.click()
    one.locator(".book-ready .book-cell:not([disabled])").last.click()
    second = one.locator(".book-ready .book-times button").last.get_attribute("data-time")
    expect(other.locator(f".book-ready [data-time='{second}']")).to_be_visible()
    one.locator(f".book-ready [data-time='{second}']").click()
    expect(other.locator(f".book-ready [data-time='{second}']")).to_have_count(0)
    one.get_by_role("button", name="Other times").click()
    expect(other.locator(f".book-ready [data-time='{second}']")).to_be_visible()


def test_the_times_are_there_before_any_script_and_an_early_press_is_not_lost(open_browser: Browsers) -> None:
    page = _visitor(open_browser)
    html = page.request.get(VISIT).text()
    assert html.index('class="served"') < html.index('data-served="[data-time=')
    waiting: list[Route] = []
    page.route("**/assets/entry.client*", lambda route: waiting.append(route))
    page.goto(VISIT, wait_until="commit")
    early = page.locator(".served .book-times a").first
    early.wait_for()
    page.wait_for_function("() => document.querySelector('script[src*=\"app.js\"]')")
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/js/app.js'))"
    )
    early.click()
    for one in waiting:
        one.continue_()
    page.wait_for_selector("input[name=email]", timeout=20_000)
    expect(page.locator(".served")).to_have_count(0)


def test_a_host_sees_and_moves_an_appointment(open_browser: Browsers, installation: Installation) -> None:
    page = open_browser(story.PEOPLE[0].email).pages[0]
    page.set_viewport_size({"width": 1440, "height": 1600})  # the whole month in sight: nothing scrolls while dragging
    page.goto("/calendar")
    page.get_by_text("Month", exact=True).first.click()
    page.wait_for_selector(".cal-cell .cal-block.is-appointment")
    block = page.locator(".cal-block.is-appointment[draggable=true]").last
    appointment = block.get_attribute("data-drag-id")
    query = "SELECT sequence, start_time FROM appointments WHERE id = %s"
    before = installation.rows(query, appointment)[0]
    target = page.locator(".cal-cell").last
    block.drag_to(target)
    assert eventually(lambda: installation.rows(query, appointment)[0] != before)
    assert installation.rows(query, appointment)[0][0] == 1


def test_hours_types_and_codes(open_browser: Browsers, installation: Installation) -> None:
    page = open_browser(story.PEOPLE[0].email).pages[0]
    page.goto("/calendar/hours")
    page.fill("input[name=sat]", "10:00-12:00, 13:00-14:00")
    page.get_by_role("button", name="Save").click()
    week = "SELECT weekly -> 'sat' FROM host_schedules s JOIN users u ON u.id = s.user_id WHERE u.email = %s"
    saved = [["10:00", "12:00"], ["13:00", "14:00"]]
    assert eventually(lambda: installation.rows(week, story.PEOPLE[0].email)[0][0] == saved)
    page.goto("/calendar/types")
    page.get_by_role("button", name="QR code").first.click()
    expect(page.get_by_alt_text("QR code of the booking page")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Own hours").first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("input[name=day]").fill("2027-01-02")
    dialog.locator("input[name=starts]").fill("09:00")
    dialog.locator("input[name=ends]").fill("11:00")
    dialog.locator("select[name=repeats]").select_option("week")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_text("FREQ=WEEKLY;BYDAY=SA")).to_be_visible()


def test_no_page_of_booking_has_a_violation(open_browser: Browsers, installation: Installation) -> None:
    page = open_browser(bypass_csp=True, reduced_motion="reduce").new_page()
    ((host,),) = installation.rows("SELECT public_slug FROM host_schedules ORDER BY created_at LIMIT 1")
    problems = [problem for path in (VISIT, f"/host/{host}") for problem in examine(page, path)]
    sign_in(page, story.PEOPLE[0].email)
    pages = ("/calendar", "/calendar/upcoming", "/calendar/types", "/calendar/hours")
    problems += [problem for path in pages for problem in examine(page, path)]
    assert problems == []
