"""Payments that went past the marketplace: who paid says so, who was paid confirms it."""

from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import ledger, policy, service
from taskjuggler_app.domain.payments.transitions import move
from taskjuggler_app.models.marketplace import (
    MarketplaceVendor,
    PaymentMethod,
    Transaction,
    TransactionStatus,
)


def record(session: Session, principal: Principal, payment_id: UUID) -> Transaction:
    """The requestor says that they paid a vendor directly; the vendor has to confirm it."""
    payment = service.locked(session, payment_id)
    service.require_payer(principal, payment)
    _require_by_hand(payment)
    move(payment, TransactionStatus.PROCESSING)
    session.add(payment)
    service.told(session, principal, payment, "payment.recorded", {})
    service.tell_vendor(session, payment, "Paid to you directly?", "Your customer says so. Please confirm it.")
    return payment


def confirm(session: Session, principal: Principal, payment_id: UUID) -> Transaction:
    """The vendor says that the money reached them."""
    payment = service.locked(session, payment_id)
    vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
    if not policy.can_receive(principal, vendor.team_id):
        raise NotFound
    _require_by_hand(payment)
    move(payment, TransactionStatus.COMPLETED)
    session.add(payment)
    lines = {"outside:vendor": payment.amount, "outside:buyer": -payment.amount}
    ledger.post(session, f"by-hand:{payment.id}", "by_hand", payment.currency, lines, of=payment)
    service.told(session, principal, payment, "payment.confirmed", {})
    return payment


def _require_by_hand(payment: Transaction) -> None:
    if payment.payment_method is not PaymentMethod.MANUAL:
        raise Conflict("This is paid through the marketplace.")
