"""Appointments: what is booked, moved, cancelled, and what became of it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Cursor, Given, Limit, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core import clock
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.appointments import booking, changing, queries
from taskjuggler_app.domain.appointments import types as kinds
from taskjuggler_app.domain.appointments.booking import Guest
from taskjuggler_app.domain.appointments.rows import AppointmentRow
from taskjuggler_app.models.appointments import AppointmentStatus

appointments = APIRouter(prefix="/appointments", tags=["appointments"])
Reads = Annotated[Call, Depends(reads("appointments"))]
Writes = Annotated[Call, Depends(writes("appointments"))]
Changes = Annotated[Call, Depends(changes("appointments"))]


class Booking(Given):
    """A free time and who comes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1",
                    "start": "2026-03-02T15:00:00Z",
                    "name": "Ada",
                    "email": "ada@example.com",
                }
            ]
        }
    )
    type_id: UUID
    start: AwareDatetime
    name: Annotated[str, Text] = Field(min_length=1, max_length=200)
    email: Annotated[str, Text] = Field(min_length=3, max_length=255)
    phone: Annotated[str, Text] = Field("", max_length=40)
    zone: Annotated[str, Text] = Field("UTC", max_length=60)
    notes: Annotated[str, Text] = Field("", max_length=2000)
    answers: dict[str, Annotated[str, Text]] = Field(default_factory=dict, max_length=50)


class Reason(Given):
    """Why it does not take place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The technician is ill"}]})
    reason: Annotated[str, Text] = Field("", max_length=500)


class NewTime(Given):
    """Another free time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"start": "2026-03-02T16:00:00Z"}]})
    start: AwareDatetime


class Outcome(Given):
    """What became of an appointment."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "completed"}]})
    status: Literal["completed", "no_show"]


@appointments.get("", response_model=Listed[AppointmentRow])
async def list_appointments(
    call: Reads, mine: Annotated[bool, Query()] = False, limit: Limit = 50, cursor: Cursor = ""
) -> Response:
    """What is coming, and what is over but not marked yet, soonest first."""
    return await call.listed(AppointmentRow, _upcoming, mine, cursor, limit)


@appointments.post("", status_code=201, response_model=AppointmentRow)
async def book(wanted: Booking, call: Writes) -> Response:
    """Book a free time for somebody, who gets the letter. 409 when it is taken."""
    return await call.write(AppointmentRow, booked, wanted, status=201)


@appointments.get("/{appointment_id}", response_model=AppointmentRow)
async def get_appointment(appointment_id: UUID, call: Reads) -> Response:
    """One appointment."""
    return await call.one(AppointmentRow, queries.one, appointment_id)


@appointments.post("/{appointment_id}/cancel", response_model=AppointmentRow)
async def cancel(appointment_id: UUID, why: Reason, call: Changes) -> Response:
    """Cancel it; the guest is told."""
    return await call.change(AppointmentRow, queries.one, _cancel, appointment_id, why.reason)


@appointments.post("/{appointment_id}/reschedule", response_model=AppointmentRow)
async def reschedule(appointment_id: UUID, new: NewTime, call: Changes) -> Response:
    """Move it to another free time; the guest is told."""
    return await call.change(AppointmentRow, queries.one, _reschedule, appointment_id, new.start)


@appointments.post("/{appointment_id}/outcome", response_model=AppointmentRow)
async def say_outcome(appointment_id: UUID, outcome: Outcome, call: Changes) -> Response:
    """Say that it took place, or that nobody came."""
    return await call.change(AppointmentRow, queries.one, _mark, appointment_id, outcome.status)


def _upcoming(session: Session, principal: Principal, mine: bool, cursor: str, size: int) -> Page[AppointmentRow]:
    return queries.upcoming(session, principal, clock.utcnow(), mine=mine, cursor=cursor, size=size)


def booked(session: Session, principal: Principal, wanted: Booking) -> AppointmentRow:
    kind = kinds.own(session, principal, wanted.type_id)
    guest = Guest(
        name=wanted.name, email=wanted.email, phone=wanted.phone, zone=wanted.zone,
        notes=wanted.notes, answers=wanted.answers,
    )  # fmt: skip
    second = int(wanted.start.timestamp())
    made = booking.book(session, kind.booking_slug or "", second, guest, clock.utcnow(), by=principal)
    session.flush()
    return queries.one(session, principal, made.id)


def _cancel(session: Session, principal: Principal, appointment_id: UUID, reason: str) -> AppointmentRow:
    queries.one(session, principal, appointment_id)
    changing.cancel(session, appointment_id, clock.utcnow(), reason=reason, by=principal)
    session.flush()
    return queries.one(session, principal, appointment_id)


def _reschedule(session: Session, principal: Principal, appointment_id: UUID, start: datetime) -> AppointmentRow:
    queries.one(session, principal, appointment_id)
    changing.reschedule(session, appointment_id, int(start.timestamp()), clock.utcnow(), by=principal)
    session.flush()
    return queries.one(session, principal, appointment_id)


def _mark(session: Session, principal: Principal, appointment_id: UUID, status: str) -> AppointmentRow:
    queries.one(session, principal, appointment_id)
    changing.mark(session, principal, appointment_id, AppointmentStatus(status), clock.utcnow())
    session.flush()
    return queries.one(session, principal, appointment_id)
