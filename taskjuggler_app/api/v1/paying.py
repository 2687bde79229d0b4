"""Paying for an awarded job: what is to be paid, and where.

The provider is asked between two transactions: the first says that the money may be asked for, the second keeps where.
"""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.adapters import registry
from taskjuggler_app.api.v1.call import Call
from taskjuggler_app.api.v1.keys import reads, writes
from taskjuggler_app.api.v1.problems import MEDIA_TYPE, Problem
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.ports import Charge, Checkout, VendorError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.payments import queries, refusals, service
from taskjuggler_app.domain.payments.rows import PaymentRow

router = APIRouter(prefix="/marketplace/listings", tags=["marketplace"])
Reads = Annotated[Call, Depends(reads("marketplace"))]
Writes = Annotated[Call, Depends(writes("marketplace"))]
_AWAY = {"description": "The payment provider does not answer", "content": {MEDIA_TYPE: {}}, "model": Problem}


class PlaceToPay(BaseModel):
    """Where the buyer pays. The job begins when the money is there: the payment says so then."""

    payment_id: str
    url: str
    amount: str
    currency: str


@router.get("/{listing_id}/payment", response_model=PaymentRow)
async def get_payment(listing_id: UUID, call: Reads) -> Response:
    """The newest payment of a listing, for its two sides. 404 before the award."""
    return await call.one(PaymentRow, _payment, listing_id)


@router.post("/{listing_id}/pay", response_model=PlaceToPay, responses={503: _AWAY})
async def pay(listing_id: UUID, call: Writes) -> Response:
    """Ask for the place to pay an awarded job, the first time or after a refusal; nothing is charged before somebody
    pays there. 403 for who may not pay, 409 when there is nothing to pay (any more).
    """
    if before := await call.answered():
        return before
    charge: Charge = await call.run(_charge, listing_id)
    try:
        place: Checkout = await run_in_db(registry.payments().checkout, charge)
    except VendorError as error:
        if error.retryable:
            raise HTTPException(503, str(error)) from error
        await call.run(refusals.not_opened, UUID(charge.reference), str(error))
        raise Conflict(str(error)) from error
    answer = await call.write(PlaceToPay, _remember, charge, place)
    if "Idempotent-Replayed" in answer.headers:  # the same request came twice at once, and the other place is kept
        with suppress(VendorError):
            await run_in_db(registry.payments().cancel, place.id)
    return answer


def _payment(session: Session, principal: Principal, listing_id: UUID) -> PaymentRow:
    found = queries.payment_of_listing(session, principal, listing_id)
    if not found.id:
        raise NotFound
    return found


def _charge(session: Session, principal: Principal, listing_id: UUID) -> Charge:
    return service.charge(session, principal, UUID(_payment(session, principal, listing_id).id))


def _remember(session: Session, principal: Principal, charge: Charge, place: Checkout) -> PlaceToPay:
    service.remember_checkout(session, principal, UUID(charge.reference), place.id)
    return PlaceToPay(payment_id=charge.reference, url=place.url, amount=str(charge.amount), currency=charge.currency)
