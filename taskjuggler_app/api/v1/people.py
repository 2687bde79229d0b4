"""The workspace and its people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import leaving
from taskjuggler_app.domain.teams import invitations, queries, service
from taskjuggler_app.domain.teams.queries import InvitationRow, LoadRow

router = APIRouter(prefix="/team", tags=["team"])
Reads = Annotated[Call, Depends(reads("teams"))]
Writes = Annotated[Call, Depends(writes("teams"))]
Changes = Annotated[Call, Depends(changes("teams"))]


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


class Renamed(Given):
    """What the workspace is called and does."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Maya's Repairs"}]})
    name: Annotated[str, Text] = Field(min_length=1, max_length=100)
    description: Annotated[str, Text] = Field("", max_length=1000)


class Part(Given):
    """What somebody may do."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_admin": True}]})
    is_admin: bool


@router.get("", response_model=Workspace)
async def get_team(call: Reads) -> Response:
    """The workspace that the key belongs to."""
    return await call.one(Workspace, _about)


@router.put("", response_model=Workspace)
async def change_team(new: Renamed, call: Changes) -> Response:
    """Another name or description."""
    return await call.change(Workspace, _read, _rename, None, new)


@router.get("/members", response_model=Listed[LoadRow])
async def list_members(call: Reads) -> Response:
    """The workspace's people by name, each with their load; `id` is the membership's."""
    return await call.listed(LoadRow, queries.load)


@router.get("/members/{member_id}", response_model=LoadRow)
async def get_member(member_id: UUID, call: Reads) -> Response:
    """One of the people."""
    return await call.one(LoadRow, _member, member_id)


@router.patch("/members/{member_id}", response_model=LoadRow)
async def change_member(member_id: UUID, part: Part, call: Changes) -> Response:
    """Make somebody admin or member."""
    return await call.change(LoadRow, _member, _set_part, member_id, part.is_admin)


@router.delete("/members/{member_id}", status_code=204, response_class=Response)
async def remove_member(
    member_id: UUID,
    call: Changes,
    heir: Annotated[
        UUID | None, Query(description="The membership that gets their open tasks; nobody's without")
    ] = None,
) -> Response:
    """Take somebody out of the workspace."""
    return await call.change(None, _member, leaving.remove_member, member_id, heir)


@router.get("/invitations", response_model=Listed[InvitationRow])
async def list_invitations(call: Reads) -> Response:
    """The invitations without an answer, newest first."""
    return await call.listed(InvitationRow, queries.invitations)


@router.post("/invitations", status_code=201, response_model=Listed[InvitationRow])
async def invite(new: NewInvitation, call: Writes) -> Response:
    """Send somebody a link; the answer lists what is open now."""
    return await call.write(Listed[InvitationRow], _invite, new, status=201)


@router.get("/invitations/{invitation_id}", response_model=InvitationRow)
async def get_invitation(invitation_id: UUID, call: Reads) -> Response:
    """One invitation without an answer."""
    return await call.one(InvitationRow, _invitation, invitation_id)


@router.post("/invitations/{invitation_id}/resend", status_code=204, response_class=Response)
async def resend(invitation_id: UUID, call: Changes) -> Response:
    """Send the same link once more, good for another seven days."""
    return await call.change(None, _invitation, invitations.resend, invitation_id)


@router.delete("/invitations/{invitation_id}", status_code=204, response_class=Response)
async def revoke(invitation_id: UUID, call: Changes) -> Response:
    """Make a link worthless."""
    return await call.change(None, _invitation, invitations.revoke, invitation_id)


def _read(session: Session, principal: Principal, _: None) -> Workspace:
    return _about(session, principal)


def _rename(session: Session, principal: Principal, _: None, new: Renamed) -> Workspace:
    service.change(session, principal, new.name, new.description)
    session.flush()
    return _about(session, principal)


def _member(session: Session, principal: Principal, member_id: UUID) -> LoadRow:
    found = next((row for row in queries.load(session, principal) if row.id == str(member_id)), None)
    if found is None:
        raise NotFound
    return found


def _invitation(session: Session, principal: Principal, invitation_id: UUID) -> InvitationRow:
    found = next((row for row in queries.invitations(session, principal) if row.id == str(invitation_id)), None)
    if found is None:
        raise NotFound
    return found


def _set_part(session: Session, principal: Principal, member_id: UUID, is_admin: bool) -> LoadRow:
    service.set_admin(session, principal, member_id, is_admin)
    session.flush()
    return _member(session, principal, member_id)


def _about(session: Session, principal: Principal) -> Workspace:
    name, description = queries.about(session, principal)
    return Workspace(id=str(principal.team_id), name=name, description=description)


def _invite(session: Session, principal: Principal, new: NewInvitation) -> Listed[InvitationRow]:
    invitations.invite(session, principal, new.address, is_admin=new.is_admin)
    session.flush()
    return Listed[InvitationRow](items=queries.invitations(session, principal))
