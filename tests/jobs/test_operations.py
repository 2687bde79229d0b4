"""What those who run the installation see and do: failed jobs, another attempt, the schedule, metrics."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient

from jobs import scheduler
from jobs.worker import drain_now
from taskjuggler_app.api import metrics
from taskjuggler_app.core import clock, ticks
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.access import operations
from tests import factories as make

BROKEN: dict[str, Any] = {"body": "no recipient", "idempotency_key": "k"}
GOOD: dict[str, Any] = {"to": "a@example.com", "subject": "s", "text": "t", "idempotency_key": "k"}


@pytest.fixture
def operator(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Principal:
    """Somebody whose address is in OPERATOR_EMAILS."""
    with transaction() as session:
        owner = make.make_owner(session)
    monkeypatch.setattr(settings(), "operator_emails", [owner.email.lower()])
    return owner


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> ticks.Board:
    """A schedule of two lines."""
    board = ticks.Board("one", {name: ticks.Tick(name, 60) for name in ("sweep", "remind")})
    monkeypatch.setattr(scheduler, "BOARD", board)
    monkeypatch.setattr(ticks, "WRITE_EVERY_SECONDS", 0.0)
    return board


def fail(name: str = "sms.send", **args: Any) -> None:
    """A job whose last attempt fails."""
    with transaction() as session:
        defer(session, name, queue="outgoing", **(args or BROKEN))
        session.execute(text("UPDATE procrastinate_jobs SET attempts = 20 WHERE status = 'todo'"))
    drain_now()


def seen(principal: Principal) -> operations.Operations:
    """What the page shows."""
    with transaction() as session:
        return operations.overview(session, principal)


def test_a_failed_job_says_why_and_does_its_work_when_it_is_tried_again(operator: Principal) -> None:
    fail("mail.send", **{**GOOD, "to": None})
    (row,) = seen(operator).failed
    assert (row.name, seen(operator).failed_jobs) == ("mail.send", 1)
    assert row.why
    with transaction() as session:
        session.execute(text('UPDATE procrastinate_jobs SET args = args || \'{"to": "a@example.com"}\''))
        assert operations.retry(session, operator, row.id) == 1
    drain_now()
    assert (seen(operator).failed, seen(operator).waiting) == ([], 0)
    with transaction() as session:
        assert session.execute(text("SELECT count(*) FROM outbox_messages")).scalar() == 1
        assert operations.retry(session, operator, row.id) == 0


def test_failed_jobs_are_put_away_all_at_once_and_waiting_ones_stay(operator: Principal) -> None:
    for _ in range(3):
        fail()
    with transaction() as session:
        defer(session, "mail.send", queue="outgoing", run_at=clock.utcnow() + timedelta(hours=3), **GOOD)
        defer(session, "mail.send", queue="outgoing", **GOOD)
        assert operations.put_away(session, operator, "") == 3
    now = seen(operator)
    assert [(one.name, one.due, one.later, one.running) for one in now.queues] == [("outgoing", 1, 1, 0)]
    assert now.failed == []


def test_nobody_else_sees_or_touches_anything(operator: Principal) -> None:
    fail()
    with transaction() as session:
        stranger = make.make_owner(session)
        for deed in (
            operations.overview,
            lambda s, p: operations.retry(s, p, ""),
            lambda s, p: operations.put_away(s, p, ""),
        ):
            with pytest.raises(NotFound):
                deed(session, stranger)
        with pytest.raises(NotFound):
            operations.retry(session, operator, "1; DROP TABLE jobs")
    assert seen(operator).failed_jobs == 1


def test_the_schedule_says_what_ran_what_failed_and_what_is_late(operator: Principal, ticking: ticks.Board) -> None:
    def remind() -> None:
        raise ValueError("the mail server is away")

    def sweep() -> None:
        """Nothing to do."""

    scheduler.when_active(remind)()
    scheduler.when_active(sweep)()
    rows = {row.name: row for row in seen(operator).schedule}
    assert (rows["remind"].state, rows["sweep"].state) == ("failed", "well")
    assert "the mail server is away" in rows["remind"].failed
    assert seen(operator).scheduler_alive
    with clock.at(clock.utcnow() + timedelta(minutes=10)):
        later = seen(operator)
        assert {row.state for row in later.schedule} == {"late"}
        assert not later.scheduler_alive


def test_metrics_are_for_this_machine_or_whoever_has_the_token(
    operator: Principal, ticking: ticks.Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail()
    app = Starlette(routes=metrics.routes)
    here, away = TestClient(app, client=("127.0.0.1", 1)), TestClient(app, client=("203.0.113.5", 1))
    page = here.get("/metrics")
    assert page.status_code == 200
    assert "taskjuggler_failed_jobs 1.0" in page.text
    assert "process_resident_memory_bytes" in page.text
    assert away.get("/metrics").status_code == 404
    assert here.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404
    monkeypatch.setattr(settings(), "metrics_token", SecretStr("open-sesame"))
    assert here.get("/metrics").status_code == 404
    assert away.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 404
    assert away.get("/metrics", headers={b"Authorization": b"Bearer open-sesame"}).status_code in (200, 404)
