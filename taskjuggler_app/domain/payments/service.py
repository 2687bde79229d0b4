"""Held funds: taken when a job is awarded, released when it is proved, sent back when it is not.

A payment's row is locked before its ledger is read, so that two releases cannot both find the money.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, queue, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.ports import Charge
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import checks, fees, ledger, operations, policy
from taskjuggler_app.domain.payments.transitions import SAID, is_payable, move
from taskjuggler_app.models.marketplace import (
    MarketplaceListing,
    MarketplaceVendor,
    PaymentMethod,
    Transaction,
    TransactionStatus,
)
from taskjuggler_app.models.payments import Dispute, DisputeState, OperationKind, PaymentOperation
from taskjuggler_app.models.users import User

PURPOSE = checks.MARKETPLACE
WORK_BEGINS = "marketplace.work_begins"
"""The job for an awarded listing on which work may begin: its money is held, or agreed on outside."""
WORK_DECIDED = "marketplace.work_decided"
"""The job for a listing whose dispute an operator has decided."""


@dataclass(frozen=True)
class Order:
    """What is to be paid, by whom, to whom."""

    listing_id: UUID
    task_id: UUID | None
    vendor_id: UUID
    requestor_id: UUID
    price: Decimal
    currency: str
    is_ai: bool
    method: PaymentMethod = PaymentMethod.STRIPE_CONNECT


def open_payment(session: Session, principal: Principal, order: Order) -> Transaction:
    """A payment that waits for its buyer. One live payment a listing (an index says so)."""
    quote = fees.quote(order.price, order.currency, is_ai=order.is_ai)
    by_hand = order.method is PaymentMethod.MANUAL
    made = Transaction(
        listing_id=order.listing_id,
        task_id=order.task_id,
        vendor_id=order.vendor_id,
        requestor_id=order.requestor_id,
        amount=quote.price,
        currency=quote.currency,
        payment_method=order.method,
        team_id=principal.team_id,
        buyer_fee=Decimal(0) if by_hand else quote.buyer_fee,
        vendor_fee=Decimal(0) if by_hand else quote.vendor_fee,
        provider="" if by_hand else checks.provider_name(),
        created_at=clock.utcnow(),
        updated_at=clock.utcnow(),
    )
    session.add(made)
    session.flush()
    told(session, principal, made, "payment.opened", {"total": str(made.amount + made.buyer_fee)})
    return made


def charge(session: Session, principal: Principal, payment_id: UUID) -> Charge:
    """What the provider shall ask the buyer for, the first time or after a refusal.

    Conflict when it is paid, or not to be paid any more.
    """
    payment = locked(session, payment_id)
    require_payer(principal, payment)
    if not is_payable(payment) or payment.payment_method is PaymentMethod.MANUAL:
        raise Conflict(f"There is nothing to pay here: it is {SAID[payment.status]}.")
    if payment.status is TransactionStatus.FAILED:
        move(payment, TransactionStatus.PENDING)
        payment.problem = None
        session.add(payment)
        told(session, principal, payment, "payment.tried_again", {})
    title = session.exec(select(MarketplaceListing.title).where(MarketplaceListing.id == payment.listing_id)).first()
    payer = session.get_one(User, payment.requestor_id)
    checks.watch(session, PURPOSE, str(payment.id))
    return Charge(
        reference=str(payment.id),
        amount=payment.amount + payment.buyer_fee,
        currency=payment.currency,
        description=(title or "Work")[:200],
        return_url=f"{settings().public_url}/marketplace/listings/{payment.listing_id}",
        purpose=PURPOSE,
        email=payer.email,
    )


def remember_checkout(session: Session, principal: Principal, payment_id: UUID, checkout_id: str) -> None:
    """Keep where the buyer was sent to pay."""
    payment = locked(session, payment_id)
    require_payer(principal, payment)
    payment.checkout_id = checkout_id[:255]
    session.add(payment)


def take(session: Session, payment_id: UUID, provider_id: str, amount: Decimal, currency: str) -> None:
    """The buyer's money came in: held from now on. Money that nobody waits for goes back at once."""
    payment = locked(session, payment_id)
    by = _system(payment)
    lines = {ledger.PROVIDER: amount, ledger.held_account(payment.id): -amount}
    if not ledger.post(session, f"payment:{provider_id}", "payment", currency, lines, of=payment):
        return
    expected = payment.amount + payment.buyer_fee
    if is_payable(payment) and (amount, currency) == (expected, payment.currency):
        move(payment, TransactionStatus.PROCESSING)
        payment.held_at, payment.stripe_payment_intent_id, payment.problem = clock.utcnow(), provider_id, None
        session.add(payment)
        told(session, by, payment, "payment.held", {"amount": str(amount)})
        queue.defer(session, WORK_BEGINS, listing_id=str(payment.listing_id))
        tell_vendor(session, payment, "The money is there", "It is held until the work is accepted. You can begin.")
        return
    back = {ledger.held_account(payment.id): amount, ledger.refund_account(payment.id): -amount}
    ledger.post(session, f"return:{provider_id}", "return", currency, back, of=payment, memo="Not expected")
    operations.order_back(session, payment, provider_id, amount, currency)
    told(session, by, payment, "payment.returned", {"amount": str(amount)})


