"""The audit log over HTTP, and that sign-ins, keys and refused calls of assistants are in it."""

from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from taskjuggler_app.api import audit as sheet
from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import cookies, limits, sessions
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import CaseEvent
from tests.factories import make_colleague, make_owner

PATH = "/api/v1/audit"


@pytest.fixture
def owner(database_url: str) -> Principal:
    limits.forget_everything()
    with transaction() as session:
        return make_owner(session)


@pytest.fixture
def client(owner: Principal) -> Iterator[TestClient]:
    with TestClient(api.create(), headers=_key(owner)) as client:
        yield client


def _key(principal: Principal) -> dict[str, str]:
    with transaction() as session:
        made = tokens.create(session, principal, name="Shop", abilities=list(tokens.ABILITIES), days=7)
    return {"Authorization": f"Bearer {made.secret}"}


def test_a_call_with_a_key_is_in_the_log_with_the_key_and_its_door(client: TestClient) -> None:
    client.post("/api/v1/tasks", json={"title": "Fix the faucet"})
    found = client.get(PATH, params={"kind": "task.created", "door": "api"}).json()["items"]
    assert [(one["door"], one["subject"]) for one in found] == [("api", "Fix the faucet")]
    assert found[0]["data"]["api_key"].startswith("tj_")
    assert client.get(f"{PATH}.csv").text.startswith("id,at,who")
    first = client.get(PATH, params={"limit": 1}).json()
    assert client.get(PATH, params={"limit": 1, "cursor": first["next"]}).json()["items"] != first["items"]


def test_a_members_key_does_not_open_it(owner: Principal) -> None:
    with transaction() as session:
        member = make_colleague(session, owner)
    with TestClient(api.create(), headers=_key(member)) as client:
        assert client.get(PATH).status_code == 403


def test_the_page_exports_what_it_shows_to_admins_only(owner: Principal) -> None:
    with transaction() as session:
        member = make_colleague(session, owner)
    _key(owner)
    http = TestClient(Starlette(routes=sheet.routes))
    assert http.get("/data/audit.csv").status_code == 401
    assert http.get("/data/audit.csv", headers=_cookie(member)).status_code == 403
    assert http.get("/data/audit.csv?door=window", headers=_cookie(owner)).status_code == 422
    got = http.get("/data/audit.csv?kind=token", headers=_cookie(owner))
    assert "token.created" in got.text
    assert "token.created" not in http.get("/data/audit.csv?kind=task", headers=_cookie(owner)).text


def _cookie(principal: Principal) -> dict[str, str]:
    assert principal.user_id is not None
    with transaction() as session:
        new = sessions.create(session, principal.user_id, ip="127.0.0.1", user_agent="Test", now=clock.utcnow())
    return {"Cookie": f"{cookies.session_cookie_name(cookies.secure())}={new.token}"}


def test_nothing_in_the_log_holds_a_key(client: TestClient) -> None:
    secret = client.headers["Authorization"].removeprefix("Bearer ")
    client.post("/api/v1/tasks", json={"title": "Fix the faucet"})
    with transaction() as session:
        for event in session.exec(select(CaseEvent)):
            assert secret not in str(event.data)
