"""The embedded provider's page of somebody who is paid: answered in part, answered, nobody else's."""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.routing import Router
from starlette.testclient import TestClient

from jobs.handlers import payments as jobs
from taskjuggler_app.adapters.embedded_payments import EVENT, EmbeddedPayments
from taskjuggler_app.api import payments as routes
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.marketplace import queries, vendors
from tests import factories as make
from tests.factories.money import make_vendor

_QUEUED = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")


def queued(name: str) -> list[dict[str, Any]]:
    """What the jobs of that name were given."""
    with transaction() as session:
        return [args for (args,) in session.execute(_QUEUED, {"name": name})]


@pytest.mark.parametrize("answers", [["part", "finish"], ["finish", "part"], ["finish", "finish"]])
def test_questions_can_be_left_and_answered_later(database_url: str, answers: list[str]) -> None:
    provider, client = EmbeddedPayments("http://localhost"), TestClient(Router(routes.routes))
    with transaction() as session:
        owner = make.make_owner(session)
        vendor_id = make_vendor(session, owner, stripe_account_id=None, payouts_ready=False).id
    place = provider.onboard("", "vera@example.com", "http://localhost/marketplace/vendor?payouts=back", "")
    with transaction() as session:
        vendors.set_account(session, owner, vendor_id, place.id)
    page = place.url.removeprefix("http://localhost")
    assert "Answer everything" in client.get(page).text
    for answer in answers:
        said = client.post(page, data={"do": answer}, follow_redirects=False)
        assert said.headers["location"] == "http://localhost/marketplace/vendor?payouts=back"
        for told in queued(EVENT):
            jobs.embedded_event(**told)
        for handled in queued("payments.handle_event"):
            jobs.handle_event(**handled)
        with transaction() as session:
            (row,) = queries.own_vendors(session, owner)
        if answer == "part" and not row.paid:
            assert (row.account, row.needs) == ("begun", ["A bank account or card for payouts"])
    assert (row.account, row.paid, row.needs) == ("ready", True, [])
    assert "Nothing was paid out yet" in client.get(page).text


def test_an_account_that_is_none_is_not_found(database_url: str) -> None:
    client = TestClient(Router(routes.routes))
    assert client.get("/pay/account/emb_account_x").status_code == 404
    assert client.post("/pay/account/emb_account_x", data={"do": "finish"}).status_code == 404
