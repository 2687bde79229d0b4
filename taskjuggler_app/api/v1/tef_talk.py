"""Rules that hand tasks on by themselves, and what is said between the workspace and its actors."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Done, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import conversations, queries, rules
from taskjuggler_app.domain.tef.rows import RuleRow
from taskjuggler_app.models.tef import Conversation, ConversationStatus, Message

router = APIRouter(prefix="/tef", tags=["tef"])
Reads = Annotated[Call, Depends(reads("tef"))]
Writes = Annotated[Call, Depends(writes("tef"))]
Changes = Annotated[Call, Depends(changes("tef"))]


class NewRule(Given):
    """Tasks that meet the conditions go to the actor, if it has the capabilities."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "actor_id": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1",
                    "conditions": [{"field": "title", "operator": "contains", "value": "paint"}],
                    "scopes": ["painting"],
                }
            ]
        }
    )
    actor_id: UUID
    conditions: list[dict[str, Any]] | dict[str, Any]
    scopes: list[Annotated[str, Text, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    priority: int = Field(100, ge=0, le=10_000)


class Switch(Given):
    """Whether tasks are held against the rule."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_active": False}]})
    is_active: bool


class Words(Given):
    """Something to say to an actor."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Please keep the summaries to five lines."}]})
    text: Annotated[str, Text] = Field(min_length=1, max_length=20_000)


class NewState(Given):
    """What becomes of a conversation; a new message opens it again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "archived"}]})
    status: Literal["active", "archived", "closed"]


class Talk(BaseModel):
    """A conversation between two actors."""

    id: str
    actor_a_id: str
    actor_b_id: str
    status: str
    unread: int
    updated_at: datetime


class Said(BaseModel):
    """One message of a conversation; a task's card has the task's id."""

    id: str
    sender_actor_id: str
    kind: str
    text: str
    task_id: str | None
    read_at: datetime | None
    at: datetime


@router.get("/rules", response_model=Listed[RuleRow])
async def list_delegation_rules(call: Reads) -> Response:
    """The delegation rules in the order in which they are asked."""
    return await call.listed(RuleRow, queries.rule_rows)


@router.post("/rules", status_code=201, response_model=RuleRow)
async def create_delegation_rule(new: NewRule, call: Writes) -> Response:
    """Hand on by itself what meets the conditions. For admins."""
    return await call.write(RuleRow, _create, new, status=201)


@router.get("/rules/{rule_id}", response_model=RuleRow)
async def get_delegation_rule(rule_id: UUID, call: Reads) -> Response:
    """One delegation rule."""
    return await call.one(RuleRow, _one, rule_id)


@router.post("/rules/{rule_id}/active", response_model=RuleRow)
async def switch_delegation_rule(rule_id: UUID, switch: Switch, call: Changes) -> Response:
    """Switch a rule on or off."""
    return await call.change(RuleRow, _one, _switch, rule_id, switch.is_active)


@router.delete("/rules/{rule_id}", status_code=204, response_class=Response)
async def delete_delegation_rule(rule_id: UUID, call: Changes) -> Response:
    """Forget a rule."""
    return await call.change(None, _one, rules.remove, rule_id)


@router.get("/conversations", response_model=Listed[Talk])
async def list_actor_conversations(call: Reads) -> Response:
    """The conversations of the person's actor and of the workspace's, the latest first."""
    return await call.listed(Talk, _talks)


@router.get("/conversations/{conversation_id}", response_model=Talk)
async def get_actor_conversation(conversation_id: UUID, call: Reads) -> Response:
    """One conversation."""
    return await call.one(Talk, _one_talk, conversation_id)


@router.get("/conversations/{conversation_id}/messages", response_model=Listed[Said])
async def list_actor_messages(
    conversation_id: UUID, call: Reads, cursor: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """What was said, newest first."""
    return await call.listed(Said, _messages, conversation_id, cursor)


@router.post("/conversations/{conversation_id}/read", response_model=Done)
async def read_conversation(conversation_id: UUID, call: Writes) -> Response:
    """Mark what the other said read."""
    return await call.write(Done, _read, conversation_id)


@router.post("/conversations/{conversation_id}/status", response_model=Talk)
async def change_conversation(conversation_id: UUID, new: NewState, call: Changes) -> Response:
    """Archive a conversation, close it, or open it again."""
    return await call.change(Talk, _one_talk, _set_status, conversation_id, new.status)


@router.post("/actors/{actor_id}/messages", status_code=201, response_model=Said)
async def say(actor_id: UUID, words: Words, call: Writes) -> Response:
    """Write to an actor that the workspace has a relationship with."""
    return await call.write(Said, _say, actor_id, words.text, status=201)


def _one(session: Session, principal: Principal, rule_id: UUID) -> RuleRow:
    found = next((row for row in queries.rule_rows(session, principal) if row.id == str(rule_id)), None)
    if found is None:
        raise NotFound
    return found


def _create(session: Session, principal: Principal, new: NewRule) -> RuleRow:
    made = rules.add(session, principal, new.actor_id, new.conditions, scopes=list(new.scopes), priority=new.priority)
    return _one(session, principal, made.id)


def _switch(session: Session, principal: Principal, rule_id: UUID, active: bool) -> RuleRow:
    rules.set_active(session, principal, rule_id, active)
    session.flush()
    return _one(session, principal, rule_id)


def _talks(session: Session, principal: Principal) -> list[Talk]:
    new = conversations.unread(session, principal)
    return [_talk(row, new.get(row.id, 0)) for row in conversations.listed(session, principal)]


def _read(session: Session, principal: Principal, conversation_id: UUID) -> Done:
    return Done(changed=conversations.mark_read(session, principal, conversation_id))


def _messages(session: Session, principal: Principal, conversation_id: UUID, cursor: str) -> Page[Said]:
    found = conversations.messages(session, principal, conversation_id, cursor)
    return Page([_said(row) for row in found.rows], found.next_cursor)


def _set_status(session: Session, principal: Principal, conversation_id: UUID, status: str) -> Talk:
    conversations.set_status(session, principal, conversation_id, ConversationStatus(status))
    session.flush()
    return _one_talk(session, principal, conversation_id)


def _one_talk(session: Session, principal: Principal, conversation_id: UUID) -> Talk:
    new = conversations.unread(session, principal).get(conversation_id, 0)
    return _talk(conversations.get(session, principal, conversation_id), new)


def _say(session: Session, principal: Principal, actor_id: UUID, text: str) -> Said:
    made = conversations.say(session, principal, actor_id, text)
    session.flush()
    return _said(made)


def _talk(row: Conversation, unread: int) -> Talk:
    return Talk(
        id=str(row.id),
        actor_a_id=str(row.actor_a_id),
        actor_b_id=str(row.actor_b_id),
        status=row.status.value,
        unread=unread,
        updated_at=row.updated_at,
    )


def _said(row: Message) -> Said:
    read_at = row.meta.get("read_at")
    return Said(
        id=str(row.id),
        sender_actor_id=str(row.sender_actor_id),
        kind=row.message_type.value,
        text=row.content,
        task_id=row.meta.get("task_id"),
        read_at=datetime.fromisoformat(read_at) if read_at else None,
        at=row.created_at,
    )
