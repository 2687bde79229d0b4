"""Pages of the lists that have no time to go by: every row once and in order, also while others are added."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from limits import RateLimitItemPerMinute
from sqlmodel import Session, select
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import Place
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.appointments import taking
from taskjuggler_app.domain.contacts import service as contacts
from taskjuggler_app.domain.marketplace import queries as market
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import Appointment, AppointmentStatus, ContactList, MarketplaceListing, Scan, Site
from taskjuggler_app.models.sitehealth import Issue, IssueCategory, IssueStatus, Severity
from tests.factories import make_owner, make_type
from tests.factories.money import make_listing, make_vendor

Add = Callable[[Session, Principal, int], None]


@pytest.fixture
def owner(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Principal:
    limits.forget_everything()
    monkeypatch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
    with transaction() as session:
        return make_owner(session)


@pytest.fixture
def client(owner: Principal) -> Iterator[TestClient]:
    with transaction() as session:
        made = tokens.create(session, owner, name="Shop", abilities=list(tokens.ABILITIES), days=7)
    headers = {"Authorization": f"Bearer {made.secret}"}
    with TestClient(api.create(), headers=headers, base_url="http://testserver/api/v1/") as client:
        yield client


def _appointment(session: Session, owner: Principal, number: int) -> None:
    """Two at each time, each kept by a host of its own."""
    host = owner if number % 2 else make_owner(session)
    kind = make_type(session, owner)
    start = clock.utcnow().replace(minute=0, second=0, microsecond=0) + timedelta(hours=5 + number // 2)
    values: dict[str, Any] = {"appointment_type_id": kind.id, "team_id": owner.team_id, "host_id": host.user_id}
    session.add(Appointment(**values, **taking.times(kind, start), status=AppointmentStatus.SCHEDULED))


def _site(session: Session, owner: Principal, number: int) -> None:
    values: dict[str, Any] = {"team_id": owner.team_id, "user_id": owner.user_id, "name": f"Site „{number % 3}“ 🛠"}
    session.add(Site(**values, url=f"https://{number}.example.com/"))
    session.flush()


def _scan(session: Session, owner: Principal) -> Scan:
    found = session.exec(select(Scan)).first()
    if found is None:
        _site(session, owner, 0)
        found = Scan(site_id=session.exec(select(Site.id)).first() or 0, started_at=clock.utcnow())
        session.add(found)
        session.flush()
    return found


def _issue(session: Session, owner: Principal, number: int) -> None:
    scan = _scan(session, owner)
    values: dict[str, Any] = {"scan_id": scan.id, "site_id": scan.site_id, "fingerprint": uuid4().hex}
    values |= {"severity": list(Severity)[number % 4], "needs_review": number % 3 == 0, "place_count": 1 + number % 2}
    values |= {"category": IssueCategory.SEO, "status": IssueStatus.OPEN if number % 5 else IssueStatus.IGNORED}
    session.add(Issue(**values, title="A title", message="Long", page_url="https://example.com/", check_id="title"))


def _listing(session: Session, owner: Principal, number: int) -> None:
    made = make_listing(session, owner, title=f"Job {number}")
    made.created_at = clock.utcnow() - timedelta(minutes=number // 2)


def _vendor(session: Session, owner: Principal, number: int) -> None:
    rating = None if number % 3 == 0 else Decimal(number % 3)
    over = {"is_verified": number % 2 == 0, "average_rating": rating, "rating_count": number % 2, "completed_jobs": 1}
    make_vendor(session, make_owner(session), name=f"Vendor {number % 4}", **over)


def _contact(session: Session, owner: Principal, number: int) -> None:
    found = session.exec(select(ContactList)).first() or contacts.create_list(session, owner, "Tenants")
    contacts.add_member(session, owner, found.id, {"name": "aB"[number % 2] * 3, "email": f"{number}@example.com"})


LISTS: dict[str, Add] = {
    "appointments": _appointment,
    "sites": _site,
    "sites/{site}/issues?status=all": _issue,
    "sites/{site}/issues": _issue,
    "marketplace/listings": _listing,
    "marketplace/listings?show=all&q=job": _listing,
    "vendors": _vendor,
    "vendors?category=maintenance": _vendor,
    "contact-lists/{list}/contacts": _contact,
}


def _path(path: str) -> str:
    with transaction() as session:
        scan, people = session.exec(select(Scan)).first(), session.exec(select(ContactList)).first()
    return path.format(site=scan and scan.site_id, list=people and people.id)


def _fill(add: Add, owner: Principal, numbers: range) -> None:
    with transaction() as session:
        for number in numbers:
            add(session, owner, number)


@pytest.mark.parametrize("path", LISTS)
def test_pages_have_every_row_once_and_in_order_while_others_are_added(
    client: TestClient, owner: Principal, path: str
) -> None:
    add = LISTS[path]
    _fill(add, owner, range(9))
    here = _path(path)
    whole = client.get(here, params={"limit": 100}).json()
    there = [one["id"] for one in whole["items"]]
    assert (len(there) >= 7, whole["next"]) == (True, "")
    seen: list[str] = []
    cursor, number = "", 9
    while True:
        answer = client.get(here, params={"limit": 2, "cursor": cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) == 2 or not page["next"]
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
        if number < 15:
            _fill(add, owner, range(number, number + 1))
            number += 1
    assert len(seen) == len(set(seen))
    assert [one for one in seen if one in there] == there
    assert number > 11


def test_the_order_is_what_it_says(client: TestClient, owner: Principal) -> None:
    for add in (_appointment, _site, _issue, _listing, _vendor):
        _fill(add, owner, range(8))

    def listed(path: str, *names: str) -> list[Any]:
        found = client.get(_path(path), params={"fields": ",".join(names)}).json()["items"]
        return [tuple(one[name] for name in names) for one in found]

    starts = listed("appointments", "start")
    assert starts == sorted(starts)
    assert [name for (name,) in listed("sites", "name")] == sorted(name for (name,) in listed("sites", "name"))
    order = [(one.value, review) for one in Severity for review in (False, True)]
    places = [order.index(one) for one in listed("sites/{site}/issues", "severity", "needs_review")]
    assert places == sorted(places)
    with transaction() as session:
        newest = [row.id for row in market.listings(session, owner, market.Filter()).rows]
        at = {str(one.id): one.created_at for one in session.exec(select(MarketplaceListing))}
    assert [one for (one,) in listed("marketplace/listings", "id")] == newest
    assert [at[one] for one in newest] == sorted(at.values(), reverse=True)
    verified = [one for one, _ in listed("vendors", "verified", "stars")]
    assert verified == sorted(verified, reverse=True)


def test_a_sheet_names_the_cursor_of_the_next_page(client: TestClient, owner: Principal) -> None:
    _fill(_site, owner, range(3))
    first = client.get("sites.csv", params={"limit": 2, "fields": "id"})
    second = client.get("sites.csv", params={"limit": 2, "fields": "id", "cursor": first.headers["Next-Cursor"]})
    assert "Next-Cursor" not in second.headers
    ids = [*first.text.split()[1:], *second.text.split()[1:]]
    assert ids == [one["id"] for one in client.get("sites").json()["items"]]


def _cursor(said: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


STRANGE = [
    "nothing",
    "é",
    _cursor({"a": 1}),
    _cursor([]),
    _cursor([1, 2]),
    _cursor(["x", "y"]),
    _cursor(["9" * 40] * 4),
    _cursor(["\ud800", "1"]),
    _cursor(["a\0", "1"]),
    _cursor(["0001-01-01T00:00:00+14:00", "x"]),
    base64.urlsafe_b64encode(b"0001-01-01T00:00:00+14:00|" + str(uuid4()).encode()).decode(),
    base64.urlsafe_b64encode(b"[" * 1400).decode(),
]


@pytest.mark.parametrize("path", [*LISTS, "tasks"])
def test_a_cursor_that_is_not_ours_is_a_problem(client: TestClient, owner: Principal, path: str) -> None:
    for add in (_issue, _contact):
        _fill(add, owner, range(1))
    here = _path(path)
    for cursor in STRANGE:
        answer = client.get(here, params={"cursor": cursor})
        assert answer.status_code == 422, f"{cursor}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "cursor"


def test_the_nearest_listings_come_in_pages_too(owner: Principal) -> None:
    with transaction() as session:
        for number in range(6):
            place = {"lat": 43.0 + number % 3, "lng": -70.0} if number != 5 else None
            make_listing(session, owner, location=place)
        wanted = market.Filter(near=Place("Here", 43.0, -70.0))
        whole = [row.id for row in market.listings(session, owner, wanted).rows]
        seen: list[str] = []
        cursor = ""
        while not seen or cursor:
            page = market.listings(session, owner, wanted, cursor, 2)
            seen, cursor = [*seen, *(row.id for row in page.rows)], page.next_cursor
        assert (seen, len(seen)) == (whole, 6)
        miles = [row.miles for row in market.listings(session, owner, wanted).rows]
    assert miles[-1] == ""
    assert "" not in miles[:-1]
