"""Kinds of appointment, their free times, and the hours of whoever keeps them."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import public, queries, schedules
from taskjuggler_app.domain.appointments import types as kinds
from taskjuggler_app.domain.appointments.rows import TypeRow
from taskjuggler_app.domain.appointments.types import TypeDraft

router = APIRouter(prefix="/appointment-types", tags=["appointments"])
hours = APIRouter(prefix="/availability", tags=["appointments"])
Reads = Annotated[Call, Depends(reads("appointments"))]
Writes = Annotated[Call, Depends(writes("appointments"))]
Changes = Annotated[Call, Depends(changes("appointments"))]
Windows = Annotated[list[Annotated[list[str], Field(min_length=2, max_length=2)]], Field(max_length=20)]
_MOST_TIMES = 2000


class FreeTime(BaseModel):
    """A time that can be booked."""

    start: datetime


class NewType(Given):
    """A kind of appointment. What is left out of a change stays; numbers are minutes, days and hours."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Visit", "duration_minutes": 45, "price": "60", "location": "Shop"}]}
    )
    name: Annotated[str, Text] = Field(min_length=1, max_length=200)
    description: Annotated[str, Text] = Field("", max_length=2000)
    duration_minutes: int = Field(30, ge=5, le=1440)
    step_minutes: int = Field(30, ge=5, le=1440)
    buffer_before_minutes: int = Field(0, ge=0, le=1440)
    buffer_after_minutes: int = Field(0, ge=0, le=1440)
    notice_minutes: int = Field(120, ge=0, le=525_600)
    advance_booking_days: int = Field(30, ge=1, le=365)
    cancellation_hours: int = Field(24, ge=0, le=8760)
    daily_cap: int | None = Field(None, ge=1, le=500)
    price: Annotated[str, Text] = Field("", max_length=20)
    currency: Annotated[str, Text] = Field("USD", min_length=3, max_length=3)
    booking_slug: Annotated[str, Text] = Field("", max_length=100)
    is_public: bool = True
    location_kind: Literal["place", "phone", "video"] = "place"
    location: Annotated[str, Text] = Field("", max_length=500)
    host_ids: list[UUID] = Field(default_factory=list, max_length=50, description="People; the caller without")


class Switch(Given):
    """Whether it can be booked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_active": False}]})
    is_active: bool


class Week(Given):
    """When somebody can be booked: windows of local time by day (mon … sun)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"timezone": "America/New_York", "weekly": {"mon": [["09:00", "17:00"]]}}]}
    )
    timezone: Annotated[str, Text] = Field(max_length=60)
    weekly: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], Windows]


class Day(Given):
    """The windows of one day; none is a day off."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"windows": [["09:00", "12:00"]]}]})
    windows: Windows


class Hours(BaseModel):
    """Somebody's hours: the week, and days that differ."""

    timezone: str
    weekly: dict[str, list[list[str]]]
    overrides: dict[str, list[list[str]]]


@router.get("", response_model=Listed[TypeRow])
async def list_types(call: Reads) -> Response:
    """The kinds of appointment that the workspace offers."""
    return await call.listed(TypeRow, of_workspace)


@router.post("", status_code=201, response_model=TypeRow)
async def create_type(new: NewType, call: Writes) -> Response:
    """Offer a kind of appointment. 409 when its address is somebody's."""
    return await call.write(TypeRow, _create, new, status=201)


@router.get("/{type_id}", response_model=TypeRow)
async def get_type(type_id: UUID, call: Reads) -> Response:
    """One kind of appointment."""
    return await call.one(TypeRow, _one, type_id)


@router.patch("/{type_id}", response_model=TypeRow)
async def change_type(type_id: UUID, new: NewType, call: Changes) -> Response:
    """Change a kind of appointment: its name, and what else is given."""
    return await call.change(TypeRow, _one, _change, type_id, new)


