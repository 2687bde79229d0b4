"""Where money comes in from outside: Stripe's signed webhook, and the embedded provider's place to pay."""

from datetime import datetime
from html import escape
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, Router

from taskjuggler_app.adapters import embedded_payments, embedded_plans, registry
from taskjuggler_app.core import clock, money
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, Invalid, NotFound
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.appointments import booking
from taskjuggler_app.domain.payments import checks, events
from taskjuggler_app.models.payments import EmbeddedPayment

STRIPE_PATH = "/webhooks/stripe"
LARGEST = 512 * 1024
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title>
<link rel="stylesheet" href="/css/tokens.css"><link rel="stylesheet" href="/plain.css"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""


async def stripe_event(request: Request) -> Response:
    """Verify, store, answer; a job applies it. Stripe brings an event again until it hears a 2xx."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return PlainTextResponse("That is more than an event has.", 413)
    provider = registry.payments()
    try:
        fact = provider.read_event(body, request.headers.get("stripe-signature", ""))
    except Invalid as error:
        return PlainTextResponse(error.message, 400)
    if fact is not None:
        try:
            await run_in_db(_store, provider.name, fact)
        except SQLAlchemyError:
            return PlainTextResponse("Try again.", 503, {"retry-after": "5"})
    return Response(status_code=204)


async def show(request: Request) -> Response:
    """The place to pay."""
    try:
        asked = await run_in_db(_asked, request.path_params["checkout_id"])
    except DomainError as error:
        return _page("Nothing to pay", f"<p>{escape(error.message)}</p>", 404)
    tries = int(asked.data.get("tries", 0))
    monthly = " every month" if asked.data.get("monthly") else ""
    amount = money.shown(asked.amount, asked.currency)
    body = (
        f"<p>{escape(str(asked.data.get('description', '')))}</p>"
        f"<p><span class='amount'>{amount}</span>{monthly}</p>"
        + ("<p role='alert'>The card was declined; nothing was taken. Try again.</p>" if tries else "")
        + "<p class='about'>This installation has no payment provider yet, so this page stands in for one. "
        "No card is asked for and nobody is charged.</p>"
        f'<form method="post"><button type="submit" name="do" value="pay">Pay {amount}</button> '
        '<button class="quiet" type="submit" name="do" value="decline">Try a card that is declined</button></form>'
        f'<p><a href="{escape(str(asked.data.get("return_url", "/")))}">Go back without paying</a></p>'
    )
    return _page("Pay for a plan" if monthly else "Pay", body)


async def pay(request: Request) -> Response:
    """The payer presses a button."""
    checkout_id = request.path_params["checkout_id"]
    async with request.form(max_files=0, max_fields=5) as form:
        declined = form.get("do") == "decline"
    try:
        back = await run_in_db(_decline if declined else _pay, checkout_id)
    except DomainError as error:
        return _page("Nothing to pay", f"<p>{escape(error.message)}</p>", 409)
    return RedirectResponse(request.url.path if declined else back, status_code=303)


async def customer(request: Request) -> Response:
    """The embedded provider's page of a payer: the plan, the card, the invoices."""
    try:
        return _page("Card and invoices", await run_in_db(_account, request.path_params["customer"]))
    except DomainError as error:
        return _page("Nothing here", f"<p>{escape(error.message)}</p>", 404)


async def set_card(request: Request) -> Response:
    """The payer changes the card."""
    async with request.form(max_files=0, max_fields=5) as form:
        works = form.get("do") != "decline"
    try:
        await run_in_db(_set_card, request.path_params["customer"], works)
    except DomainError as error:
        return _page("Nothing here", f"<p>{escape(error.message)}</p>", 404)
    return RedirectResponse(request.url.path, status_code=303)


async def account(request: Request) -> Response:
    """The embedded provider's page of somebody who is paid: the questions, then what was paid out."""
    try:
        return _page("Your payouts", await run_in_db(_payouts, request.path_params["account"]))
    except DomainError as error:
        return _page("Nothing here", f"<p>{escape(error.message)}</p>", 404)


async def fill_in(request: Request) -> Response:
    """They answer everything, or leave something for later."""
    async with request.form(max_files=0, max_fields=5) as form:
        whole = form.get("do") == "finish"
    try:
        back = await run_in_db(_fill_in, request.path_params["account"], whole)
    except DomainError as error:
        return _page("Nothing here", f"<p>{escape(error.message)}</p>", 404)
    return RedirectResponse(back, status_code=303)


