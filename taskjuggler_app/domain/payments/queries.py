"""Reading money: what a workspace pays, what its vendors earn, receipts, and the operators' desk."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator
from taskjuggler_app.domain.payments import checks, ledger, policy
from taskjuggler_app.domain.payments.disputes import OPERATORS_ONLY
from taskjuggler_app.domain.payments.paper import number_of
from taskjuggler_app.domain.payments.rows import DisputeRow, MovementRow, PaymentRow, Receipt, Totals, Trouble
from taskjuggler_app.domain.payments.transitions import is_payable
from taskjuggler_app.models.marketplace import (
    MarketplaceListing,
    MarketplaceVendor,
    PaymentMethod,
    Transaction,
    TransactionStatus,
)
from taskjuggler_app.models.payments import (
    Dispute,
    DisputeState,
    LedgerEntry,
    LedgerPosting,
    OperationState,
    PaymentEvent,
    PaymentOperation,
)
from taskjuggler_app.models.users import User

PAGE_SIZE = 50


MOVED = {
    "payment": "Paid by the buyer, held",
    "release": "Released to the vendor",
    "refund": "To be refunded",
    "transfer": "Sent to the vendor",
    "return": "Not expected, to be sent back",
    "by_hand": "Paid directly",
    "failed_refund": "The refund did not arrive",
}


def payments(session: Session, principal: Principal) -> list[PaymentRow]:
    """The newest payments that the workspace makes or receives; for members, those they have to do with."""
    rows = session.exec(
        select(Transaction, MarketplaceVendor, MarketplaceListing.title)
        .join(MarketplaceVendor, col(MarketplaceVendor.id) == col(Transaction.vendor_id))
        .outerjoin(MarketplaceListing, col(MarketplaceListing.id) == col(Transaction.listing_id))
        .where(_visible(principal))
        .order_by(col(Transaction.created_at).desc(), col(Transaction.id))
        .limit(PAGE_SIZE)
    ).all()
    held = _held(session, [payment.id for payment, _, _ in rows])
    disputed = set(
        session.exec(
            select(Dispute.transaction_id).where(
                col(Dispute.transaction_id).in_(list(held)), Dispute.state == DisputeState.OPEN
            )
        )
    )
    return [
        _row(payment, vendor, title or "", held[payment.id], principal, payment.id in disputed)
        for payment, vendor, title in rows
    ]


def payment_of_listing(session: Session, principal: Principal, listing_id: UUID) -> PaymentRow:
    """The newest payment of a listing, for its two sides; an empty row when there is none to see."""
    found = session.exec(
        select(Transaction, MarketplaceVendor, MarketplaceListing.title)
        .join(MarketplaceVendor, col(MarketplaceVendor.id) == col(Transaction.vendor_id))
        .join(MarketplaceListing, col(MarketplaceListing.id) == col(Transaction.listing_id))
        .where(Transaction.listing_id == listing_id, _of_the_workspace(principal))
        .order_by(col(Transaction.created_at).desc())
        .limit(1)
    ).first()
    if found is None:
        return PaymentRow()
    payment, vendor, title = found
    open_one = select(Dispute.id).where(Dispute.transaction_id == payment.id, Dispute.state == DisputeState.OPEN)
    disputed = session.exec(open_one).first() is not None
    return _row(payment, vendor, title, ledger.held(session, payment.id), principal, disputed)


def receipt(session: Session, principal: Principal, payment_id: UUID) -> Receipt:
    """A payment and its movements, oldest first. NotFound when it is not the principal's to see."""
    found = session.exec(
        select(Transaction, MarketplaceVendor, MarketplaceListing.title)
        .join(MarketplaceVendor, col(MarketplaceVendor.id) == col(Transaction.vendor_id))
        .outerjoin(MarketplaceListing, col(MarketplaceListing.id) == col(Transaction.listing_id))
        .where(Transaction.id == payment_id, _visible(principal))
    ).first()
    if found is None:
        raise NotFound
    payment, vendor, title = found
    amount = col(LedgerPosting.amount)
    to_vendor = col(LedgerPosting.account) == ledger.vendor_account(payment.vendor_id)
    earned = -func.sum(amount).filter(to_vendor, amount < 0)
    entries = session.exec(
        select(LedgerEntry, func.coalesce(earned, func.sum(amount).filter(amount > 0)))
        .join(LedgerPosting, col(LedgerPosting.entry_id) == col(LedgerEntry.id))
        .where(LedgerEntry.transaction_id == payment.id)
        .group_by(col(LedgerEntry.id))
        .order_by(col(LedgerEntry.created_at), col(LedgerEntry.id))
    ).all()
    moved = [
        MovementRow(
            id=str(entry.id),
            what="Refunded" if entry.key.startswith("operation:") and entry.kind == "refund" else MOVED[entry.kind],
            memo=entry.memo,
            amount=money.shown(amount, entry.currency),
            at=entry.created_at.isoformat(),
        )
        for entry, amount in entries
    ]
    row = _row(payment, vendor, title or "", ledger.held(session, payment.id), principal, False)
    return Receipt(row, moved, payment.stripe_payment_intent_id or "")


