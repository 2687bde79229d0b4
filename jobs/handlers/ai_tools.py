"""AI tools: runs that begin, go on and end; their results as files; jobs that were awarded to a tool."""

import io
from typing import BinaryIO, cast
from uuid import UUID

from taskjuggler_app.adapters import registry, tool_calls
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.aitools import results, runs
from taskjuggler_app.domain.aitools.calls import Later
from taskjuggler_app.domain.payments.service import WORK_BEGINS
from taskjuggler_app.models.ai_tools import ExecutionStatus


def _gave_up(execution_id: str) -> None:
    with transaction() as session:
        run = runs.locked(session, UUID(execution_id))
        if run.status in (ExecutionStatus.PENDING, ExecutionStatus.RUNNING):
            runs.fail(session, run, "It could not be carried out, however often it was tried.")


@job(runs.RUN, retries=Backoff(attempts=8), on_dead=_gave_up)
def run(execution_id: str) -> None:
    """One attempt. Cut off by a killed worker it is another attempt, under the same idempotency key."""
    with transaction() as session:
        call = runs.begin(session, UUID(execution_id))
    if call is None:
        return

    def say(text: str) -> None:
        with transaction() as session:
            runs.say(session, runs.locked(session, call.execution_id), text)

    try:
        output = tool_calls.perform(call, say)
    except VendorError as error:
        with transaction() as session:
            runs.attempt_failed(session, call.execution_id, call.attempt, str(error), retryable=error.retryable)
        return
    with transaction() as session:
        if isinstance(output, Later):
            runs.await_callback(session, call.execution_id, call.attempt)
        else:
            results.finish(session, call.execution_id, call.attempt, output)


@job(runs.ANSWERED)
def answered(approval_id: str) -> None:
    """A person said yes or no to a run, or nobody did in time."""
    with transaction() as session:
        runs.answered(session, UUID(approval_id))


@job(results.ATTACH)
def attach(execution_id: str) -> None:
    """The result as a file of its task, once."""
    with transaction() as session:
        what = results.to_attach(session, UUID(execution_id))
    if what is None:
        return
    registry.files().put(what.storage_key, cast(BinaryIO, io.BytesIO(what.content)))
    with transaction() as session:
        results.attached(session, UUID(execution_id), what)


@job(WORK_BEGINS)
def begin_work(listing_id: str) -> None:
    """A job that was awarded to an AI vendor: its tool begins."""
    with transaction() as session:
        results.begin_work(session, UUID(listing_id))
