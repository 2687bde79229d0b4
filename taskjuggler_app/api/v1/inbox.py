"""Messages: put one in, read what came in."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from taskjuggler_app.api.v1.keys import CanReadInbox, CanWriteInbox
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import corrections, entrance, queries
from taskjuggler_app.domain.receptionist.entrance import Accepted, Offered
from taskjuggler_app.domain.receptionist.queries import InboxRow

router = APIRouter(prefix="/inbox", tags=["inbox"])
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]


class NewMessage(BaseModel):
    """A message from outside."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: Line = Field(alias="from", min_length=1, description="Mail address or phone number of whoever wrote")
    name: Line = Field("", description="Their name")
    subject: str = Field("", max_length=500)
    text: str = Field(min_length=1, max_length=200_000, description="What they said")
    channel: str = Field("", max_length=60, description="Id of an API channel; the workspace's first one when empty")
    external_id: str = Field("", max_length=200, description="Your own id: a second message with it is the same one")
    received_at: AwareDatetime | None = Field(None, description="When it came; now when empty")


class Message(BaseModel):
    """A message of the inbox."""

    id: str
    status: str
    processing: str
    sender: str = Field(serialization_alias="from")
    name: str
    channel: str
    summary: str
    category: str
    urgency: str
    task_id: str | None
    received_at: datetime


class FullMessage(Message):
    """A message with its text and what was read out of it."""

    subject: str
    text: str
    extraction: dict[str, Any] | None


class Messages(BaseModel):
    """A page of messages; `next` is the cursor of the next one, "" at the end."""

    items: list[Message]
    next: str


class Receipt(BaseModel):
    """The message that now exists."""

    id: str
    status: str
    created: bool


@router.post("", status_code=201, response_model=Receipt, responses={200: {"model": Receipt}})
async def post_message(
    message: NewMessage,
    principal: CanWriteInbox,
    response: Response,
    idempotency_key: Annotated[str, Header(max_length=200)] = "",
) -> Receipt:
    """Put a message into the inbox: read, routed and shown like any other.

    201 for a new one, 200 when the same `Idempotency-Key` (or `external_id`) brought it before; 422 when that key
    came with another message.
    """
    made = await run_in_db(_offer, principal, message, idempotency_key)
    response.status_code = 201 if made.is_new else 200
    response.headers["Location"] = f"/api/v1/inbox/{made.id}"
    if not made.is_new:
        response.headers["Idempotent-Replayed"] = "true"
    return Receipt(id=str(made.id), status=made.status, created=made.is_new)


@router.get("", response_model=Messages)
async def list_messages(
    principal: CanReadInbox,
    folder: Annotated[str, Query(max_length=20)] = "all",
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Messages:
    """The inbox, newest first, in pages of 50; `q` as in the inbox's own search."""
    rows, following = await run_in_db(_page, principal, folder, q, cursor)
    return Messages(items=[Message(**_shown(row)) for row in rows], next=following)


@router.get("/examples")
async def list_examples(principal: CanReadInbox) -> list[dict[str, Any]]:
    """What people corrected, as labelled examples: {text, fact, machine, value}; a value "" is no such fact."""
    return await run_in_db(_examples, principal)


@router.get("/{message_id}", response_model=FullMessage)
async def get_message(principal: CanReadInbox, message_id: UUID) -> FullMessage:
    """One message."""
    found = await run_in_db(_one, principal, message_id)
    return FullMessage(**_shown(found.row), subject=found.subject, text=found.row.body, extraction=found.extraction)


def _offer(principal: Principal, message: NewMessage, key: str) -> Accepted:
    with transaction() as session:
        return entrance.offer(
            session,
            principal,
            Offered(
                sender=message.sender,
                name=message.name,
                subject=message.subject,
                text=message.text,
                channel=message.channel,
                external_id=message.external_id,
                received_at=message.received_at,
            ),
            key,
        )


def _page(principal: Principal, folder: str, text: str, cursor: str) -> tuple[list[InboxRow], str]:
    wanted = folder if folder in queries.FOLDERS else "all"
    with transaction() as session:
        page = queries.inbox_page(session, principal, folder=wanted, text=text, cursor=cursor)
        return list(page.rows), page.next_cursor


def _examples(principal: Principal) -> list[dict[str, Any]]:
    with transaction() as session:
        return corrections.examples(session, principal)


def _one(principal: Principal, message_id: UUID) -> queries.ItemDetail:
    with transaction() as session:
        return queries.item(session, principal, message_id)


def _shown(row: InboxRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "processing": row.processing_status,
        "sender": row.sender_id,
        "name": row.sender if row.sender != row.sender_id else "",
        "channel": row.channel,
        "summary": row.summary,
        "category": row.category,
        "urgency": row.urgency,
        "task_id": row.task_id or None,
        "received_at": row.received_at,
    }
