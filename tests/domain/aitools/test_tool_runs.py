"""Tools on tasks: set up, approved, carried out by the worker, paid within their budget, kept with the task."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from jobs.handlers import ai_tools as handlers
from taskjuggler_app.api import tools as routes
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.aitools import asking, configs, queries, results, runs, signing
from taskjuggler_app.domain.aitools.configs import ToolDraft
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.marketplace import bids, work
from taskjuggler_app.domain.payments import service as payments
from taskjuggler_app.domain.tasks import attachments
from taskjuggler_app.models import (
    AIToolConfig,
    AIToolExecution,
    ExecutionStatus,
    MarketplaceListing,
    Task,
    TaskStatus,
    VendorType,
)
from tests import factories as make
from tests.domain.aitools.elsewhere import Elsewhere
from tests.factories.money import make_listing, make_vendor

SECRET = "a-secret-of-both"
WORDS = "The boiler is cold. It rained. Please come and fix the boiler. The boiler is loud at night."


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """A server on this machine, which tools may reach for the test."""
    monkeypatch.setattr(settings(), "allow_local_targets", True)
    made = Elsewhere()
    yield made
    made.close()


def tool(session: Session, owner: Principal, **over: Any) -> AIToolConfig:
    """A tool of a new AI vendor of the owner's workspace."""
    vendor = make_vendor(session, owner, vendor_type=VendorType.AI, user_id=None)
    return configs.save(session, owner, vendor.id, ToolDraft(**{"tool_name": "Helper", **over}))


def asked(kind: str, url: str = "", finishes: bool = False, **over: Any) -> tuple[Principal, UUID]:
    """A run of a tool on a task, committed: who owns both, and the run."""
    more = {"url": url, "secret": SECRET} if url else {}
    with transaction() as session:
        owner = make.make_owner(session)
        made = tool(session, owner, tool_type=kind, **more, **over)
        task = make.make_task(session, owner, description=WORDS)
        return owner, asking.request(session, owner, task.id, made.id, finishes=finishes).id


def approve(owner: Principal, run: UUID) -> None:
    """A person says yes; the job that follows does its part."""
    with transaction() as session:
        approval = session.get_one(AIToolExecution, run).approval_id
        assert approval is not None
        approvals.approve(session, owner, approval)
    handlers.answered(str(approval))


def state(run: UUID) -> AIToolExecution:
    """The run as it stands."""
    with transaction() as session:
        return session.get_one(AIToolExecution, run)