@router.post("/{type_id}/active", response_model=TypeRow)
async def switch_type(type_id: UUID, switch: Switch, call: Changes) -> Response:
    """Stop taking bookings, or start again; what is booked stays."""
    return await call.change(TypeRow, _one, _switch, type_id, switch.is_active)


@router.get("/{type_id}/availability", response_model=Listed[FreeTime])
async def list_free_times(
    type_id: UUID,
    call: Reads,
    since: Annotated[AwareDatetime | None, Query(description="Not before")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before")] = None,
) -> Response:
    """The times that can be booked, soonest first, at most 2,000."""
    return await call.listed(FreeTime, free, type_id, since, until)


@hours.get("", response_model=Hours)
async def get_hours(call: Reads) -> Response:
    """The person's own hours."""
    return await call.one(Hours, _hours, None)


@hours.put("", response_model=Hours)
async def change_hours(week: Week, call: Changes) -> Response:
    """Another week."""
    return await call.change(Hours, _hours, _save_week, None, week)


@hours.put("/days/{day}", response_model=Hours)
async def set_day(day: date, one: Day, call: Writes) -> Response:
    """A day that differs from the week."""
    return await call.write(Hours, _set_day, day, one.windows)


@hours.delete("/days/{day}", status_code=204, response_class=Response)
async def clear_day(day: date, call: Writes) -> Response:
    """Back to the week's hours on that day."""
    return await call.write(None, schedules.clear_day, day)


def of_workspace(session: Session, principal: Principal) -> list[TypeRow]:
    return queries.types(session, principal, clock.utcnow())


def free(
    session: Session, principal: Principal, type_id: UUID, since: datetime | None, until: datetime | None
) -> list[FreeTime]:
    kind = kinds.own(session, principal, type_id)
    _, starts = public.offered(session, kind.booking_slug or "", clock.utcnow())
    times = [datetime.fromtimestamp(second, UTC) for second in starts]
    fitting = [one for one in times if (since is None or one >= since) and (until is None or one < until)]
    return [FreeTime(start=one) for one in fitting[:_MOST_TIMES]]


def _one(session: Session, principal: Principal, type_id: UUID) -> TypeRow:
    found = next((row for row in of_workspace(session, principal) if row.id == str(type_id)), None)
    if found is None:
        raise NotFound
    return found


def _create(session: Session, principal: Principal, new: NewType) -> TypeRow:
    draft = TypeDraft(**new.model_dump())
    if not draft.host_ids and principal.user_id is not None:
        draft = replace(draft, host_ids=[principal.user_id])
    made = kinds.save(session, principal, draft)
    session.flush()
    return _one(session, principal, made.id)


def _change(session: Session, principal: Principal, type_id: UUID, new: NewType) -> TypeRow:
    kept = queries.draft(session, principal, type_id)
    known = {one.name for one in fields(TypeDraft)}
    named = {name: getattr(new, name) for name in new.model_fields_set & known}
    kinds.save(session, principal, replace(kept, **named), type_id)
    session.flush()
    return _one(session, principal, type_id)


def _switch(session: Session, principal: Principal, type_id: UUID, active: bool) -> TypeRow:
    kinds.set_active(session, principal, type_id, active)
    session.flush()
    return _one(session, principal, type_id)


def _hours(session: Session, principal: Principal, _: None) -> Hours:
    own = schedules.own(session, principal)
    return Hours(timezone=own.timezone, weekly=own.weekly, overrides=dict(own.overrides))


def _save_week(session: Session, principal: Principal, _: None, week: Week) -> Hours:
    weekly: dict[str, Any] = {str(day): windows for day, windows in week.weekly.items()}
    schedules.save_week(session, principal, timezone=week.timezone, weekly=weekly)
    session.flush()
    return _hours(session, principal, None)


def _set_day(session: Session, principal: Principal, day: date, windows: list[list[str]]) -> Hours:
    schedules.set_day(session, principal, day, windows)
    session.flush()
    return _hours(session, principal, None)
