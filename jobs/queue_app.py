"""procrastinate, configured from our registry of jobs; the only file that speaks its language."""

import asyncio
import logging
from concurrent.futures import Executor
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job, Status
from typing_extensions import override

from taskjuggler_app.core import clock, db, queue_watch
from taskjuggler_app.core.queue import JobSpec, registry

HEARTBEAT_SECONDS = 3.0
STALLED_SECONDS = 12.0
"""A job whose worker has been silent for this long is somebody else's to do."""

_log = logging.getLogger("taskjuggler.worker")


def queue_app(threads: Executor | None = None) -> App:
    """The procrastinate app with every registered job; handlers run in `threads`."""
    import jobs.handlers  # noqa: F401  # registers the handlers

    connector = PsycopgConnector(conninfo=db.url(), min_size=1, max_size=4)
    app = App(connector=connector)
    for spec in registry.values():
        _add(app, spec, threads)
    return app


async def rescue_stalled(app: App) -> int:
    """Give the jobs of dead workers another try, or end those that had their last one; says how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        spec = registry.get(job.task_name)
        delay = spec.retries.delay(job.attempts + 1) if spec else None
        if delay is not None:
            await app.job_manager.retry_job(job, retry_at=clock.utcnow())
        else:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            if spec is not None and spec.on_dead is not None:
                await asyncio.to_thread(spec.on_dead, **job.task_kwargs)
        _log.warning("job %s (%s) was left by a dead worker", job.id, job.task_name)
    return len(stalled)


class _Retries(BaseRetryStrategy):
    """The spec's backoff in procrastinate's words."""

    def __init__(self, spec: JobSpec) -> None:
        self._spec = spec

    @override
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        delay = self._spec.retries.delay(job.attempts + 1)
        return None if delay is None else RetryDecision(retry_at=clock.utcnow() + delay)


def _remember_why(job_id: int, error: Exception) -> None:
    with db.transaction() as session:
        queue_watch.remember_why(session, job_id, error)


def _add(app: App, spec: JobSpec, threads: Executor | None) -> None:
    async def run(context: JobContext, /, **args: Any) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(threads, lambda: spec.handler(**args))
        except Exception as error:
            is_last = context.job is not None and spec.retries.delay(context.job.attempts + 1) is None
            if is_last and context.job is not None and context.job.id is not None:
                await loop.run_in_executor(threads, _remember_why, context.job.id, error)
            if is_last and spec.on_dead is not None:
                dead = spec.on_dead
                await loop.run_in_executor(threads, lambda: dead(**args))
            raise

    app.task(name=spec.name, queue=spec.queue, retry=_Retries(spec), pass_context=True)(run)