def _payouts(account_id: str) -> str:
    with transaction() as session:
        found, sent = embedded_payments.account(session, account_id)
        back = escape(str(found.data.get("return_url") or "/"))
        rows = "".join(f"<li>{_line(one)}</li>" for one in sent)
    about = "<p class='about'>This installation has no payment provider yet, so this page stands in for one.</p>"
    leave = f'<p><a href="{back}">Go back</a></p>'
    if found.status == "ready":
        paid = f"<ul>{rows}</ul>" if rows else "<p>Nothing was paid out yet.</p>"
        return f"{about}<h2>Paid out</h2>{paid}{leave}"
    asked = (
        "<p>A provider asks here who you are and for your bank account. Nothing is asked now, and nothing is kept.</p>"
        '<form method="post"><button type="submit" name="do" value="finish">Answer everything</button> '
        '<button class="quiet" type="submit" name="do" value="part">Leave the bank account for later</button></form>'
    )
    return f"{about}{asked}{leave}"


def _line(one: EmbeddedPayment) -> str:
    return f"{one.created_at.day} {one.created_at:%B %Y}: {money.shown(one.amount, one.currency)}"


def _fill_in(account_id: str, whole: bool) -> str:
    with transaction() as session:
        return embedded_payments.fill_in(session, account_id, whole)


def _account(customer_id: str) -> str:
    with transaction() as session:
        sub = embedded_plans.of_customer(session, customer_id)
        if sub is None:
            raise NotFound
        until = datetime.fromisoformat(sub.data["until"])
        month = money.shown(sub.amount, sub.currency)
        over = "Over since" if sub.status != "active" else "Ends on" if sub.data["ends"] else "Next payment on"
        works = sub.data["card"] == "works"
        card = "A card that works." if works else "A card that is declined."
        rows = "".join(f"<li>{_line(one)}, paid</li>" for one in embedded_plans.invoices(session, sub))
    other = ("decline", "Use a card that is declined") if works else ("works", "Use a card that works")
    return (
        f"<p><strong>{month}</strong> a month. {over} {until.day} {until:%B %Y}.</p>"
        "<p class='about'>This installation has no payment provider yet, so this page stands in for one.</p>"
        f'<h2>Card</h2><p>{card}</p><form method="post">'
        f'<button type="submit" name="do" value="{other[0]}">{other[1]}</button></form>'
        f'<h2>Invoices</h2><ul>{rows}</ul><p><a href="{escape(settings().public_url)}/settings/plan">Go back</a></p>'
    )


def _set_card(customer_id: str, works: bool) -> None:
    with transaction() as session:
        embedded_payments.set_card(session, customer_id, works)


def _asked(checkout_id: str) -> EmbeddedPayment:
    with transaction() as session:
        return embedded_payments.open_checkout(session, checkout_id)


def _pay(checkout_id: str) -> str:
    """Pay, and apply the first event at once: who comes back sees it. Its repetitions come by the worker."""
    with transaction() as session:
        asked = embedded_payments.open_checkout(session, checkout_id)
        back = str(asked.data.get("return_url") or "/")
        fact = embedded_payments.pay(session, checkout_id)
    with transaction() as session:
        events.apply(session, fact)
    _book(fact)
    return back


def _decline(checkout_id: str) -> str:
    with transaction() as session:
        fact = embedded_payments.decline(session, checkout_id)
        events.apply(session, fact)
    return ""


def _book(fact: PaymentFact) -> None:
    """A guest who comes back finds their appointment booked; when its time is gone, the job sends the money back."""
    if fact.purpose != checks.BOOKING or fact.kind is not FactKind.PAID:
        return
    try:
        with transaction() as session:
            booking.paid(session, UUID(fact.reference), fact.object_id, clock.utcnow())
    except DomainError:
        return


def _store(provider: str, fact: PaymentFact) -> None:
    with transaction() as session:
        events.store(session, provider, fact)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=title, body=body), status_code=status, headers={"Cache-Control": "no-store"})


routes = [
    Route(embedded_payments.PAGE + "account/{account}", account, methods=["GET"]),
    Route(embedded_payments.PAGE + "account/{account}", fill_in, methods=["POST"]),
    Route(embedded_payments.PAGE + "customer/{customer}", customer, methods=["GET"]),
    Route(embedded_payments.PAGE + "customer/{customer}", set_card, methods=["POST"]),
    Route(embedded_payments.PAGE + "{checkout_id}", show, methods=["GET"]),
    Route(embedded_payments.PAGE + "{checkout_id}", pay, methods=["POST"]),
]
app = Router([Route(STRIPE_PATH, stripe_event, methods=["POST"])])
