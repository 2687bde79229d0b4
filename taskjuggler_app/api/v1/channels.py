"""Channels: where messages come in."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import channels, queries, wiring
from taskjuggler_app.domain.receptionist.channels import Draft
from taskjuggler_app.domain.receptionist.queries import ChannelRow
from taskjuggler_app.domain.receptionist.wiring import ChannelPage
from taskjuggler_app.models.receptionist import ChannelType, ClosedReply

router = APIRouter(prefix="/channels", tags=["channels"])
Reads = Annotated[Call, Depends(reads("channels"))]
Writes = Annotated[Call, Depends(writes("channels"))]
Changes = Annotated[Call, Depends(changes("channels"))]
Line = Annotated[str, Text, Field(max_length=255)]
Words = Annotated[str, Text, Field(max_length=channels.LONGEST_WORDS)]


class NewNumber(Given):
    """A number that takes text messages."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Main line", "phone_number": "+12075550100"}]})
    name: Annotated[str, Text] = Field(min_length=1, max_length=100)
    phone_number: Annotated[str, Text] = Field(min_length=3, max_length=40)


class NewChannel(Given):
    """A way in: a number (sms, or phone for calls as well), a mail address, a web form or a door for programs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Main line", "phone_number": "+12075550100"},
                {"name": "Desk", "kind": "email", "email_address": "desk"},
                {"name": "Contact form", "kind": "web", "slug": "contact", "origins": ["https://www.example.com"]},
                {"name": "Shop", "kind": "api"},
            ]
        }
    )
    name: Annotated[str, Text] = Field(min_length=1, max_length=100)
    kind: Literal["sms", "phone", "email", "web", "api"] = "sms"
    phone_number: Line = ""
    email_address: Line = Field("", description="For email: the address, or what stands before the @ of our domain")
    slug: Line = Field("", description="For web: the end of the form's address")
    region: Annotated[str, Text] = Field(channels.DEFAULT_REGION, max_length=2)
    greeting: Words = ""
    voicemail: Words = ""
    ring_to: Line = Field("", description="For phone: the number that rings before the voicemail")
    ring_seconds: int = Field(20, ge=5, le=60)
    texts_missed_callers: bool = True
    origins: list[Line] = Field(default_factory=list, max_length=20, description="For web: sites that may embed it")
    closed_reply: Literal["reopen", "new"] = Field("reopen", description="What a reply to a finished task does")


class ChannelChanges(Given):
    """New values; what is left out stays. The kind stays, except that a number may take calls or only texts."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"greeting": "You have reached Maya's Repairs."}]})
    name: Annotated[str, Text] = Field("", min_length=1, max_length=100)
    kind: Literal["sms", "phone"] = "sms"
    phone_number: Line = ""
    email_address: Line = ""
    slug: Line = ""
    region: Annotated[str, Text] = Field(channels.DEFAULT_REGION, max_length=2)
    greeting: Words = ""
    voicemail: Words = ""
    ring_to: Line = ""
    ring_seconds: int = Field(20, ge=5, le=60)
    texts_missed_callers: bool = True
    origins: list[Line] = Field(default_factory=list, max_length=20)
    closed_reply: Literal["reopen", "new"] = "reopen"


class Switch(Given):
    """Whether the channel takes messages."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_active": False}]})
    is_active: bool


@router.get("", response_model=Listed[ChannelRow])
async def list_channels(call: Reads) -> Response:
    """The workspace's channels by name, with how much comes in through each."""
    return await call.listed(ChannelRow, queries.channels)


@router.post("", status_code=201, response_model=ChannelRow)
async def connect_channel(new: NewChannel, call: Writes) -> Response:
    """Connect a channel of any kind; a number for texts when nothing else is said. 409 when its address is in use."""
    return await call.write(ChannelRow, _create, new, status=201)


@router.get("/{channel_id}", response_model=ChannelRow)
async def get_channel(channel_id: UUID, call: Reads) -> Response:
    """One channel."""
    return await call.one(ChannelRow, _one, channel_id)


@router.put("/{channel_id}", response_model=ChannelRow)
async def change_number(channel_id: UUID, new: NewNumber, call: Changes) -> Response:
    """Another name or number for a channel that has one. 409 when the number is in use."""
    return await call.change(ChannelRow, _one, _change, channel_id, new)


@router.get("/{channel_id}/settings", response_model=ChannelPage)
async def get_channel_settings(channel_id: UUID, call: Reads) -> Response:
    """A channel with its words and what its last test said. For admins."""
    return await call.one(ChannelPage, wiring.page, channel_id)


@router.patch("/{channel_id}/settings", response_model=ChannelPage)
async def change_channel_settings(channel_id: UUID, new: ChannelChanges, call: Changes) -> Response:
    """Change a channel of any kind. For admins; 409 when its new address is in use."""
    return await call.change(ChannelPage, wiring.page, _set, channel_id, new)


@router.post("/{channel_id}/active", response_model=ChannelRow)
async def switch_channel(channel_id: UUID, switch: Switch, call: Changes) -> Response:
    """Pause a channel, or let it take messages again."""
    return await call.change(ChannelRow, _one, _switch, channel_id, switch.is_active)


def _one(session: Session, principal: Principal, channel_id: UUID) -> ChannelRow:
    found = next((row for row in queries.channels(session, principal) if row.id == str(channel_id)), None)
    if found is None:
        raise NotFound
    return found


def _create(session: Session, principal: Principal, new: NewChannel) -> ChannelRow:
    made = channels.add(session, principal, _draft(new.model_dump()))
    session.flush()
    return _one(session, principal, made.id)


def _set(session: Session, principal: Principal, channel_id: UUID, new: ChannelChanges) -> ChannelPage:
    now = wiring.page(session, principal, channel_id)
    kept = {name: getattr(now, name) for name in ChannelChanges.model_fields}
    changed = new.model_dump(include=new.model_fields_set)
    channels.change(session, principal, channel_id, _draft({**kept, "origins": now.origins.split(), **changed}))
    session.flush()
    return wiring.page(session, principal, channel_id)


def _draft(values: dict[str, Any]) -> Draft:
    kind, closed = ChannelType(values.pop("kind")), ClosedReply(values.pop("closed_reply"))
    return Draft(kind=kind, closed_reply=closed, frame_ancestors=tuple(values.pop("origins")), **values)


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
