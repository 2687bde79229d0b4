"""Paying for an awarded job through the API: by who may, once for each key, again after a refusal."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.marketplace import bids
from taskjuggler_app.domain.payments import service
from taskjuggler_app.domain.teams import tokens
from tests.factories import make_colleague, make_owner
from tests.factories.market import seller
from tests.factories.money import make_listing
from tests.fakes.stripe import FakeStripe


class Job:
    """A listing of a member's, and everybody around it."""

    def __init__(self) -> None:
        with transaction() as session:
            self.owner = make_owner(session)
            self.buyer, self.colleague = make_colleague(session, self.owner), make_colleague(session, self.owner)
            self.vendor, self.profile = seller(session)
            self.listing = make_listing(session, self.buyer).id
        self.here = f"/api/v1/marketplace/listings/{self.listing}"

    def award(self) -> None:
        with transaction() as session:
            bid = bids.place(session, self.vendor, self.listing, self.profile.id, "200")
            bids.award(session, self.buyer, self.listing, bid.id)


@pytest.fixture
def job(fake_stripe: FakeStripe) -> Job:
    limits.forget_everything()
    return Job()


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(api.create()) as client:
        yield client


def _key(principal: Principal, *abilities: str) -> dict[str, str]:
    with transaction() as session:
        made = tokens.create(session, principal, name="Shop", abilities=list(abilities or tokens.ABILITIES), days=7)
    return {"Authorization": f"Bearer {made.secret}"}


def _places(fake: FakeStripe) -> list[dict[str, Any]]:
    return [one for one in fake.things.values() if one["object"] == "checkout.session"]


def test_who_asked_for_the_work_is_told_where_to_pay_and_sees_when_it_is_paid(
    client: TestClient, job: Job, fake_stripe: FakeStripe
) -> None:
    key = _key(job.buyer)
    assert client.get(f"{job.here}/payment", headers=key).status_code == 404
    assert client.post(f"{job.here}/pay", headers=key).status_code == 404
    job.award()
    asked = client.post(f"{job.here}/pay", headers=key)
    assert asked.status_code == 200, asked.text
    (place,) = _places(fake_stripe)
    assert asked.json()["url"] == place["url"]
    assert (asked.json()["amount"], asked.json()["currency"], place["amount_total"]) == ("210.00", "USD", 21000)
    waiting = client.get(f"{job.here}/payment", headers=key).json()
    assert (waiting["id"], waiting["status"], waiting["payable"]) == (asked.json()["payment_id"], "pending", True)
    with transaction() as session:
        service.take(session, UUID(waiting["id"]), "pi_1", Decimal(210), "USD")
    assert client.get(f"{job.here}/payment", headers=key).json()["status"] == "processing"
    again = client.post(f"{job.here}/pay", headers=key)
    assert (again.status_code, again.json()["detail"]) == (409, "There is nothing to pay here: it is held.")


def test_the_same_key_gets_the_same_place_however_often_it_is_sent(
    client: TestClient, job: Job, fake_stripe: FakeStripe
) -> None:
    job.award()
    headers = {**_key(job.buyer), "Idempotency-Key": "pay-7"}
    first = client.post(f"{job.here}/pay", headers=headers)
    second = client.post(f"{job.here}/pay", headers=headers)
    assert (first.status_code, second.json(), second.headers["Idempotent-Replayed"]) == (200, first.json(), "true")
    assert len(_places(fake_stripe)) == 1

    def send(_: int) -> str:
        return str(client.post(f"{job.here}/pay", headers={**headers, "Idempotency-Key": "pay-8"}).json()["url"])

    with ThreadPoolExecutor(4) as threads:
        (shown,) = set(threads.map(send, range(4)))
    open_ones = [one["url"] for one in _places(fake_stripe) if one["status"] == "open"]
    assert sorted(open_ones) == sorted([first.json()["url"], shown])


def test_who_may_not_pay_is_refused_as_on_the_page(client: TestClient, job: Job, fake_stripe: FakeStripe) -> None:
    job.award()
    with transaction() as session:
        stranger = make_owner(session)
    refused = {
        "a colleague": (_key(job.colleague), 403),
        "the vendor": (_key(job.vendor), 404),
        "a stranger": (_key(stranger), 404),
        "a key to read": (_key(job.buyer, "marketplace:read"), 403),
    }
    for who, (key, status) in refused.items():
        assert client.post(f"{job.here}/pay", headers=key).status_code == status, who
    assert client.get(f"{job.here}/payment", headers=_key(stranger)).status_code == 404
    assert _places(fake_stripe) == []
    assert client.post(f"{job.here}/pay", headers=_key(job.owner)).status_code == 200


def test_a_refusal_of_the_provider_is_said_and_can_be_tried_again(
    client: TestClient, job: Job, fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    job.award()
    headers = {**_key(job.buyer), "Idempotency-Key": "pay-9"}
    no = {"error": {"message": "This account cannot take payments.", "type": "invalid_request_error"}}
    with monkeypatch.context() as patch:
        patch.setattr(fake_stripe, "_session", lambda form: (400, no))
        refused = client.post(f"{job.here}/pay", headers=headers)
    assert refused.status_code == 409
    assert client.get(f"{job.here}/payment", headers=headers).json()["status"] == "failed"
    with monkeypatch.context() as patch:
        patch.setattr(fake_stripe, "_session", lambda form: (500, {"error": {"message": "", "type": "api_error"}}))
        away = client.post(f"{job.here}/pay", headers=headers)
    assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json")
    assert client.post(f"{job.here}/pay", headers=headers).status_code == 200
    assert client.get(f"{job.here}/payment", headers=headers).json()["status"] == "pending"
