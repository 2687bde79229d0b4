"""The network of the task exchange: actors with their keys and codes, what was handed on, and the delivery log.

Envelopes themselves are exchanged under /tef/, with an actor's own key.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.clients import client_address
from taskjuggler_app.api.v1.call import Call, Done, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.db import run_in_db
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.tef import actors, claims, delegation, exchange, keys, mailbox, queries
from taskjuggler_app.domain.tef.delegation import Terms
from taskjuggler_app.domain.tef.rows import ActorDetail, ActorRow, EnvelopeRow
from taskjuggler_app.models.tef import ActorStatus, ActorType

router = APIRouter(prefix="/tef", tags=["tef"])
Reads = Annotated[Call, Depends(reads("tef"))]
Writes = Annotated[Call, Depends(writes("tef"))]
Changes = Annotated[Call, Depends(changes("tef"))]
Capabilities = Annotated[list[dict[str, Any]], Field(max_length=50)]
Contacts = Annotated[list[dict[str, Any]], Field(max_length=10)]
_CAPABILITIES: Any = [{"type": "painting", "version": "1.0"}]


class NewActor(Given):
    """An agent, a device or a gateway; it waits to be claimed where it is an agent or a device."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "AI_AGENT", "name": "Summary bot", "capabilities": _CAPABILITIES}]}
    )
    kind: Literal["AI_AGENT", "IOT_DEVICE", "IOT_GATEWAY", "TEAM"]
    name: Annotated[str, Text] = Field(min_length=1, max_length=200)
    capabilities: Capabilities = Field(default_factory=list)
    contact_methods: Contacts = Field(default_factory=list)
    gateway_id: UUID | None = None


class ActorChanges(Given):
    """New values; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"display_name": "Painter"}]})
    display_name: Annotated[str, Text] = Field("", min_length=1, max_length=200)
    capabilities: Capabilities = Field(default_factory=list)
    contact_methods: Contacts = Field(default_factory=list)


class NewStatus(Given):
    """What an actor becomes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "SUSPENDED"}]})
    status: Literal["ACTIVE", "SUSPENDED", "DELETED"]


class Code(BaseModel):
    """A code that makes an actor somebody's: good once, for an hour."""

    code: str
    expires_at: datetime | None


