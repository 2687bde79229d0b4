"""What the provider did not let through on the buyer's side: failed, told in plain words, and to be tried again."""

from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.payments import service
from taskjuggler_app.domain.payments.transitions import is_payable, move
from taskjuggler_app.models.marketplace import TransactionStatus


def declined(session: Session, payment_id: UUID, refusal: str, why: str) -> None:
    """The provider refused the buyer's money; `refusal` is its event, which counts once.

    The payment is failed until it is tried again (`service.charge`) or the same place to pay takes another card. The
    buyer is notified of an attempt's first refusal: more of them come while the buyer is at the place to pay.
    """
    payment = service.locked(session, payment_id)
    if not is_payable(payment) or payment.declined_by == refusal[:255]:
        return
    first = payment.status is TransactionStatus.PENDING
    if first:
        move(payment, TransactionStatus.FAILED)
    payment.declined_by, payment.problem = refusal[:255], why[:1000]
    session.add(payment)
    acting = Principal.system(payment.team_id or payment.id)
    service.told(session, acting, payment, "payment.declined", {"why": payment.problem})
    if first and payment.team_id is not None:
        notify(
            session,
            payment.requestor_id,
            type="payment",
            title="Your payment was refused",
            message=f"{payment.problem} Nothing was taken. Try again on the job's page, with another card if you like.",
            link=f"/marketplace/listings/{payment.listing_id}",
            dedupe_key=f"declined:{payment.id}:{payment.declined_by}",
            team_id=payment.team_id,
        )


def not_opened(session: Session, principal: Principal, payment_id: UUID, why: str) -> None:
    """The provider will not open a place to pay, for good: the same as a card that it refuses."""
    payment = service.locked(session, payment_id)
    service.require_payer(principal, payment)
    declined(session, payment_id, f"not opened: {payment.updated_at.isoformat()}", why)