def release(session: Session, payment: Transaction, by: Principal, why: str) -> None:
    """All that is still held goes to the vendor, less the fees. Conflict when nothing is held or it is disputed."""
    _require_free(session, payment)
    _release(session, payment, by, why)


def refund(session: Session, payment: Transaction, by: Principal, why: str, part: Decimal | None = None) -> None:
    """Held money goes back: all of it, or `part` of the price with its share of the fee. Conflict as `release`."""
    _require_free(session, payment)
    _refund(session, payment, by, why, part)


def decide(session: Session, payment: Transaction, by: Principal, why: str, back: Decimal | None) -> None:
    """A dispute's end: `back` of the price to the buyer (None: all of it, zero: nothing), the rest to the vendor."""
    if payment.listing_id is not None:
        queue.defer(session, WORK_DECIDED, listing_id=str(payment.listing_id), why=why)
    if back is None:
        _refund(session, payment, by, why, None)
        return
    if back > 0:
        _refund(session, payment, by, why, back)
    if ledger.held(session, payment.id) > 0:
        _release(session, payment, by, why)


def cancel_unpaid(session: Session, payment: Transaction, by: Principal, why: str) -> None:
    """Nobody pays this any more; what comes in all the same goes back. Conflict when it is paid, or off already."""
    if payment.declined_by is None or payment.status is not TransactionStatus.FAILED:
        move(payment, TransactionStatus.FAILED)
    payment.problem, payment.declined_by = why, None
    session.add(payment)
    told(session, by, payment, "payment.cancelled", {"why": why})


def plan_release(session: Session, payment: Transaction, at: datetime | None) -> None:
    """Release by itself at that time unless somebody disputes; None for never."""
    payment.release_at = at
    session.add(payment)


def locked(session: Session, payment_id: UUID) -> Transaction:
    """The payment, locked. NotFound if there is none."""
    query = select(Transaction).where(Transaction.id == payment_id).with_for_update()
    payment = session.exec(query.execution_options(populate_existing=True)).first()
    if payment is None:
        raise NotFound
    return payment


def of_listing(session: Session, listing_id: UUID) -> Transaction | None:
    """The newest payment of a listing, locked."""
    found = session.exec(
        select(Transaction.id)
        .where(Transaction.listing_id == listing_id)
        .order_by(col(Transaction.created_at).desc(), col(Transaction.id))
    ).first()
    return None if found is None else locked(session, found)


def is_disputed(session: Session, payment_id: UUID) -> bool:
    """Whether somebody disagrees about the payment."""
    open_one = select(Dispute.id).where(Dispute.transaction_id == payment_id, Dispute.state == DisputeState.OPEN)
    return session.exec(open_one).first() is not None


def vendor_is_paid(session: Session, payment: Transaction) -> bool:
    """Whether any of it went, or goes, to the vendor."""
    sent = select(PaymentOperation.id).where(
        PaymentOperation.transaction_id == payment.id, PaymentOperation.kind == OperationKind.TRANSFER
    )
    return session.exec(sent).first() is not None


