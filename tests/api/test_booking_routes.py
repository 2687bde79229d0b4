"""Booking over HTTP: forms, JSON, and two hundred visitors who want the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from starlette.routing import Router
from starlette.testclient import TestClient

from taskjuggler_app.api import booking as routes
from taskjuggler_app.api import booking_pages
from taskjuggler_app.api.shell import Shell
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.appointments import feeds
from tests.factories import make_owner, make_type

JSON = {"Accept": "application/json"}
SHELL = "<html><head></head><body></body></html>"


@pytest.fixture
def browser(database_url: str) -> Iterator[TestClient]:
    limits.forget_everything()
    app = Shell(Router(routes.routes), booking_pages.FILLED, built=lambda: SHELL, public_url="http://testserver")
    with TestClient(app, follow_redirects=False) as client:
        yield client


def _made(**over: object) -> tuple[Principal, str]:
    with transaction() as session:
        owner = make_owner(session)
        return owner, make_type(session, owner, **over).booking_slug


def _form(slug: str, **over: str) -> dict[str, str]:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    return {"slug": slug, "start": tomorrow.isoformat(), "name": "Rosa", "email": "rosa@example.com", **over}


def test_of_two_hundred_attempts_at_one_time_one_succeeds_and_the_others_hear_of_the_nearest(
    browser: TestClient,
) -> None:
    _, slug = _made()

    def attempt(number: int) -> tuple[int, int]:
        answer = browser.post("/booking/book", data=_form(slug, email=f"r{number}@example.com"), headers=JSON)
        return answer.status_code, len(answer.json().get("nearest", []))

    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(attempt, range(200)))
    assert sorted(outcomes) == [(201, 0), *[(409, 3)] * 199]


def test_a_plain_form_books_and_its_link_cancels(browser: TestClient) -> None:
    _, slug = _made(cancellation_hours=1)
    page = browser.get(f"/book/{slug}").text
    assert '<form method="post" action="/booking/book"' in page
    answer = browser.post("/booking/book", data=_form(slug))
    assert answer.status_code == 303
    own = answer.headers["location"]
    assert "It is booked." in browser.get(own).text
    token = own.removeprefix("/appointment/")
    assert Calendar.from_ical(browser.get(f"/booking/invitation/{token}.ics").text)["method"] == "REQUEST"
    assert browser.post("/booking/cancel", data={"token": token}).status_code == 303
    assert "It is cancelled." in browser.get(own).text


def test_a_refusal_comes_back_to_the_page_with_what_was_typed(browser: TestClient) -> None:
    _, slug = _made()
    answer = browser.post("/booking/book", data=_form(slug, email="nobody"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/book/{slug}")
    page = browser.get(f"/book/{slug}", headers={"cookie": answer.headers["set-cookie"].partition(";")[0]}).text
    assert "not an email address" in page
    assert 'value="Rosa"' in page


def test_programs_that_fill_in_everything_book_nothing(browser: TestClient) -> None:
    _, slug = _made()
    browser.post("/booking/book", data=_form(slug, website="http://spam.example"))
    assert browser.post("/booking/book", data=_form(slug), headers=JSON).status_code == 201


def test_a_paid_type_goes_by_way_of_the_payment(browser: TestClient) -> None:
    _, slug = _made(price="45")
    own = browser.post("/booking/book", data=_form(slug)).headers["location"]
    assert "waits for your payment" in browser.get(own).text
    away = browser.post("/booking/pay", data={"token": own.removeprefix("/appointment/")}).headers["location"]
    back = browser.get(away[away.index("/booking/paid") :])
    assert back.status_code == 303
    assert "It is booked." in browser.get(back.headers["location"]).text
    assert browser.get("/booking/paid?proof=forged").status_code == 404


def test_a_feed_is_secret_and_can_be_revoked(browser: TestClient) -> None:
    owner, slug = _made()
    browser.post("/booking/book", data=_form(slug))
    with transaction() as session:
        token = feeds.new_feed(session, owner, datetime.now(UTC))
    feed = Calendar.from_ical(browser.get(f"/feeds/{token}.ics").text)
    assert [str(event["summary"]) for event in feed.walk("VEVENT")] == ["Site visit: Rosa"]
    with transaction() as session:
        feeds.revoke_feed(session, owner, datetime.now(UTC))
    assert browser.get(f"/feeds/{token}.ics").status_code == 404
