"""Routing rules: the list in its order, trying one on recent messages, and their places."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.routing import queries, recent, service
from taskjuggler_app.domain.routing.queries import RuleRow
from taskjuggler_app.domain.routing.recent import Preview

router = APIRouter(prefix="/rules", tags=["rules"])
Reads = Annotated[Call, Depends(reads("rules"))]
Writes = Annotated[Call, Depends(writes("rules"))]
Changes = Annotated[Call, Depends(changes("rules"))]
_CONDITIONS: Any = {"match_type": "all", "rules": [{"field": "category", "operator": "equals", "value": "plumbing"}]}


class Draft(Given):
    """A rule: when (`conditions`: match_type all or any, and rules {field, operator, value}), and then (`actions`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Plumbing", "conditions": _CONDITIONS, "actions": {"assign_to": "owner"}}]
        }
    )
    name: Annotated[str, Text] = Field(min_length=1, max_length=100)
    description: Annotated[str, Text] = Field("", max_length=1000)
    conditions: dict[str, Any]
    actions: dict[str, Any] = Field(default_factory=dict)


class Trial(Given):
    """Conditions to hold against the recent messages."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"conditions": _CONDITIONS}]})
    conditions: dict[str, Any]
    rule_id: UUID | None = Field(None, description="The rule that these would replace")


class Place(Given):
    """The rule before which this one is tried."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"before": "5b0cbb0c-5f5c-4f4c-9d63-9a3c35c4b0c1"}]})
    before: UUID


class Switch(Given):
    """Whether messages are held against the rule."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_active": False}]})
    is_active: bool


@router.get("", response_model=Listed[RuleRow])
async def list_rules(call: Reads) -> Response:
    """All rules, in the order in which they are tried."""
    return await call.listed(RuleRow, queries.rules)


@router.post("", status_code=201, response_model=RuleRow)
async def create_rule(draft: Draft, call: Writes) -> Response:
    """Add a rule after the others."""
    return await call.write(RuleRow, _create, draft, status=201)


@router.post("/test", response_model=Preview)
async def test_rule(trial: Trial, call: Reads) -> Response:
    """What these conditions would have done with the recent messages; nothing is changed."""
    return await call.write(Preview, _preview, trial)


@router.get("/{rule_id}", response_model=RuleRow)
async def get_rule(rule_id: UUID, call: Reads) -> Response:
    """One rule."""
    return await call.one(RuleRow, _one, rule_id)


@router.put("/{rule_id}", response_model=RuleRow)
async def change_rule(rule_id: UUID, draft: Draft, call: Changes) -> Response:
    """Replace what a rule says."""
    return await call.change(RuleRow, _one, _change, rule_id, draft)


@router.delete("/{rule_id}", status_code=204, response_class=Response)
async def delete_rule(rule_id: UUID, call: Changes) -> Response:
    """Remove a rule; messages it routed keep their trace."""
    return await call.change(None, _one, service.delete, rule_id)


@router.post("/{rule_id}/place", response_model=RuleRow)
async def place_rule(rule_id: UUID, place: Place, call: Changes) -> Response:
    """Try a rule before another one."""
    return await call.change(RuleRow, _one, _place, rule_id, place.before)


@router.post("/{rule_id}/active", response_model=RuleRow)
async def switch_rule(rule_id: UUID, switch: Switch, call: Changes) -> Response:
    """Switch a rule on or off."""
    return await call.change(RuleRow, _one, _switch, rule_id, switch.is_active)


def _one(session: Session, principal: Principal, rule_id: UUID) -> RuleRow:
    found = next((row for row in queries.rules(session, principal) if row.id == str(rule_id)), None)
    if found is None:
        raise NotFound
    return found


def _create(session: Session, principal: Principal, draft: Draft) -> RuleRow:
    return _one(session, principal, service.create(session, principal, draft.model_dump()).id)


def _change(session: Session, principal: Principal, rule_id: UUID, draft: Draft) -> RuleRow:
    service.change(session, principal, rule_id, draft.model_dump())
    session.flush()
    return _one(session, principal, rule_id)


def _preview(session: Session, principal: Principal, trial: Trial) -> Preview:
    return recent.preview(session, principal, trial.conditions, trial.rule_id)


def _place(session: Session, principal: Principal, rule_id: UUID, other: UUID) -> RuleRow:
    service.put_before(session, principal, rule_id, other)
    session.flush()
    return _one(session, principal, rule_id)


def _switch(session: Session, principal: Principal, rule_id: UUID, active: bool) -> RuleRow:
    service.set_active(session, principal, rule_id, active)
    session.flush()
    return _one(session, principal, rule_id)
