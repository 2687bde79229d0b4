"""The scheduler process: the whole schedule on one screen. Any number may run; one is active."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from jobs.queue_app import queue_app, rescue_stalled
from taskjuggler_app.adapters import embedded_payments
from taskjuggler_app.core import clock, leases, live, topics
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ticks import Board, Tick
from taskjuggler_app.domain.access import resets, sessions, verification
from taskjuggler_app.domain.aitools import runs
from taskjuggler_app.domain.analytics import folding, mailing
from taskjuggler_app.domain.appointments import booking, feeds
from taskjuggler_app.domain.appointments import reminders as guest_reminders
from taskjuggler_app.domain.approvals import service as approvals
from taskjuggler_app.domain.billing import subscriptions
from taskjuggler_app.domain.farewell import asking as farewells
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.domain.marketplace import bids, listings, work
from taskjuggler_app.domain.notifications import delivery, reminders
from taskjuggler_app.domain.payments import checks
from taskjuggler_app.domain.receptionist import mailboxes, sweeping, triage
from taskjuggler_app.domain.sitehealth import sites
from taskjuggler_app.domain.tasks import bin as task_bin
from taskjuggler_app.domain.tasks import invitations as task_invitations
from taskjuggler_app.domain.teams import exports, invitations
from taskjuggler_app.domain.webhooks import deliveries as webhooks

LEASE = "scheduler"
LEASE_SECONDS = 15
_NAME = f"{socket.gethostname()}:{os.getpid()}"
_log = logging.getLogger("taskjuggler.scheduler")


def rescue() -> None:
    """Jobs of workers that died."""

    async def run() -> None:
        async with queue_app().open_async() as app:
            await rescue_stalled(app)

    asyncio.run(run())


def pick_up_forgotten() -> None:
    """Messages and deliveries that wait without a job, whatever lost it."""
    with transaction() as session:
        sweeping.queue_forgotten(session, clock.utcnow())
        mailboxes.queue_forgotten(session, clock.utcnow())


def wake_snoozed() -> None:
    """Messages whose snooze is over come back."""
    with transaction() as session:
        triage.wake(session, clock.utcnow())


def remind_guests() -> None:
    """Reminders of appointments that are due."""
    with transaction() as session:
        guest_reminders.send_due(session, clock.utcnow())


def look_after_calendars() -> None:
    """Held times that ran out, subscribed calendars whose time has come."""
    with transaction() as session:
        booking.sweep(session, clock.utcnow())
        feeds.queue_due(session, clock.utcnow())


def scan_due() -> None:
    """Sites whose schedule has come."""
    with transaction() as session:
        sites.claim_due(session, clock.utcnow())


def sweep() -> None:
    """What is over: sessions, links, codes, cached values, old jobs, payments long compared, accounts whose
    grace has passed."""
    with transaction() as session:
        now = clock.utcnow()
        sessions.sweep(session, now)
        resets.sweep(session, now)
        verification.sweep(session, now)
        invitations.sweep(session, now)
        task_bin.sweep(session, now)
        task_invitations.sweep(session, now)
        sweeping.sweep_system(session, now)
        files.sweep(session, now)
        exports.sweep(session, now)
        mailboxes.sweep(session, now)
        webhooks.sweep(session, now)
        farewells.queue_due(session, now)
        checks.forget(session, now)


def remind() -> None:
    """Tasks that are due soon or overdue."""
    with transaction() as session:
        reminders.remind(session, clock.utcnow())


def digests() -> None:
    """Digests whose hour has come in their reader's zone, and Manager's Monday where it is Monday morning."""
    with transaction() as session:
        delivery.queue_digests(session, clock.utcnow())
        mailing.queue_due(session, clock.utcnow())


def look_after_marketplace() -> None:
    """Listings whose time is over, awards that nobody paid, money to release: by time, or by a scan's proof."""
    with transaction() as session:
        now = clock.utcnow()
        listings.expire(session, now)
        bids.lapse_unpaid(session, now)
        work.release_due(session, now)
        work.release_proved(session)


def count() -> None:
    """Workspaces whose log goes beyond the counts of their dashboards."""
    with transaction() as session:
        folding.queue_due(session)


def tell_webhooks() -> None:
    """What happened since, on to those who want it."""
    behind = True
    while behind:
        with transaction() as session:
            behind = webhooks.collect(session) > 0


def look_after_tools() -> None:
    """Approvals that nobody gave, or used, in time; webhook tools that did not call back."""
    with transaction() as session:
        approvals.expire(session, clock.utcnow())
        runs.lapse(session, clock.utcnow())


def reconcile_payments() -> None:
    """Payments against the provider's own record; plans that ran out; months of the embedded provider's plans."""
    with transaction() as session:
        embedded_payments.renew_due(session, clock.utcnow())
        checks.queue_due(session, clock.utcnow())
        subscriptions.expire(session, clock.utcnow())


SCHEDULE: tuple[tuple[Callable[[], None], IntervalTrigger], ...] = (
    (rescue, IntervalTrigger(seconds=5)),
    (pick_up_forgotten, IntervalTrigger(seconds=30)),
    (remind_guests, IntervalTrigger(seconds=20)),
    (look_after_calendars, IntervalTrigger(seconds=30)),
    (scan_due, IntervalTrigger(seconds=30)),
    (remind, IntervalTrigger(seconds=30)),
    (digests, IntervalTrigger(seconds=60)),
    (look_after_marketplace, IntervalTrigger(seconds=60)),
    (look_after_tools, IntervalTrigger(seconds=30)),
    (reconcile_payments, IntervalTrigger(minutes=10)),
    (count, IntervalTrigger(seconds=5)),
    (tell_webhooks, IntervalTrigger(seconds=2)),
    (wake_snoozed, IntervalTrigger(seconds=15)),
    (sweep, IntervalTrigger(hours=1)),
)


BOARD = Board(
    _NAME, {tick.__name__: Tick(tick.__name__, int(trigger.interval.total_seconds())) for tick, trigger in SCHEDULE}
)


def when_active(tick: Callable[[], None]) -> Callable[[], None]:
    """Run the tick only while this process holds the scheduler's lease; an error ends the tick, not the process."""

    def run() -> None:
        try:
            with transaction() as session:
                active = leases.take(session, LEASE, _NAME, LEASE_SECONDS)
            if active:
                _noted(tick)
        except Exception:
            _log.exception("the tick %s failed", tick.__name__)

    run.__name__ = tick.__name__
    return run


def _noted(tick: Callable[[], None]) -> None:
    """Run the tick and write on the board how it went, also when it fails."""
    line, began = BOARD.ticks[tick.__name__], clock.utcnow()
    line.last_at, line.failed = began.isoformat(), ""
    line.next_at = (began + timedelta(seconds=line.every_seconds)).isoformat()
    try:
        tick()
    except Exception as error:
        line.failed = f"{type(error).__name__}: {error}"[:300]
        raise
    finally:
        now = clock.utcnow()
        line.took_ms = int((now - began).total_seconds() * 1000)
        if BOARD.is_due(now):
            with transaction() as session:
                BOARD.write(session, now)
                live.publish(session, topics.operations())


def main() -> None:
    """Entry point of the process: until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60})
    for tick, trigger in SCHEDULE:
        scheduler.add_job(when_active(tick), trigger, id=tick.__name__, next_run_time=clock.utcnow())
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)
    with transaction() as session:
        leases.release(session, LEASE, _NAME)
