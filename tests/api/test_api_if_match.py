"""Verbs that take If-Match: who saw what is not so any more changes nothing, who saw the newest does."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import MarketplaceListing
from taskjuggler_app.models.teams import TeamInvitation
from tests.factories import make_owner
from tests.factories.market import seller


@pytest.fixture
def owner(database_url: str) -> Principal:
    limits.forget_everything()
    with transaction() as session:
        return make_owner(session)


@pytest.fixture
def client(owner: Principal) -> Iterator[TestClient]:
    with TestClient(api.create(), headers=_key(owner), base_url="http://testserver/api/v1/") as client:
        yield client


def _key(principal: Principal) -> dict[str, str]:
    with transaction() as session:
        made = tokens.create(session, principal, name="Shop", abilities=list(tokens.ABILITIES), days=7)
    return {"Authorization": f"Bearer {made.secret}"}


def _made(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def _task(client: TestClient) -> str:
    return f"tasks/{_made(client, 'tasks', {'title': 'Fix the faucet'})['id']}"


def _message(client: TestClient) -> str:
    return f"inbox/{_made(client, 'inbox', {'from': 'ada@example.com', 'text': 'It leaks'})['id']}"


def _webhook(client: TestClient) -> str:
    return f"webhooks/{_made(client, 'webhooks', {'url': 'https://203.0.114.9/hooks', 'kinds': ['task.*']})['id']}"


def _listing(client: TestClient) -> str:
    return f"marketplace/listings/{_made(client, 'marketplace/listings', {'title': 'Paint'})['id']}"


def _relationship(client: TestClient) -> str:
    actor = _made(client, "tef/actors", {"kind": "AI_AGENT", "name": "Painter"})["row"]["id"]
    _made(client, "tef/claims", {"code": _made(client, f"tef/actors/{actor}/claim-code", {})["code"]})
    return f"tef/relationships/{client.get(f'tef/actors/{actor}').json()['row']['relationship_id']}"


def _invitation(client: TestClient) -> str:
    invited = _made(client, "team/invitations", {"address": "ada@example.com"})["items"][0]["id"]
    return f"team/invitations/{invited}"


def _sent_long_ago(client: TestClient, path: str) -> None:
    """As if the invitation had been sent before; it may be sent again then."""
    with transaction() as session:
        found = session.exec(select(TeamInvitation).where(TeamInvitation.id == UUID(path.rpartition("/")[2]))).one()
        assert found.sent_at is not None
        found.sent_at -= timedelta(minutes=5)
        session.add(found)


def _said_more(client: TestClient, path: str) -> None:
    with transaction() as session:
        found = session.exec(select(MarketplaceListing)).one()
        found.description = "Two coats"
        session.add(found)


def _sends(method: str, suffix: str, body: dict[str, Any] | None = None) -> Callable[[TestClient, str], None]:
    def change(client: TestClient, path: str) -> None:
        answer = client.request(method, path + suffix, json=body)
        assert answer.is_success, answer.text

    return change


VERBS: dict[str, tuple[Any, Any, str, str, dict[str, Any] | None]] = {
    "task, deleted": (_task, _sends("PATCH", "", {"priority": "low"}), "DELETE", "", None),
    "task, moved": (_task, _sends("PATCH", "", {"priority": "low"}), "POST", "/transition", {"status": "completed"}),
    "message, a task of it": (_message, _sends("POST", "/transition", {"verb": "dismiss"}), "POST", "/task", None),
    "webhook, deleted": (_webhook, _sends("POST", "/rotate"), "DELETE", "", None),
    "webhook, rotated": (_webhook, _sends("PATCH", "", {"is_active": False}), "POST", "/rotate", None),
    "listing, cancelled": (_listing, _said_more, "POST", "/cancel", {"reason": ""}),
    "relationship, narrowed": (
        _relationship,
        _sends("PATCH", "", {"expires_at": "2030-01-01T00:00:00Z"}),
        "PATCH",
        "",
        {"permissions": {"message": False}},
    ),
    "invitation, revoked": (_invitation, _sent_long_ago, "DELETE", "", None),
    "invitation, sent again": (_invitation, _sent_long_ago, "POST", "/resend", None),
}


@pytest.mark.parametrize("verb", VERBS)
def test_who_saw_what_is_not_so_any_more_changes_nothing(client: TestClient, verb: str) -> None:
    make, change, method, suffix, body = VERBS[verb]
    here = make(client)
    seen = client.get(here).headers["ETag"]
    change(client, here)
    now = client.get(here)
    assert now.headers["ETag"] != seen
    refused = client.request(method, here + suffix, json=body, headers={"If-Match": seen})
    assert refused.status_code == 412, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get(here).json() == now.json()
    done = client.request(method, here + suffix, json=body, headers={"If-Match": now.headers["ETag"]})
    assert done.is_success, done.text
    later = client.get(here)
    assert (later.status_code, later.headers.get("ETag")) != (200, now.headers["ETag"])


def test_a_bid_is_placed_and_taken_back_by_who_saw_the_listing_as_it_is(client: TestClient) -> None:
    here = _listing(client)
    with transaction() as session:
        acting, vendor = seller(session)
        vendor_id = str(vendor.id)
    with TestClient(api.create(), headers=_key(acting), base_url="http://testserver/api/v1/") as other:
        seen = other.get(here).headers["ETag"]
        _said_more(client, here)
        bid = {"vendor_id": vendor_id, "amount": "200"}
        assert other.post(f"{here}/bids", json=bid, headers={"If-Match": seen}).status_code == 412
        placed = other.post(f"{here}/bids", json=bid, headers={"If-Match": other.get(here).headers["ETag"]})
        assert placed.status_code == 200, placed.text
        back = f"{here}/bids/{placed.json()['bids'][0]['id']}/withdraw"
        assert other.post(back, headers={"If-Match": seen}).status_code == 412
        assert other.post(back, headers={"If-Match": placed.headers["ETag"]}).json()["bids"] == []


def test_of_different_verbs_at_once_one_is_done(client: TestClient) -> None:
    here = _task(client)
    seen = {"If-Match": client.get(here).headers["ETag"]}

    def act(number: int) -> int:
        if number % 2:
            return client.post(f"{here}/transition", json={"status": "in_progress"}, headers=seen).status_code
        return client.patch(here, json={"title": f"Faucet {number}"}, headers=seen).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(act, range(6))) == [200, *[412] * 5]
