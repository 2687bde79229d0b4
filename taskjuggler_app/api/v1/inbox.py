"""Messages: put one in, read what came in."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from sqlmodel import Session
from starlette.responses import JSONResponse

from taskjuggler_app.api.v1.call import Call, Done, Given, Listed, Text, ids
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.errors import Conflict, Invalid
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import corrections, entrance, queries, service, triage
from taskjuggler_app.domain.receptionist.entrance import Accepted, Offered
from taskjuggler_app.domain.receptionist.queries import InboxRow

router = APIRouter(prefix="/inbox", tags=["inbox"])
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), Text]
Reads = Annotated[Call, Depends(reads("inbox"))]
Writes = Annotated[Call, Depends(writes("inbox"))]
Changes = Annotated[Call, Depends(changes("inbox"))]
Folder = Literal["all", "unprocessed", "processed", "created_task", "dismissed", "failed", "snoozed", "spam"]
SO_ALREADY = ("read", "unread")
"""What can be said twice: it changes nothing the second time, and is no refusal."""
Verb = Literal["dismiss", "restore", "spam", "not_spam", "unsnooze", "read", "unread"]


class NewMessage(Given):
    """A message from outside."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"from": "ada@example.com", "name": "Ada", "text": "The kitchen faucet is leaking"}]
        }
    )

    sender: Line = Field(alias="from", min_length=1, description="Mail address or phone number of whoever wrote")
    name: Line = Field("", description="Their name")
    subject: Annotated[str, Text] = Field("", max_length=500)
    text: Annotated[str, Text] = Field(min_length=1, max_length=200_000, description="What they said")
    channel: Annotated[str, Text] = Field(
        "", max_length=60, description="Id of an API channel; the workspace's first one when empty"
    )
    external_id: Annotated[str, Text] = Field(
        "", max_length=200, description="Your own id: a second message with it is the same one"
    )
    received_at: AwareDatetime | None = Field(None, description="When it came; now when empty")


class Message(BaseModel):
    """A message of the inbox."""

    model_config = ConfigDict(populate_by_name=True)
    id: str
    status: str
    processing: str
    sender: str = Field(alias="from")
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


class Receipt(BaseModel):
    """The message that now exists."""

    id: str
    status: str
    created: bool


class Move(Given):
    """What to do with a message."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"verb": "dismiss"}]})
    verb: Verb


class Many(Given):
    """One thing to do with messages: a verb, somebody to look after them, or a time until which they are put off."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"message_ids": ["5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1"], "deed": "read"}]}
    )
    message_ids: list[UUID] = Field(min_length=1, max_length=triage.MOST_AT_ONCE)
    deed: Literal[Verb, "assign", "snooze"]
    assigned_to: UUID | None = Field(None, description="For assign: a member, or nobody when empty")
    until: AwareDatetime | None = Field(None, description="For snooze")


class Skipped(BaseModel):
    """A message to which nothing was done, and why."""

    id: str
    reason: str


class Changed(Done):
    """How many messages were changed, and those that were so already."""

    skipped: list[Skipped] = Field(default_factory=list)


@router.post("", status_code=201, response_model=Receipt, responses={200: {"model": Receipt}})
async def post_message(message: NewMessage, call: Writes) -> Response:
    """Put a message into the inbox: read, routed and shown like any other.

    201 for a new one, 200 when the same `Idempotency-Key` (or `external_id`) brought it before; 422 when that key
    came with another message.
    """
    made = await run_in_db(_offer, await call.caller(), message, call.once)
    headers = {**call.request.state.meter, "Location": f"/api/v1/inbox/{made.id}"}
    if not made.is_new:
        headers["Idempotent-Replayed"] = "true"
    receipt = Receipt(id=str(made.id), status=made.status, created=made.is_new)
    return JSONResponse(receipt.model_dump(), 201 if made.is_new else 200, headers)


@router.get("", response_model=Listed[Message])
async def list_messages(
    call: Reads,
    folder: Annotated[Folder, Query()] = "all",
    q: Annotated[str, Text, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The inbox, newest first, in pages of 50; `q` as in the inbox's own search."""
    return await call.listed(Message, page, folder, q, cursor)


@router.get("/examples", response_model=Listed[dict[str, Any]])
async def list_examples(call: Reads) -> Response:
    """What people corrected, as labelled examples: {text, fact, machine, value}; a value "" is no such fact."""
    return await call.listed(dict[str, Any], corrections.examples)


@router.post("/bulk", response_model=Changed)
async def change_messages(many: Many, call: Writes) -> Response:
    """Do one thing with up to 200 messages: one refusal refuses the lot; `skipped` are those that were so already."""
    return await call.write(Changed, _many, many)


@router.get("/{message_id}", response_model=FullMessage)
async def get_message(call: Reads, message_id: UUID) -> Response:
    """One message."""
    return await call.one(FullMessage, one, message_id)


@router.post("/{message_id}/transition", response_model=FullMessage)
async def move_message(call: Changes, message_id: UUID, move: Move) -> Response:
    """Dismiss a message, bring it back, put it with the spam, mark it read. 409 when its state does not allow it."""
    return await call.change(FullMessage, one, _move, message_id, move.verb)


@router.post("/{message_id}/task", response_model=FullMessage)
async def make_task(call: Changes, message_id: UUID) -> Response:
    """Make a task of a message by hand. 409 when it has one."""
    return await call.change(FullMessage, one, _make_task, message_id)


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


def page(session: Session, principal: Principal, folder: str, text: str, cursor: str) -> Page[Message]:
    page = queries.inbox_page(session, principal, folder=folder, text=text, cursor=cursor)
    return Page([Message(**_shown(row)) for row in page.rows], page.next_cursor)


def one(session: Session, principal: Principal, message_id: UUID) -> FullMessage:
    found = queries.item(session, principal, message_id)
    return FullMessage(**_shown(found.row), subject=found.subject, text=found.row.body, extraction=found.extraction)


def _move(session: Session, principal: Principal, message_id: UUID, verb: str) -> FullMessage:
    queries.get_for_update(session, principal, message_id)
    refused = triage.many(session, principal, verb, [message_id]).skipped
    if refused and verb not in SO_ALREADY:
        raise Conflict(refused[message_id])
    session.flush()
    return one(session, principal, message_id)


def _many(session: Session, principal: Principal, many: Many) -> Changed:
    wanted = ids(many.message_ids)
    for message_id in sorted(wanted):
        queries.get_for_update(session, principal, message_id)
    if many.deed == "assign":
        return Changed(changed=len(triage.assign_many(session, principal, wanted, many.assigned_to)))
    if many.deed == "snooze":
        if many.until is None:
            raise Invalid("Say until when.", "until")
        outcome = triage.snooze_many(session, principal, wanted, many.until)
    else:
        outcome = triage.many(session, principal, many.deed, wanted)
    if outcome.skipped and many.deed not in SO_ALREADY:
        why = " ".join(dict.fromkeys(outcome.skipped.values()))
        raise Conflict(f"{len(outcome.skipped)} of {len(wanted)} messages are not in a state for that: {why}")
    skipped = [Skipped(id=str(one), reason=why) for one, why in outcome.skipped.items()]
    return Changed(changed=len(outcome.done), skipped=skipped)


def _make_task(session: Session, principal: Principal, message_id: UUID) -> FullMessage:
    service.make_task(session, principal, message_id)
    session.flush()
    return one(session, principal, message_id)


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
