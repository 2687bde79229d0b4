"""Long storms, run by `make soak`; short forms are in tests/e2e."""

import random
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from taskjuggler_app.core import db
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.demo import load, story
from taskjuggler_app.domain.cases import queries
from taskjuggler_app.web import build
from tests import database
from tests.e2e.conftest import Installation, eventually, free_port, wait_for

pytestmark = pytest.mark.soak

EVENTS, REDELIVERED, KILL_EVERY = 1_000, 0.2, 100


@pytest.fixture
def everything(server: str, migrated: str, tmp_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """Web, worker and scheduler on a database of their own."""
    build.ensure_built(print)
    with database.clone(server, migrated) as url:
        port = free_port()
        for name, value in {
            "DATABASE_URL": url,
            "DATA_DIR": str(tmp_path),
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SECRET_KEY": "a secret of the storms alone",
        }.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        db.configure(url)
        load.load()
        running = Installation(url, port)
        for name in ("web", "worker", "scheduler"):
            running.start(name)
        wait_for(f"{running.base_url}/healthz")
        yield running
        running.stop()
        db.dispose()
    settings.cache_clear()


@pytest.mark.timeout(900)
def test_a_storm_with_redeliveries_and_killed_workers_ends_in_one_task_each(everything: Installation) -> None:
    chance = random.Random(1)
    word = uuid4().hex[:8]
    sids = [f"SM{uuid4().hex}" for _ in range(int(EVENTS * (1 - REDELIVERED)))]
    events = sids + chance.choices(sids, k=EVENTS - len(sids))
    chance.shuffle(events)
    for number, sid in enumerate(events, start=1):
        assert everything.send_sms(f"{word} {sid}: {chance.choice(story.MESSAGES)}", sid=sid) == 200
        if number % KILL_EVERY == 0:
            everything.kill("worker")
            everything.start("worker")
    items = "SELECT count(*) FROM inbox_items WHERE body LIKE %s"
    tasks = "SELECT count(*) FROM tasks WHERE description LIKE %s"
    assert everything.rows(items, f"{word} %") == [(len(sids),)]
    assert eventually(lambda: everything.rows(tasks, f"{word} %") == [(len(sids),)], 240)
    time.sleep(2)
    assert everything.rows(tasks, f"{word} %") == [(len(sids),)]
    states = everything.rows("SELECT DISTINCT processing_status FROM inbox_items WHERE body LIKE %s", f"{word} %")
    assert states == [("completed",)]
    with transaction() as session:
        assert queries.verify(session) is None
