"""Subscriptions of the embedded provider: months, invoices, a change in the middle of one, a card that is declined.

As Stripe does: a renewal that is declined leaves the subscription past due and is tried again when the card works; two
weeks later it is over. What a change leaves to the payer's credit is taken off the next invoices.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.ports import Charge, FactKind, VendorError
from taskjuggler_app.domain.billing.proration import MONTH, difference
from taskjuggler_app.models.payments import EmbeddedPayment

GIVES_UP = timedelta(days=14)
_TOLD = ("begins", "until", "ends", "customer")
DECLINED = "The card was declined. Nothing has changed."

Event = tuple[EmbeddedPayment, FactKind, dict[str, Any], str]
"""What is to be told: the thing, what happened, the data, and what tells its events apart."""


def begin(sub: EmbeddedPayment, customer: str, now: datetime) -> list[Event]:
    """A first month, paid."""
    sub.data = {
        "begins": now.isoformat(),
        "until": (now + MONTH).isoformat(),
        "customer": customer,
        "card": "works",
        "credit": "0",
        "ends": False,
        "events": 0,
    }
    return [_said(sub, FactKind.SUBSCRIBED, now), _invoiced(sub, sub.amount, now)]


def change(sub: EmbeddedPayment, charge: Charge, now: datetime) -> list[Event]:
    """Another price from now on; dearer is charged at once, cheaper is kept. VendorError when the card is declined."""
    begins, until = (datetime.fromisoformat(sub.data[name]) for name in ("begins", "until"))
    due = difference(sub.amount, charge.amount, begins, until, now, sub.currency) - Decimal(sub.data["credit"])
    if due > 0 and sub.data["card"] != "works":
        raise VendorError(DECLINED, retryable=False)
    sub.amount, sub.reference = charge.amount, charge.reference
    _set(sub, credit=str(max(Decimal(0), -due)), ends=False)
    said = [_said(sub, FactKind.SUBSCRIBED, now)]
    return [*said, _invoiced(sub, due, now)] if due > 0 else said


def end(sub: EmbeddedPayment, now: datetime) -> list[Event]:
    """It ends when what is paid for is over."""
    if sub.status != "active" or sub.data["ends"]:
        return []
    _set(sub, ends=True)
    return [_said(sub, FactKind.SUBSCRIBED, now)]


def renew(sub: EmbeddedPayment, now: datetime) -> list[Event]:
    """What is due at a month's end: another month, an end, or a payment that is declined."""
    until = datetime.fromisoformat(sub.data["until"])
    if sub.status != "active" or until > now:
        return []
    if sub.data["ends"] or until + GIVES_UP <= now:
        sub.status = "ended"
        return [_said(sub, FactKind.SUBSCRIPTION_ENDED, now)]
    if sub.data["card"] != "works":
        if sub.data.get("unpaid") == sub.data["until"]:
            return []
        _set(sub, unpaid=sub.data["until"])
        return [_said(sub, FactKind.PAST_DUE, now)]
    due = sub.amount - Decimal(sub.data["credit"])
    _set(sub, begins=until.isoformat(), until=(until + MONTH).isoformat(), credit=str(max(Decimal(0), -due)))
    said = [_said(sub, FactKind.SUBSCRIBED, now)]
    return [*said, _invoiced(sub, due, now)] if due > 0 else said


def set_card(sub: EmbeddedPayment, works: bool, now: datetime) -> list[Event]:
    """Another card; what waits for one is paid with it."""
    _set(sub, card="works" if works else "declined")
    return renew(sub, now) if works else []


def due(session: Session, now: datetime) -> list[EmbeddedPayment]:
    """Subscriptions whose month is over, locked."""
    query = select(EmbeddedPayment).where(
        EmbeddedPayment.kind == "subscription",
        EmbeddedPayment.status == "active",
        col(EmbeddedPayment.data)["until"].astext <= now.isoformat(),
    )
    return list(session.exec(query.with_for_update(skip_locked=True).limit(200)))


def of_customer(session: Session, customer: str) -> EmbeddedPayment | None:
    """The newest subscription of a customer, locked."""
    query = select(EmbeddedPayment).where(
        EmbeddedPayment.kind == "subscription", col(EmbeddedPayment.data)["customer"].astext == customer
    )
    return session.exec(query.order_by(col(EmbeddedPayment.created_at).desc()).with_for_update()).first()


def of_payer(session: Session, customer: str, checkout_id: str) -> list[EmbeddedPayment]:
    """A payer's subscriptions, oldest first; what was begun at a place to pay while they have no name yet."""
    named = col(EmbeddedPayment.data)["customer"].astext == customer
    begun = EmbeddedPayment.key == f"subscription:{checkout_id}"
    query = select(EmbeddedPayment).where(EmbeddedPayment.kind == "subscription", named if customer else begun)
    return list(session.exec(query.order_by(col(EmbeddedPayment.created_at), col(EmbeddedPayment.id))))


def standing(sub: EmbeddedPayment, now: datetime) -> Event:
    """How a subscription stands; nothing changes by asking."""
    if sub.status != "active":
        kind = FactKind.SUBSCRIPTION_ENDED
    else:
        kind = FactKind.PAST_DUE if sub.data.get("unpaid") == sub.data["until"] else FactKind.SUBSCRIBED
    return sub, kind, {**{name: sub.data[name] for name in _TOLD}, "at": now.timestamp()}, "-standing"


def invoices(session: Session, sub: EmbeddedPayment) -> list[EmbeddedPayment]:
    """What was paid, newest first."""
    query = select(EmbeddedPayment).where(
        EmbeddedPayment.kind == "invoice", col(EmbeddedPayment.key).startswith(f"invoice:{sub.id}:")
    )
    return list(session.exec(query.order_by(col(EmbeddedPayment.created_at).desc()).limit(24)))


def _said(sub: EmbeddedPayment, kind: FactKind, now: datetime) -> Event:
    number = int(sub.data["events"]) + 1
    _set(sub, events=number)
    data = {**{name: sub.data[name] for name in _TOLD}, "at": now.timestamp() + number / 1e6}
    return sub, kind, data, f"-{number}"


def _invoiced(sub: EmbeddedPayment, amount: Decimal, now: datetime) -> Event:
    number = int(sub.data["events"])
    made = EmbeddedPayment(
        id=f"emb_invoice_{sub.id[-24:]}_{number}",
        kind="invoice",
        key=f"invoice:{sub.id}:{number}",
        purpose=sub.purpose,
        reference=sub.reference,
        amount=amount,
        currency=sub.currency,
        status="paid",
        created_at=clock.utcnow(),
    )
    return made, FactKind.INVOICE_PAID, {"at": now.timestamp()}, ""


def _set(sub: EmbeddedPayment, **values: Any) -> None:
    sub.data = {**sub.data, **values}
