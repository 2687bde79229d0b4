"""Where money comes in from outside: Stripe's signed webhook, and the embedded provider's place to pay."""

from html import escape
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, Router

from taskjuggler_app.adapters import embedded_payments, registry
from taskjuggler_app.core import clock, money
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import DomainError, Invalid
from taskjuggler_app.core.ports import FactKind, PaymentFact
from taskjuggler_app.domain.appointments import booking
from taskjuggler_app.domain.payments import events
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
        f"<p><strong>{amount}</strong>{monthly}</p>"
        + ("<p role='alert'>The card was declined. Try again.</p>" if tries else "")
        + "<p>This installation has no payment provider yet, so this page stands in for one. "
        "No card is asked for and nobody is charged.</p>"
        f'<form method="post"><button type="submit" name="do" value="pay">Pay {amount}</button> '
        '<button type="submit" name="do" value="decline">Try a card that is declined</button></form>'
        f'<p><a href="{escape(str(asked.data.get("return_url", "/")))}">Go back without paying</a></p>'
    )
    return _page(f"Pay {amount}", body)


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
    if fact.purpose != events.BOOKING or fact.kind is not FactKind.PAID:
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
    Route(embedded_payments.PAGE + "{checkout_id}", show, methods=["GET"]),
    Route(embedded_payments.PAGE + "{checkout_id}", pay, methods=["POST"]),
]
app = Router([Route(STRIPE_PATH, stripe_event, methods=["POST"])])
