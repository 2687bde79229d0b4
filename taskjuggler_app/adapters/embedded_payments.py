"""The embedded Payments: nobody is charged. It behaves as Stripe does: places to pay, idempotency keys, events that
come later, twice and out of order, and a record of its own that reconciliation compares with.

Its place to pay is a page of ours (api/payments.py) that says so. Its events are jobs instead of webhooks.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from taskjuggler_app.adapters import embedded_plans as plans
from taskjuggler_app.core import clock, crypto, money, queue
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.ports import Charge, Checkout, FactKind, MoneyOrder, PaymentFact, VendorError
from taskjuggler_app.models.payments import EmbeddedPayment

EVENT = "payments.embedded_event"
PAGE = "/pay/"
_KINDS = {"payment": FactKind.PAID, "transfer": FactKind.TRANSFERRED, "refund": FactKind.REFUNDED}


class EmbeddedPayments:
    """The Payments port without a provider."""

    name = "embedded"

    def __init__(self, public_url: str) -> None:
        self._home = public_url.rstrip("/")

    def checkout(self, charge: Charge) -> Checkout:
        """Our own page, under an id that cannot be guessed."""
        with transaction() as session:
            made = _row("checkout", crypto.token(18), charge.reference, charge.amount, charge.currency, "open")
            made.purpose = charge.purpose
            made.data = {**asdict(charge), "amount": str(charge.amount)}
            session.add(made)
        return Checkout(made.id, f"{self._home}{PAGE}{made.id}")

    def cancel(self, checkout_id: str) -> None:
        """Close the page."""
        with transaction() as session:
            found = session.get(EmbeddedPayment, checkout_id, with_for_update=True)
            if found is not None and found.status == "open":
                found.status = "expired"

    def transfer(self, order: MoneyOrder) -> str:
        """Move money of a payment to an account."""
        if not order.destination:
            raise VendorError("There is no account to send the money to.", retryable=False)
        return _move("transfer", order)

    def refund(self, order: MoneyOrder) -> str:
        """Move money of a payment back."""
        return _move("refund", order)

    def onboard(self, account_id: str, email: str, return_url: str, refresh_url: str) -> Checkout:
        """Our own page that stands in for the questions."""
        with transaction() as session:
            found = session.get(EmbeddedPayment, account_id) if account_id else None
            if found is None:
                found = _row("account", crypto.token(18), email, Decimal(0), "USD", "new")
            found.data = {**found.data, "return_url": return_url}
            session.add(found)
        return Checkout(found.id, self.dashboard(found.id))

    def account(self, account_id: str) -> PaymentFact:
        """How far the questions are answered."""
        with transaction() as session:
            found = session.get(EmbeddedPayment, account_id)
            if found is None:
                raise VendorError("There is no such account.", retryable=False)
            return _account_fact(found)

    def dashboard(self, account_id: str) -> str:
        """Our own page of what was paid out."""
        return f"{self._home}{PAGE}account/{account_id}"

    def portal(self, customer: str, return_url: str) -> str:
        """Our own page for the card and the invoices."""
        return f"{self._home}{PAGE}customer/{customer}"

    def end_subscription(self, subscription_id: str) -> None:
        """End it; the event says until when it is paid for."""
        with transaction() as session:
            found = session.get(EmbeddedPayment, subscription_id, with_for_update=True)
            if found is not None:
                _tell_all(session, found, plans.end(found, clock.utcnow()))

    def change_subscription(self, subscription_id: str, charge: Charge, at: datetime) -> None:
        """Another price from now on."""
        with transaction() as session:
            found = session.get(EmbeddedPayment, subscription_id, with_for_update=True)
            if found is None or found.kind != "subscription" or found.status != "active":
                raise VendorError("There is no such subscription any more.", retryable=False)
            _tell_all(session, found, plans.change(found, charge, at))

    def history(self, reference: str) -> list[PaymentFact]:
        """Our record of a reference."""
        with transaction() as session:
            rows = session.exec(
                select(EmbeddedPayment)
                .where(EmbeddedPayment.reference == reference, col(EmbeddedPayment.kind).in_(list(_KINDS)))
                .order_by(col(EmbeddedPayment.created_at), col(EmbeddedPayment.id))
            ).all()
            return [_fact(row, _KINDS[row.kind]) for row in rows]

    def check(self) -> str:
        """It is there."""
        return "The embedded provider answers; it charges nobody."

    def plan_history(self, customer: str, checkout_id: str) -> list[PaymentFact]:
        """Our record of a payer's subscriptions."""
        with transaction() as session:
            subs = plans.of_payer(session, customer, checkout_id)
            said = [plans.standing(sub, clock.utcnow()) for sub in subs]
            paid = [one for sub in subs for one in plans.invoices(session, sub)]
            return [
                *(_fact(thing, kind, data, suffix) for thing, kind, data, suffix in said),
                *(_fact(invoice, FactKind.INVOICE_PAID) for invoice in paid),
            ]

    def read_event(self, body: bytes, signature: str) -> PaymentFact | None:
        """It sends no webhooks: whatever comes by HTTP is forged."""
        raise Invalid("Stripe is not set up here.")


