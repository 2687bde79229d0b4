"""Webhooks over REST: made, changed, rotated, tested and removed, by admins and for their own only."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from tests.factories import make_colleague, make_owner

PATH = "/api/v1/webhooks"
NEW = {"url": "https://203.0.114.9/hooks", "kinds": ["task.*"]}


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


def test_the_secret_is_in_the_answers_that_make_it_and_in_no_other(client: TestClient) -> None:
    made = client.post(PATH, json=NEW)
    assert made.status_code == 201
    one = made.json()
    assert one["secret"].startswith("whsec_")
    rotated = client.post(f"{PATH}/{one['id']}/rotate").json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != one["secret"]
    assert rotated["former_until"] is not None
    for answer in (client.get(PATH), client.get(f"{PATH}/{one['id']}")):
        assert answer.status_code == 200
        assert "whsec_" not in answer.text


def test_a_change_of_an_old_version_is_refused(client: TestClient) -> None:
    path = f"{PATH}/{client.post(PATH, json=NEW).json()['id']}"
    old = {"If-Match": client.get(path).headers["ETag"]}
    changed = client.patch(path, json={"is_active": False}, headers=old)
    assert (changed.status_code, changed.json()["is_active"], changed.json()["url"]) == (200, False, NEW["url"])
    assert client.patch(path, json={"is_active": True}, headers=old).status_code == 412
    assert client.get(path).json()["is_active"] is False


def test_a_test_event_is_in_its_deliveries_and_goes_with_it(client: TestClient) -> None:
    path = f"{PATH}/{client.post(PATH, json=NEW).json()['id']}"
    sent = client.post(f"{path}/test")
    assert (sent.status_code, sent.json()["kind"]) == (202, "webhook.test")
    listed = client.get(f"{path}/deliveries").json()["items"]
    assert [one["message_id"] for one in listed] == [sent.json()["message_id"]]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/deliveries").status_code == 404


def test_the_same_idempotency_key_makes_one(client: TestClient) -> None:
    again = {"Idempotency-Key": str(uuid4())}
    first, second = (client.post(PATH, json=NEW, headers=again) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert len(client.get(PATH).json()["items"]) == 1


def test_members_are_refused_and_strangers_find_nothing(client: TestClient, owner: Principal) -> None:
    path = f"{PATH}/{client.post(PATH, json=NEW).json()['id']}"
    with transaction() as session:
        member, stranger = make_colleague(session, owner), make_owner(session)
    for principal, expected in ((member, 403), (stranger, 404)):
        with TestClient(api.create(), headers=_key(principal)) as other:
            assert other.get(path).status_code == expected
            assert other.patch(path, json={"is_active": False}).status_code == expected
            assert other.delete(path).status_code == expected
    assert client.get(path).json()["is_active"] is True
