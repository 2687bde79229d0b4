"""The task exchange: envelopes that go out, tasks that others follow, tasks that nobody has."""

from uuid import UUID

from taskjuggler_app.adapters import tef_http
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.ports import VendorError
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.core.queue import Backoff, job
from taskjuggler_app.domain.tasks.service import FOLLOW, UNCLAIMED
from taskjuggler_app.domain.tef import exchange, outgoing, progress, rules
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.tef import Actor, ActorType

_HERE = (ActorType.HUMAN, ActorType.TEAM)


def _gave_up(envelope_id: str) -> None:
    with transaction() as session:
        outgoing.failed(session, UUID(envelope_id), "It could not be delivered, however often it was tried.")


@job(outgoing.DELIVER, queue="outgoing", retries=Backoff(attempts=8), on_dead=_gave_up)
def deliver(envelope_id: str) -> None:
    """Deliver one envelope. Killed after the other side took it, it is sent again: its message id makes it one."""
    with transaction() as session:
        delivery = outgoing.begin(session, UUID(envelope_id))
    if delivery is None:
        return
    try:
        if delivery.url is not None:
            tef_http.deliver(delivery, delivery.url)
    except VendorError as error:
        if error.retryable:
            raise
        with transaction() as session:
            outgoing.failed(session, UUID(envelope_id), str(error))
        return
    with transaction() as session:
        if delivery.url is None and session.get_one(Actor, delivery.envelope.target_actor).actor_type in _HERE:
            try:
                exchange.receive(session, session.get_one(Actor, delivery.source), delivery.envelope, Door.JOB)
            except DomainError as error:
                outgoing.failed(session, UUID(envelope_id), error.message)
                return
        outgoing.delivered(session, UUID(envelope_id))


@job(FOLLOW)
def follow(task_id: str) -> None:
    """Tell the other end of an exchange what became of our task."""
    with transaction() as session:
        progress.follow(session, UUID(task_id))


@job(UNCLAIMED)
def unclaimed(task_id: str) -> None:
    """Delegate a task that nobody has, where a rule of the workspace says so."""
    with transaction() as session:
        task = session.get(Task, UUID(task_id))
        if task is not None and task.team_id is not None and task.deleted_at is None:
            rules.apply(session, Principal.system(task.team_id), task.id)
