"""The audit log: who did what, when, through which door. For admins."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Listed, Text
from taskjuggler_app.api.v1.keys import reads
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.cases import audit
from taskjuggler_app.domain.cases.audit import AuditFilter

router = APIRouter(prefix="/audit", tags=["audit"])


class Event(BaseModel):
    """One event. `hash` covers it and the hash of the event before it in this workspace."""

    id: int
    at: datetime
    who: str
    who_id: str
    door: str
    kind: str
    subject_type: str
    subject_id: str
    subject: str
    refused: str
    data: dict[str, Any]
    hash: str


@router.get("", response_model=Listed[Event])
async def list_events(
    call: Annotated[Call, Depends(reads("audit"))],
    who: Annotated[str, Query(max_length=80, description="A person's or actor's id, or `system`"), Text] = "",
    door: Annotated[Door | None, Query()] = None,
    kind: Annotated[
        str, Query(max_length=50, description="`task`, or exactly `task.created`", examples=["task.created"]), Text
    ] = "",
    since: Annotated[date | None, Query(description="The first day, in your time zone")] = None,
    until: Annotated[date | None, Query(description="The last day, in your time zone")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str, Query(max_length=40), Text] = "",
) -> Response:
    """What happened in the workspace, newest first. 403 for who is no admin."""
    days = {"since": str(since or ""), "until": str(until or "")}
    wanted = AuditFilter(who=who, door=door.value if door else "", kind=kind, **days)
    return await call.listed(Event, _page, wanted, cursor, limit)


def _page(session: Session, principal: Principal, wanted: AuditFilter, cursor: str, size: int) -> Page[Event]:
    found = audit.page(session, principal, wanted, cursor, size)
    return Page([Event.model_validate(vars(row)) for row in found.rows], found.next_cursor)
