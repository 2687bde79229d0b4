"""The workspace's language model, against a local server that speaks OpenAI's protocol: good, bad, slow, hostile."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from taskjuggler_app.adapters.extraction import DeterministicExtractor
from taskjuggler_app.adapters.llm import OpenAICompatible
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Forbidden, Invalid
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import assistant, corrections, processing
from taskjuggler_app.models import AICall, AISettings, AssistantChannel, CallState, FactCorrection, InboxItem, Task
from tests.domain.receptionist.injections import INJECTIONS
from tests.factories import make_channel, make_colleague, make_item, make_owner

BODY = "Hello, this is Ada. The boiler is cold. Please come before Rosa's birthday, flat 4."
GOOD = {
    "category": "maintenance",
    "mood": "negative",
    "summary": "Ada's boiler is cold.",
    "dates": [{"value": "2026-03-12", "words": "Rosa's birthday"}],
    "locations": [{"value": "flat 4", "words": "flat 4"}],
    "phones": [{"value": "+12075550123", "words": "207 555 0123"}],
}


class FakeModel:
    """A chat server whose answers a test decides."""

    def __init__(self) -> None:
        self.answer: Any = GOOD
        self.status, self.delay, self.failures, self.calls = 200, 0.0, 0, 0
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """POST /v1/chat/completions."""
                self.rfile.read(int(self.headers["content-length"]))
                outer.calls += 1
                outer.keys.append(self.headers.get("authorization", ""))
                time.sleep(outer.delay)
                fails = outer.calls <= outer.failures
                status = 500 if fails else outer.status
                said = outer.answer if isinstance(outer.answer, str) else json.dumps(outer.answer)
                body = json.dumps(_completion(said) if status == 200 else {"error": {"message": "no"}}).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's word
                """Nothing on the terminal."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def _completion(said: str) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}],
        "usage": {"prompt_tokens": 90, "completion_tokens": 30, "total_tokens": 120},
    }


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModel]:
    monkeypatch.setenv("ALLOW_LOCAL_TARGETS", "true")
    settings.cache_clear()
    made = FakeModel()
    yield made
    made.server.shutdown()
    made.server.server_close()
    settings.cache_clear()


def _set_up(fake: FakeModel, **over: Any) -> tuple[Principal, UUID]:
    values = {"is_on": True, "provider": "other", "base_url": fake.url, "model": "tiny", "key": "sk-1", **over}
    with transaction() as session:
        owner = make_owner(session)
        channel = make_channel(session, owner)
        assistant.save(session, owner, **{"daily_budget": 10, **values})
        return owner, channel.id


def _received(channel: UUID, body: str = BODY) -> UUID:
    with transaction() as session:
        return make_item(session, session.get_one(AssistantChannel, channel), body=body).id


def _processed(item_id: UUID, **how: Any) -> InboxItem:
    model = OpenAICompatible(pause=0, **how)
    processing.process(item_id, DeterministicExtractor(), model)
    with transaction() as session:
        return session.get_one(InboxItem, item_id)


def test_a_good_answer_adds_what_stands_in_the_message_and_nothing_else(database_url: str, fake: FakeModel) -> None:
    item = _processed(_received(_set_up(fake)[1]))
    found = item.extracted_data or {}
    assert found["ai"] == {"used": True, "model": "tiny"}
    assert found["summary"] == "Ada's boiler is cold."
    [day] = [one for one in found["dates"] if one.get("by") == "ai"]
    assert (day["value"], BODY[day["start"] : day["end"]]) == ("2026-03-12", "Rosa's birthday")
    assert found["phones"] == []
    assert (
        found["urgency"]
        == DeterministicExtractor().extract(BODY, received_at=item.received_at, zone="UTC", region="US")["urgency"]
    )
    assert fake.keys == ["Bearer sk-1"]
    with transaction() as session:
        call = session.exec(select(AICall)).one()
        assert (call.state, call.input_tokens, call.output_tokens) == (CallState.USED, 90, 30)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"answer": "I would rather write a poem."}, "not what was asked for"),
        ({"status": 429}, "too many requests"),
        ({"status": 500}, "error (500)"),
        ({"status": 401}, "does not accept the key"),
        ({"delay": 0.8}, "did not answer within"),
    ],
)
def test_a_bad_answer_leaves_the_rules_reading_with_the_reason(
    database_url: str, fake: FakeModel, broken: dict[str, Any], reason: str
) -> None:
    for name, value in broken.items():
        setattr(fake, name, value)
    item = _processed(_received(_set_up(fake)[1]), seconds=0.5 if "delay" in broken else 10)
    found = item.extracted_data or {}
    assert found["ai"]["used"] is False
    assert reason in found["ai"]["reason"]
    assert found["category"]["value"] == "maintenance"
    assert item.processing_status.value == "completed"


