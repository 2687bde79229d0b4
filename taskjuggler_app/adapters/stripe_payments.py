"""Stripe behind the Payments port: Checkout, Connect Express, separate charges and transfers, signed webhooks.

Sources: Stripe, "Separate charges and transfers", "Create a Connect Express account", "Checkout Sessions",
"Idempotent requests", "Verify webhook signatures". Money is held on the platform's balance: a charge carries our
reference as transfer group, a transfer names its charge as the source, so that it never takes from another's money.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import stripe
from stripe.params import (
    SubscriptionUpdateParams,
    SubscriptionUpdateParamsItemPriceData,
    TransferCreateParams,
)
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionCreateParamsLineItemPriceData,
)

from taskjuggler_app.core import money
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.ports import Charge, Checkout, FactKind, MoneyOrder, PaymentFact, VendorError

_FOR_GOOD = (stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError, stripe.CardError)
_OVER = frozenset({"canceled", "unpaid", "incomplete_expired"})


class StripePayments:
    """The Payments port with a Stripe account. `api_base` is for a server that stands in for Stripe."""

    name = "stripe"

    def __init__(self, secret_key: str, webhook_secret: str, api_base: str | None = None) -> None:
        self._webhook_secret = webhook_secret
        if api_base is None:
            self._client = stripe.StripeClient(secret_key, max_network_retries=2)
        else:
            self._client = stripe.StripeClient(secret_key, base_addresses={"api": api_base}, max_network_retries=1)

    def checkout(self, charge: Charge) -> Checkout:
        """A Checkout Session: a payment on our balance, or a subscription."""
        about = {"purpose": charge.purpose, "reference": charge.reference}
        price: SessionCreateParamsLineItemPriceData = {
            "currency": charge.currency.lower(),
            "unit_amount": money.to_minor(charge.amount, charge.currency),
            "product_data": {"name": charge.description},
        }
        if charge.monthly:
            price["recurring"] = {"interval": "month"}
        item: SessionCreateParamsLineItem = {"quantity": 1, "price_data": price}
        params: SessionCreateParams = {
            "mode": "subscription" if charge.monthly else "payment",
            "line_items": [item],
            "success_url": charge.return_url,
            "cancel_url": charge.return_url,
            "client_reference_id": charge.reference,
            "metadata": about,
        }
        if charge.monthly:
            params["subscription_data"] = {"metadata": about}
        else:
            params["payment_intent_data"] = {"metadata": about, "transfer_group": charge.reference}
        if charge.customer:
            params["customer"] = charge.customer
        elif charge.email:
            params["customer_email"] = charge.email
        with _refusals():
            made = self._client.v1.checkout.sessions.create(params)
        return Checkout(made.id, made.url or charge.return_url)

    def cancel(self, checkout_id: str) -> None:
        """Expire the session."""
        try:
            with _refusals():
                self._client.v1.checkout.sessions.expire(checkout_id)
        except VendorError as error:
            if error.retryable:
                raise

    def transfer(self, order: MoneyOrder) -> str:
        """A transfer out of the payment's own charge."""
        with _refusals():
            intent = self._client.v1.payment_intents.retrieve(order.payment_id)
            params: TransferCreateParams = {
                "amount": money.to_minor(order.amount, order.currency),
                "currency": order.currency.lower(),
                "destination": order.destination,
                "transfer_group": order.reference,
                "metadata": {"operation": order.operation, "reference": order.reference},
            }
            if intent.latest_charge:
                params["source_transaction"] = _id(intent.latest_charge)
            made = self._client.v1.transfers.create(params, options={"idempotency_key": order.operation})
        return made.id

    def refund(self, order: MoneyOrder) -> str:
        """A refund of the payment, whole or in part."""
        with _refusals():
            made = self._client.v1.refunds.create(
                {
                    "payment_intent": order.payment_id,
                    "amount": money.to_minor(order.amount, order.currency),
                    "metadata": {"operation": order.operation, "reference": order.reference},
                },
                options={"idempotency_key": order.operation},
            )
        return made.id

    def onboard(self, account_id: str, email: str, return_url: str) -> Checkout:
        """A Connect Express account and the link at which its owner fills it in."""
        with _refusals():
            if not account_id:
                account = self._client.v1.accounts.create(
                    {"type": "express", "email": email, "capabilities": {"transfers": {"requested": True}}}
                )
                account_id = account.id
            link = self._client.v1.account_links.create(
                {
                    "account": account_id,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": return_url,
                }
            )
        return Checkout(account_id, link.url)

    def portal(self, customer: str, return_url: str) -> str:
        """Stripe's customer portal."""
        with _refusals():
            made = self._client.v1.billing_portal.sessions.create({"customer": customer, "return_url": return_url})
        return made.url

    def end_subscription(self, subscription_id: str) -> None:
        """Cancel at the end of the paid month."""
        with _refusals():
            self._client.v1.subscriptions.update(subscription_id, {"cancel_at_period_end": True})

    def change_subscription(self, subscription_id: str, charge: Charge, at: datetime) -> None:
        """Another price for the subscription's one item, prorated to the second ("Prorations"); Stripe asks for the
        difference at once, or keeps it for the next invoice. A card that is declined changes nothing.
        """
        about = {"purpose": charge.purpose, "reference": charge.reference}
        with _refusals():
            item = self._client.v1.subscriptions.retrieve(subscription_id).to_dict()["items"]["data"][0]
            price: SubscriptionUpdateParamsItemPriceData = {
                "currency": charge.currency.lower(),
                "product": self._product(charge.description),
                "recurring": {"interval": "month"},
                "unit_amount": money.to_minor(charge.amount, charge.currency),
            }
            params: SubscriptionUpdateParams = {
                "items": [{"id": str(item["id"]), "price_data": price}],
                "metadata": about,
                "cancel_at_period_end": False,
                "proration_behavior": "always_invoice",
                "proration_date": int(at.timestamp()),
                "payment_behavior": "error_if_incomplete",
            }
            key = f"change-{subscription_id}-{charge.reference}-{int(at.timestamp())}"
            self._client.v1.subscriptions.update(subscription_id, params, options={"idempotency_key": key})

    def _product(self, name: str) -> str:
        """The product of that name, made once: Stripe lets us name its id."""
        chosen = "tj-" + "-".join(name.lower().split())
        try:
            return self._client.v1.products.create({"id": chosen, "name": name}).id
        except stripe.InvalidRequestError as error:
            if error.code == "resource_already_exists":
                return chosen
            raise

    def history(self, reference: str) -> list[PaymentFact]:
        """The charges of our reference with their refunds, and the transfers; lists are consistent, search is not."""
        facts = []
        with _refusals():
            for charge in self._client.v1.charges.list({"transfer_group": reference}).auto_paging_iter():
                if not charge.paid:
                    continue
                facts.append(_charged(charge.to_dict(), reference))
                refunds = self._client.v1.refunds.list({"charge": charge.id}).auto_paging_iter()
                alive = (one for one in refunds if one.status in ("succeeded", "pending"))
                facts.extend(_refunded(f"history-{one.id}", one.to_dict()) for one in alive)
            transfers = self._client.v1.transfers.list({"transfer_group": reference}).auto_paging_iter()
            facts.extend(_transferred(f"history-{one.id}", one.to_dict()) for one in transfers)
        return facts

    def read_event(self, body: bytes, signature: str) -> PaymentFact | None:
        """A signed event in our words."""
        try:
            event = self._client.construct_event(body, signature, self._webhook_secret)
        except (ValueError, stripe.SignatureVerificationError):
            raise Invalid("The signature does not fit.") from None
        fact = _fact(event.id, event.type, event.to_dict()["data"]["object"])
        return replace(fact, data={**fact.data, "at": event.created}) if fact is not None else None


