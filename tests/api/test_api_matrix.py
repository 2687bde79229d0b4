"""Every route of the API against every ability, and against strangers, members and admins of another workspace."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from limits import RateLimitItemPerMinute
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.api.v1.keys import ABILITY
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from tests.factories import make_colleague, make_owner

ADMINS_ONLY = {
    ("GET", "/api/v1/audit"),
    ("GET", "/api/v1/webhooks"),
    ("POST", "/api/v1/channels"),
    ("POST", "/api/v1/rules"),
    ("POST", "/api/v1/sites"),
    ("POST", "/api/v1/team/invitations"),
    ("POST", "/api/v1/tef/actors"),
    ("POST", "/api/v1/tef/rules"),
    ("POST", "/api/v1/webhooks"),
    ("PUT", "/api/v1/team"),
}
"""What a member may not do though their key may."""
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/channels": {"name": "Line", "phone_number": "+12075550123"},
    "/api/v1/team/invitations": {"address": "ada@example.com"},
    "/api/v1/rules": {
        "name": "Plumbing",
        "conditions": {"match_type": "all", "rules": [{"field": "category", "operator": "equals", "value": "x"}]},
        "actions": {"assign_to": "owner"},
    },
}


@pytest.fixture
def client(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    limits.forget_everything()
    monkeypatch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
    with TestClient(api.create()) as client:
        yield client


def routes() -> list[tuple[str, str, str]]:
    """Each route as (method, path, the ability that it asks for)."""
    found = []
    for router in api.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            wanted = [getattr(one.call, ABILITY) for one in route.dependant.dependencies if hasattr(one.call, ABILITY)]
            assert len(wanted) == 1, f"{route.path} does not ask for exactly one ability"
            found += [(method, api.PREFIX + route.path, wanted[0]) for method in sorted(route.methods or ())]
    return found


def _address(path: str) -> str:
    for name in ("site_id", "scan_id", "issue_id"):
        path = path.replace(f"{{{name}}}", "987654321")
    path = path.replace("{board}", "monday")
    while "{" in path:
        path = path[: path.index("{")] + str(uuid4()) + path[path.index("}") + 1 :]
    return path


def _key(principal: Principal, *abilities: str) -> dict[str, str]:
    with transaction() as session:
        made = tokens.create(session, principal, name="Matrix", abilities=list(abilities), days=7)
    return {"Authorization": f"Bearer {made.secret}"}


def test_no_route_of_the_api_is_missing_here(client: TestClient) -> None:
    described = _described()["paths"]
    listed = {(method.upper(), path) for path, operations in described.items() for method in operations}
    assert listed == {(method, path) for method, path, _ in routes()}


def test_every_route_refuses_every_key_without_its_ability_and_takes_the_one_with_it(client: TestClient) -> None:
    with transaction() as session:
        owner = make_owner(session)
    keys = {ability: _key(owner, ability) for ability in tokens.ABILITIES}
    for method, path, ability in routes():
        address, body = _address(path), BODIES.get(path, {})
        for held, key in keys.items():
            status = client.request(method, address, headers=key, json=body if method != "GET" else None).status_code
            if held == ability:
                assert status not in (401, 403), f"{method} {path} refuses {held}"
            else:
                assert status == 403, f"{method} {path} lets {held} in: {status}"


def test_without_a_key_every_route_says_only_that_it_wants_one(client: TestClient) -> None:
    for method, path, _ in routes():
        answer = client.request(method, _address(path), json={} if method != "GET" else None)
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.headers["content-type"] == "application/problem+json"


def test_who_may_what_is_written_down_for_every_route_without_a_place(client: TestClient) -> None:
    """A member and an admin send the same, by the description: where only the member is refused is listed."""
    with transaction() as session:
        owner = make_owner(session)
        member = make_colleague(session, owner)
    admins, members = _key(owner, *tokens.ABILITIES), _key(member, *tokens.ABILITIES)
    for_admins = set()
    for method, path, _ in routes():
        if "{" in path:
            continue
        body = None if method == "GET" else BODIES.get(path) or example(path, method)
        statuses = [client.request(method, path, headers=key, json=body).status_code for key in (members, admins)]
        assert statuses[1] != 403, f"{method} {path} refuses an admin"
        assert body is None or path not in BODIES or statuses[1] == 201, f"{method} {path} makes nothing for an admin"
        if statuses[0] == 403:
            for_admins.add((method, path))
    assert for_admins == ADMINS_ONLY


def test_every_body_has_examples_and_each_can_be_sent() -> None:
    for router in api.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for given in route.dependant.body_params:
                kind: TypeAdapter[Any] = TypeAdapter(given.field_info.annotation or Any)
                method = min(route.methods or ())
                shown = example(api.PREFIX + route.path, method)
                assert shown, f"{method} {route.path} shows nobody what to send"
                kind.validate_python(shown)


@cache
def _described() -> dict[str, Any]:
    return api.create().openapi()


def example(path: str, method: str) -> Any:
    """The first example of what the route takes, by the description."""
    operation = _described()["paths"][path][method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return (_described()["components"]["schemas"].get(name, {}).get("examples") or [{}])[0]


def test_another_workspaces_admin_finds_nothing_of_ours(client: TestClient) -> None:
    with transaction() as session:
        ours, theirs = make_owner(session), make_owner(session)
    own, other = _key(ours, *tokens.ABILITIES), _key(theirs, *tokens.ABILITIES)
    made = {
        path: client.post(f"/api/v1/{path}", headers=own, json=body).json()["id"]
        for path, body in (
            ("tasks", {"title": "Fix the faucet"}),
            ("inbox", {"from": "ada@example.com", "text": "It leaks"}),
            ("rules", BODIES["/api/v1/rules"]),
            ("channels", BODIES["/api/v1/channels"]),
            ("contact-lists", {"name": "Tenants"}),
        )
    }
    for path, thing in made.items():
        assert client.get(f"/api/v1/{path}/{thing}", headers=own).status_code == 200, path
        assert client.get(f"/api/v1/{path}/{thing}", headers=other).status_code == 404, path
        assert thing not in client.get(f"/api/v1/{path}", headers=other).text, path


def test_a_session_counts_only_for_our_own_pages(client: TestClient) -> None:
    refused = client.get("/api/v1/tasks", headers={"Cookie": "session=anything", "Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 401