def test_one_failure_is_tried_again(database_url: str, fake: FakeModel) -> None:
    fake.failures = 1
    assert (_processed(_received(_set_up(fake)[1])).extracted_data or {})["ai"]["used"] is True
    assert fake.calls == 2


def test_over_budget_nothing_is_sent(database_url: str, fake: FakeModel) -> None:
    _owner, channel = _set_up(fake, daily_budget=1)
    first, second = (_processed(_received(channel)) for _ in range(2))
    assert (first.extracted_data or {})["ai"]["used"] is True
    assert "budget of 1 " in (second.extracted_data or {})["ai"]["reason"]
    assert fake.calls == 1


def test_a_worker_killed_after_the_call_pays_twice_and_makes_one_task(database_url: str, fake: FakeModel) -> None:
    _owner, channel = _set_up(fake)
    item_id = _received(channel)

    class Killed(OpenAICompatible):
        def read(self, *args: Any, **kwargs: Any) -> Any:
            super().read(*args, **kwargs)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processing.process(item_id, DeterministicExtractor(), Killed())
    _processed(item_id)
    with transaction() as session:
        assert sorted(call.state for call in session.exec(select(AICall))) == [CallState.STARTED, CallState.USED]
        assert len(session.exec(select(Task)).all()) <= 1


def test_without_a_model_nothing_is_sent_and_nothing_is_said_of_it(database_url: str, fake: FakeModel) -> None:
    item = _processed(_received(_set_up(fake, is_on=False)[1]))
    assert "ai" not in (item.extracted_data or {})
    assert fake.calls == 0


def test_the_key_is_encrypted_never_shown_and_goes_to_no_other_server(database_url: str, fake: FakeModel) -> None:
    owner, _ = _set_up(fake)
    values: dict[str, Any] = {"is_on": True, "provider": "other", "model": "tiny", "daily_budget": 5, "key": ""}
    with transaction() as session:
        row = session.exec(select(AISettings)).one()
        assert "sk-1" not in (row.key_sealed or "")
        assert "sk-1" not in repr(assistant.view(session, owner))
        assistant.save(session, owner, base_url=fake.url, **values)
        assert assistant.access(session, owner).key == "sk-1"
        assistant.save(session, owner, base_url="https://elsewhere.example/v1", **values)
        assert assistant.access(session, owner).key == ""


def test_only_admins_set_it_up_and_only_with_what_can_be(database_url: str, fake: FakeModel) -> None:
    values: dict[str, Any] = {"is_on": True, "provider": "other", "base_url": fake.url, "model": "tiny", "key": ""}
    with transaction() as session:
        owner = make_owner(session)
        with pytest.raises(Forbidden):
            assistant.save(session, make_colleague(session, owner), daily_budget=1, **values)
        for wrong in (
            {"base_url": "ftp://x"},
            {"base_url": "http://169.254.169.254/v1"},
            {"model": " "},
            {"provider": "magic"},
            {"daily_budget": -1},
        ):
            with pytest.raises(Invalid):
                assistant.save(session, owner, **{"daily_budget": 1, **values, **wrong})


