"""The network of the task exchange: actors, and the envelopes that went out and came in.

Envelopes themselves are exchanged under /tef/, with an actor's own key.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Listed
from taskjuggler_app.api.v1.keys import reads
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import queries
from taskjuggler_app.domain.tef.rows import ActorDetail, ActorRow, EnvelopeRow

router = APIRouter(prefix="/tef", tags=["tef"])
Reads = Annotated[Call, Depends(reads("tef"))]


@router.get("/actors", response_model=Listed[ActorRow])
async def list_actors(call: Reads) -> Response:
    """The actors that the workspace knows."""
    return await call.listed(ActorRow, queries.network)


@router.get("/actors/{actor_id}", response_model=ActorDetail)
async def get_actor(actor_id: UUID, call: Reads) -> Response:
    """One actor with its trust, point by point."""
    return await call.one(ActorDetail, queries.one, actor_id)


@router.get("/deliveries", response_model=Listed[EnvelopeRow])
async def list_deliveries(call: Reads, cursor: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Envelopes in and out, newest first."""
    return await call.listed(EnvelopeRow, _deliveries, cursor)


def _deliveries(session: Session, principal: Principal, cursor: str) -> Page[EnvelopeRow]:
    rows, following = queries.deliveries(session, principal, cursor)
    return Page(rows, following)
