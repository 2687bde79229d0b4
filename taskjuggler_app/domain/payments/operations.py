"""Orders to the provider: written with the movement that causes them, carried out by a worker, recorded once.

The order's id is the provider's idempotency key. Whoever is killed between the provider's answer and our commit asks
again and gets the same answer; a webhook or the reconciliation may record it first.
"""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, queue, topics
from taskjuggler_app.core.ports import FactKind, MoneyOrder
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import checks, ledger
from taskjuggler_app.domain.payments.transitions import is_payable, move
from taskjuggler_app.models.marketplace import MarketplaceVendor, Transaction, TransactionStatus
from taskjuggler_app.models.payments import OperationKind, OperationState, PaymentEvent, PaymentOperation

CARRY_OUT = "payments.carry_out"
NO_ACCOUNT = "The vendor has not said yet where they are paid."
UNFINISHED = "The vendor's payout details are not finished or not confirmed yet."


def order(session: Session, payment: Transaction, kind: OperationKind, amount: Decimal) -> PaymentOperation:
    """Tell the provider to move held money of the payment."""
    return _order(session, payment, kind, amount, payment.currency, payment.stripe_payment_intent_id or "")


def order_back(session: Session, payment: Transaction, provider_id: str, amount: Decimal, currency: str) -> None:
    """Tell the provider to send back money that nobody waited for."""
    _order(session, payment, OperationKind.REFUND, amount, currency, provider_id)


