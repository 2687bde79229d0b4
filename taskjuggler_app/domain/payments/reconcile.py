"""Our ledger against the provider's own record: what we missed is applied, what cannot be explained is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, text
from sqlmodel import Session, col, select

from taskjuggler_app.core import live, money, queue, topics
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.payments import events, ledger, operations, service
from taskjuggler_app.models.marketplace import PaymentMethod, Transaction, TransactionStatus
from taskjuggler_app.models.payments import OperationState, PaymentOperation

CHECK = "payments.reconcile"
PATIENCE = timedelta(minutes=2)
"""How long an order may wait before the reconciliation gives it to a worker again."""
LOOKS_BACK = timedelta(days=30)
_AT_PROVIDER = text(
    "SELECT coalesce(sum(p.amount), 0) FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id "
    "WHERE e.transaction_id = :payment AND p.account = :account"
)
_SIGNS = {FactKind.PAID: 1, FactKind.TRANSFERRED: -1, FactKind.REFUNDED: -1}


@dataclass(frozen=True)
class Difference:
    """What the provider has of a payment, and what our ledger says it has."""

    provider: Decimal
    ledger: Decimal


def queue_due(session: Session, now: datetime) -> int:
    """Queue a check of every payment that is alive or was lately; says how many."""
    lately = now - LOOKS_BACK
    rows = session.exec(
        select(Transaction.id).where(
            Transaction.payment_method != PaymentMethod.MANUAL,
            or_(
                col(Transaction.status) == TransactionStatus.PROCESSING,
                (col(Transaction.status) == TransactionStatus.PENDING) & col(Transaction.checkout_id).is_not(None),
                col(Transaction.held_at) > lately,
                (col(Transaction.status) == TransactionStatus.FAILED)
                & (col(Transaction.updated_at) > now - LOOKS_BACK),
            ),
        )
    ).all()
    for payment_id in rows:
        queue.defer(session, CHECK, queueing_lock=f"{CHECK}:{payment_id}", payment_id=str(payment_id))
    return len(rows)


def check(session: Session, payment_id: UUID, history: Sequence[PaymentFact], now: datetime) -> Difference | None:
    """Apply what the provider knows and we do not; the difference that is left, None when there is none."""
    service.locked(session, payment_id)
    for fact in history:
        events.apply(session, fact)
    _wake_orders(session, payment_id, now)
    theirs = sum((_SIGNS.get(fact.kind, 0) * fact.amount for fact in history), Decimal(0))
    values = {"payment": payment_id, "account": ledger.PROVIDER}
    ours = Decimal(session.execute(_AT_PROVIDER, values).scalar_one())
    payment = service.locked(session, payment_id)
    found = None if theirs == ours else Difference(theirs, ours)
    if found is not None:
        said = [money.shown(amount, payment.currency) for amount in (theirs, ours)]
        payment.problem = f"The provider has {said[0]} of this payment, the ledger says {said[1]}."
        session.add(payment)
        live.publish(session, topics.disputes())
    return found


def _wake_orders(session: Session, payment_id: UUID, now: datetime) -> None:
    waiting = session.exec(
        select(PaymentOperation.id).where(
            PaymentOperation.transaction_id == payment_id,
            PaymentOperation.state == OperationState.WAITING,
            col(PaymentOperation.updated_at) < now - PATIENCE,
        )
    ).all()
    for operation_id in waiting:
        operations.defer(session, operation_id)
