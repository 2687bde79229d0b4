"""Stripe behind the Payments port: Checkout, Connect Express, separate charges and transfers, signed webhooks.

Sources: Stripe, "Separate charges and transfers", "Create a Connect Express account", "Checkout Sessions",
"Idempotent requests", "Verify webhook signatures". Money is held on the platform's balance: a charge carries our
reference as transfer group, a transfer names its charge as the source, so that it never takes from another's money.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

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

from taskjuggler_app.adapters import stripe_facts
from taskjuggler_app.core import clock, money
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.ports import Charge, Checkout, MoneyOrder, PaymentFact, VendorError

_FOR_GOOD = (stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError, stripe.CardError)


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
                "metadata": _about(order),
            }
            if intent.latest_charge:
                params["source_transaction"] = stripe_facts.id_of(intent.latest_charge)
            made = self._client.v1.transfers.create(params, options={"idempotency_key": order.key})
        return made.id

    def refund(self, order: MoneyOrder) -> str:
        """A refund of the payment, whole or in part."""
        with _refusals():
            made = self._client.v1.refunds.create(
                {
                    "payment_intent": order.payment_id,
                    "amount": money.to_minor(order.amount, order.currency),
                    "metadata": _about(order),
                },
                options={"idempotency_key": order.key},
            )
        return made.id

    def onboard(self, account_id: str, email: str, return_url: str, refresh_url: str) -> Checkout:
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
                    "refresh_url": refresh_url,
                }
            )
        return Checkout(account_id, link.url)

    def account(self, account_id: str) -> PaymentFact:
        """The connected account."""
        at = clock.utcnow().timestamp()
        with _refusals():
            found = self._client.v1.accounts.retrieve(account_id)
        return stripe_facts.account(f"account-{account_id}-{at}", found.to_dict())

    def dashboard(self, account_id: str) -> str:
        """A login link to the Express dashboard, for one use."""
        with _refusals():
            return self._client.v1.accounts.login_links.create(account_id).url

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
                facts.append(stripe_facts.charged(charge.to_dict(), reference))
                refunds = self._client.v1.refunds.list({"charge": charge.id}).auto_paging_iter()
                alive = (one for one in refunds if one.status in ("succeeded", "pending"))
                facts.extend(stripe_facts.refunded(f"history-{one.id}", one.to_dict()) for one in alive)
            transfers = self._client.v1.transfers.list({"transfer_group": reference}).auto_paging_iter()
            facts.extend(stripe_facts.transferred(f"history-{one.id}", one.to_dict()) for one in transfers)
        return facts

    def plan_history(self, customer: str, checkout_id: str) -> list[PaymentFact]:
        """The customer's subscriptions and paid invoices; a Checkout Session names its customer once it is paid."""
        at = int(clock.utcnow().timestamp())
        facts: list[PaymentFact | None] = []
        with _refusals():
            if not customer:
                asked = self._client.v1.checkout.sessions.retrieve(checkout_id)
                customer = stripe_facts.id_of(asked.customer) if asked.customer else ""
            if not customer:
                return []
            subscriptions = list(
                self._client.v1.subscriptions.list({"customer": customer, "status": "all"}).auto_paging_iter()
            )
            facts.extend(stripe_facts.standing(one.to_dict(), at) for one in reversed(subscriptions))
            invoices = self._client.v1.invoices.list({"customer": customer, "status": "paid"}).auto_paging_iter()
            facts.extend(stripe_facts.invoiced(one.to_dict()) for one in invoices if one.amount_paid)
        return [fact for fact in facts if fact is not None]

    def check(self) -> str:
        """Ask for the account's balance; nothing is charged. Raises VendorError."""
        with _refusals():
            balance = self._client.v1.balance.retrieve()
        return f"Stripe knows the key; it works {'for real money' if balance.livemode else 'in test mode'}."

    def read_event(self, body: bytes, signature: str) -> PaymentFact | None:
        """A signed event in our words."""
        try:
            event = self._client.construct_event(body, signature, self._webhook_secret)
        except (ValueError, stripe.SignatureVerificationError):
            raise Invalid("The signature does not fit.") from None
        fact = stripe_facts.of_event(event.id, event.type, event.to_dict()["data"]["object"])
        return replace(fact, data={**fact.data, "at": event.created}) if fact is not None else None


def _about(order: MoneyOrder) -> dict[str, str]:
    return {"purpose": order.purpose, "operation": order.operation, "reference": order.reference}


@contextmanager
def _refusals() -> Iterator[None]:
    """Stripe's errors as ours: what it will never do, and what may work later."""
    try:
        yield
    except stripe.StripeError as error:
        for_good = isinstance(error, _FOR_GOOD) and not isinstance(error, stripe.IdempotencyError)
        raise VendorError(error.user_message or "Stripe cannot be reached.", retryable=not for_good) from error
