"""What Stripe says, in our words: events, charges, transfers, refunds, invoices and subscriptions as payment facts."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from taskjuggler_app.core import money
from taskjuggler_app.core.ports import FactKind, PaymentFact

_OVER = frozenset({"canceled", "unpaid", "incomplete_expired"})


def of_event(event_id: str, kind: str, thing: Any) -> PaymentFact | None:
    """A webhook's event; None for kinds that mean nothing to us."""
    if kind == "payment_intent.succeeded":
        return _of_intent(event_id, FactKind.PAID, thing, thing["amount_received"])
    if kind == "payment_intent.payment_failed":
        said = (thing.get("last_payment_error") or {}).get("message") or "The payment was declined."
        return _of_intent(event_id, FactKind.PAYMENT_FAILED, thing, thing["amount"], {"message": said})
    if kind == "payment_intent.canceled":
        return _of_intent(event_id, FactKind.PAYMENT_CANCELLED, thing, thing["amount"])
    if kind == "transfer.created":
        return transferred(event_id, thing)
    if kind == "refund.created" and thing["status"] in ("succeeded", "pending"):
        return refunded(event_id, thing)
    if kind in ("refund.failed", "refund.updated") and thing["status"] == "failed":
        failed = refunded(event_id, thing)
        return replace(failed, kind=FactKind.REFUND_FAILED)
    if kind == "account.updated":
        return account(event_id, thing)
    if kind == "charge.dispute.created":
        data = {"payment": id_of(thing["payment_intent"] or ""), "message": "The buyer's bank disputes the payment."}
        return PaymentFact(event_id, FactKind.DISPUTED, thing["id"], data=data)
    if kind.startswith("customer.subscription."):
        return _of_subscription(event_id, kind, thing)
    if kind == "invoice.payment_failed":
        return _of_invoice(event_id, FactKind.INVOICE_FAILED, thing, thing["amount_due"])
    if kind == "invoice.paid" and thing["amount_paid"]:
        return _of_invoice(event_id, FactKind.INVOICE_PAID, thing, thing["amount_paid"])
    return None


def account(event_id: str, thing: Any) -> PaymentFact:
    """A connected account: whether it is paid out, and what Stripe still wants to know."""
    asked = thing.get("requirements") or {}
    data = {
        "ready": bool(thing["payouts_enabled"]),
        "submitted": bool(thing.get("details_submitted")),
        "needs": [*dict.fromkeys([*(asked.get("past_due") or ()), *(asked.get("currently_due") or ())])],
        "disabled": asked.get("disabled_reason") or "",
    }
    return PaymentFact(event_id, FactKind.ACCOUNT, thing["id"], data=data)


def standing(thing: Any, at: int) -> PaymentFact | None:
    """How a subscription stands at a moment (seconds since 1970); None before its first payment."""
    fact = _of_subscription(f"history-{thing['id']}-{at}", "", thing)
    return replace(fact, data={**fact.data, "at": at}) if fact is not None else None


def invoiced(invoice: Any) -> PaymentFact:
    """A paid invoice of a subscription."""
    return _of_invoice(f"history-{invoice['id']}", FactKind.INVOICE_PAID, invoice, invoice["amount_paid"])


def _of_invoice(event_id: str, kind: FactKind, invoice: Any, units: int) -> PaymentFact:
    """An invoice of a subscription, whose metadata it carries."""
    about = ((invoice.get("parent") or {}).get("subscription_details") or {}).get("metadata") or {}
    currency = invoice["currency"].upper()
    return PaymentFact(
        id=event_id,
        kind=kind,
        object_id=invoice["id"],
        purpose=about.get("purpose", ""),
        reference=about.get("reference", ""),
        amount=money.from_minor(units, currency),
        currency=currency,
    )


def _of_intent(
    event_id: str, kind: FactKind, intent: Any, units: int, data: dict[str, Any] | None = None
) -> PaymentFact:
    currency, about = intent["currency"].upper(), intent["metadata"]
    return PaymentFact(
        id=event_id,
        kind=kind,
        object_id=intent["id"],
        purpose=about.get("purpose", ""),
        reference=about.get("reference", ""),
        amount=money.from_minor(units, currency),
        currency=currency,
        data=data or {},
    )


def charged(charge: Any, reference: str) -> PaymentFact:
    """A charge of one of our references, paid."""
    currency = charge["currency"].upper()
    return PaymentFact(
        id=f"history-{charge['id']}",
        kind=FactKind.PAID,
        object_id=id_of(charge["payment_intent"]),
        purpose=(charge["metadata"] or {}).get("purpose", "marketplace"),
        reference=reference,
        amount=money.from_minor(charge["amount"], currency),
        currency=currency,
    )


def transferred(event_id: str, transfer: Any) -> PaymentFact:
    """Money sent on."""
    return _moved(event_id, FactKind.TRANSFERRED, transfer)


def refunded(event_id: str, refund: Any) -> PaymentFact:
    """Money sent back."""
    return _moved(event_id, FactKind.REFUNDED, refund)


def _moved(event_id: str, kind: FactKind, thing: Any) -> PaymentFact:
    currency, about = thing["currency"].upper(), thing["metadata"] or {}
    return PaymentFact(
        id=event_id,
        kind=kind,
        object_id=thing["id"],
        purpose=about.get("purpose", ""),
        reference=about.get("reference", ""),
        operation=about.get("operation", ""),
        amount=money.from_minor(thing["amount"], currency),
        currency=currency,
    )


def _of_subscription(event_id: str, kind: str, thing: Any) -> PaymentFact | None:
    """What a subscription's status says ("Subscription statuses"): paid for, waiting for a payment, or over.

    Stripe moves the period on before its payment came; until then what is paid for ends where the period begins.
    """
    about, status = thing["metadata"] or {}, thing["status"]
    items = thing["items"]["data"]
    begins, until = (
        datetime.fromtimestamp(max(item[name] for item in items), UTC).isoformat() if items else ""
        for name in ("current_period_start", "current_period_end")
    )
    unpaid = status == "unpaid" or (thing.get("cancellation_details") or {}).get("reason") == "payment_failed"
    if kind.endswith(".deleted") or status in _OVER:
        found, until = FactKind.SUBSCRIPTION_ENDED, begins if unpaid else until
    elif status == "past_due":
        found, until = FactKind.PAST_DUE, begins
    elif status in ("active", "trialing"):
        found = FactKind.SUBSCRIBED
    else:
        return None
    return PaymentFact(
        id=event_id,
        kind=found,
        object_id=thing["id"],
        purpose=about.get("purpose", ""),
        reference=about.get("reference", ""),
        data={
            "begins": begins,
            "until": until,
            "ends": bool(thing.get("cancel_at_period_end")),
            "customer": id_of(thing["customer"]),
        },
    )


def id_of(thing: Any) -> str:
    """The id of something that Stripe may have expanded."""
    return thing if isinstance(thing, str) else str(thing["id"])
