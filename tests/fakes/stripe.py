"""A stateful stand-in for Stripe over HTTP, which the real SDK talks to: the parts of its API that we use.

It holds to Stripe's rules that matter here: an idempotency key gives the first answer again and refuses other
parameters; refunds and transfers take no more than their charge has; a transfer needs a connected account.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from typing_extensions import override

SECRET = "whsec_of_the_fake"
_LISTS = {"charges": "charge", "refunds": "refund", "transfers": "transfer", "subscriptions": "subscription",
          "invoices": "invoice"}  # fmt: skip
_PART = re.compile(r"\[([^\]]*)\]")


class FakeStripe:
    """What the account has: objects by id, and the events that were sent, as signed bodies."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.events: list[tuple[bytes, str]] = []
        self.answers: dict[str, tuple[str, int, dict[str, Any]]] = {}
        self.calls: list[tuple[str, str]] = []
        self.breaks = 0
        self.base = ""
        self._numbers = count(1)
        self._lock = threading.Lock()

    def handle(self, method: str, path: str, form: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """One request; while `breaks` is above zero it is carried out and answered with 500."""
        with self._lock:
            self.calls.append((method, path))
            same = json.dumps([path, form], sort_keys=True)
            if key and key in self.answers:
                seen, status, body = self.answers[key]
                return (
                    (status, body) if seen == same else _error(400, "Keys for idempotent requests", "idempotency_error")
                )
            status, body = self._route(method, path, form)
            if key:
                self.answers[key] = (same, status, body)
            if self.breaks:
                self.breaks -= 1
                return _error(500, "Something went wrong", "api_error")
            return status, body

    def pay(self, session_id: str) -> None:
        """The buyer pays at Checkout."""
        session = self.things[session_id]
        about = session["asked"]
        if session["mode"] == "subscription":
            now = int(time.time())
            period = {"current_period_start": now, "current_period_end": now + 30 * 86_400}
            price = about["line_items"]["0"]["price_data"]
            made = self._new("sub", object="subscription", status="active", metadata=session["metadata"],
                             customer="cus_1", items={"data": [{"id": f"si_{now}", "price": price, **period}]},
                             cancel_at_period_end=False)  # fmt: skip
            session["customer"] = made["customer"]
            self.send("customer.subscription.created", made)
            self.bill(made["id"])
            return
        asked = about["payment_intent_data"]
        shared = {"metadata": asked["metadata"], "currency": session["currency"], "amount": session["amount_total"]}
        charge = self._new("ch", object="charge", paid=True, transfer_group=asked["transfer_group"], **shared)
        intent = self._new("pi", object="payment_intent", status="succeeded", latest_charge=charge["id"],
                           amount_received=shared["amount"], **shared)  # fmt: skip
        charge["payment_intent"] = intent["id"]
        self.send("payment_intent.succeeded", intent)

    def decline(self, session_id: str) -> None:
        """The buyer's card is declined; the Checkout Session stays open."""
        session = self.things[session_id]
        about = session["asked"]["payment_intent_data"]
        intent = self._new("pi", object="payment_intent", status="requires_payment_method", amount_received=0,
                           metadata=about["metadata"], currency=session["currency"], amount=session["amount_total"],
                           last_payment_error={"message": "Your card has insufficient funds."})  # fmt: skip
        self.send("payment_intent.payment_failed", intent)

    def bill(self, subscription_id: str) -> None:
        """A month of a subscription is paid."""
        about = self.things[subscription_id]
        units = int(about["items"]["data"][0]["price"]["unit_amount"])
        parent = {"subscription_details": {"metadata": about["metadata"]}}
        invoice = self._new("in", object="invoice", status="paid", customer=about["customer"], parent=parent,
                            amount_paid=units, currency=about["items"]["data"][0]["price"]["currency"])  # fmt: skip
        self.send("invoice.paid", invoice)

    def fail_refund(self, refund_id: str) -> None:
        """The payer's bank sends a refund back."""
        self.things[refund_id]["status"] = "failed"
        self.send("refund.failed", self.things[refund_id])

    def dispute(self, intent_id: str) -> None:
        """The payer's bank takes a payment into question. A dispute carries no metadata of ours."""
        charge = self.things[self.things[intent_id]["latest_charge"]]
        made = self._new("dp", object="dispute", charge=charge["id"], payment_intent=intent_id, status="needs_response",
                         amount=charge["amount"], currency=charge["currency"], metadata={})  # fmt: skip
        self.send("charge.dispute.created", made)

    def send(self, kind: str, thing: dict[str, Any]) -> None:
        """An event, signed as Stripe signs."""
        event = {"id": f"evt_{next(self._numbers)}", "object": "event", "type": kind, "data": {"object": thing},
                 "api_version": "2026-01-01", "created": int(time.time())}  # fmt: skip
        body = json.dumps(event).encode()
        self.events.append((body, sign(body)))

    def _route(self, method: str, path: str, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if method == "GET" and (kind := _LISTS.get(path.removeprefix("/v1/"))):
            wanted = {name: value for name, value in form.items() if (name, value) != ("status", "all")}
            found = [one for one in self.things.values() if one["object"] == kind and wanted.items() <= one.items()]
            return 200, {"object": "list", "url": path, "has_more": False, "data": found[::-1]}
        if method == "GET":
            found_one = self.things.get(path.rpartition("/")[2])
            return (200, found_one) if found_one else _error(404, "No such object")
        makers: dict[str, Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]] = {
            "/v1/checkout/sessions": self._session,
            "/v1/refunds": self._refund,
            "/v1/transfers": self._transfer,
            "/v1/accounts": self._account,
            "/v1/products": self._product,
            "/v1/account_links": lambda form: (200, {"object": "account_link", "url": "https://connect.stripe.test/x"}),
            "/v1/billing_portal/sessions": lambda form: (
                200, self._new("bps", object="billing_portal.session", url="https://billing.stripe.test/x")),
        }  # fmt: skip
        if path.endswith("/login_links"):
            ready = self.things[path.split("/")[3]]["details_submitted"]
            link = {"object": "login_link", "url": "https://connect.stripe.test/express/x"}
            return (200, link) if ready else _error(400, "Cannot create a login link for an account not onboarded")
        if path in makers:
            made: tuple[int, dict[str, Any]] = makers[path](form)
            return made
        thing = self.things.get(path.split("/")[-1]) or self.things.get(path.split("/")[-2])
        if thing is None:
            return _error(404, "No such object")
        if path.endswith("/expire"):
            thing["status"] = "expired"
        elif "items" in form:
            asked = form["items"]["0"]
            (item,) = thing["items"]["data"]
            if asked["id"] != item["id"] or asked["price_data"]["product"] not in self.things:
                return _error(400, "No such subscription item or product")
            item["price"] = asked["price_data"]
            thing.update(metadata=form["metadata"], cancel_at_period_end=form["cancel_at_period_end"] == "true")
            self.send("customer.subscription.updated", thing)
        else:
            thing.update(
                {name: value == "true" if value in ("true", "false") else value for name, value in form.items()}
            )
            self.send("customer.subscription.updated", thing)
        return 200, thing

    def _account(self, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked = ["individual.dob.day", "external_account"]
        due = {"currently_due": asked, "past_due": [], "disabled_reason": "requirements.past_due"}
        return 200, self._new("acct", object="account", type=form["type"], payouts_enabled=False,
                              details_submitted=False, requirements=due)  # fmt: skip

    def _product(self, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if form["id"] in self.things:
            status, body = _error(400, "Product already exists.")
            body["error"]["code"] = "resource_already_exists"
            return status, body
        self.things[form["id"]] = {"id": form["id"], "object": "product", "name": form["name"]}
        return 200, self.things[form["id"]]

    def _session(self, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        price = form["line_items"]["0"]["price_data"]
        made = self._new("cs", object="checkout.session", mode=form["mode"], metadata=form["metadata"], asked=form,
                         amount_total=int(price["unit_amount"]), currency=price["currency"], status="open",
                         customer=form.get("customer"))  # fmt: skip
        made["url"] = f"https://checkout.stripe.test/{made['id']}"
        return 200, made

    def _refund(self, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        intent = self.things.get(form["payment_intent"])
        if intent is None:
            return _error(404, "No such payment_intent")
        charge = self.things[intent["latest_charge"]]
        if int(form["amount"]) > charge["amount"] - self._gone(charge["id"]):
            return _error(400, "Refund amount is greater than unrefunded amount on charge")
        made = self._new("re", object="refund", amount=int(form["amount"]), currency=charge["currency"],
                         charge=charge["id"], metadata=form["metadata"], status="succeeded")  # fmt: skip
        self.send("refund.created", made)
        return 200, made

    def _transfer(self, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if form["destination"] not in self.things:
            return _error(400, "No such destination")
        charge = self.things[form["source_transaction"]]
        if int(form["amount"]) > charge["amount"] - self._gone(charge["id"]):
            return _error(400, "Insufficient funds in the source transaction")
        made = self._new("tr", object="transfer", amount=int(form["amount"]), currency=form["currency"],
                         charge=charge["id"], metadata=form["metadata"], destination=form["destination"],
                         transfer_group=form["transfer_group"])  # fmt: skip
        self.send("transfer.created", made)
        return 200, made

    def _gone(self, charge_id: str) -> int:
        return sum(
            one["amount"]
            for one in self.things.values()
            if one["object"] in ("refund", "transfer") and one["charge"] == charge_id and one.get("status") != "failed"
        )

    def _new(self, prefix: str, **values: Any) -> dict[str, Any]:
        made = {"id": f"{prefix}_{next(self._numbers)}", **values}
        self.things[made["id"]] = made
        return made


def sign(body: bytes, at: int | None = None) -> str:
    """The Stripe-Signature header."""
    moment = int(time.time()) if at is None else at
    signature = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signature}"


@contextmanager
def running() -> Iterator[FakeStripe]:
    """The fake behind a port of this machine; `base` is its address."""
    fake = FakeStripe()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers.get("content-length", 0))).decode())

        def _answer(self, method: str, text: str) -> None:
            key = self.headers.get("idempotency-key", "") if method == "POST" else ""
            status, body = fake.handle(method, urlsplit(self.path).path, _nested(text), key)
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _nested(text: str) -> dict[str, Any]:
    """Stripe's form encoding: a[b][0]=c."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = [name.split("[")[0], *_PART.findall(name)]
        place, last = found, first
        for part in rest:
            place = place.setdefault(last, {})
            last = part
        place[last] = value
    return found


def _error(status: int, message: str, kind: str = "invalid_request_error") -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": message, "type": kind}}
