"""Our ledger against the provider's own record: what we missed is applied, what cannot be explained is shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.payments import checks, events, ledger, operations, service
from taskjuggler_app.domain.payments.checks import Difference
from taskjuggler_app.models.marketplace import TransactionStatus
from taskjuggler_app.models.payments import OperationState, PaymentOperation

PATIENCE = timedelta(minutes=2)
"""How long an order may wait before the reconciliation gives it to a worker again."""
_AT_PROVIDER = text(
    "SELECT coalesce(sum(p.amount), 0) FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id "
    "WHERE e.transaction_id = :payment AND p.account = :account"
)
_SIGNS = {FactKind.PAID: 1, FactKind.TRANSFERRED: -1, FactKind.REFUNDED: -1}


def payment(session: Session, payment_id: UUID, history: Sequence[PaymentFact], now: datetime) -> Difference | None:
    """Apply what the provider knows of a marketplace payment and we do not; the difference that is left.

    NotFound when there is no such payment.
    """
    service.locked(session, payment_id)
    _apply(session, history)
    _wake_orders(session, payment_id, now)
    values = {"payment": payment_id, "account": ledger.PROVIDER}
    ours = Decimal(session.execute(_AT_PROVIDER, values).scalar_one())
    found = service.locked(session, payment_id)
    return checks.keep(
        session,
        checks.MARKETPLACE,
        str(payment_id),
        _at_provider(history),
        ours,
        found.currency,
        goes_on=found.status is TransactionStatus.PROCESSING,
    )


def booking(session: Session, reference: str, history: Sequence[PaymentFact]) -> Difference | None:
    """The same for what a guest paid for an appointment, which may be gone already."""
    _apply(session, history)
    for fact in history:
        if fact.kind is FactKind.REFUNDED:
            events.booking_refunded(session, reference, fact.object_id, fact.amount, fact.currency)
    currency = history[0].currency if history else "USD"
    ours = -ledger.balance(session, ledger.booking_account(reference))
    return checks.keep(session, checks.BOOKING, reference, _at_provider(history), ours, currency, goes_on=False)


def _apply(session: Session, history: Sequence[PaymentFact]) -> None:
    """What does not fit stays a difference of the two records."""
    for fact in history:
        try:
            with session.begin_nested():
                events.apply(session, fact)
        except DomainError:
            continue


def _at_provider(history: Sequence[PaymentFact]) -> Decimal:
    return sum((_SIGNS.get(fact.kind, 0) * fact.amount for fact in history), Decimal(0))


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
