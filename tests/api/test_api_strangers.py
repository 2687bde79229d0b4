"""Every route that names a thing, with ids of things that are there: who may not touch them, does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import func, select
from starlette.testclient import TestClient

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import CaseEvent
from tests.api.demo_client import key, running
from tests.api.test_api_matrix import BODIES, example, routes
from tests.factories import make_owner

NO_THING = {"/api/v1/analytics/{board}", "/api/v1/analytics/{board}/numbers", "/api/v1/availability/days/{day}"}
"""What is named there is the caller's own."""
FOR_EVERYBODY = {("GET", "/api/v1/marketplace/listings/{listing_id}"), ("GET", "/api/v1/vendors/{vendor_id}")}
"""What other workspaces see of a thing: an open listing, a vendor's profile."""
AFTER_THE_AWARD = {"/api/v1/marketplace/listings/{listing_id}/payment"}
"""What the first listing has not: strangers are kept from it in test_api_paying."""
LISTED_ELSEWHERE = {
    "issue_id": "/api/v1/sites/{site_id}/issues",
    "delivery_id": "/api/v1/webhooks/{webhook_id}/deliveries",
}
WITHIN = {
    "bid_id": ("/api/v1/marketplace/listings", "listing_id", "bids"),
    "key_id": ("/api/v1/tef/actors", "actor_id", "live_keys"),
    "exchange_id": ("/api/v1/tef/actors", "actor_id", "handed"),
}
"""Things that are shown inside another one: its list, the name of its id, the field they are in."""


@pytest.fixture(scope="module")
def world(server: str, migrated: str) -> Iterator[tuple[TestClient, Principal]]:
    with running(server, migrated) as (client, owner):
        hook = client.post("/api/v1/webhooks", json={"url": "https://203.0.114.9/hooks", "kinds": ["task.*"]}).json()
        assert client.post(f"/api/v1/webhooks/{hook['id']}/test").status_code == 202
        actor = client.post("/api/v1/tef/actors", json={"kind": "AI_AGENT", "name": "Painter"}).json()["row"]["id"]
        code = client.post(f"/api/v1/tef/actors/{actor}/claim-code").json()["code"]
        assert client.post("/api/v1/tef/claims", json={"code": code}).status_code == 200
        assert client.post(f"/api/v1/tef/actors/{actor}/keys").status_code == 201
        yield client, owner


class Things:
    """Ids of things of a workspace, by the name of the place that they have in a path."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.known: dict[str, str] = {}

    def address(self, path: str) -> str:
        """The path with ids of things that are there."""
        while "{" in path:
            start, end = path.index("{"), path.index("}")
            path = f"{path[:start]}{self._id(path[:start].rstrip('/'), path[start + 1 : end])}{path[end + 1 :]}"
        return path

    def _id(self, above: str, name: str) -> str:
        if name in WITHIN:
            there, above_name, field = WITHIN[name]
            for one in self._items(there):
                if inside := self.client.get(f"{there}/{one['id']}").json()[field]:
                    self.known[f"{there} {above_name}"] = str(one["id"])
                    return str(inside[0]["id"])
            raise AssertionError(f"there is no {name}")
        if name == "relationship_id":
            return str(next(one[name] for one in self._items("/api/v1/tef/actors") if one[name]))
        there = self.address(LISTED_ELSEWHERE.get(name, above))
        wanted = "person_id" if name == "person_id" else "id"
        place = f"{there} {name}"
        if place not in self.known:
            self.known[place] = str(self._items(there)[0][wanted])
        return self.known[place]

    def _items(self, path: str) -> list[dict[str, Any]]:
        found = self.client.get(path).json()["items"]
        assert found, f"there is nothing in {path}"
        return list(found)


def test_what_is_there_is_refused_to_every_key_without_its_ability_and_to_every_stranger(
    world: tuple[TestClient, Principal],
) -> None:
    """403 for want of an ability, 404 from another workspace, and nothing is written."""
    client, owner = world
    things = Things(client)
    with transaction() as session:
        other = make_owner(session)
    stranger = key(other, *tokens.ABILITIES)
    without = {
        one: key(owner, *(ability for ability in tokens.ABILITIES if ability != one)) for one in tokens.ABILITIES
    }
    named = [one for one in routes() if "{" in one[1] and one[1] not in NO_THING]
    addresses = {path: things.address(path) for _, path, _ in named}
    before = _written(owner)
    wrong = []
    for method, path, ability in named:
        body = None if method == "GET" else BODIES.get(path) or example(path, method)
        refused = client.request(method, addresses[path], headers=without[ability], json=body).status_code
        told = client.request(method, addresses[path], headers=stranger, json=body).status_code
        expected = 200 if (method, path) in FOR_EVERYBODY else 404
        if (refused, told) != (403, expected):
            wrong.append(f"{method} {path}: {refused} to who may all else, {told} to a stranger")
    assert wrong == []
    assert _written(owner) == before


def test_the_things_that_strangers_are_kept_from_are_there(world: tuple[TestClient, Principal]) -> None:
    """So that a 404 above is for who asks, not for want of the thing."""
    client, _ = world
    things = Things(client)
    for method, path, _ in routes():
        if method == "GET" and "{" in path and path not in NO_THING | AFTER_THE_AWARD:
            assert client.get(things.address(path)).status_code == 200, path


def _written(owner: Principal) -> int:
    with transaction() as session:
        return session.exec(select(func.count()).select_from(CaseEvent).where(CaseEvent.team_id == owner.team_id)).one()
