"""Files of the task list and the link that ends bulk mails, over HTTP."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from taskjuggler_app.api import analytics, contacts, tasks
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, sessions
from taskjuggler_app.domain.contacts import optouts
from taskjuggler_app.models.contacts import ContactChannel
from tests.factories import make_owner, make_task

EMAIL = "rosa@example.com"


@pytest.fixture
def owner(database_url: str) -> Principal:
    """Somebody with two tasks."""
    with transaction() as session:
        made = make_owner(session)
        make_task(session, made, title="Bill", tags=["billing"])
        make_task(session, made, title="Other")
    return made


@pytest.fixture
def client(owner: Principal) -> Iterator[TestClient]:
    """The routes, without a cookie."""
    with TestClient(Starlette(routes=[*tasks.routes, *contacts.routes, *analytics.routes])) as made:
        yield made


def _cookie(owner: Principal) -> dict[str, str]:
    assert owner.user_id is not None
    with transaction() as session:
        new = sessions.create(session, owner.user_id, ip="127.0.0.1", user_agent="test", now=clock.utcnow())
    return {"Cookie": f"{cookies.session_cookie_name(cookies.secure())}={new.token}"}


@pytest.mark.parametrize(
    "path", ["/data/tasks.csv", "/data/tasks.ics", "/data/monday.csv", "/data/dashboards/rows.csv"]
)
def test_a_file_is_for_who_is_signed_in(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401
    assert client.get(path, headers={"Cookie": "tj_session=made-up"}).status_code == 401


def test_the_csv_has_what_the_filters_leave(client: TestClient, owner: Principal) -> None:
    answer = client.get("/data/tasks.csv?tag=billing", headers=_cookie(owner))
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[1] == ["Filters: scope: all; status: open; sort: newest; tag: billing"]
    assert [row[0] for row in rows[3:]] == ["Bill"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_filter_that_is_none_is_said_so(client: TestClient, owner: Principal) -> None:
    answer = client.get("/data/tasks.ics?doer=nobody", headers=_cookie(owner))
    assert (answer.status_code, answer.text) == (422, "That filter is not one of ours.")


def test_the_numbers_of_monday_are_a_sheet_and_data(client: TestClient, owner: Principal) -> None:
    sheet = client.get("/data/monday.csv", headers=_cookie(owner)).text.removeprefix("\ufeff")
    data = client.get("/data/monday.json", headers=_cookie(owner)).json()
    lines = [(tile["title"], line["label"]) for tile in data["tiles"] for line in tile["lines"]]
    assert lines
    assert [tuple(row[:2]) for row in csv.reader(io.StringIO(sheet))][1 : len(lines) + 1] == lines
    same = client.get("/data/dashboards/monday.json", headers=_cookie(owner)).json()
    assert same == data
    wrong = client.get("/data/monday.csv?from=soon", headers=_cookie(owner))
    assert (wrong.status_code, wrong.text) == (422, "“soon” is no day; write it like 2026-03-31.")


@pytest.mark.parametrize("key", ["inbox", "tasks", "marketplace", "sites", "calendar"])
def test_every_dashboard_is_a_sheet_and_data(client: TestClient, owner: Principal, key: str) -> None:
    data = client.get(f"/data/dashboards/{key}.json", headers=_cookie(owner)).json()
    assert (data["board"], bool(data["tiles"]), bool(data["charts"])) == (key, True, True)
    one = data["charts"][0]
    sheet = client.get(f"/data/dashboards/{key}.csv?only={one['key']}", headers=_cookie(owner))
    rows = list(csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert {row["Question"] for row in rows} <= {one["title"]}
    assert len(rows) == len(one["points"]) * len(one["series"])
    assert client.get("/data/dashboards/weather.json", headers=_cookie(owner)).status_code == 404


def test_the_rows_of_a_number_are_a_sheet(client: TestClient, owner: Principal) -> None:
    path = "/data/dashboards/rows.csv?of=late"
    rows = list(csv.reader(io.StringIO(client.get(path, headers=_cookie(owner)).text.removeprefix("\ufeff"))))
    assert rows[0] == ["Late tasks · now · 0 in all"]
    assert client.get("/data/dashboards/rows.csv?of=nothing", headers=_cookie(owner)).status_code == 404
    assert client.get("/data/dashboards/rows.csv?of=done&bucket=x", headers=_cookie(owner)).status_code == 422


def test_looking_at_the_stop_link_changes_nothing_and_pressing_its_button_does(
    client: TestClient, owner: Principal
) -> None:
    content = {"team": str(owner.team_id), "email": EMAIL}
    path = f"/data/contacts/stop/{cookies.seal('unsubscribe', content, clock.utcnow() + timedelta(days=1))}"
    assert "No more of these mails" in client.get(path).text
    assert not _stopped(owner)
    assert "gets no more" in client.post(path).text
    assert client.post(path).status_code == 200
    assert _stopped(owner)


@pytest.mark.parametrize("token", ["x", "x" * 200, "%00", "a.b.c"])
def test_a_made_up_stop_link_stops_nobody(client: TestClient, token: str) -> None:
    for answer in (client.get(f"/data/contacts/stop/{token}"), client.post(f"/data/contacts/stop/{token}")):
        assert answer.status_code == 404


def _stopped(owner: Principal) -> bool:
    with transaction() as session:
        return optouts.is_opted_out(session, owner.team_id, ContactChannel.EMAIL, EMAIL)
