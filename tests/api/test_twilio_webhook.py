"""Twilio's webhook: only Twilio is believed, nothing is lost, nothing is stored twice."""

import asyncio
from collections.abc import Iterator, Sequence
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from twilio.request_validator import HMAC_SHA256, RequestValidator

from taskjuggler_app.adapters.twilio_signature import auth_token
from taskjuggler_app.api import webhooks
from taskjuggler_app.api.batching import Batcher
from taskjuggler_app.api.webhooks import EMPTY_TWIML, SMS_PATH, Webhooks
from taskjuggler_app.core import db
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.receptionist import channels
from taskjuggler_app.domain.receptionist.intake import InboundMessage
from tests import factories as make

NUMBER = "+12075550100"


@pytest.fixture
def line(database_url: str) -> Iterator[None]:
    """A workspace with an active number."""
    with transaction() as session:
        channels.create(session, make.make_owner(session), name="Main line", phone_number=NUMBER)
    yield


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment may be changed; the settings are read anew before and after."""
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def form(**over: str) -> dict[str, str]:
    """What Twilio posts."""
    usual = {"MessageSid": f"SM{uuid4().hex}", "From": "+12075550110", "To": NUMBER, "Body": "Hello", "NumMedia": "0"}
    return {**usual, **over}


def signed(values: dict[str, str], *, query: str = "", token: str = "", algorithm: str = "") -> dict[str, str]:
    """The headers that Twilio sends along."""
    url = settings().public_url + SMS_PATH + query
    signature = RequestValidator(token or auth_token()).compute_signature(url, values, algorithm or None)
    named = {"X-Twilio-Webhooks-Signature-Settings": f"key=k,algorithm={algorithm}"} if algorithm else {}
    return {"X-Twilio-Signature": signature, **named}


def post(
    *requests: tuple[dict[str, str], dict[str, str]], app: Webhooks | None = None, query: str = ""
) -> list[httpx.Response]:
    """Send all of them at once to one web process."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app or Webhooks())
        async with httpx.AsyncClient(transport=transport, base_url="http://internal:1234") as client:
            calls = [client.post(SMS_PATH + query, data=values, headers=headers) for values, headers in requests]
            return list(await asyncio.gather(*calls))

    return asyncio.run(send())


def stored() -> list[str]:
    """The texts in the inbox."""
    with transaction() as session:
        return list(session.execute(text("SELECT body FROM inbox_items ORDER BY body")).scalars())


def test_a_signed_message_is_stored_queued_and_answered_with_nothing_to_say(line: None) -> None:
    values = form(Body="The gate is stuck")
    (answer,) = post((values, signed(values)))
    assert (answer.status_code, answer.content) == (200, EMPTY_TWIML)
    assert answer.headers["content-type"].startswith("text/xml")
    assert stored() == ["The gate is stuck"]
    with transaction() as session:
        jobs = session.execute(text("SELECT queue, payload FROM jobs")).all()
        assert len(jobs) == 1
        assert "receptionist.process" in jobs[0].payload


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": "bm9wZQ=="}, {"X-Twilio-Signature": ""}])
def test_without_twilios_signature_nothing_is_stored(line: None, headers: dict[str, str]) -> None:
    (answer,) = post((form(), headers))
    assert answer.status_code == 403
    assert stored() == []


def test_a_signature_is_good_for_its_own_message_only(line: None) -> None:
    values = form()
    (answer,) = post(({**values, "Body": "Send money"}, signed(values)))
    assert answer.status_code == 403


def test_a_sha_256_key_is_believed(line: None, configured: pytest.MonkeyPatch) -> None:
    configured.setenv("TWILIO_SIGNING_KEY", "a shared key")
    settings.cache_clear()
    values = form()
    right = signed(values, token="a shared key", algorithm=HMAC_SHA256)
    wrong = signed(values, token="another key", algorithm=HMAC_SHA256)
    unknown = {**right, "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_MD5"}
    assert [answer.status_code for answer in post((values, right), (values, wrong), (values, unknown))] == [
        200,
        403,
        403,
    ]


def test_behind_a_proxy_the_public_address_is_what_was_signed(line: None, configured: pytest.MonkeyPatch) -> None:
    configured.setenv("PUBLIC_URL", "https://desk.example.com")
    settings.cache_clear()
    values = form()
    (answer,) = post((values, signed(values)))
    assert answer.status_code == 200


def test_the_query_is_part_of_what_was_signed(line: None) -> None:
    values = form()
    assert [one.status_code for one in post((values, signed(values, query="?from=eu")), query="?from=eu")] == [200]
    assert [one.status_code for one in post((values, signed(values)), query="?from=eu")] == [403]


def test_a_redelivery_is_answered_and_makes_nothing(line: None) -> None:
    values = form()
    request = (values, signed(values))
    assert {answer.status_code for answer in post(*[request] * 10)} == {200}
    assert len(stored()) == 1


def test_fifty_at_once_are_all_stored_in_few_commits(line: None, monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    store = webhooks._store

    def counted(messages: Sequence[InboundMessage]) -> None:
        groups.append(len(messages))
        store(messages)

    app = Webhooks()
    app._batcher = Batcher(counted)
    requests = [(values, signed(values)) for values in (form(Body=f"{n:02d}") for n in range(50))]
    assert {answer.status_code for answer in post(*requests, app=app)} == {200}
    assert stored() == [f"{n:02d}" for n in range(50)]
    assert sum(groups) == 50
    assert len(groups) < 25


def test_what_cannot_be_stored_fails_alone(line: None) -> None:
    seen: list[str] = []

    def picky(items: Sequence[str]) -> None:
        if "poison" in items:
            raise ValueError("no")
        seen.extend(items)

    async def add_all() -> list[BaseException | None]:
        batcher: Batcher[str] = Batcher(picky)
        return await asyncio.gather(*(batcher.add(one) for one in ("a", "poison", "b", "c")), return_exceptions=True)

    results = asyncio.run(add_all())
    assert [type(result).__name__ for result in results] == ["NoneType", "ValueError", "NoneType", "NoneType"]
    assert sorted(seen) == ["a", "b", "c"]


def test_a_number_that_is_nobodys_is_not_found(line: None) -> None:
    values = form(To="+12075550199")
    (answer,) = post((values, signed(values)))
    assert answer.status_code == 404
    assert stored() == []


def test_a_paused_number_takes_nothing(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        channel = channels.create(session, owner, name="Main line", phone_number=NUMBER)
        channels.set_active(session, owner, channel.id, False)
    values = form()
    (answer,) = post((values, signed(values)))
    assert answer.status_code == 404


def test_more_than_a_text_message_is_refused(line: None) -> None:
    values = form(Body="x" * 70_000)
    (answer,) = post((values, signed(values)))
    assert answer.status_code == 413


def test_other_paths_and_methods_are_told_so() -> None:
    async def ask() -> tuple[int, int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Webhooks()), base_url="http://x") as client:
            return (await client.get(SMS_PATH)).status_code, (await client.post("/webhooks/other")).status_code

    assert asyncio.run(ask()) == (405, 404)


def test_while_the_database_is_away_twilio_is_asked_to_come_again(line: None) -> None:
    db.configure("postgresql://nobody@127.0.0.1:9/nothing")
    values = form()
    (answer,) = post((values, signed(values)))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