def earnings(session: Session, principal: Principal) -> Totals:
    """What the workspace's vendors earned through the marketplace, in their main currency; of a member, their own."""
    mine = _vendors(principal)
    rows = session.exec(
        select(
            Transaction.currency,
            func.sum(col(Transaction.amount) - col(Transaction.vendor_fee)).filter(
                col(Transaction.status) == TransactionStatus.COMPLETED
            ),
            func.count().filter(col(Transaction.status) == TransactionStatus.COMPLETED),
        )
        .where(col(Transaction.vendor_id).in_(mine))
        .group_by(col(Transaction.currency))
        .order_by(func.count().desc())
    ).first()
    currency, done, jobs = rows or ("USD", None, 0)
    waiting = _waiting(session, mine, currency)
    return Totals(money.shown(done or Decimal(0), currency), money.shown(waiting, currency), int(jobs))


def _waiting(session: Session, mine: SelectOfScalar[UUID], currency: str) -> Decimal:
    """What these vendors get of the money that is held for them now."""
    running = session.exec(
        select(Transaction).where(
            col(Transaction.vendor_id).in_(mine),
            Transaction.currency == currency,
            Transaction.status == TransactionStatus.PROCESSING,
        )
    ).all()
    held = _held(session, [one.id for one in running])
    shares = (held[one.id] * (one.amount - one.vendor_fee) / (one.amount + one.buyer_fee) for one in running)
    return sum(shares, Decimal(0))


def disputes(session: Session, principal: Principal) -> list[DisputeRow]:
    """Open disputes first, for the operators. Forbidden for everybody else."""
    require(policy.can_decide(is_operator(principal)), OPERATORS_ONLY)
    return _disputes(session, principal, col(Dispute.id).is_not(None))


def dispute_of(session: Session, principal: Principal, payment_id: UUID) -> DisputeRow:
    """The newest dispute of a payment, for its two sides; an empty row when there is none."""
    visible = select(Transaction.id).where(Transaction.id == payment_id, _of_the_workspace(principal))
    rows = _disputes(session, principal, col(Dispute.transaction_id).in_(visible))
    return rows[0] if rows else DisputeRow()


def troubles(session: Session, principal: Principal) -> list[Trouble]:
    """What an operator has to look at: refused orders, differences, events that did not fit."""
    require(policy.can_decide(is_operator(principal)), OPERATORS_ONLY)
    refused = session.exec(
        select(PaymentOperation)
        .where(PaymentOperation.state == OperationState.FAILED)
        .order_by(col(PaymentOperation.created_at).desc())
        .limit(PAGE_SIZE)
    ).all()
    unfit = session.exec(
        select(PaymentEvent)
        .where(col(PaymentEvent.problem).is_not(None))
        .order_by(col(PaymentEvent.received_at).desc())
        .limit(PAGE_SIZE)
    ).all()
    return [
        *(
            Trouble(
                str(one.id),
                f"{one.kind.value.capitalize()} of {money.shown(one.amount, one.currency)}",
                one.problem or "",
                one.created_at.isoformat(),
                str(one.id),
            )
            for one in refused
        ),
        *(
            Trouble(
                one.reference,
                f"Difference: {checks.words(one)}",
                one.problem or "",
                (one.checked_at or one.until).isoformat(),
            )
            for one in checks.differing(session, PAGE_SIZE)
        ),
        *(Trouble(one.id, f"Event {one.kind}", one.problem or "", one.received_at.isoformat()) for one in unfit),
    ]


