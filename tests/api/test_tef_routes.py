"""The task exchange over HTTP: keys, signatures, replays, nonsense."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select
from starlette.testclient import TestClient

from jobs.handlers import tef as handlers
from taskjuggler_app.api import tef
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.tef import actors, claims, conversations, delegation, envelope, keys
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState, Kind
from taskjuggler_app.models.tef import ActorType
from tests.factories import make_owner, make_task


@pytest.fixture
def http(database_url: str) -> Iterator[TestClient]:
    limits.forget_everything()
    with TestClient(tef.app) as client:
        yield client


class Agent:
    """An agent of a new workspace, and what it sends."""

    def __init__(self, kind: ActorType = ActorType.AI_AGENT) -> None:
        with transaction() as session:
            self.owner: Principal = make_owner(session)
            made = actors.register(session, self.owner, kind, "Scribe")
            claims.claim(session, self.owner, claims.new_code(session, self.owner, made.id).code)
            self.id, self.person = str(made.id), str(actors.own(session, self.owner).id)
            self.key = keys.issue(session, self.owner, made.id)
            self.private = Ed25519PrivateKey.generate()
            public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            self.key_id = keys.add_public(session, self.owner, made.id, base64.b64encode(public).decode())

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key.token}"}

    def says(self, kind: str, task_id: str | None = None, **payload: Any) -> dict[str, Any]:
        return {
            "tef_version": "2.0.0",
            "message_id": str(uuid4()),
            "message_type": kind,
            "timestamp": clock.utcnow().isoformat(),
            "task_id": task_id,
            "source_actor": self.id,
            "target_actor": self.person,
            "payload": payload,
        }

    def signed(self, body: bytes, created: int) -> dict[str, str]:
        signature = base64.b64encode(self.private.sign(envelope.signed_bytes(created, body))).decode()
        value = f'keyid="{self.key_id}", created={created}, signature="{signature}"'
        return {"TEF-Signature": value, "Content-Type": envelope.MEDIA_TYPE}


def deliver_all() -> None:
    """What the worker would do."""
    with transaction() as session:
        waiting = session.exec(select(EnvelopeLog.id).where(EnvelopeLog.state == EnvelopeState.QUEUED)).all()
    for envelope_id in waiting:
        handlers.deliver(str(envelope_id))


def test_an_agent_fetches_its_task_and_reports_it_done(http: TestClient) -> None:
    agent = Agent()
    with transaction() as session:
        task = make_task(session, agent.owner, title="Sum up the week")
        delegation.delegate(session, agent.owner, task.id, actors.get(session, agent.owner, UUID(agent.id)).id)
    deliver_all()
    got = http.get("/tef/messages", headers=agent.bearer).json()
    asked = got["envelopes"][0]
    jsonschema.validate(asked, http.get("/tef/schemas/envelope").json())
    jsonschema.validate(asked["payload"], http.get("/tef/schemas/TASK_CREATE").json())
    assert asked["payload"]["title"] == "Sum up the week"
    for kind in ("TASK_ACCEPT", "COMPLETE"):
        told = http.post("/tef/messages", json=agent.says(kind, asked["task_id"]), headers=agent.bearer)
        assert (told.status_code, told.json()["state"]) == (202, "received")
    assert http.get("/tef/messages", headers=agent.bearer, params={"cursor": got["next"]}).json()["envelopes"] == []


def test_a_repeated_message_gets_the_first_answer(http: TestClient) -> None:
    agent = Agent()
    said = agent.says("MESSAGE", text="Hello")
    answers = [http.post("/tef/messages", json=said, headers=agent.bearer) for _ in range(3)]
    assert len({(one.status_code, one.text) for one in answers}) == 1


def test_a_signature_proves_the_exact_body_for_five_minutes(http: TestClient) -> None:
    agent, now = Agent(), int(time.time())
    body = json.dumps(agent.says("MESSAGE", text="Signed")).encode()
    assert http.post("/tef/messages", content=body, headers=agent.signed(body, now)).status_code == 202
    other = body.replace(b"Signed", b"Forged")
    assert http.post("/tef/messages", content=other, headers=agent.signed(body, now)).status_code == 403
    for skew in (-301, 310):  # the clock goes on while the test runs
        headers = agent.signed(body, int(time.time()) + skew)
        assert http.post("/tef/messages", content=body, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"TEF-Signature": "nonsense"}])
def test_without_a_proof_nothing_is_taken(http: TestClient, headers: dict[str, str]) -> None:
    said = Agent().says("MESSAGE", text="Hello")
    answer = http.post("/tef/messages", json=said, headers=headers)
    assert answer.status_code in (401, 403)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"tef_version": "1.0.0"}, "tef_version"),
        ({"message_type": "SHOUT"}, "message_type"),
        ({"message_id": "7"}, "message_id"),
        ({"timestamp": "2026-03-10T12:00:00"}, "timestamp"),
        ({"task_id": None, "message_type": "COMPLETE"}, "task_id"),
        ({"payload": {}}, "payload.text"),
        ({"payload": {"text": ""}}, "payload.text"),
        ({"source_actor": "me"}, "source_actor"),
    ],
)
def test_what_is_wrong_is_named(http: TestClient, change: dict[str, Any], place: str) -> None:
    agent = Agent()
    answer = http.post("/tef/messages", json={**agent.says("MESSAGE", text="Hello"), **change}, headers=agent.bearer)
    assert (answer.status_code, answer.json()["field"]) == (422, place)


def test_too_much_is_refused_before_it_is_read(http: TestClient) -> None:
    agent = Agent()
    said = agent.says("MESSAGE", text="x" * envelope.LONGEST)
    assert http.post("/tef/messages", json=said, headers=agent.bearer).status_code == 422


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.recursive(st.none() | st.booleans() | st.floats() | st.text(),
       lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(envelope.Envelope.model_fields)), inner))
       .map(lambda raw: json.dumps(raw).encode())))  # fmt: skip
def test_no_body_breaks_the_reader(body: bytes) -> None:
    try:
        envelope.read(body)
    except Invalid as refused:
        assert refused.message


def test_a_gateway_registers_devices_and_beats_for_its_own(http: TestClient) -> None:
    gateway, other = Agent(ActorType.IOT_GATEWAY), Agent()
    made = http.post("/tef/devices", json={"name": "Boiler"}, headers=gateway.bearer)
    assert (made.status_code, made.json()["status"]) == (201, "PENDING_CLAIM")
    assert http.post("/tef/devices", json={"name": "Boiler"}, headers=other.bearer).status_code == 403
    beat = {"devices": [made.json()["id"]]}
    assert http.post("/tef/heartbeat", json=beat, headers=gateway.bearer).status_code == 200
    assert http.post("/tef/heartbeat", json=beat, headers=other.bearer).status_code == 404


def test_every_kind_has_a_schema_that_is_one(http: TestClient) -> None:
    for name in ("envelope", *Kind):
        published = http.get(f"/tef/schemas/{name}")
        jsonschema.Draft202012Validator.check_schema(published.json())
        assert published.json()["$id"] == published.url.path
    assert http.get("/tef/schemas/SHOUT").status_code == 404


def test_what_an_agent_says_is_new_until_somebody_reads_it(http: TestClient) -> None:
    agent = Agent()
    for text in ("I have begun", "It is done"):
        told = http.post("/tef/messages", json=agent.says("MESSAGE", None, text=text), headers=agent.bearer)
        assert told.status_code == 202, told.text
    with transaction() as session:
        talk = conversations.with_actor(session, agent.owner, UUID(agent.id))
        assert talk is not None
        assert conversations.unread(session, agent.owner) == {talk.id: 2}
        assert conversations.mark_read(session, agent.owner, talk.id) == 2
        assert conversations.mark_read(session, agent.owner, talk.id) == 0
        conversations.say(session, agent.owner, UUID(agent.id), "Thank you")
        assert conversations.unread(session, agent.owner) == {}
        with pytest.raises(NotFound):
            conversations.mark_read(session, make_owner(session), talk.id)
