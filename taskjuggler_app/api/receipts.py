"""Receipts to print: of payments, earnings and plans for who is signed in, of a booking for who holds its link."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api.signed_in import for_person
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import links
from taskjuggler_app.domain.appointments.receipts import of_booking
from taskjuggler_app.domain.billing.receipts import of_plan
from taskjuggler_app.domain.payments.paper import Paper, as_html
from taskjuggler_app.domain.payments.receipts import of_payment

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": _POLICY,
}


async def payment(request: Request) -> Response:
    """What the workspace paid or earned. 401 for a guest, 404 for what is not theirs."""
    return await _of_person(request, of_payment)


async def plan(request: Request) -> Response:
    """What the person paid for their plan. 401 for a guest, 404 for what is not theirs."""
    return await _of_person(request, of_plan)


async def booking(request: Request) -> Response:
    """A guest's payment. 404 for a link that leads nowhere, and for an appointment that was not paid."""
    try:
        return _page(await run_in_db(_booking, request.path_params["token"]))
    except NotFound as error:
        return PlainTextResponse(error.message, status_code=404)


async def _of_person(request: Request, use_case: Callable[[Session, Principal, UUID], Paper]) -> Response:
    try:
        paper = await for_person(request, use_case, request.path_params["id"])
    except NotFound as error:
        return PlainTextResponse(error.message, status_code=404)
    return _page(paper) if paper is not None else PlainTextResponse("Sign in first.", status_code=401)


def _booking(token: str) -> Paper:
    now = clock.utcnow()
    appointment_id: UUID = links.read(token, now)
    with transaction() as session:
        return of_booking(session, appointment_id, now)


def _page(paper: Paper) -> Response:
    return Response(as_html(paper), media_type="text/html; charset=utf-8", headers=_HEADERS)


routes = [
    Route("/receipts/payment/{id:uuid}", payment, methods=["GET"]),
    Route("/receipts/plan/{id:uuid}", plan, methods=["GET"]),
    Route("/receipts/booking/{token}", booking, methods=["GET"]),
]
