"""What a message changes: the exchange's state, our own task, the trust between the two."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.transitions import allowed
from taskjuggler_app.domain.tef import outgoing, relationships, states
from taskjuggler_app.domain.tef.envelope import Envelope
from taskjuggler_app.domain.tef.payloads import Progress, StatusUpdate, Timeline
from taskjuggler_app.domain.tef.trust import TrustOutcome
from taskjuggler_app.models.exchange import Exchange, ExchangeState, Kind, Side
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.tef import Relationship

_QUIET = (Kind.PROGRESS_REPORT, Kind.STATUS_UPDATE)


def apply(
    session: Session, principal: Principal, exchange: Exchange, envelope: Envelope, sayer: Side, known: Relationship
) -> None:
    """Do what a message that is allowed says, to the side that hears it."""
    kind, said, before = envelope.message_type, envelope.said, exchange.state
    wanted = ExchangeState(said.status) if isinstance(said, StatusUpdate) else None
    _to(exchange, kind, wanted, said.blocked_on if isinstance(said, StatusUpdate) else None)
    if isinstance(said, Progress):
        exchange.progress = said.percent
    if kind is Kind.DISPUTE:
        exchange.disputed_at = clock.utcnow()
    session.add(exchange)
    session.flush()
    _count(session, principal, known, exchange, kind, sayer, before)
    if exchange.task_id is not None:
        _on_our_task(session, principal, exchange.task_id, exchange.state, envelope, sayer)


def follow(session: Session, task_id: UUID) -> int:
    """Tell the other end what became of our task; says how many envelopes that took. Idempotent."""
    exchanges = session.exec(
        select(Exchange)
        .where(Exchange.task_id == task_id, Exchange.revoked_at == None)  # noqa: E711  # SQL
        .with_for_update()
    ).all()
    task = session.get(Task, task_id)
    if task is None:
        return 0
    return sum(_follow(session, exchange, task) for exchange in exchanges)


def say(session: Session, exchange: Exchange, kind: Kind, payload: dict[str, Any]) -> None:
    """Our end says it: our state changes with it, and the envelope is queued."""
    ours, theirs = exchange.source_actor_id, exchange.target_actor_id
    if exchange.side is Side.DOER:
        ours, theirs = theirs, ours
    wanted = ExchangeState(payload["status"]) if kind is Kind.STATUS_UPDATE else None
    _to(exchange, kind, wanted, None)
    session.add(exchange)
    outgoing.send(session, exchange, kind, payload, source=ours, target=theirs)


def _to(exchange: Exchange, kind: Kind, wanted: ExchangeState | None, waits_for: Any) -> None:
    exchange.state = states.after(kind, exchange.state, wanted)
    is_blocked = exchange.state is ExchangeState.BLOCKED
    exchange.blocked_on = states.blocked_on(kind, waits_for) if is_blocked else None
    exchange.updated_at = clock.utcnow()


def _follow(session: Session, exchange: Exchange, task: Task) -> int:
    said = 0
    for kind, payload in _due(exchange, task):
        say(session, exchange, kind, payload)
        said += 1
    return said


def _due(exchange: Exchange, task: Task) -> list[tuple[Kind, dict[str, Any]]]:
    """What our end has to say so that the exchange is where our task is."""
    is_open = exchange.state not in (ExchangeState.COMPLETED, ExchangeState.CANCELLED)
    gone = task.deleted_at is not None or task.status is TaskStatus.CANCELLED
    if exchange.side is Side.REQUESTOR:
        if is_open and (gone or task.status is TaskStatus.COMPLETED):
            return [(Kind.CANCEL, {"reason": "The task was closed by the one who asked for it."})]
        return []
    if not is_open:
        return []
    if gone:
        return [(Kind.REJECT if exchange.state is ExchangeState.PENDING else Kind.CANCEL, {"reason": ""})]
    if task.status is TaskStatus.PENDING:
        return []
    due: list[tuple[Kind, dict[str, Any]]] = []
    if exchange.state is ExchangeState.PENDING:
        due.append((Kind.ACCEPT, {}))
    if task.status is TaskStatus.COMPLETED:
        due.append((Kind.COMPLETE, {"result": ""}))
    elif exchange.state in (ExchangeState.PENDING, ExchangeState.ACCEPTED, ExchangeState.BLOCKED):
        due.append((Kind.STATUS_UPDATE, {"status": ExchangeState.IN_PROGRESS.value}))
    return due


def _count(
    session: Session,
    principal: Principal,
    known: Relationship,
    exchange: Exchange,
    kind: Kind,
    sayer: Side,
    before: ExchangeState,
) -> None:
    """Trust follows how a task ended."""
    outcome = {Kind.COMPLETE: TrustOutcome.SUCCESS, Kind.DISPUTE: TrustOutcome.DISPUTED}.get(kind)
    if kind is Kind.CANCEL:
        broken = sayer is Side.DOER and before is not ExchangeState.PENDING
        outcome = TrustOutcome.FAILURE if broken else TrustOutcome.CANCELLED
    if outcome is not None:
        relationships.task_ended(session, principal, known, outcome, str(exchange.task_ref))


def _on_our_task(
    session: Session, principal: Principal, task_id: UUID, state: ExchangeState, envelope: Envelope, sayer: Side
) -> None:
    task = task_queries.get_for_update(session, principal, task_id)
    data = {"kind": envelope.message_type.value, "who": principal.name, **envelope.payload}
    tasks.record(session, principal, task, "exchanged", data)
    if isinstance(envelope.said, Timeline):
        task.due_date, task.version = envelope.said.due_date, task.version + 1
        session.add(task)
    comes_back = sayer is Side.DOER and state is ExchangeState.CANCELLED
    wanted = TaskStatus.PENDING if comes_back else states.TASK_STATUS[state]
    if task.status is not wanted and allowed(task.status, wanted):
        tasks.change_status(session, principal, task.id, wanted)
    person = task_queries.doer_id(session, task) or task.requestor_id
    if envelope.message_type not in _QUIET:
        notify(
            session,
            person,
            type="network",
            title=f"{principal.name}: {envelope.message_type.value.replace('_', ' ').lower()}",
            message=task.title,
            link=f"/tasks/{task.id}",
            dedupe_key=f"tef:{envelope.source_actor}:{envelope.message_id}",
            team_id=principal.team_id,
        )
