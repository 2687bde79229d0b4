"""The receipt of a marketplace payment: for its buyer what was paid, for its vendor what was earned."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import ledger, policy
from taskjuggler_app.domain.payments.paper import Paper, day, number_of
from taskjuggler_app.models.marketplace import MarketplaceListing, MarketplaceVendor, PaymentMethod, Transaction
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.users import User

NOT_YET = "There is no receipt yet: nothing was paid."
_MOVED = text(
    "SELECT coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS debit, "
    "coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS credit "
    "FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id "
    "WHERE e.transaction_id = :payment AND p.account = :account"
)


def of_payment(session: Session, principal: Principal, payment_id: UUID) -> Paper:
    """What the principal's workspace paid or earned. NotFound when it is not theirs to see, and before money came."""
    payment = session.get(Transaction, payment_id)
    vendor = session.get(MarketplaceVendor, payment.vendor_id) if payment is not None else None
    if payment is None or vendor is None:
        raise NotFound
    if not policy.can_see(principal, payment.team_id, payment.requestor_id, vendor.team_id, vendor.user_id):
        raise NotFound
    if payment.held_at is None:
        raise NotFound(NOT_YET)
    listing = session.get(MarketplaceListing, payment.listing_id) if payment.listing_id else None
    title = listing.title if listing is not None else "Work"
    seller = [vendor.name, vendor.business_name or "", vendor.address or ""]
    sides = [("Work by", seller), ("Paid by", _buyer(session, payment))]
    how = "Directly" if payment.payment_method is PaymentMethod.MANUAL else "Through the marketplace"
    facts = [
        ("Paid", day(payment.held_at, principal.timezone)),
        ("How", how),
        ("Provider's number", payment.stripe_payment_intent_id or ""),
        ("Tax", "The marketplace charges none. Ask the vendor for a tax invoice if you need one."),
    ]
    if principal.team_id == payment.team_id:
        lines = _bought(session, payment, title)
        return Paper("Receipt", number_of(str(payment.id)), payment.held_at, principal.timezone, payment.currency,
                     sides, lines, "Paid", facts)  # fmt: skip
    lines = _earned(session, payment, title)
    at = payment.emptied_at or payment.held_at
    return Paper("Earnings statement", number_of(str(payment.id)), at, principal.timezone, payment.currency,
                 sides, lines, "You get", facts)  # fmt: skip


def _buyer(session: Session, payment: Transaction) -> list[str]:
    team = session.get(Team, payment.team_id) if payment.team_id else None
    person = session.exec(select(User.name).where(User.id == payment.requestor_id)).first()
    return [team.name if team else "", person or ""]


def _bought(session: Session, payment: Transaction, title: str) -> list[tuple[str, Decimal]]:
    lines = [(title, payment.amount)]
    if payment.buyer_fee:
        lines.append(("Marketplace fee", payment.buyer_fee))
    done, ordered = _moved(session, payment, ledger.refund_account(payment.id))
    back = "Refunded" if done == ordered else "Refund on its way"
    return [*lines, (back, -ordered)] if ordered else lines


def _earned(session: Session, payment: Transaction, title: str) -> list[tuple[str, Decimal]]:
    """Of a payment that was given back in part, what is left counts. NotFound until something is released."""
    if payment.payment_method is PaymentMethod.MANUAL:
        return [(title, payment.amount)]
    _, gets = _moved(session, payment, ledger.vendor_account(payment.vendor_id))
    if not gets:
        raise NotFound("There is no statement yet: nothing was released to you.")
    if _moved(session, payment, ledger.refund_account(payment.id))[1]:
        shown = money.shown(payment.amount, payment.currency)
        return [(f"{title}: your part of {shown}, less the fee", gets)]
    fee = payment.amount - gets
    return [(title, payment.amount), ("Marketplace fee", -fee)] if fee else [(title, gets)]


def _moved(session: Session, payment: Transaction, account: str) -> tuple[Decimal, Decimal]:
    row = session.execute(_MOVED, {"payment": payment.id, "account": account}).one()
    return Decimal(row.debit), Decimal(row.credit)