def told(session: Session, by: Principal, payment: Transaction, kind: str, data: dict[str, str]) -> None:
    """The log of the buyer's workspace, and the open pages."""
    if payment.team_id is not None:
        acting = by if by.team_id == payment.team_id else Principal.system(payment.team_id, by.door)
        record_event(session, acting, kind=kind, subject_type="payment", subject_id=payment.id, data=data)
        live.publish(session, topics.payments(payment.team_id))
        if payment.task_id is not None:
            live.publish(session, topics.task(payment.task_id))
    vendor_team = session.exec(
        select(MarketplaceVendor.team_id).where(MarketplaceVendor.id == payment.vendor_id)
    ).first()
    if vendor_team is not None:
        live.publish(session, topics.payments(vendor_team))
    if payment.listing_id is not None:
        live.publish(session, topics.listing(payment.listing_id))


def _release(session: Session, payment: Transaction, by: Principal, why: str) -> None:
    held = ledger.held(session, payment.id)
    if held <= 0:
        raise Conflict("Nothing is held of this payment.")
    left = fees.parted(payment.amount, payment.buyer_fee, payment.vendor_fee, held, payment.currency)
    lines = {
        ledger.held_account(payment.id): held,
        ledger.vendor_account(payment.vendor_id): -left.vendor_gets,
        ledger.FEES: -(left.buyer_fee + left.vendor_fee),
    }
    _post(session, payment, f"release:{payment.id}", "release", lines, why)
    payment.release_at, payment.emptied_at = None, clock.utcnow()
    session.add(payment)
    operations.order(session, payment, OperationKind.TRANSFER, left.vendor_gets)
    told(session, by, payment, "payment.released", {"vendor_gets": str(left.vendor_gets), "why": why})
    ready = session.get_one(MarketplaceVendor, payment.vendor_id).payouts_ready
    how = "are on their way to you" if ready else "wait for you: finish your payout details on Offer work"
    text = f"{money.shown(left.vendor_gets, payment.currency)} {how}. {why}"
    tell_vendor(session, payment, "Your money is released", text)


def _refund(session: Session, payment: Transaction, by: Principal, why: str, part: Decimal | None) -> None:
    held = ledger.held(session, payment.id)
    if held <= 0:
        raise Conflict("Nothing is held of this payment.")
    if part is not None and not 0 < part <= payment.amount:
        raise Invalid(f"Refund more than zero and at most {money.shown(payment.amount, payment.currency)}.", "amount")
    sum_ = held if part is None else fees.with_fee(part, payment.amount, payment.buyer_fee, payment.currency)
    if sum_ > held:
        raise Invalid(f"Only {money.shown(held, payment.currency)} are held.", "amount")
    operation = operations.order(session, payment, OperationKind.REFUND, sum_)
    lines = {ledger.held_account(payment.id): sum_, ledger.refund_account(payment.id): -sum_}
    _post(session, payment, f"refund:{operation.id}", "refund", lines, why)
    if sum_ == held:
        payment.release_at, payment.emptied_at = None, clock.utcnow()
    session.add(payment)
    told(session, by, payment, "payment.refund_ordered", {"amount": str(sum_), "why": why})


def _post(session: Session, payment: Transaction, key: str, kind: str, lines: dict[str, Decimal], memo: str) -> None:
    ledger.post(session, key, kind, payment.currency, lines, of=payment, memo=memo)


def _require_free(session: Session, payment: Transaction) -> None:
    if payment.payment_method is PaymentMethod.MANUAL:
        raise Conflict("This was paid directly: nothing is held here.")
    if payment.status is not TransactionStatus.PROCESSING:
        raise Conflict(f"This payment is {SAID[payment.status]}.")
    if is_disputed(session, payment.id):
        raise Conflict("This payment is disputed: nothing moves until that is decided.")


def require_payer(principal: Principal, payment: Transaction) -> None:
    """Forbidden unless the principal may pay it."""
    if payment.team_id != principal.team_id:
        raise NotFound
    may = policy.can_pay(principal, payment.team_id, payment.requestor_id)
    require(may, "Only who asked for the work, or an admin, pays for it.")


def _system(payment: Transaction) -> Principal:
    return Principal.system(payment.team_id or payment.id)


def tell_vendor(session: Session, payment: Transaction, title: str, text: str) -> None:
    """A notification for the vendor's person."""
    vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
    if vendor.user_id is not None and vendor.team_id is not None:
        notify(
            session,
            vendor.user_id,
            type="payment",
            title=title,
            message=text,
            link=f"/marketplace/listings/{payment.listing_id}",
            dedupe_key=f"payment:{payment.id}:{title}",
            team_id=vendor.team_id,
        )
