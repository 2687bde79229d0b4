"""Channels: where messages come in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import channels, queries
from taskjuggler_app.domain.receptionist.queries import ChannelRow

router = APIRouter(prefix="/channels", tags=["channels"])
Reads = Annotated[Call, Depends(reads("channels"))]
Writes = Annotated[Call, Depends(writes("channels"))]
Changes = Annotated[Call, Depends(changes("channels"))]


class NewNumber(Given):
    """A number that takes text messages."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Main line", "phone_number": "+12075550100"}]})
    name: Annotated[str, Text] = Field(min_length=1, max_length=100)
    phone_number: Annotated[str, Text] = Field(min_length=3, max_length=40)


class Switch(Given):
    """Whether the channel takes messages."""

    is_active: bool


@router.get("", response_model=Listed[ChannelRow])
async def list_channels(call: Reads) -> Response:
    """The workspace's channels by name, with how much comes in through each."""
    return await call.listed(ChannelRow, queries.channels)


@router.post("", status_code=201, response_model=ChannelRow)
async def connect_number(new: NewNumber, call: Writes) -> Response:
    """Connect a number for texts. 409 when it is in use."""
    return await call.write(ChannelRow, _create, new, status=201)


@router.get("/{channel_id}", response_model=ChannelRow)
async def get_channel(channel_id: UUID, call: Reads) -> Response:
    """One channel."""
    return await call.one(ChannelRow, _one, channel_id)


@router.put("/{channel_id}", response_model=ChannelRow)
async def change_number(channel_id: UUID, new: NewNumber, call: Changes) -> Response:
    """Another name or number for a channel that has one. 409 when the number is in use."""
    return await call.change(ChannelRow, _one, _change, channel_id, new)


@router.post("/{channel_id}/active", response_model=ChannelRow)
async def switch_channel(channel_id: UUID, switch: Switch, call: Writes) -> Response:
    """Pause a channel, or let it take messages again."""
    return await call.write(ChannelRow, _switch, channel_id, switch.is_active)


def _one(session: Session, principal: Principal, channel_id: UUID) -> ChannelRow:
    found = next((row for row in queries.channels(session, principal) if row.id == str(channel_id)), None)
    if found is None:
        raise NotFound
    return found


def _create(session: Session, principal: Principal, new: NewNumber) -> ChannelRow:
    made = channels.create(session, principal, name=new.name, phone_number=new.phone_number)
    session.flush()
    return _one(session, principal, made.id)


def _change(session: Session, principal: Principal, channel_id: UUID, new: NewNumber) -> ChannelRow:
    if not _one(session, principal, channel_id).phone_number:
        raise Conflict("This channel has no number.")
    channels.update(session, principal, channel_id, name=new.name, phone_number=new.phone_number)
    session.flush()
    return _one(session, principal, channel_id)


def _switch(session: Session, principal: Principal, channel_id: UUID, active: bool) -> ChannelRow:
    channels.set_active(session, principal, channel_id, active)
    session.flush()
    return _one(session, principal, channel_id)
