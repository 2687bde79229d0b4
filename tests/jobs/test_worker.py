"""The worker as a process: jobs survive its death, and it ends politely."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from jobs.queue_app import queue_app, rescue_stalled
from taskjuggler_app.core import leases
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, defer
from taskjuggler_app.domain.receptionist import channels, intake
from taskjuggler_app.domain.receptionist.intake import InboundMessage
from taskjuggler_app.models import AssistantChannel
from tests import factories as make

Spawn = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def spawn(database_url: str) -> Iterator[Spawn]:
    """Starts real workers on the test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def worker() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from jobs.worker import main; main()"]
        started.append(subprocess.Popen(command, env={**os.environ, "DATABASE_URL": database_url}))
        return started[-1]

    yield worker
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def channel(database_url: str) -> AssistantChannel:
    """An active number."""
    with transaction() as session:
        return channels.create(session, make.make_owner(session), name="Main", phone_number="+12075550100")


def receive(channel: AssistantChannel, number: int) -> None:
    """One text message, stored and queued."""
    message = InboundMessage(
        channel.team_id, channel.user_id, channel.id, "sms", f"SM{number}", "+1", "It leaks", make.NOON
    )
    with transaction() as session:
        intake.receive(session, [message])


def value(query: str) -> object:
    """One value of the database."""
    with transaction() as session:
        return session.execute(text(query)).scalar()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def test_a_worker_processes_what_waits_and_what_comes(channel: AssistantChannel, spawn: Spawn) -> None:
    receive(channel, 1)
    spawn()
    until(lambda: value("SELECT count(*) FROM tasks") == 1)
    receive(channel, 2)
    until(lambda: value("SELECT count(*) FROM tasks") == 2, 3)


def test_a_worker_killed_in_the_middle_of_a_job_loses_and_doubles_nothing(
    channel: AssistantChannel, spawn: Spawn
) -> None:
    receive(channel, 1)
    with transaction() as holder:
        holder.execute(text("SELECT 1 FROM inbox_items FOR UPDATE"))  # the handler waits here
        victim = spawn()
        until(lambda: value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 1)
        victim.kill()
        victim.wait()
    with transaction() as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))

    async def rescue() -> int:
        async with queue_app().open_async() as app:
            return await rescue_stalled(app)

    assert asyncio.run(rescue()) == 1
    spawn()
    until(lambda: value("SELECT processing_status FROM inbox_items") == "completed")
    assert value("SELECT count(*) FROM tasks") == 1


def test_a_worker_asked_to_stop_finishes_what_it_does(channel: AssistantChannel, spawn: Spawn) -> None:
    receive(channel, 1)
    with transaction() as holder:
        holder.execute(text("SELECT 1 FROM inbox_items FOR UPDATE"))
        worker = spawn()
        until(lambda: value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 1)
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert worker.poll() is None
    assert worker.wait(15) == 0
    assert value("SELECT processing_status FROM inbox_items") == "completed"


def test_a_job_that_always_fails_ends_as_a_visible_dead_letter(database_url: str) -> None:
    from jobs.worker import drain_now

    with transaction() as session:
        defer(session, "sms.send", queue="outgoing", body="no recipient", idempotency_key="k")
        session.execute(text("UPDATE procrastinate_jobs SET attempts = 4"))
    drain_now()
    assert value("SELECT status FROM procrastinate_jobs") == "failed"


def test_a_mail_is_sent_once_however_often_its_job_runs(database_url: str) -> None:
    from jobs.worker import drain_now

    for _ in range(3):
        with transaction() as session:
            defer(
                session, "mail.send", queue="outgoing", to="a@example.com", subject="s", text="t", idempotency_key="k"
            )
        drain_now()
    assert value("SELECT count(*) FROM outbox_messages") == 1
    assert value("SELECT count(*) FROM procrastinate_jobs") == 0


def test_pauses_between_attempts_grow_and_end() -> None:
    backoff = Backoff(attempts=4, first=2, factor=3, longest=10)
    assert [backoff.delay(made) for made in (1, 2, 3, 4)] == [
        timedelta(seconds=2),
        timedelta(seconds=6),
        timedelta(seconds=10),
        None,
    ]


def test_a_job_is_not_there_when_its_cause_is_rolled_back(database_url: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        defer(session, "mail.send", to="x")
        raise ZeroDivisionError
    assert value("SELECT count(*) FROM procrastinate_jobs") == 0


def test_a_waiting_job_makes_another_under_the_same_lock_superfluous(database_url: str) -> None:
    with transaction() as session:
        first = defer(session, "mail.send", queueing_lock="digest:1", to="x")
        assert first is not None
        assert defer(session, "mail.send", queueing_lock="digest:1", to="x") is None
        assert defer(session, "mail.send", queueing_lock="digest:2", to="x") is not None


def test_one_of_two_schedulers_is_active_and_the_other_takes_over(database_url: str) -> None:
    def takes(owner: str) -> bool:
        with transaction() as session:
            return leases.take(session, "scheduler", owner, 30)

    assert [takes("one"), takes("other"), takes("one")] == [True, False, True]
    with transaction() as session:
        session.execute(text("UPDATE cache_locks SET expiration = 0"))
    assert [takes("other"), takes("one")] == [True, False]
    with transaction() as session:
        leases.release(session, "scheduler", "other")
    assert takes("one")


def test_the_ids_of_messages_survive_the_queue(channel: AssistantChannel) -> None:
    receive(channel, 1)
    item_id = value("SELECT id FROM inbox_items")
    assert value("SELECT args -> 'item_ids' ->> 0 FROM procrastinate_jobs") == str(UUID(str(item_id)))
