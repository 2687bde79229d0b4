"""Direct messages, and notifications of the person whose key it is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Done, Given, Listed, Text
from taskjuggler_app.api.v1.keys import reads, writes
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.messaging import queries, service
from taskjuggler_app.domain.messaging.queries import ConversationRow, MessageRow
from taskjuggler_app.domain.notifications import queries as notices
from taskjuggler_app.domain.notifications import service as noticing
from taskjuggler_app.domain.notifications.queries import NoticeGroup

messages = APIRouter(prefix="/messages", tags=["messages"])
notifications = APIRouter(prefix="/notifications", tags=["notifications"])
ReadsMessages = Annotated[Call, Depends(reads("messages"))]
WritesMessages = Annotated[Call, Depends(writes("messages"))]
ReadsNotices = Annotated[Call, Depends(reads("notifications"))]
WritesNotices = Annotated[Call, Depends(writes("notifications"))]
Cursor = Annotated[str, Query(max_length=200)]


class Words(Given):
    """A message to somebody."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Could you look at unit 4b today?"}]})
    text: Annotated[str, Text] = Field(min_length=1, max_length=service.LONGEST)


@messages.get("", response_model=Listed[ConversationRow])
async def list_conversations(call: ReadsMessages) -> Response:
    """Everybody the person may write to: the latest talk first, then by name."""
    return await call.listed(ConversationRow, queries.people)


@messages.get("/{person_id}", response_model=Listed[MessageRow])
async def list_thread(person_id: UUID, call: ReadsMessages, cursor: Cursor = "") -> Response:
    """The conversation with somebody, newest first."""
    return await call.listed(MessageRow, _thread, person_id, cursor)


@messages.post("/{person_id}", status_code=201, response_model=MessageRow)
async def send_message(person_id: UUID, words: Words, call: WritesMessages) -> Response:
    """Write to somebody of the workspace."""
    return await call.write(MessageRow, _send, person_id, words.text, status=201)


@messages.post("/{person_id}/read", response_model=Done)
async def read_thread(person_id: UUID, call: WritesMessages) -> Response:
    """Mark what somebody wrote read."""
    return await call.write(Done, _read_thread, person_id)


@notifications.get("", response_model=Listed[NoticeGroup])
async def list_notifications(
    call: ReadsNotices, unread: Annotated[bool, Query()] = False, cursor: Cursor = ""
) -> Response:
    """The person's notifications, newest first, those of a page about one thing together."""
    return await call.listed(NoticeGroup, _page, unread, cursor)


@notifications.post("/read", response_model=Done)
async def read_all(call: WritesNotices) -> Response:
    """Mark all of them read."""
    return await call.write(Done, _read_all)


@notifications.post("/{notification_id}/read", status_code=204, response_class=Response)
async def read_one(notification_id: UUID, call: WritesNotices) -> Response:
    """Mark one read."""
    return await call.write(None, noticing.mark_read, notification_id)


def _send(session: Session, principal: Principal, person_id: UUID, text: str) -> MessageRow:
    made = service.send(session, principal, person_id, text)
    return MessageRow(id=str(made.id), mine=True, text=text, at=made.created_at.isoformat())


def _thread(session: Session, principal: Principal, person_id: UUID, cursor: str) -> Page[MessageRow]:
    queries.person(session, principal, person_id)
    return queries.thread(session, principal, person_id, cursor)


def _read_thread(session: Session, principal: Principal, person_id: UUID) -> Done:
    queries.person(session, principal, person_id)
    return Done(changed=service.mark_read(session, principal, person_id))


def _page(session: Session, principal: Principal, unread: bool, cursor: str) -> Page[NoticeGroup]:
    return notices.page(session, principal, unread_only=unread, cursor=cursor)


def _read_all(session: Session, principal: Principal) -> Done:
    return Done(changed=noticing.mark_all_read(session, principal))