def open_checkout(session: Session, checkout_id: str) -> EmbeddedPayment:
    """A place to pay that is still open, locked. NotFound for none, Conflict for one that is over."""
    found = session.get(EmbeddedPayment, checkout_id, with_for_update=True)
    if found is None or found.kind != "checkout":
        raise NotFound
    if found.status != "open":
        raise Conflict("This was paid already." if found.status == "paid" else "This cannot be paid any more.")
    return found


def pay(session: Session, checkout_id: str) -> PaymentFact:
    """The payer pays; the first event of it, for whoever does not want to wait."""
    asked = open_checkout(session, checkout_id)
    asked.status = "paid"
    session.add(asked)
    if asked.data.get("monthly"):
        sub = _row("subscription", asked.id, asked.reference, asked.amount, asked.currency, "active")
        sub.purpose = asked.purpose
        begun = plans.begin(sub, asked.data.get("customer") or f"emb_cus_{crypto.token(18)}", clock.utcnow())
        return _tell_all(session, sub, begun)[0]
    paid = _row("payment", asked.id, asked.reference, asked.amount, asked.currency, "paid")
    paid.purpose = asked.purpose
    session.add(paid)
    fact = _fact(paid, FactKind.PAID)
    _tell(session, fact)
    return fact


def account(session: Session, account_id: str) -> tuple[EmbeddedPayment, list[EmbeddedPayment]]:
    """An account, and what was sent to it, newest first. NotFound for none."""
    found = session.get(EmbeddedPayment, account_id, with_for_update=True)
    if found is None or found.kind != "account":
        raise NotFound
    to_it = col(EmbeddedPayment.data)["destination"].astext == account_id
    query = select(EmbeddedPayment).where(EmbeddedPayment.kind == "transfer", to_it)
    return found, list(session.exec(query.order_by(col(EmbeddedPayment.created_at).desc()).limit(24)))


def fill_in(session: Session, account_id: str, whole: bool) -> str:
    """The owner of an account answers: everything, or all but the bank account. Where they go back to."""
    found, _ = account(session, account_id)
    if found.status != "ready":
        found.status = "ready" if whole else "begun"
        session.add(found)
        _tell(session, _account_fact(found))
    return str(found.data.get("return_url") or "/")


def renew_due(session: Session, now: datetime) -> int:
    """Subscriptions whose month is over: paid, declined or ended; says how many were looked at."""
    waiting = plans.due(session, now)
    for sub in waiting:
        _tell_all(session, sub, plans.renew(sub, now))
    return len(waiting)


def set_card(session: Session, customer: str, works: bool) -> None:
    """The payer's card is another one. NotFound for no such payer."""
    sub = plans.of_customer(session, customer)
    if sub is None:
        raise NotFound
    _tell_all(session, sub, plans.set_card(sub, works, clock.utcnow()))