def deferred(name: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of that name that wait."""
    with transaction() as session:
        return make.jobs(session, name)


def test_a_function_runs_at_once_and_its_result_is_kept_with_the_task(database_url: str) -> None:
    owner, run = asked("function", function="summarise", finishes=True)
    assert deferred(runs.RUN) == [{"execution_id": str(run)}]
    handlers.run(str(run))
    done = state(run)
    assert done.status is ExecutionStatus.COMPLETED
    assert done.output_data is not None
    assert "boiler" in done.output_data["text"]
    assert "rained" not in done.output_data["text"]
    for _ in range(2):
        handlers.attach(str(run))
    with transaction() as session:
        task = session.get_one(Task, done.task_id)
        assert task.status is TaskStatus.COMPLETED
        assert task.marketplace_vendor_id == done.vendor_id
        assert [row.name for row in attachments.of_task(session, owner, task.id)] == [
            f"Helper {done.created_at:%Y-%m-%d %H.%M}.md"
        ]
        kinds = [row.kind for row in cases.thread(session, owner, {"task": task.id})]
        assert {"task.tool_asked", "task.tool_finished", "task.attached"} <= set(kinds)
        assert queries.of_task(session, owner, task.id)[0].state == "completed"


def test_what_goes_out_does_not_go_out_before_a_yes(database_url: str, elsewhere: Elsewhere) -> None:
    _, run = asked(
        "api", elsewhere.url, template='{"ask": "{{title}}: {{description}}"}', output_path="output", cost="0.10"
    )
    assert deferred(runs.RUN) == []
    handlers.run(str(run))
    assert elsewhere.seen == []
    assert state(run).status is ExecutionStatus.FAILED


def test_an_approved_run_carries_its_key_and_records_its_cost(database_url: str, elsewhere: Elsewhere) -> None:
    owner, run = asked(
        "api", elsewhere.url, template='{"ask": "{{description}}"}', output_path="output", cost="0.10", budget="1"
    )
    approve(owner, run)
    handlers.run(str(run))
    handlers.run(str(run))
    ((headers, body),) = elsewhere.seen
    assert json.loads(body) == {"ask": WORDS}
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert headers["idempotency-key"] == str(run)
    done = state(run)
    assert (done.status, done.cost, done.output_data) == (
        ExecutionStatus.COMPLETED,
        Decimal("0.10"),
        {"text": "Fixed.", "note": ""},
    )
    with transaction() as session:
        kinds = [row.kind for row in cases.thread(session, owner, {"task": done.task_id})]
        assert [one for one in kinds if one.startswith("approval.")] == [
            "approval.proposed",
            "approval.approved",
            "approval.executed",
        ]


@pytest.mark.parametrize("what", ["input", "tool", "budget"])
def test_what_changed_after_the_yes_is_not_done(database_url: str, elsewhere: Elsewhere, what: str) -> None:
    owner, run = asked("api", elsewhere.url, cost="0.10", budget="1")
    approve(owner, run)
    with transaction() as session:
        row = session.get_one(AIToolExecution, run)
        if what == "input":
            row.input_data = {"text": "Send me everything"}
        elif what == "budget":
            row.budget = Decimal(100)
        else:
            made = session.get_one(AIToolConfig, row.tool_config_id)
            made.config = {**made.config, "url": elsewhere.url + "/elsewhere"}
            session.add(made)
        session.add(row)
    handlers.run(str(run))
    assert elsewhere.seen == []
    failed = state(run)
    assert failed.status is ExecutionStatus.FAILED
    assert "changed" in (failed.error_message or "")


def test_a_no_ends_the_run_and_a_late_yes_finds_it_over(database_url: str, elsewhere: Elsewhere) -> None:
    owner, run = asked("webhook", elsewhere.url)
    with transaction() as session:
        approval = session.get_one(AIToolExecution, run).approval_id
        assert approval is not None
        approvals.refuse(session, owner, approval, "Not this one")
    handlers.answered(str(approval))
    handlers.run(str(run))
    assert (state(run).error_message, elsewhere.seen) == ("Refused. Not this one", [])


def test_a_failing_tool_is_tried_again_within_its_budget(database_url: str, elsewhere: Elsewhere) -> None:
    elsewhere.failures = 9
    owner, run = asked("api", elsewhere.url, retries="5", cost="0.40", budget="1.00")
    approve(owner, run)
    for _ in range(5):
        handlers.run(str(run))
    failed = state(run)
    assert len(elsewhere.seen) == failed.attempts == 2
    assert failed.cost == Decimal("0.80")
    assert "Another attempt would cost more" in (failed.error_message or "")


def test_a_tool_that_recovers_is_done_and_one_that_refuses_is_not_asked_again(
    database_url: str, elsewhere: Elsewhere
) -> None:
    elsewhere.failures = 1
    owner, run = asked("api", elsewhere.url, output_path="output")
    approve(owner, run)
    handlers.run(str(run))
    assert state(run).status is ExecutionStatus.RUNNING
    handlers.run(str(run))
    assert (state(run).status, state(run).attempts) == (ExecutionStatus.COMPLETED, 2)
    elsewhere.status = 401
    owner, run = asked("api", elsewhere.url)
    approve(owner, run)
    handlers.run(str(run))
    assert (state(run).status, state(run).attempts) == (ExecutionStatus.FAILED, 1)


def test_a_slow_tool_is_given_up_after_its_time(database_url: str, elsewhere: Elsewhere) -> None:
    elsewhere.delay = 3
    owner, run = asked("api", elsewhere.url, timeout="1", retries="0")
    approve(owner, run)
    handlers.run(str(run))
    assert "did not answer within 1 seconds" in (state(run).error_message or "")


def test_a_result_that_cost_more_than_the_cap_is_not_used(database_url: str, elsewhere: Elsewhere) -> None:
    elsewhere.answer = {"output": "Gold", "usage": {"cost": 7.5}}
    owner, run = asked("api", elsewhere.url, output_path="output", cost_path="usage.cost", cost="0.10", budget="2")
    approve(owner, run)
    handlers.run(str(run))
    failed = state(run)
    assert (failed.status, failed.cost, failed.output_data) == (ExecutionStatus.FAILED, Decimal("7.50"), None)


def test_no_tool_is_led_inside(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        with pytest.raises(Invalid):
            tool(session, owner, tool_type="api", url="http://169.254.169.254/latest/meta-data")
        with pytest.raises(Invalid):
            tool(session, owner, tool_type="webhook", url="http://localhost:5432/", secret=SECRET)
        with pytest.raises(Invalid):
            tool(session, owner, tool_type="function", function="__import__('os').system('id')")


def test_a_webhook_is_signed_and_calls_back_signed_fresh_and_once(database_url: str, elsewhere: Elsewhere) -> None:
    elsewhere.answer = {"taken": True}
    owner, run = asked("webhook", elsewhere.url, cost="0.10", budget="1")
    approve(owner, run)
    handlers.run(str(run))
    headers, body = elsewhere.seen[0]
    assert signing.is_signed(SECRET, headers[signing.TIMESTAMP], headers[signing.SIGNATURE], body, time.time())
    order = json.loads(body)
    assert order["callback_url"].endswith(f"/webhooks/tools/{run}")
    path, client = f"/webhooks/tools/{run}", TestClient(routes.app)

    def send(said: dict[str, Any], *, secret: str = SECRET, age: int = 0, nonce: str = "") -> int:
        raw = json.dumps({**said, "nonce": nonce}).encode()
        now = int(time.time()) - age
        signed = {signing.TIMESTAMP: str(now), signing.SIGNATURE: signing.sign(secret, now, raw)}
        return client.post(path, content=raw, headers=signed).status_code

    half = {"status": "progress", "message": "Half way"}
    assert send(half, secret="somebody else's") == 401
    assert send(half, age=600) == 401
    assert client.post(path, content=b"{}").status_code == 401
    raw, now = json.dumps(half).encode(), int(time.time())
    signed = {signing.TIMESTAMP: str(now), signing.SIGNATURE: signing.sign(SECRET, now, raw)}
    assert [client.post(path, content=raw, headers=signed).status_code for _ in range(2)] == [200, 409]
    assert send({"status": "wonderful"}) == 400
    assert send({"status": "completed", "output": "Fixed.", "cost": "0.55"}) == 200
    assert send({"status": "completed", "output": "Again"}) == 409
    assert client.post("/webhooks/tools/nobody", content=b"{}").status_code == 404
    done = state(run)
    assert (done.status, done.cost) == (ExecutionStatus.COMPLETED, Decimal("0.55"))
    assert "Half way" in [line["text"] for line in done.progress]


def test_a_webhook_that_never_calls_back_has_failed(database_url: str, elsewhere: Elsewhere) -> None:
    elsewhere.answer = b""
    owner, run = asked("webhook", elsewhere.url, wait="60")
    approve(owner, run)
    handlers.run(str(run))
    with transaction() as session:
        assert runs.lapse(session, clock.utcnow()) == 0
        assert runs.lapse(session, clock.utcnow() + timedelta(minutes=2)) == 1
    assert state(run).error_message == "The tool did not call back in time."


def test_a_worker_killed_in_an_attempt_leaves_a_run_that_another_ends(database_url: str, elsewhere: Elsewhere) -> None:
    owner, run = asked("api", elsewhere.url, output_path="output", cost="0.10", budget="1")
    approve(owner, run)
    with transaction() as session:
        killed = runs.begin(session, run)
    assert killed is not None
    handlers.run(str(run))
    done = state(run)
    assert (done.status, done.attempts, done.cost) == (ExecutionStatus.COMPLETED, 2, Decimal("0.20"))
    with transaction() as session:
        runs.attempt_failed(session, run, killed.attempt, "too late", retryable=False)
    assert state(run).status is ExecutionStatus.COMPLETED


def test_a_secret_is_encrypted_kept_for_its_server_only_and_never_shown(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make.make_owner(session)
    monkeypatch.setattr("taskjuggler_app.domain.aitools.configs.check_url", lambda *_: None)
    made = tool(session, owner, tool_type="api", url="https://api.example.com/run", secret=SECRET)
    stored = session.execute(text("SELECT config::text FROM ai_tool_configs")).scalar_one()
    assert SECRET not in stored
    assert SECRET not in repr(queries.tools(session, owner))
    assert configs.secret_of(made) == SECRET
    draft = ToolDraft("Helper", tool_type="api", url="https://api.example.com/other")
    assert configs.secret_of(configs.save(session, owner, made.vendor_id, draft, made.id)) == SECRET
    moved = ToolDraft("Helper", tool_type="api", url="https://evil.example.net/run")
    assert configs.secret_of(configs.save(session, owner, made.vendor_id, moved, made.id)) == ""


def test_tools_are_the_admins_and_the_workspace_s_own(session: Session) -> None:
    owner = make.make_owner(session)
    colleague, stranger = make.make_colleague(session, owner), make.make_owner(session)
    made = tool(session, owner)
    task = make.make_task(session, stranger)
    with pytest.raises(Forbidden):
        configs.save(session, colleague, made.vendor_id, ToolDraft("Mine"))
    with pytest.raises(NotFound):
        configs.save(session, stranger, made.vendor_id, ToolDraft("Mine"))
    with pytest.raises(NotFound):
        asking.request(session, stranger, task.id, made.id)
    own = make.make_task(session, owner)
    asking.request(session, colleague, own.id, made.id)
    with pytest.raises(Conflict, match="already"):
        asking.request(session, owner, own.id, made.id)
    configs.set_active(session, owner, made.id, False)
    with pytest.raises(Conflict, match="paused"):
        asking.request(session, owner, make.make_task(session, owner).id, made.id)


def test_a_person_has_no_tools(session: Session) -> None:
    owner = make.make_owner(session)
    person = make_vendor(session, owner)
    with pytest.raises(Conflict):
        configs.save(session, owner, person.id, ToolDraft("Helper"))


@pytest.mark.parametrize("from_task", [True, False])
def test_an_awarded_job_is_done_by_the_tool_and_delivered(database_url: str, from_task: bool) -> None:
    with transaction() as session:
        buyer, seller = make.make_owner(session), make.make_owner(session)
        vendor = make_vendor(session, seller, vendor_type=VendorType.AI, user_id=None)
        configs.save(session, seller, vendor.id, ToolDraft("Summariser", cost="0.10", budget="0.50"))
        task = make.make_task(session, buyer, description=WORDS) if from_task else None
        over = {"task_id": task.id} if task else {"description": WORDS}
        listing = make_listing(session, buyer, **over)
        bid = bids.place(session, seller, listing.id, vendor.id, "200")
        payment = bids.award(session, buyer, listing.id, bid.id)
        found = listing.id
    handlers.begin_work(str(found))
    with transaction() as session:
        assert session.exec(select(AIToolExecution).where(AIToolExecution.listing_id == found)).first() is None
        payments.take(session, payment.id, "pi_1", payment.amount + payment.buyer_fee, "USD")
    assert deferred(payments.WORK_BEGINS) == [{"listing_id": str(found)}]
    handlers.begin_work(str(found))
    with transaction() as session:
        (run,) = session.exec(select(AIToolExecution).where(AIToolExecution.listing_id == found)).all()
    approve(buyer, run.id)
    handlers.run(str(run.id))
    with transaction() as session:
        listing = session.get_one(MarketplaceListing, found)
        assert listing.delivered_at is not None
        assert "boiler" in (listing.closing_note or "")
        work.accept(session, buyer, found)
        assert session.get_one(Task, run.task_id).status is TaskStatus.COMPLETED
        shown = queries.runs(session, seller)[0]
        assert (shown.output, shown.task, shown.ours) == ("", "A job from the marketplace", False)


def test_a_person_s_job_starts_no_tool(session: Session) -> None:
    buyer, seller = make.make_owner(session), make.make_owner(session)
    vendor = make_vendor(session, seller)
    listing = make_listing(session, buyer)
    bid = bids.place(session, seller, listing.id, vendor.id, "200")
    bids.award(session, buyer, listing.id, bid.id, directly=True)
    assert results.begin_work(session, listing.id) is None
