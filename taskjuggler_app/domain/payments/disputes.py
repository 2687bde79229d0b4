"""Disagreements about held money: opened by either side, decided by an operator. Meanwhile nothing moves."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import ledger, policy, service
from taskjuggler_app.domain.payments.transitions import SAID
from taskjuggler_app.models.marketplace import MarketplaceVendor, PaymentMethod, Transaction, TransactionStatus
from taskjuggler_app.models.payments import Dispute, DisputeDecision, DisputeState

LONGEST = 4_000
OPERATORS_ONLY = "Only who runs this installation decides disputes."


def open_dispute(session: Session, principal: Principal, payment_id: UUID, reason: str) -> Dispute:
    """Say that something is wrong, while money is held. Conflict when none is, or it is disputed already."""
    payment = service.locked(session, payment_id)
    vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
    if principal.user_id is None or principal.team_id not in (payment.team_id, vendor.team_id):
        raise NotFound
    made = _open(session, payment, principal.user_id, _words(reason, "reason", "Say what is wrong."))
    service.told(session, principal, payment, "payment.disputed", {"reason": made.reason})
    _tell(session, payment, vendor, principal.user_id, "A payment is disputed", made.reason, f"disputed:{made.id}")
    return made


def open_by_bank(session: Session, payment_id: UUID, reason: str) -> None:
    """The buyer's bank takes the money into question: nothing moves any more until an operator has looked.

    Conflict when the money is gone already: the bank may take it from the platform.
    """
    payment = service.locked(session, payment_id)
    if payment.status is not TransactionStatus.PROCESSING or ledger.held(session, payment.id) <= 0:
        raise Conflict(f"A bank disputes a payment of which nothing is held any more: it is {SAID[payment.status]}.")
    if not service.is_disputed(session, payment.id):
        _open(session, payment, payment.requestor_id, reason[:LONGEST])
        acting = Principal.system(payment.team_id or payment.id, Door.WEBHOOK)
        service.told(session, acting, payment, "payment.disputed", {"reason": reason})


def answer(session: Session, principal: Principal, dispute_id: UUID, words: str) -> Dispute:
    """The other side of the story, for whoever decides."""
    dispute = _locked(session, dispute_id)
    payment = session.get_one(Transaction, dispute.transaction_id)
    vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
    if principal.team_id not in (payment.team_id, vendor.team_id):
        raise NotFound
    if dispute.opened_by == principal.user_id:
        raise Conflict("You opened this dispute: the other side answers.")
    dispute.answer = _words(words, "answer", "Write your side of it.")
    session.add(dispute)
    service.told(session, principal, payment, "payment.dispute_answered", {"answer": dispute.answer})
    return dispute


def withdraw(session: Session, principal: Principal, dispute_id: UUID) -> Dispute:
    """Who opened a dispute takes it back; the money is held as before."""
    dispute = _locked(session, dispute_id)
    if dispute.opened_by != principal.user_id:
        raise NotFound
    _close(session, dispute, principal, None, "Taken back.")
    payment = session.get_one(Transaction, dispute.transaction_id)
    service.told(session, principal, payment, "payment.dispute_withdrawn", {})
    return dispute


def decide(
    session: Session,
    principal: Principal,
    dispute_id: UUID,
    decision: DisputeDecision,
    note: str,
    refund_amount: Decimal | None = None,
) -> Dispute:
    """An operator's decision: to the vendor, back to the buyer, or `refund_amount` of the price back."""
    require(policy.can_decide(is_operator(principal)), OPERATORS_ONLY)
    dispute = _locked(session, dispute_id)
    payment = service.locked(session, dispute.transaction_id)
    if decision is DisputeDecision.SPLIT and (refund_amount is None or not 0 < refund_amount < payment.amount):
        most = money.shown(payment.amount, payment.currency)
        raise Invalid(f"Give back more than zero and less than {most}.", "amount")
    back = {
        DisputeDecision.RELEASE: Decimal(0),
        DisputeDecision.REFUND: None,
        DisputeDecision.SPLIT: refund_amount,
    }[decision]
    words = _words(note, "note", "Say why: both sides read it.")
    _close(session, dispute, principal, decision, words)
    dispute.refund_amount = refund_amount if decision is DisputeDecision.SPLIT else None
    session.flush()
    service.decide(session, payment, principal, words, back)
    vendor = session.get_one(MarketplaceVendor, payment.vendor_id)
    data = {"decision": decision.value, "note": words}
    service.told(session, principal, payment, "payment.dispute_decided", data)
    _tell(session, payment, vendor, None, "A dispute was decided", words, f"decided:{dispute.id}")
    return dispute


def _open(session: Session, payment: Transaction, user_id: UUID, reason: str) -> Dispute:
    if payment.status is not TransactionStatus.PROCESSING or payment.payment_method is PaymentMethod.MANUAL:
        raise Conflict(f"Only held money can be disputed; this payment is {SAID[payment.status]}.")
    now = clock.utcnow()
    made = Dispute(
        transaction_id=payment.id,
        team_id=payment.team_id,
        opened_by=user_id,
        reason=reason,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        raise Conflict("This payment is disputed already.") from None
    live.publish(session, topics.disputes())
    return made


def _locked(session: Session, dispute_id: UUID) -> Dispute:
    dispute = session.exec(select(Dispute).where(col(Dispute.id) == dispute_id).with_for_update()).first()
    if dispute is None:
        raise NotFound
    if dispute.state is not DisputeState.OPEN:
        raise Conflict("This dispute is over.")
    return dispute


def _close(session: Session, dispute: Dispute, by: Principal, decision: DisputeDecision | None, note: str) -> None:
    dispute.state, dispute.decision, dispute.note = DisputeState.RESOLVED, decision, note
    dispute.decided_by, dispute.decided_at = by.user_id, clock.utcnow()
    session.add(dispute)
    live.publish(session, topics.disputes())


def _words(text: str, field: str, missing: str) -> str:
    words = text.strip()[:LONGEST]
    if not words:
        raise Invalid(missing, field)
    return words


def _tell(
    session: Session,
    payment: Transaction,
    vendor: MarketplaceVendor,
    but: UUID | None,
    title: str,
    text: str,
    key: str,
) -> None:
    """Both sides, except who did it."""
    for user_id, team_id in ((payment.requestor_id, payment.team_id), (vendor.user_id, vendor.team_id)):
        if user_id is not None and team_id is not None and user_id != but:
            link = f"/marketplace/listings/{payment.listing_id}"
            notify(
                session, user_id, type="payment", title=title, message=text, link=link, dedupe_key=key, team_id=team_id
            )
