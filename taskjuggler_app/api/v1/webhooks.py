"""Webhooks that go out: subscriptions, their secrets, and deliveries. For admins."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from taskjuggler_app.api.v1.call import Call, Given, Listed, Text
from taskjuggler_app.api.v1.keys import changes, reads, writes
from taskjuggler_app.core.paging import Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.webhooks import deliveries, kinds, queries, subscriptions
from taskjuggler_app.domain.webhooks.queries import DeliveryRow, HookRow
from taskjuggler_app.domain.webhooks.subscriptions import HookDraft

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
Reads = Annotated[Call, Depends(reads("webhooks"))]
Writes = Annotated[Call, Depends(writes("webhooks"))]
Changing = Annotated[Call, Depends(changes("webhooks"))]
Kind = Annotated[str, Text, Field(max_length=80)]
_EXAMPLE: dict[str, Any] = {"url": "https://example.com/hooks/taskjuggler", "kinds": ["task.created", "payment.*"]}


class NewWebhook(Given):
    """Where events go, and which: `task.created`, `task.*` or `*`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})
    url: Annotated[str, Text] = Field(min_length=1, max_length=2000)
    kinds: list[Kind] = Field(default_factory=lambda: [kinds.ALL], min_length=1, max_length=kinds.MOST)
    description: Annotated[str, Text] = Field("", max_length=200)


class WebhookChanges(Given):
    """New values; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_active": False}]})
    url: Annotated[str, Text] = Field("", min_length=1, max_length=2000)
    kinds: list[Kind] = Field(default_factory=list, min_length=1, max_length=kinds.MOST)
    description: Annotated[str, Text] = Field("", max_length=200)
    is_active: bool = True


class Webhook(BaseModel):
    """An address that gets events. `former_until`: until when the secret before the last rotation signs too."""

    id: str
    url: str
    description: str
    kinds: list[str]
    is_active: bool
    off_reason: str
    failing_since: datetime | None
    former_until: datetime | None
    created_at: datetime
    version: int


class WithSecret(Webhook):
    """With its secret (`whsec_…`), which no later answer has."""

    secret: str


class Attempt(BaseModel):
    """How one attempt went; status 0 is no answer."""

    at: datetime
    status: int
    said: str
    ms: int


class Delivery(BaseModel):
    """An event on its way; `body` is what is sent, under the same `message_id` each time."""

    id: str
    message_id: str
    kind: str
    state: str
    attempts: int
    tries: list[Attempt]
    body: dict[str, Any]
    created_at: datetime
    delivered_at: datetime | None


@router.get("", response_model=Listed[Webhook])
async def list_webhooks(call: Reads) -> Response:
    """The workspace's webhooks."""
    return await call.listed(Webhook, _all)


@router.post("", status_code=201, response_model=WithSecret)
async def create_webhook(new: NewWebhook, call: Writes) -> Response:
    """Send events somewhere from now on. The answer has the secret: keep it, it is not shown again."""
    return await call.write(WithSecret, _create, new, status=201)


@router.get("/{webhook_id}", response_model=Webhook)
async def get_webhook(webhook_id: UUID, call: Reads) -> Response:
    """One webhook."""
    return await call.one(Webhook, _one, webhook_id)


@router.patch("/{webhook_id}", response_model=Webhook)
async def change_webhook(webhook_id: UUID, new: WebhookChanges, call: Changing) -> Response:
    """Change its address or events; switch it off or on. Switched on, it gets what happens from then on."""
    return await call.change(Webhook, _locked, _change, webhook_id, new)


@router.delete("/{webhook_id}", status_code=204, response_class=Response)
async def remove_webhook(webhook_id: UUID, call: Changing) -> Response:
    """Take it away with its deliveries."""
    return await call.change(None, _locked, subscriptions.remove, webhook_id)


@router.post("/{webhook_id}/rotate", response_model=WithSecret)
async def rotate_secret(webhook_id: UUID, call: Changing) -> Response:
    """A new secret; the old one signs beside it for 24 hours."""
    return await call.change(WithSecret, _locked, _rotate, webhook_id)


@router.post("/{webhook_id}/test", status_code=202, response_model=Delivery)
async def send_test(webhook_id: UUID, call: Writes) -> Response:
    """Send an event `webhook.test`."""
    return await call.write(Delivery, _test, webhook_id, status=202)


@router.get("/{webhook_id}/deliveries", response_model=Listed[Delivery])
async def list_deliveries(
    webhook_id: UUID,
    call: Reads,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[str, Query(max_length=200), Text] = "",
) -> Response:
    """What was sent in the last 30 days, the newest first."""
    return await call.listed(Delivery, _deliveries, webhook_id, cursor, limit)


@router.post("/deliveries/{delivery_id}/redeliver", status_code=202, response_model=Delivery)
async def redeliver(delivery_id: UUID, call: Writes) -> Response:
    """Send the same again, under the same message id."""
    return await call.write(Delivery, _redeliver, delivery_id, status=202)


def _all(session: Session, principal: Principal) -> list[Webhook]:
    return [_webhook(row) for row in queries.hooks(session, principal)]


def _one(session: Session, principal: Principal, hook_id: UUID) -> Webhook:
    return _webhook(queries.hook_row(subscriptions.mine(session, principal, hook_id)))


def _create(session: Session, principal: Principal, new: NewWebhook) -> WithSecret:
    row, secret = subscriptions.create(session, principal, HookDraft(new.url, new.kinds, new.description))
    return WithSecret(**vars(_webhook(queries.hook_row(row))), secret=secret)


def _locked(session: Session, principal: Principal, hook_id: UUID) -> Webhook:
    return _webhook(queries.hook_row(subscriptions.mine(session, principal, hook_id, lock=True)))


def _change(session: Session, principal: Principal, hook_id: UUID, new: WebhookChanges) -> Webhook:
    values = {name: getattr(new, name) for name in new.model_fields_set}
    return _webhook(queries.hook_row(subscriptions.change(session, principal, hook_id, values)))


def _rotate(session: Session, principal: Principal, hook_id: UUID) -> WithSecret:
    row, secret = subscriptions.rotate(session, principal, hook_id)
    return WithSecret(**vars(_webhook(queries.hook_row(row))), secret=secret)


def _test(session: Session, principal: Principal, hook_id: UUID) -> Delivery:
    return _delivery(queries.delivery_row(deliveries.send_test(session, principal, hook_id)))


def _deliveries(session: Session, principal: Principal, hook_id: UUID, cursor: str, size: int) -> Page[Delivery]:
    found = queries.deliveries(session, principal, hook_id, cursor, size)
    return Page([_delivery(row) for row in found.rows], found.next_cursor)


def _redeliver(session: Session, principal: Principal, delivery_id: UUID) -> Delivery:
    return _delivery(queries.delivery_row(deliveries.send_again(session, principal, delivery_id)))


def _webhook(row: HookRow) -> Webhook:
    times = {name: getattr(row, name) or None for name in ("failing_since", "former_until")}
    return Webhook.model_validate({**vars(row), **times})


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery.model_validate({**vars(row), "delivered_at": row.delivered_at or None})
