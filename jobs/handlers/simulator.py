"""The simulator: a test of one channel, a storm over a whole workspace, and taking away what it left."""

import asyncio
from dataclasses import asdict
from uuid import UUID

import httpx

from taskjuggler_app.adapters.simulator import selftest, storm
from taskjuggler_app.adapters.simulator.as_vendor import VendorRequest
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.analytics import folding
from taskjuggler_app.domain.farewell import story
from taskjuggler_app.domain.receptionist import flights, samples, wiring
from taskjuggler_app.domain.receptionist.flights import Flight
from taskjuggler_app.models.receptionist import AssistantChannel


@job(wiring.TEST, retries=Backoff(attempts=1))
def test_channel(channel_id: str) -> None:
    """Call our own webhook by its public address, as the vendor would, and note what came of it."""
    with transaction() as session:
        channel = session.get(AssistantChannel, UUID(channel_id))
    if channel is None:
        return
    said, ok = selftest.run(channel)
    with transaction() as session:
        wiring.tested(session, channel.id, said, ok=ok)


def _crashed(team_id: str, events: int) -> None:
    with transaction() as session:
        flights.note(session, UUID(team_id), Flight("failed", events, "The simulator fell out of the air."))


@job(flights.FLY, retries=Backoff(attempts=1), on_dead=_crashed)
def fly(team_id: str, events: int) -> None:
    """Send the storm through the real webhooks of this installation, wait for the worker, keep the report."""
    with transaction() as session:
        line, mailbox = flights.targets(session, UUID(team_id))
    report = asyncio.run(_storm(events, line, mailbox))
    figures = {name: value for name, value in asdict(report).items() if name != "events"}
    figures["events_per_s"] = round(report.events_per_s, 1)
    clean = "Every message is there exactly once." if report.is_clean else "Something is not as it should be."
    with transaction() as session:
        landed = Flight("landed", report.events, clean, clock.utcnow().isoformat(), figures)
        flights.note(session, UUID(team_id), landed)


async def _storm(events: int, line: str, mailbox: str) -> storm.Report:
    seed = int(clock.utcnow().timestamp()) % 2**31
    async with httpx.AsyncClient(base_url=settings().local_url, timeout=60, trust_env=False) as client:

        async def post(request: VendorRequest) -> int:
            try:
                sent = await client.post(request.path, content=request.body, headers=dict(request.headers))
            except httpx.TransportError:
                return 0
            return sent.status_code

        return await storm.fly(seed, events, line, mailbox, post, storm.until_settled)


def _stopped(team_id: str, batch_id: str, by: str = "") -> None:
    with transaction() as session:
        samples.finished(session, UUID(team_id), batch_id, failed=True)


@job(samples.REMOVE, retries=Backoff(attempts=4, first=2.0), on_dead=_stopped)
def remove_samples(team_id: str, batch_id: str, by: str = "") -> None:
    """Take sample data away, some threads a transaction, then the rest of the story; count the workspace anew."""
    more = True
    while more:
        with transaction() as session:
            more = samples.remove_some(session, UUID(team_id), batch_id)
    with transaction() as session:
        story.remove_things(session, UUID(team_id), UUID(by) if by else None)
    with transaction() as session:
        folding.rebuild(session, UUID(team_id))
        samples.finished(session, UUID(team_id), batch_id)