class Claim(Given):
    """A code as it was typed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "TJ-7KQ4MX"}]})
    code: Annotated[str, Text] = Field(min_length=4, max_length=40)


class Key(BaseModel):
    """A key of an actor; `token` is shown this once."""

    id: str
    token: str


class Handing(Given):
    """Whom a task is handed to, what they must be able to do, and what it may cost."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1",
                    "actor_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1",
                    "scopes": ["painting"],
                }
            ]
        }
    )
    task_id: UUID
    actor_id: UUID
    scopes: list[Annotated[str, Text, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    budget: Annotated[str, Field(max_length=20, pattern=r"^\d{1,12}(\.\d{1,2})?$")] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"


@router.get("/actors", response_model=Listed[ActorRow])
async def list_actors(
    call: Reads,
    capability: Annotated[list[Annotated[str, Text, Field(max_length=80)]] | None, Query(max_length=20)] = None,
) -> Response:
    """The actors that the workspace knows; with `capability` only those that can do all of these.

    A capability may name the least version it must have: `text.summarise@2.1`.
    """
    return await call.listed(ActorRow, queries.network, capability or ())


@router.post("/actors", status_code=201, response_model=ActorDetail)
async def create_actor(new: NewActor, call: Writes) -> Response:
    """Add an actor to the workspace."""
    return await call.write(ActorDetail, _create, new, status=201)


@router.get("/actors/{actor_id}", response_model=ActorDetail)
async def get_actor(actor_id: UUID, call: Reads) -> Response:
    """One actor with its trust, point by point."""
    return await call.one(ActorDetail, queries.one, actor_id)


@router.patch("/actors/{actor_id}", response_model=ActorDetail)
async def change_actor(actor_id: UUID, new: ActorChanges, call: Changes) -> Response:
    """Another name, other capabilities or contact methods."""
    return await call.change(ActorDetail, queries.one, _change, actor_id, new)


@router.post("/actors/{actor_id}/status", response_model=ActorDetail)
async def change_status(actor_id: UUID, new: NewStatus, call: Changes) -> Response:
    """Suspend an actor, let it act again, or delete it for good."""
    return await call.change(ActorDetail, queries.one, _status, actor_id, new.status)


@router.post("/actors/{actor_id}/claim-code", status_code=201, response_model=Code)
async def make_code(actor_id: UUID, call: Writes) -> Response:
    """A code for an actor that waits to be claimed; older ones end."""
    return await call.write(Code, _code, actor_id, status=201)


@router.post("/claims", response_model=ActorDetail)
async def claim(given: Claim, call: Writes) -> Response:
    """Make the actor of a code one's own. 429 after ten codes in an hour, right or wrong."""
    caller = await call.caller()
    ip = client_address(call.request, settings().trusted_proxies)
    await run_in_db(limits.count, limits.CLAIM, account=str(caller.user_id), ip=ip)
    return await call.write(ActorDetail, _claim, given.code)


@router.post("/actors/{actor_id}/keys", status_code=201, response_model=Key)
async def make_key(actor_id: UUID, call: Writes) -> Response:
    """A bearer key for the actor's own calls."""
    return await call.write(Key, _key, actor_id, status=201)


@router.delete("/actors/{actor_id}/keys/{key_id}", status_code=204, response_class=Response)
async def revoke_key(actor_id: UUID, key_id: str, call: Writes) -> Response:
    """The key is worthless from now on."""
    return await call.write(None, keys.revoke, actor_id, key_id[:40])


@router.post("/delegations", response_model=ActorDetail)
async def hand_on(handing: Handing, call: Writes) -> Response:
    """Hand a task to an actor; the answer is the actor. 403 says every reason why it may not be."""
    return await call.write(ActorDetail, _hand_on, handing)


@router.post("/delegations/{exchange_id}/revoke", response_model=Done)
async def take_back(exchange_id: UUID, call: Writes) -> Response:
    """Take a task back from whoever has it, and from all they handed it on to: `changed` says how many."""
    return await call.write(Done, _take_back, exchange_id)


@router.get("/quarantine", response_model=Listed[EnvelopeRow])
async def list_held(call: Reads) -> Response:
    """Tasks of strangers that wait for a decision."""
    return await call.listed(EnvelopeRow, queries.held)


@router.post("/quarantine/{envelope_id}/admit", status_code=204, response_class=Response)
async def admit(envelope_id: UUID, call: Writes) -> Response:
    """Take a stranger's task in; the two know each other from then on."""
    return await call.write(None, exchange.admit, envelope_id)


@router.post("/quarantine/{envelope_id}/refuse", status_code=204, response_class=Response)
async def refuse(envelope_id: UUID, call: Writes) -> Response:
    """Turn a stranger's task away."""
    return await call.write(None, exchange.turn_away, envelope_id)


@router.get("/deliveries", response_model=Listed[EnvelopeRow])
async def list_deliveries(call: Reads, cursor: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Envelopes in and out, newest first."""
    return await call.listed(EnvelopeRow, _deliveries, cursor)


@router.post("/deliveries/{envelope_id}/retry", status_code=204, response_class=Response)
async def deliver_again(envelope_id: UUID, call: Writes) -> Response:
    """Deliver a failed envelope once more."""
    return await call.write(None, mailbox.try_again, envelope_id)


def _create(session: Session, principal: Principal, new: NewActor) -> ActorDetail:
    made = actors.register(
        session,
        principal,
        ActorType(new.kind),
        new.name,
        capabilities=new.capabilities,
        contact_methods=new.contact_methods,
        gateway_id=new.gateway_id,
    )
    return queries.one(session, principal, made.id)


def _change(session: Session, principal: Principal, actor_id: UUID, new: ActorChanges) -> ActorDetail:
    actors.change(session, principal, actor_id, {name: getattr(new, name) for name in new.model_fields_set})
    return queries.one(session, principal, actor_id)


def _status(session: Session, principal: Principal, actor_id: UUID, status: str) -> ActorDetail:
    detail = queries.one(session, principal, actor_id)
    detail.row.status = actors.set_status(session, principal, actor_id, ActorStatus(status)).status.value
    return detail


def _code(session: Session, principal: Principal, actor_id: UUID) -> Code:
    made = claims.new_code(session, principal, actor_id)
    return Code(code=made.code, expires_at=made.expires_at)


def _key(session: Session, principal: Principal, actor_id: UUID) -> Key:
    made = keys.issue(session, principal, actor_id)
    return Key(id=made.id, token=made.token)


def _claim(session: Session, principal: Principal, code: str) -> ActorDetail:
    found = claims.claim(session, principal, code)
    session.flush()
    return queries.one(session, principal, found.id)


def _hand_on(session: Session, principal: Principal, handing: Handing) -> ActorDetail:
    budget = None if handing.budget is None else Decimal(handing.budget)
    terms = Terms(tuple(handing.scopes), budget, handing.currency)
    delegation.delegate(session, principal, handing.task_id, handing.actor_id, terms)
    session.flush()
    return queries.one(session, principal, handing.actor_id)


def _take_back(session: Session, principal: Principal, exchange_id: UUID) -> Done:
    return Done(changed=delegation.revoke(session, principal, exchange_id))


def _deliveries(session: Session, principal: Principal, cursor: str) -> Page[EnvelopeRow]:
    rows, following = queries.deliveries(session, principal, cursor)
    return Page(rows, following)
