"""Envelopes that go out: kept with the data that caused them, delivered by the worker, every attempt in the log."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.domain.tef import actors, envelope, keys
from taskjuggler_app.domain.tef.envelope import Envelope
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState, Exchange, Kind
from taskjuggler_app.models.tef import Actor, ActorStatus

DELIVER = "tef.deliver"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the worker sends: to an address with a signature, or (no address) to an actor of this installation."""

    envelope: Envelope
    body: bytes
    url: str | None
    source: UUID
    key_id: str = ""
    secret: str = ""


def send(
    session: Session,
    exchange: Exchange,
    kind: Kind,
    payload: dict[str, Any],
    *,
    source: UUID,
    target: UUID,
    answers: UUID | None = None,
) -> EnvelopeLog:
    """Queue an envelope about an exchanged task, from one end to the other."""
    return put(session, exchange.team_id, kind, payload, source=source, target=target, about=exchange, answers=answers)


def put(
    session: Session,
    team_id: UUID,
    kind: Kind,
    payload: dict[str, Any],
    *,
    source: UUID,
    target: UUID,
    about: Exchange | None = None,
    answers: UUID | None = None,
) -> EnvelopeLog:
    """Queue an envelope of the workspace; one about nothing is a MESSAGE."""
    now = clock.utcnow()
    made = Envelope(
        message_id=uuid4(),
        message_type=kind,
        timestamp=now,
        correlation_id=answers,
        task_id=about.task_ref if about else None,
        source_actor=source,
        target_actor=target,
        payload=payload,
    )
    row = EnvelopeLog(
        team_id=team_id,
        message_id=made.message_id,
        kind=kind,
        task_ref=made.task_id,
        source_actor_id=source,
        target_actor_id=target,
        state=EnvelopeState.QUEUED,
        body=made.model_dump(mode="json"),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    queue.defer(session, DELIVER, queue="outgoing", lock=f"tef:{source}:{target}", envelope_id=str(row.id))
    return row


def begin(session: Session, envelope_id: UUID) -> Delivery | None:
    """What to deliver, and one more attempt counted; None when it was delivered, or its target may not act any more."""
    row = session.exec(select(EnvelopeLog).where(EnvelopeLog.id == envelope_id).with_for_update()).first()
    if row is None or row.state is not EnvelopeState.QUEUED:
        return None
    target = session.get_one(Actor, row.target_actor_id)
    if target.status is not ActorStatus.ACTIVE:
        _ended(session, row, EnvelopeState.FAILED, f"The actor is {target.status}.")
        return None
    row.attempts += 1
    session.add(row)
    session.flush()
    made = envelope.parse(row.body)
    shared = keys.shared_secret(target) or ("", "")
    return Delivery(made, envelope.write(made), actors.address(target), row.source_actor_id, *shared)


def delivered(session: Session, envelope_id: UUID) -> None:
    """The other side has it."""
    row = session.get_one(EnvelopeLog, envelope_id)
    row.delivered_at = clock.utcnow()
    _ended(session, row, EnvelopeState.DELIVERED, None)


def failed(session: Session, envelope_id: UUID, reason: str) -> None:
    """It was refused for good, or tried often enough."""
    row = session.get_one(EnvelopeLog, envelope_id)
    if row.state is EnvelopeState.QUEUED:
        _ended(session, row, EnvelopeState.FAILED, reason)


def retry(session: Session, row: EnvelopeLog) -> None:
    """Try a failed one again."""
    row.state, row.reason = EnvelopeState.QUEUED, None
    session.add(row)
    session.flush()
    lock = f"tef:{row.source_actor_id}:{row.target_actor_id}"
    queue.defer(session, DELIVER, queue="outgoing", lock=lock, envelope_id=str(row.id))


def _ended(session: Session, row: EnvelopeLog, state: EnvelopeState, reason: str | None) -> None:
    row.state, row.reason, row.updated_at = state, reason, clock.utcnow()
    session.add(row)
    session.flush()
    live.publish(session, topics.network(row.team_id))
