"""The workspace and its people."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import reads, writes
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.teams import invitations, queries
from taskjuggler_app.domain.teams.queries import InvitationRow, LoadRow

router = APIRouter(prefix="/team", tags=["team"])
Reads = Annotated[Call, Depends(reads("teams"))]
Writes = Annotated[Call, Depends(writes("teams"))]


class Workspace(BaseModel):
    """A workspace."""

    id: str
    name: str
    description: str


class NewInvitation(Given):
    """Whom to invite."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"address": "ada@example.com"}]})
    address: Annotated[str, Text] = Field(min_length=3, max_length=255, description="An email address or phone number")
    is_admin: bool = False


@router.get("", response_model=Workspace)
async def get_team(call: Reads) -> Response:
    """The workspace that the key belongs to."""
    return await call.one(Workspace, _about)


@router.get("/members", response_model=Listed[LoadRow])
async def list_members(call: Reads) -> Response:
    """The workspace's people by name, each with their load; `id` is the membership's."""
    return await call.listed(LoadRow, queries.load)


@router.get("/invitations", response_model=Listed[InvitationRow])
async def list_invitations(call: Reads) -> Response:
    """The invitations without an answer, newest first."""
    return await call.listed(InvitationRow, queries.invitations)


@router.post("/invitations", status_code=201, response_model=Listed[InvitationRow])
async def invite(new: NewInvitation, call: Writes) -> Response:
    """Send somebody a link; the answer lists what is open now."""
    return await call.write(Listed[InvitationRow], _invite, new, status=201)


def _about(session: Session, principal: Principal) -> Workspace:
    name, description = queries.about(session, principal)
    return Workspace(id=str(principal.team_id), name=name, description=description)


def _invite(session: Session, principal: Principal, new: NewInvitation) -> Listed[InvitationRow]:
    invitations.invite(session, principal, new.address, is_admin=new.is_admin)
    session.flush()
    return Listed[InvitationRow](items=queries.invitations(session, principal))
