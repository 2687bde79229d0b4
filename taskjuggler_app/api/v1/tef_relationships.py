"""What two actors of the network are to each other: read, and narrowed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given
from taskjuggler_app.api.v1.keys import changes, reads
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import relationships
from taskjuggler_app.models import tef

router = APIRouter(prefix="/tef/relationships", tags=["tef"])
Reads = Annotated[Call, Depends(reads("tef"))]
Changes = Annotated[Call, Depends(changes("tef"))]


class Narrower(Given):
    """What a relationship still allows, or when it ends; both only ever become less."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"permissions": {"message": True, "create_task": False}}]}
    )
    permissions: dict[str, Any] | None = None
    expires_at: AwareDatetime | None = None


class Relationship(BaseModel):
    """Actor a is `kind` to actor b; what that allows, how it came about and when it ends."""

    id: str
    actor_a_id: str
    actor_b_id: str
    kind: str
    via: str
    permissions: dict[str, Any]
    expires_at: datetime | None
    created_at: datetime


@router.get("/{relationship_id}", response_model=Relationship)
async def get_relationship(relationship_id: UUID, call: Reads) -> Response:
    """One relationship; an actor names its own as `relationship_id`."""
    return await call.one(Relationship, _one, relationship_id)


@router.patch("/{relationship_id}", response_model=Relationship)
async def narrow(relationship_id: UUID, less: Narrower, call: Changes) -> Response:
    """Allow less, or end it sooner. 409 for what would be more."""
    return await call.change(Relationship, _locked, _narrow, relationship_id, less)


def _one(session: Session, principal: Principal, relationship_id: UUID) -> Relationship:
    return _shown(relationships.get(session, principal, relationship_id))


def _locked(session: Session, principal: Principal, relationship_id: UUID) -> Relationship:
    return _shown(relationships.get(session, principal, relationship_id, lock=True))


def _narrow(session: Session, principal: Principal, relationship_id: UUID, less: Narrower) -> Relationship:
    if less.permissions is not None:
        relationships.narrow(session, principal, relationship_id, less.permissions)
    if less.expires_at is not None:
        relationships.expire(session, principal, relationship_id, less.expires_at)
    return _one(session, principal, relationship_id)


def _shown(row: tef.Relationship) -> Relationship:
    return Relationship(
        id=str(row.id),
        actor_a_id=str(row.actor_a_id),
        actor_b_id=str(row.actor_b_id),
        kind=row.relationship_type.value,
        via=row.established_via.value,
        permissions=row.permissions,
        expires_at=row.expires_at,
        created_at=row.created_at,
    )
