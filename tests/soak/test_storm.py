"""Long storms, run by `make soak`; short forms are in tests/e2e."""

import asyncio
import sys
from collections.abc import Iterator

import httpx
import pytest

from taskjuggler_app.adapters.simulator import storm
from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest
from taskjuggler_app.core import db
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.demo import load, story
from taskjuggler_app.domain.cases import queries
from taskjuggler_app.web import build
from tests import database
from tests.e2e.conftest import Installation, free_port, wait_for

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
        try:
            for name in ("web", "worker", "scheduler"):
                running.start(name)
            wait_for(f"{running.base_url}/healthz")
            yield running
        finally:
            running.stop()
            db.dispose()
    settings.cache_clear()


@pytest.mark.timeout(900)
def test_a_storm_with_redeliveries_and_killed_workers_ends_in_one_item_each(everything: Installation) -> None:
    sent = 0

    async def fly() -> storm.Report:
        async with httpx.AsyncClient(base_url=everything.base_url, timeout=30, trust_env=False) as client:

            async def post(request: VendorRequest) -> int:
                nonlocal sent
                sent += 1
                if sent % KILL_EVERY == 0:
                    everything.kill("worker")
                    everything.start("worker")
                sent_now = await client.post(request.path, content=request.body, headers=dict(request.headers))
                return sent_now.status_code

            mailbox = f"{story.DESK}@{settings().mail_domain}"
            return await storm.fly(1, EVENTS, story.MAIN_LINE, mailbox, post, storm.until_settled, REDELIVERED)

    report = asyncio.run(fly())
    sys.stdout.write(f"{report}\n")
    assert report.is_clean, report
    assert (report.events, report.items >= EVENTS * (1 - REDELIVERED), report.refused) == (EVENTS, True, 0)
    with transaction() as session:
        assert queries.verify(session) is None