def _order(
    session: Session, payment: Transaction, kind: OperationKind, amount: Decimal, currency: str, payment_id: str
) -> PaymentOperation:
    now = clock.utcnow()
    made = PaymentOperation(
        transaction_id=payment.id,
        team_id=payment.team_id,
        kind=kind,
        amount=amount,
        currency=currency,
        payment_id=payment_id,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    checks.watch(session, checks.MARKETPLACE, str(payment.id))
    defer(session, made.id)
    return made


def defer(session: Session, operation_id: UUID) -> None:
    """Have a worker carry the order out."""
    queue.defer(session, CARRY_OUT, operation_id=str(operation_id))


def to_carry_out(session: Session, operation_id: UUID) -> tuple[OperationKind, MoneyOrder] | None:
    """What to tell the provider; None when it is done, or cannot be done yet."""
    operation = session.get(PaymentOperation, operation_id)
    if operation is None or operation.state is OperationState.DONE:
        return None
    payment = session.get_one(Transaction, operation.transaction_id)
    destination = ""
    if operation.kind is OperationKind.TRANSFER:
        vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
        if not vendor.stripe_account_id or not vendor.payouts_ready:
            operation.problem = UNFINISHED if vendor.stripe_account_id else NO_ACCOUNT
            session.add(operation)
            return None
        destination = vendor.stripe_account_id
    operation.attempts += 1
    session.add(operation)
    return operation.kind, MoneyOrder(
        operation=str(operation.id),
        reference=str(payment.id),
        amount=operation.amount,
        currency=operation.currency,
        payment_id=operation.payment_id,
        destination=destination,
        attempt=operation.refusals,
    )


def done(session: Session, operation_id: UUID, provider_id: str) -> None:
    """The provider moved the money; told by its answer, a webhook or the reconciliation, whichever comes first."""
    found = _both(session, operation_id)
    if found is None or _failed_later(session, found[0], provider_id):
        return
    operation, payment = found
    lines = {_owed(operation, payment): operation.amount, ledger.PROVIDER: -operation.amount}
    key = f"operation:{operation.id}" + (f":{operation.refusals}" if operation.refusals else "")
    if not ledger.post(session, key, operation.kind.value, operation.currency, lines, of=payment):
        return
    operation.state, operation.provider_id, operation.problem = OperationState.DONE, provider_id[:255], None
    operation.done_at = clock.utcnow()
    session.add(operation)
    if operation.kind is OperationKind.TRANSFER:
        payment.stripe_transfer_id = provider_id[:255]
    session.flush()
    _settle(session, payment)
    _publish(session, payment)
    if operation.kind is OperationKind.REFUND and payment.team_id is not None:
        notify(
            session,
            payment.requestor_id,
            type="payment",
            title="Your money is on its way back",
            message=f"{money.shown(operation.amount, operation.currency)} were refunded.",
            link=f"/marketplace/listings/{payment.listing_id}",
            dedupe_key=f"refunded:{operation.id}",
            team_id=payment.team_id,
        )


def refused(session: Session, operation_id: UUID, problem: str, *, for_good: bool) -> None:
    """The provider did not do it, for now or for good; an operator sees the latter and may order it again."""
    operation = session.exec(
        select(PaymentOperation).where(PaymentOperation.id == operation_id).with_for_update()
    ).first()
    if operation is None or operation.state is OperationState.DONE:
        return
    operation.problem = problem[:1000]
    operation.state = OperationState.FAILED if for_good else OperationState.WAITING
    session.add(operation)
    _publish(session, session.get_one(Transaction, operation.transaction_id))
    if for_good:
        live.publish(session, topics.disputes())


def refund_failed(session: Session, operation_id: UUID, provider_id: str, problem: str) -> None:
    """A refund that did not arrive, days after the provider took it: the money is back and still the buyer's."""
    found = _both(session, operation_id)
    if found is None:
        return
    operation, payment = found
    if operation.state is not OperationState.DONE:
        refused(session, operation_id, problem, for_good=True)
    elif operation.provider_id == provider_id:
        lines = {ledger.PROVIDER: operation.amount, _owed(operation, payment): -operation.amount}
        memo = "The refund did not arrive"
        ledger.post(session, f"failed:{provider_id}", "failed_refund", operation.currency, lines, of=payment, memo=memo)
        operation.state, operation.problem, operation.done_at = OperationState.FAILED, problem[:1000], None
        session.add(operation)
        if payment.status is TransactionStatus.REFUNDED:
            move(payment, TransactionStatus.PROCESSING)
            session.add(payment)
        _publish(session, payment)
        live.publish(session, topics.disputes())


def again(session: Session, operation_id: UUID) -> None:
    """Order a refused operation once more; under a new key when it was refused for good."""
    operation = session.exec(
        select(PaymentOperation).where(PaymentOperation.id == operation_id).with_for_update()
    ).one()
    if operation.state is not OperationState.DONE:
        operation.refusals += operation.state is OperationState.FAILED
        operation.state = OperationState.WAITING
        session.add(operation)
        defer(session, operation.id)


def of_vendor(session: Session, vendor_id: UUID) -> None:
    """Carry out what waited for the vendor's account."""
    waiting = session.exec(
        select(PaymentOperation.id)
        .join(Transaction, col(Transaction.id) == col(PaymentOperation.transaction_id))
        .where(
            Transaction.vendor_id == vendor_id,
            PaymentOperation.kind == OperationKind.TRANSFER,
            PaymentOperation.state == OperationState.WAITING,
        )
    ).all()
    for operation_id in waiting:
        defer(session, operation_id)


def _both(session: Session, operation_id: UUID) -> tuple[PaymentOperation, Transaction] | None:
    """An order with its payment, which is locked first."""
    known = session.get(PaymentOperation, operation_id)
    if known is None:
        return None
    payment = session.exec(
        select(Transaction)
        .where(Transaction.id == known.transaction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    operation = session.exec(
        select(PaymentOperation).where(PaymentOperation.id == operation_id).execution_options(populate_existing=True)
    ).one()
    return operation, payment


def _owed(operation: PaymentOperation, payment: Transaction) -> str:
    if operation.kind is OperationKind.TRANSFER:
        return ledger.vendor_account(payment.vendor_id)
    return ledger.refund_account(payment.id)


def _failed_later(session: Session, operation: PaymentOperation, provider_id: str) -> bool:
    """Whether the provider said that this very refund failed; the two may come in any order."""
    said = select(PaymentEvent.id).where(
        PaymentEvent.reference == str(operation.transaction_id),
        PaymentEvent.kind == FactKind.REFUND_FAILED,
        col(PaymentEvent.fact)["object_id"].astext == provider_id,
    )
    return session.exec(said).first() is not None


def _settle(session: Session, payment: Transaction) -> None:
    """A payment is over when nothing is held and nothing waits: paid out if the vendor got any of it."""
    if payment.status not in (TransactionStatus.PROCESSING, TransactionStatus.FAILED) or is_payable(payment):
        return
    if ledger.held(session, payment.id) > 0:
        return
    rows = session.exec(
        select(PaymentOperation.kind, PaymentOperation.state).where(PaymentOperation.transaction_id == payment.id)
    ).all()
    if any(state is not OperationState.DONE for _, state in rows):
        return
    paid_out = any(kind is OperationKind.TRANSFER for kind, _ in rows)
    move(payment, TransactionStatus.COMPLETED if paid_out else TransactionStatus.REFUNDED)
    session.add(payment)


def _publish(session: Session, payment: Transaction) -> None:
    if payment.team_id is not None:
        live.publish(session, topics.payments(payment.team_id))
    if payment.listing_id is not None:
        live.publish(session, topics.listing(payment.listing_id))
