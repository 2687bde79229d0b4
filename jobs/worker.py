"""The queue worker process: `taskjuggler worker`. SIGTERM lets running jobs finish, then ends."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import uvloop

from jobs.queue_app import HEARTBEAT_SECONDS, STALLED_SECONDS, queue_app
from taskjuggler_app.core import clock
from taskjuggler_app.core.config import settings

GRACE_SECONDS = 8.0


async def run() -> None:
    """Work until told to stop."""
    concurrency = settings().worker_concurrency
    with ThreadPoolExecutor(concurrency, thread_name_prefix="job") as threads:
        async with queue_app(threads).open_async() as app:
            await app.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS * 5,
                shutdown_graceful_timeout=GRACE_SECONDS,
            )


def main() -> None:
    """Entry point of the process."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    uvloop.run(run())


async def drain() -> None:
    """Do everything that waits and is due, also what the last jobs deferred, then return: for the demo and tests."""
    with ThreadPoolExecutor(4, thread_name_prefix="job") as threads:
        async with queue_app(threads).open_async() as app:
            while True:
                await app.run_worker_async(
                    concurrency=4,
                    wait=False,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    listen_notify=False,
                )
                now = clock.utcnow()
                waiting = await app.job_manager.list_jobs_async(status="todo")
                if all(job.scheduled_at is not None and job.scheduled_at > now for job in waiting):
                    return


def drain_now() -> None:
    """`drain`, from code without an event loop."""
    asyncio.run(drain())