def _fact(event_id: str, kind: str, thing: Any) -> PaymentFact | None:
    if kind == "payment_intent.succeeded":
        return _of_intent(event_id, FactKind.PAID, thing, thing["amount_received"])
    if kind == "payment_intent.payment_failed":
        said = (thing.get("last_payment_error") or {}).get("message") or "The payment was declined."
        return _of_intent(event_id, FactKind.PAYMENT_FAILED, thing, thing["amount"], {"message": said})
    if kind == "payment_intent.canceled":
        return _of_intent(event_id, FactKind.PAYMENT_CANCELLED, thing, thing["amount"])
    if kind == "transfer.created":
        return _transferred(event_id, thing)
    if kind == "refund.created" and thing["status"] in ("succeeded", "pending"):
        return _refunded(event_id, thing)
    if kind in ("refund.failed", "refund.updated") and thing["status"] == "failed":
        failed = _refunded(event_id, thing)
        return PaymentFact(event_id, FactKind.REFUND_FAILED, failed.object_id, operation=failed.operation)
    if kind == "account.updated":
        return PaymentFact(event_id, FactKind.ACCOUNT, thing["id"], data={"ready": bool(thing["payouts_enabled"])})
    if kind == "charge.dispute.created":
        about = thing.get("metadata") or {}
        return PaymentFact(event_id, FactKind.DISPUTED, thing["id"], "marketplace", about.get("reference", ""),
                           data={"message": "The buyer's bank disputes the payment."})  # fmt: skip
    if kind.startswith("customer.subscription."):
        return _of_subscription(event_id, kind, thing)
    if kind == "invoice.payment_failed":
        return _of_invoice(event_id, FactKind.INVOICE_FAILED, thing, thing["amount_due"])
    if kind == "invoice.paid" and thing["amount_paid"]:
        return _of_invoice(event_id, FactKind.INVOICE_PAID, thing, thing["amount_paid"])
    return None


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


def _charged(charge: Any, reference: str) -> PaymentFact:
    currency = charge["currency"].upper()
    return PaymentFact(
        id=f"history-{charge['id']}",
        kind=FactKind.PAID,
        object_id=_id(charge["payment_intent"]),
        purpose=(charge["metadata"] or {}).get("purpose", "marketplace"),
        reference=reference,
        amount=money.from_minor(charge["amount"], currency),
        currency=currency,
    )


def _transferred(event_id: str, transfer: Any) -> PaymentFact:
    return _moved(event_id, FactKind.TRANSFERRED, transfer)


def _refunded(event_id: str, refund: Any) -> PaymentFact:
    return _moved(event_id, FactKind.REFUNDED, refund)


def _moved(event_id: str, kind: FactKind, thing: Any) -> PaymentFact:
    currency, about = thing["currency"].upper(), thing["metadata"] or {}
    return PaymentFact(
        id=event_id,
        kind=kind,
        object_id=thing["id"],
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
            "customer": _id(thing["customer"]),
        },
    )


def _id(thing: Any) -> str:
    """The id of something that Stripe may have expanded."""
    return thing if isinstance(thing, str) else str(thing["id"])


@contextmanager
def _refusals() -> Iterator[None]:
    """Stripe's errors as ours: what it will never do, and what may work later."""
    try:
        yield
    except stripe.StripeError as error:
        for_good = isinstance(error, _FOR_GOOD) and not isinstance(error, stripe.IdempotencyError)
        raise VendorError(error.user_message or "Stripe cannot be reached.", retryable=not for_good) from error
