"""Reading webhooks and their deliveries. Admins only."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import NotFound, require
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.webhooks import policy, subscriptions
from taskjuggler_app.models.webhooks import WebhookDelivery, WebhookSubscription

PAGE_SIZE = 30


@dataclass
class HookRow:
    """A webhook; times are ISO 8601 in UTC, "" for never. `off_reason` says why the system switched it off."""

    id: str = ""
    url: str = ""
    description: str = ""
    kinds: list[str] = field(default_factory=list)
    is_active: bool = True
    off_reason: str = ""
    failing_since: str = ""
    former_until: str = ""
    created_at: str = ""
    version: int = 1


@dataclass
class DeliveryRow:
    """An event on its way; `tries` are {at, status, said, ms}, oldest first."""

    id: str = ""
    hook_id: str = ""
    message_id: str = ""
    kind: str = ""
    state: str = ""
    attempts: int = 0
    tries: list[dict[str, Any]] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    created_at: str = ""
    delivered_at: str = ""


def hooks(session: Session, principal: Principal) -> list[HookRow]:
    """The workspace's webhooks, the oldest first."""
    require(policy.can_manage(principal), "Webhooks are for admins of the workspace.")
    query = select(WebhookSubscription).where(WebhookSubscription.team_id == principal.team_id)
    return [hook_row(row) for row in session.exec(query.order_by(col(WebhookSubscription.created_at)))]


def deliveries(
    session: Session, principal: Principal, hook_id: UUID, cursor: str = "", size: int = PAGE_SIZE
) -> Page[DeliveryRow]:
    """A page of a webhook's deliveries, the newest first."""
    hook = subscriptions.mine(session, principal, hook_id)
    query = select(WebhookDelivery).where(WebhookDelivery.subscription_id == hook.id)
    if cursor:
        after = Cursor.parse(cursor)
        query = query.where(tuple_(col(WebhookDelivery.created_at), col(WebhookDelivery.id)) < (after.at, after.id))
    query = query.order_by(col(WebhookDelivery.created_at).desc(), col(WebhookDelivery.id).desc())
    found = session.exec(query.limit(size + 1)).all()
    last = found[size - 1] if len(found) > size else None
    return Page([delivery_row(row) for row in found[:size]], Cursor(last.created_at, last.id).dump() if last else "")


def delivery(session: Session, principal: Principal, delivery_id: UUID) -> WebhookDelivery:
    """One delivery of the workspace. Forbidden for who is no admin."""
    require(policy.can_manage(principal), "Webhooks are for admins of the workspace.")
    row = session.get(WebhookDelivery, delivery_id)
    if row is None or row.team_id != principal.team_id:
        raise NotFound("That delivery does not exist.")
    return row


def hook_row(row: WebhookSubscription) -> HookRow:
    """A webhook without its secrets."""
    return HookRow(
        id=str(row.id),
        url=row.url,
        description=row.description,
        kinds=[str(one) for one in row.kinds],
        is_active=row.is_active,
        off_reason=row.off_reason or "",
        failing_since=row.failing_since.isoformat() if row.failing_since else "",
        former_until=row.former_until.isoformat() if row.former_until else "",
        created_at=row.created_at.isoformat(),
        version=row.version,
    )


def delivery_row(row: WebhookDelivery) -> DeliveryRow:
    """A delivery with what was sent."""
    return DeliveryRow(
        id=str(row.id),
        hook_id=str(row.subscription_id),
        message_id=row.message_id,
        kind=row.kind,
        state=row.state.value,
        attempts=row.attempts,
        tries=[dict(one) for one in row.tries],
        body=json.loads(row.body),
        created_at=row.created_at.isoformat(),
        delivered_at=row.delivered_at.isoformat() if row.delivered_at else "",
    )