def decline(session: Session, checkout_id: str) -> PaymentFact:
    """The card is declined; the place to pay stays open."""
    asked = open_checkout(session, checkout_id)
    tries = int(asked.data.get("tries", 0)) + 1
    asked.data = {**asked.data, "tries": tries}
    session.add(asked)
    data = {"message": "The card was declined."}
    fact = _fact(asked, FactKind.PAYMENT_FAILED, data, suffix=f"-{tries}")
    _tell(session, fact)
    return fact


def _move(kind: str, order: MoneyOrder) -> str:
    """A transfer or a refund of a payment: once for an operation, never more than was paid."""
    with transaction() as session:
        payment = session.get(EmbeddedPayment, order.payment_id, with_for_update=True)
        if payment is None or payment.kind != "payment":
            raise VendorError("There is no such payment.", retryable=False)
        key = f"{kind}:{order.operation}"
        known = session.exec(select(EmbeddedPayment).where(EmbeddedPayment.key == key)).first()
        if known is not None:
            return known.id
        gone = session.exec(
            select(func.coalesce(func.sum(col(EmbeddedPayment.amount)), 0)).where(
                col(EmbeddedPayment.kind).in_(["transfer", "refund"]),
                col(EmbeddedPayment.data)["payment"].astext == payment.id,
            )
        ).one()
        if Decimal(gone) + order.amount > payment.amount:
            raise VendorError("That is more than is left of the payment.", retryable=False)
        made = _row(kind, key, order.reference, order.amount, order.currency, "done")
        made.purpose, made.key = payment.purpose, key
        made.data = {"payment": payment.id, "operation": order.operation, "destination": order.destination}
        session.execute(insert(EmbeddedPayment).values(made.model_dump()))
        _tell(session, _fact(made, _KINDS[kind]))
        return made.id


def _row(kind: str, key: str, reference: str, amount: Decimal, currency: str, status: str) -> EmbeddedPayment:
    return EmbeddedPayment(
        id=f"emb_{kind}_{crypto.token(18)}",
        kind=kind,
        key=f"{kind}:{key}",
        reference=reference[:64],
        amount=money.rounded(amount, currency),
        currency=currency,
        status=status,
        created_at=clock.utcnow(),
    )


def _fact(row: EmbeddedPayment, kind: FactKind, data: dict[str, Any] | None = None, suffix: str = "") -> PaymentFact:
    return PaymentFact(
        id=f"{row.id}-{kind.value}{suffix}",
        kind=kind,
        object_id=row.id,
        purpose=row.purpose,
        reference=row.reference,
        operation=str(row.data.get("operation", "")),
        amount=row.amount,
        currency=row.currency,
        data=data or {},
    )


def _account_fact(row: EmbeddedPayment) -> PaymentFact:
    needs = {"new": ["business_type", "individual.dob.day", "external_account"], "begun": ["external_account"]}
    ready = row.status == "ready"
    data = {"ready": ready, "submitted": ready, "needs": needs.get(row.status, []), "disabled": ""}
    return PaymentFact(f"{row.id}-{row.status}", FactKind.ACCOUNT, row.id, data=data)


def _tell_all(session: Session, sub: EmbeddedPayment, said: list[plans.Event]) -> list[PaymentFact]:
    """Keep what a subscription became, and tell it."""
    session.add(sub)
    facts = []
    for thing, kind, data, suffix in said:
        session.add(thing)
        facts.append(_fact(thing, kind, data, suffix))
        _tell(session, facts[-1])
    return facts


def _tell(session: Session, fact: PaymentFact) -> None:
    """The event, at once or a little later, and once more."""
    stored = {**asdict(fact), "amount": str(fact.amount)}
    early = int(crypto.digest(fact.id)[:2], 16) % 2
    for seconds in (early, 2 + early):
        queue.defer(session, EVENT, run_at=clock.utcnow() + timedelta(seconds=seconds), fact=stored)
