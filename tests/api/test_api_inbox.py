"""The REST API: keys and what they may do, messages that exist once, problems, allowances."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import ChannelType, InboxItem, PersonalAccessToken, TeamMember
from tests.factories import make_channel, make_owner

PATH = "/api/v1/inbox"
LEAK = {"from": "Ada@Example.com", "name": "Ada", "text": "The kitchen faucet is leaking"}


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    limits.forget_everything()
    with TestClient(api.create()) as client:
        yield client


def _key(*abilities: str, days: int = 30) -> tuple[Principal, dict[str, str]]:
    with transaction() as session:
        owner = make_owner(session)
        wanted = list(abilities or tokens.ABILITIES)
        made = tokens.create(session, owner, name="Shop", abilities=wanted, days=days)
        return owner, {"Authorization": f"Bearer {made.secret}"}


def _items() -> list[InboxItem]:
    with transaction() as session:
        return list(session.exec(select(InboxItem)))


def test_a_message_comes_in_and_can_be_read(client: TestClient) -> None:
    _, key = _key()
    made = client.post(PATH, json=LEAK, headers=key)
    assert made.status_code == 201
    assert made.json()["created"] is True
    seen = client.get(made.headers["Location"], headers=key).json()
    assert (seen["from"], seen["name"], seen["text"]) == ("ada@example.com", "Ada", LEAK["text"])
    listed = client.get(PATH, params={"q": "faucet"}, headers=key).json()
    assert [one["id"] for one in listed["items"]] == [made.json()["id"]]
    assert _items()[0].source_type.value == "api"


def test_the_same_key_makes_one_message_however_often_it_is_sent_at_once(client: TestClient) -> None:
    _, key = _key()
    headers = {**key, "Idempotency-Key": "order-7"}

    def send(_: int) -> int:
        return client.post(PATH, json=LEAK, headers=headers).status_code

    with ThreadPoolExecutor(8) as threads:
        codes = sorted(threads.map(send, range(16)))
    assert codes == [*[200] * 15, 201]
    assert len(_items()) == 1
    other = client.post(PATH, json={**LEAK, "text": "Something else"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"


def test_an_id_of_the_callers_own_makes_one_message(client: TestClient) -> None:
    _, key = _key()
    answers = [client.post(PATH, json={**LEAK, "external_id": "77"}, headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len({one.json()["id"] for one in answers}) == 1


def test_what_is_wrong_is_a_problem_that_names_the_field(client: TestClient) -> None:
    _, key = _key()
    answer = client.post(PATH, json={"from": "", "colour": "red"}, headers=key)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {one["field"] for one in answer.json()["errors"]} == {"from", "text", "colour"}
    assert client.get(f"{PATH}/nothing", headers=key).status_code == 422
    assert client.get("/api/v1/nowhere", headers=key).json()["status"] == 404


def test_without_a_key_that_is_good_nothing_is_said(client: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer tj_wrong"}, {"Authorization": "Basic abc"}):
        answer = client.post(PATH, json=LEAK, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
    assert _items() == []


def test_a_key_does_only_what_it_is_for(client: TestClient) -> None:
    _, key = _key("inbox:read")
    refused = client.post(PATH, json=LEAK, headers=key)
    assert refused.status_code == 403
    assert "inbox:write" in refused.json()["detail"]
    assert client.get(PATH, headers=key).status_code == 200


def test_a_key_shows_only_its_own_workspace(client: TestClient) -> None:
    _, key = _key()
    _, other = _key()
    made = client.post(PATH, json=LEAK, headers=key).json()
    assert client.get(f"{PATH}/{made['id']}", headers=other).status_code == 404
    assert client.get(PATH, headers=other).json()["items"] == []
    with transaction() as session:
        foreign = make_channel(session, make_owner(session), channel_type=ChannelType.API, phone_number=None)
        channel = str(foreign.id)
    assert client.post(PATH, json={**LEAK, "channel": channel}, headers=key).status_code == 404


def test_expired_revoked_and_departed_keys_are_worth_nothing(client: TestClient) -> None:
    owner, key = _key()
    assert client.get(PATH, headers=key).status_code == 200
    with transaction() as session:
        row = session.exec(select(PersonalAccessToken)).one()
        row.expires_at = clock.utcnow() - timedelta(seconds=1)
        session.add(row)
    assert client.get(PATH, headers=key).status_code == 401
    with transaction() as session:
        tokens.revoke(session, owner, row.id or 0)
    assert client.get(PATH, headers=key).status_code == 401
    member, key = _key()
    with transaction() as session:
        session.delete(session.exec(select(TeamMember).where(TeamMember.user_id == member.user_id)).one())
    assert client.get(PATH, headers=key).status_code == 401


def test_the_answer_says_what_is_left_and_the_end_of_it_is_429(client: TestClient) -> None:
    _, key = _key()
    first = client.get(PATH, headers=key)
    assert first.headers["RateLimit-Limit"] == "120"
    assert first.headers["RateLimit-Remaining"] == "119"
    for _ in range(119):
        last = client.get(PATH, headers=key)
    assert last.headers["RateLimit-Remaining"] == "0"
    over = client.get(PATH, headers=key)
    assert over.status_code == 429
    assert int(over.headers["Retry-After"]) > 0


def test_a_key_is_shown_once_and_kept_as_a_hash(database_url: str) -> None:
    with transaction() as session:
        owner = make_owner(session)
        made = tokens.create(session, owner, name=" Shop  one ", abilities=["inbox:write"], days=7)
        row = session.exec(select(PersonalAccessToken)).one()
        assert made.secret not in (row.token, row.name, row.prefix)
        assert (row.name, row.prefix) == ("Shop one", made.secret[:9])
        shown = tokens.own(session, owner)[0]
        assert (shown.abilities, shown.last_used_at) == ("inbox:write", "")
        with pytest.raises(NotFound):
            tokens.revoke(session, make_owner(session), row.id or 0)


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"abilities": []}, {"abilities": ["inbox:write", "money:write"]}, {"days": 5}]
)
def test_a_key_that_makes_no_sense_is_not_made(database_url: str, wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {"name": "Shop", "abilities": ["inbox:read"], "days": 30, **wrong}
    with transaction() as session, pytest.raises(Invalid):
        tokens.create(session, make_owner(session), **values)


def test_a_key_makes_no_other_key(database_url: str) -> None:
    with transaction() as session:
        owner = make_owner(session)
        caller = Principal(owner.user_id, owner.team_id, owner.role, Door.API)
        with pytest.raises(Forbidden):
            tokens.create(session, caller, name="More", abilities=["inbox:read"], days=30)
