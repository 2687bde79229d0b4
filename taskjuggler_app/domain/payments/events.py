"""What a provider tells: kept once by its own id, then applied. The order does not matter, nor does repetition.

Every fact is applied under a key of the thing it speaks of, so a webhook, the answer to our own call and the
reconciliation may each bring the same fact.
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.errors import Conflict, DomainError
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.payments import checks, disputes, ledger, operations, refusals, service
from taskjuggler_app.models.marketplace import MarketplaceVendor, Transaction
from taskjuggler_app.models.payments import PaymentEvent

HANDLE = "payments.handle_event"
BOOKED, RETURNED = "appointments.paid", "appointments.returned"
PLANNED = "payments.plan_fact"


def store(session: Session, provider: str, fact: PaymentFact) -> bool:
    """Keep what the provider says and queue its handling; False when this event came before."""
    values = {
        "id": f"{provider}:{fact.id}"[:255],
        "provider": provider,
        "kind": fact.kind.value,
        "purpose": fact.purpose[:20],
        "reference": fact.reference[:64],
        "fact": {**asdict(fact), "amount": str(fact.amount)},
        "received_at": clock.utcnow(),
    }
    new = session.execute(
        insert(PaymentEvent).values(values).on_conflict_do_nothing().returning(col(PaymentEvent.id))
    ).first()
    if new is not None:
        queue.defer(session, HANDLE, event_id=new[0])
    return new is not None


def handle(session: Session, event_id: str) -> None:
    """Apply a stored event once. What cannot be applied keeps its reason, for the operators."""
    event = session.exec(select(PaymentEvent).where(PaymentEvent.id == event_id).with_for_update()).first()
    if event is None or event.handled_at is not None:
        return
    try:
        with session.begin_nested():
            apply(session, read(event.fact))
    except DomainError as error:
        event.problem = error.message
    event.handled_at = clock.utcnow()
    session.add(event)


def read(stored: dict[str, Any]) -> PaymentFact:
    """A fact as `store` kept it."""
    return PaymentFact(**{**stored, "kind": FactKind(stored["kind"]), "amount": Decimal(stored["amount"])})


def apply(session: Session, fact: PaymentFact) -> None:
    """Do what follows from a fact, unless that was done. Facts about nothing of ours change nothing."""
    if fact.kind is FactKind.ACCOUNT:
        _account(session, fact)
    elif fact.kind is FactKind.DISPUTED:
        _disputed(session, fact)
    elif fact.kind is FactKind.REFUNDED and fact.purpose == checks.BOOKING:
        booking_refunded(session, fact.reference, fact.object_id, fact.amount, fact.currency)
    elif fact.kind is FactKind.REFUND_FAILED and fact.purpose == checks.BOOKING:
        raise Conflict("A guest's refund did not arrive: the provider has the money again. See to it there.")
    elif fact.kind in (FactKind.TRANSFERRED, FactKind.REFUNDED) and (operation := _uuid(fact.operation)):
        operations.done(session, operation, fact.object_id)
    elif fact.kind is FactKind.REFUND_FAILED and (operation := _uuid(fact.operation)):
        problem = str(fact.data.get("message") or "The refund did not arrive.")
        operations.refund_failed(session, operation, fact.object_id, problem)
    elif fact.purpose == service.PURPOSE and (payment := _uuid(fact.reference)):
        _payment(session, payment, fact)
    elif fact.purpose == checks.BOOKING and fact.kind is FactKind.PAID:
        _booking(session, fact)
    elif fact.purpose == checks.PLAN:
        queue.defer(session, PLANNED, fact={**asdict(fact), "amount": str(fact.amount)})


def _payment(session: Session, payment_id: UUID, fact: PaymentFact) -> None:
    if session.get(Transaction, payment_id) is None:
        return
    if fact.kind is FactKind.PAID:
        service.take(session, payment_id, fact.object_id, fact.amount, fact.currency)
        _disputed_before(session, payment_id, fact.object_id)
    elif fact.kind is FactKind.PAYMENT_FAILED:
        why = str(fact.data.get("message") or "The payment was declined.")
        refusals.declined(session, payment_id, fact.id, why)


def _booking(session: Session, fact: PaymentFact) -> None:
    """A guest paid a workspace: a movement of the ledger; the appointment hears of it by a job."""
    lines = {ledger.PROVIDER: fact.amount, ledger.booking_account(fact.reference): -fact.amount}
    if ledger.post(session, f"payment:{fact.object_id}", checks.BOOKING, fact.currency, lines):
        queue.defer(
            session,
            BOOKED,
            appointment_id=fact.reference,
            payment_id=fact.object_id,
            amount=str(fact.amount),
            currency=fact.currency,
        )


def booking_refunded(session: Session, reference: str, refund_id: str, amount: Decimal, currency: str) -> bool:
    """A guest's money went back, whoever tells first; the appointment hears of it by a job. False when known."""
    lines = {ledger.booking_account(reference): amount, ledger.PROVIDER: -amount}
    new = ledger.post(session, f"refund:{refund_id}", checks.BOOKING, currency, lines)
    if new:
        queue.defer(session, RETURNED, appointment_id=reference)
    return new


def _disputed(session: Session, fact: PaymentFact) -> None:
    """A bank's dispute names the provider's payment only. Conflict when it is none that we hold money of."""
    found = session.exec(
        select(Transaction.id).where(Transaction.stripe_payment_intent_id == str(fact.data.get("payment")))
    ).first()
    if found is None:
        raise Conflict("A bank disputes a payment that is not for work here, or has not come yet.")
    disputes.open_by_bank(session, found, str(fact.data.get("message") or "The buyer's bank disputes it."))


def _disputed_before(session: Session, payment_id: UUID, provider_id: str) -> None:
    """The bank's dispute came before the payment that it is about."""
    waiting = session.exec(
        select(PaymentEvent).where(
            PaymentEvent.kind == FactKind.DISPUTED,
            col(PaymentEvent.problem).is_not(None),
            col(PaymentEvent.fact)["data"]["payment"].astext == provider_id,
        )
    ).all()
    for event in waiting:
        disputes.open_by_bank(session, payment_id, str(read(event.fact).data.get("message") or ""))
        event.problem = None
        session.add(event)


def _account(session: Session, fact: PaymentFact) -> None:
    """A vendor's account can be paid, or cannot any more. Of two facts with a time the newer one stands."""
    vendor = session.exec(
        select(MarketplaceVendor).where(MarketplaceVendor.stripe_account_id == fact.object_id).with_for_update()
    ).first()
    if vendor is None:
        return
    at, before = float(fact.data.get("at") or 0), float(vendor.payouts.get("at") or 0)
    if at and at < before:
        return
    kept = {name: fact.data[name] for name in ("submitted", "needs", "disabled") if name in fact.data}
    vendor.payouts_ready, vendor.payouts = bool(fact.data.get("ready")), {**kept, "at": max(at, before)}
    session.add(vendor)
    session.flush()
    if vendor.team_id is not None:
        live.publish(session, topics.payments(vendor.team_id))
    if vendor.payouts_ready:
        operations.of_vendor(session, vendor.id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