def test_orders_inside_a_message_change_nothing_but_extracted_facts(database_url: str, fake: FakeModel) -> None:
    """The model obeys each message; what it says beyond facts of the message reaches nothing."""
    _, channel = _set_up(fake, daily_budget=1000)
    for text in INJECTIONS:
        fake.answer = {
            **GOOD,
            "urgency": "urgent",
            "priority": "urgent",
            "assignee": "mallory",
            "status": "dismissed",
            "team_id": "0",
            "category": "owned",
            "dates": [{"value": "9999-99-99", "words": text[:20]}],
            "emails": [{"value": "mallory@evil.example", "words": "mallory@nowhere.example"}],
        }
        plain, item = _processed_without_model(channel, text), _processed(_received(channel, text))
        mine, theirs = item.extracted_data or {}, plain.extracted_data or {}
        assert set(mine) - set(theirs) == {"ai"}, text
        same = ("category", "urgency", "dates", "times", "emails", "phones", "urls", "contact", "language")
        assert {key: mine[key] for key in same} == {key: theirs[key] for key in same}, text
        rows = ("assigned_to", "spam_at", "snoozed_until", "auto_response_text", "team_id", "user_id")
        assert [getattr(item, name) for name in rows] == [getattr(plain, name) for name in rows], text


def _processed_without_model(channel: UUID, text: str) -> InboxItem:
    item_id = _received(channel, text)
    processing.process(item_id, DeterministicExtractor())
    with transaction() as session:
        return session.get_one(InboxItem, item_id)


def test_corrections_stand_beside_what_was_read_and_are_examples(database_url: str, fake: FakeModel) -> None:
    owner, channel = _set_up(fake, is_on=False)
    item = _processed(_received(channel, "The tap drips, come tomorrow. Ada, 207-555-0123"))
    with transaction() as session:
        corrections.correct(session, owner, item.id, "category", "billing")
        corrections.correct(session, owner, item.id, "category", "sales")
        corrections.correct(session, owner, item.id, "dates.0", "")
        last = {row.fact: row.value for row in corrections.of_item(session, owner, item.id)}
        assert last == {"category": "sales", "dates.0": ""}
        assert (session.get_one(InboxItem, item.id).extracted_data or {}) == item.extracted_data
        assert len(session.exec(select(FactCorrection)).all()) == 3
        shown = corrections.examples(session, owner)
        assert (shown[0]["fact"], shown[0]["machine"]["value"], shown[0]["value"]) == (
            "category",
            "maintenance",
            "billing",
        )
        assert corrections.examples(session, make_owner(session)) == []
        for fact, value in (
            ("category", "magic"),
            ("dates.7", "2026-01-01"),
            ("dates.0", "soon"),
            ("assignee", "me"),
            ("phones.0", "12"),
        ):
            with pytest.raises(Invalid):
                corrections.correct(session, owner, item.id, fact, value)


def test_a_corrected_number_is_read_as_of_the_channels_country(database_url: str, fake: FakeModel) -> None:
    owner, channel = _set_up(fake, is_on=False)
    with transaction() as session:
        session.get_one(AssistantChannel, channel).region = "GB"
    item = _processed(_received(channel, "Call me on 020 7946 0958"))
    with transaction() as session:
        assert corrections.correct(session, owner, item.id, "phones.0", "020 7946 0959").value == "+442079460959"


def test_amounts_and_numbers_of_orders_are_facts_like_the_others(database_url: str, fake: FakeModel) -> None:
    owner, channel = _set_up(fake, is_on=False)
    item = _processed(_received(channel, "Order number 48213 was $35, you charged $53"))
    found = item.extracted_data or {}
    assert [one["value"] for one in found["money"]] == ["USD 35.00", "USD 53.00"]
    assert [item.body[one["start"] : one["end"]] for one in found["numbers"]] == ["48213"]
    with transaction() as session:
        assert corrections.correct(session, owner, item.id, "money.1", "USD 35.00").value == "USD 35.00"