def _disputes(session: Session, principal: Principal, which: ColumnElement[bool]) -> list[DisputeRow]:
    rows = session.exec(
        select(Dispute, Transaction, MarketplaceVendor.name, MarketplaceListing.title)
        .join(Transaction, col(Transaction.id) == col(Dispute.transaction_id))
        .join(MarketplaceVendor, col(MarketplaceVendor.id) == col(Transaction.vendor_id))
        .outerjoin(MarketplaceListing, col(MarketplaceListing.id) == col(Transaction.listing_id))
        .where(which)
        .order_by(col(Dispute.state) != DisputeState.OPEN, col(Dispute.created_at).desc())
        .limit(PAGE_SIZE)
    ).all()
    held = _held(session, [payment.id for _, payment, *_ in rows])
    people = {user_id for dispute, payment, *_ in rows for user_id in (dispute.opened_by, payment.requestor_id)}
    names = dict(session.exec(select(User.id, User.name).where(col(User.id).in_(people))).all())
    return [
        DisputeRow(
            id=str(dispute.id),
            payment_id=str(payment.id),
            title=title or "",
            buyer=names[payment.requestor_id],
            vendor=vendor,
            opened_by=names[dispute.opened_by],
            mine=dispute.opened_by == principal.user_id,
            reason=dispute.reason,
            answer=dispute.answer or "",
            price=money.shown(payment.amount, payment.currency),
            currency=payment.currency,
            held=money.shown(held[payment.id], payment.currency),
            state=dispute.state.value,
            decision=dispute.decision.value if dispute.decision else "",
            note=dispute.note or "",
            at=dispute.created_at.isoformat(),
        )
        for dispute, payment, vendor, title in rows
    ]


def _of_the_workspace(principal: Principal) -> ColumnElement[bool]:
    """The buyer's workspace and the vendor's: who sees a listing sees how its payment stands."""
    own = select(MarketplaceVendor.id).where(MarketplaceVendor.team_id == principal.team_id)
    return or_(col(Transaction.team_id) == principal.team_id, col(Transaction.vendor_id).in_(own))


def _visible(principal: Principal) -> ColumnElement[bool]:
    """`policy.can_see` for whole lists."""
    if policy.can_see_sums(principal):
        return _of_the_workspace(principal)
    asked = and_(col(Transaction.team_id) == principal.team_id, col(Transaction.requestor_id) == principal.user_id)
    return or_(asked, col(Transaction.vendor_id).in_(_vendors(principal)))


def _vendors(principal: Principal) -> SelectOfScalar[UUID]:
    """The vendors of which the principal sees what they earn."""
    mine = select(MarketplaceVendor.id).where(MarketplaceVendor.team_id == principal.team_id)
    return mine if policy.can_see_sums(principal) else mine.where(MarketplaceVendor.user_id == principal.user_id)


def _held(session: Session, ids: list[UUID]) -> dict[UUID, Decimal]:
    names = {ledger.held_account(one): one for one in ids}
    rows = session.exec(
        select(LedgerPosting.account, func.sum(col(LedgerPosting.amount)))
        .where(col(LedgerPosting.account).in_(list(names)))
        .group_by(col(LedgerPosting.account))
    ).all()
    return {**dict.fromkeys(ids, Decimal(0)), **{names[account]: -amount for account, amount in rows}}


def _row(
    payment: Transaction, vendor: MarketplaceVendor, title: str, held: Decimal, principal: Principal, disputed: bool
) -> PaymentRow:
    currency = payment.currency
    return PaymentRow(
        id=str(payment.id),
        listing_id=str(payment.listing_id or ""),
        title=title,
        vendor=vendor.name,
        vendor_id=str(vendor.id),
        price=money.shown(payment.amount, currency),
        fee=money.shown(payment.buyer_fee, currency),
        total=money.shown(payment.amount + payment.buyer_fee, currency),
        vendor_gets=money.shown(payment.amount - payment.vendor_fee, currency),
        held=money.shown(held, currency) if held else "",
        status=payment.status.value,
        number=number_of(str(payment.id)),
        method="directly" if payment.payment_method is PaymentMethod.MANUAL else "marketplace",
        disputed=disputed,
        problem=payment.problem or "",
        release_at=payment.release_at.isoformat() if payment.release_at else "",
        printable=payment.held_at is not None
        and (payment.team_id == principal.team_id or payment.emptied_at is not None),
        payable=is_payable(payment),
        at=payment.created_at.isoformat(),
        incoming=vendor.team_id == principal.team_id and payment.team_id != principal.team_id,
    )
