"""Events on their way to webhooks: collected from the log, sent by the worker, every attempt kept.

A workspace's events get their numbers in the order of their commits (they are chained under a lock), so a subscription
needs only the number of the last one it has seen: nothing is missed, nothing is collected twice, and what happens in
the workspace pays nothing for it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, crypto, live, queue, topics
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import naming
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.webhooks import kinds, queries, signing, subscriptions
from taskjuggler_app.models.cases import CaseEvent
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.webhooks import DeliveryState, WebhookDelivery, WebhookSubscription

DELIVER = "webhooks.deliver"
FAILING = timedelta(days=5)
"""An address that took nothing for so long is switched off."""
KEPT = timedelta(days=30)
TRIES_KEPT = 12
_AT_ONCE = 200
_ATTEMPT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the worker sends, and with which secrets it is signed."""

    url: str
    message_id: str
    body: bytes
    keys: tuple[str, ...]


def collect(session: Session) -> int:
    """Queue what happened since for one subscription that is behind; says how many events it went on. 0: all are there.

    Two schedulers never collect for the same one: it is locked, and others pass over it.
    """
    newer = select(CaseEvent.id).where(
        CaseEvent.team_id == WebhookSubscription.team_id, col(CaseEvent.id) > WebhookSubscription.last_event_id
    )
    query = select(WebhookSubscription).where(col(WebhookSubscription.is_active), newer.exists())
    row = session.exec(query.limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return 0
    after = select(CaseEvent).where(CaseEvent.team_id == row.team_id, col(CaseEvent.id) > row.last_event_id)
    events = session.exec(after.order_by(col(CaseEvent.id)).limit(_AT_ONCE)).all()
    wanted = [one for one in events if kinds.wants(row.kinds, one.kind)]
    names = naming.names(session, [(one.subject_type, one.subject_id) for one in wanted])
    for event in wanted:
        name = names.get((event.subject_type, event.subject_id), "")
        _put(session, row, event.kind, event.created_at, _told(event, name))
    row.last_event_id = events[-1].id or row.last_event_id
    session.add(row)
    return len(events)


def send_test(session: Session, principal: Principal, hook_id: UUID) -> WebhookDelivery:
    """Send an event that says nothing, also where none of its kind is wanted."""
    row = subscriptions.mine(session, principal, hook_id)
    data = {"message": "A test: this address gets events of TaskJuggler.", "who": principal.name}
    return _put(session, row, kinds.TEST, clock.utcnow(), data)


def send_again(session: Session, principal: Principal, delivery_id: UUID) -> WebhookDelivery:
    """Send the same again, under the same message id. One that waits is left alone."""
    delivery = queries.delivery(session, principal, delivery_id)
    if delivery.state is not DeliveryState.QUEUED:
        delivery.state, delivery.updated_at = DeliveryState.QUEUED, clock.utcnow()
        session.add(delivery)
        session.flush()
        _defer(session, delivery)
        live.publish(session, topics.webhooks(delivery.team_id))
    return delivery


def begin(session: Session, delivery_id: UUID) -> Outgoing | None:
    """What to send now; None when it was taken already, or its webhook is off (a test goes out all the same)."""
    found = _both(session, delivery_id)
    if found is None or found[0].state is not DeliveryState.QUEUED:
        return None
    row, hook = found
    if not hook.is_active and row.kind != kinds.TEST:
        _end(session, row, DeliveryState.FAILED)
        return None
    row.attempts += 1
    session.add(row)
    now = clock.utcnow()
    sealed = [hook.secret_sealed]
    if hook.former_secret_sealed and hook.former_until and hook.former_until > now:
        sealed.append(hook.former_secret_sealed)
    keys = tuple(crypto.unseal(subscriptions.PURPOSE, one) for one in sealed)
    return Outgoing(hook.url, row.message_id, row.body.encode(), keys)


def tried(session: Session, delivery_id: UUID, *, status: int, said: str, milliseconds: int, taken: bool) -> None:
    """Keep how an attempt went; `status` 0 is no answer. 410 (Gone) switches the webhook off, as does FAILING."""
    found = _both(session, delivery_id)
    if found is None:
        return
    row, hook = found
    now = clock.utcnow()
    attempt = {"at": now.isoformat(), "status": status, "said": said[:_ATTEMPT_LENGTH], "ms": milliseconds}
    row.tries = [*row.tries, attempt][-TRIES_KEPT:]
    if taken:
        row.delivered_at, hook.failing_since = now, None
        _end(session, row, DeliveryState.DELIVERED)
    else:
        hook.failing_since = hook.failing_since or now
        if status == 410 and hook.is_active:
            _give_up(session, hook, "It answered 410: it wants no more.")
        elif hook.is_active and now - hook.failing_since >= FAILING:
            _give_up(session, hook, f"It took nothing for {FAILING.days} days.")
    session.add(hook)
    session.add(row)
    live.publish(session, topics.webhooks(row.team_id))


def failed(session: Session, delivery_id: UUID) -> None:
    """It was tried as often as it is tried."""
    found = _both(session, delivery_id)
    if found is not None and found[0].state is DeliveryState.QUEUED:
        _end(session, found[0], DeliveryState.FAILED)


def sweep(session: Session, now: datetime) -> int:
    """Forget deliveries that are over and old."""
    old = (col(WebhookDelivery.created_at) < now - KEPT, col(WebhookDelivery.state) != DeliveryState.QUEUED)
    gone: Any = session.execute(delete(WebhookDelivery).where(*old))
    return int(gone.rowcount)


def _told(event: CaseEvent, name: str) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "subject": name,
        "door": event.door,
        "principal_type": event.principal_type,
        "principal_id": str(event.principal_id) if event.principal_id else None,
        "details": event.data,
    }


def _put(session: Session, hook: WebhookSubscription, kind: str, at: datetime, data: dict[str, Any]) -> WebhookDelivery:
    now, made = clock.utcnow(), uuid4()
    said = {"type": kind, "timestamp": at.isoformat(), "data": data}
    row = WebhookDelivery(
        id=made,
        subscription_id=hook.id,
        team_id=hook.team_id,
        message_id=f"msg_{made.hex}",
        kind=kind,
        body=json.dumps(said, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _defer(session, row)
    live.publish(session, topics.webhooks(hook.team_id))
    return row


def _defer(session: Session, row: WebhookDelivery) -> None:
    queue.defer(session, DELIVER, queue="outgoing", delivery_id=str(row.id))


def _both(session: Session, delivery_id: UUID) -> tuple[WebhookDelivery, WebhookSubscription] | None:
    row = session.exec(select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()).first()
    return (row, session.get_one(WebhookSubscription, row.subscription_id)) if row is not None else None


def _end(session: Session, row: WebhookDelivery, state: DeliveryState) -> None:
    row.state, row.updated_at = state, clock.utcnow()
    session.add(row)
    live.publish(session, topics.webhooks(row.team_id))


def _give_up(session: Session, hook: WebhookSubscription, reason: str) -> None:
    subscriptions.switch_off(session, hook, reason)
    admins = select(TeamMember.user_id).where(TeamMember.team_id == hook.team_id, col(TeamMember.is_admin))
    for user_id in session.exec(admins).all():
        notify(
            session,
            user_id,
            type="webhook_off",
            title="A webhook was switched off",
            message=f"{hook.description or hook.url}: {reason}",
            link="/settings/webhooks",
            dedupe_key=f"webhook_off:{hook.id}:{hook.version}",
            team_id=hook.team_id,
        )


def signed(outgoing: Outgoing, now: datetime) -> dict[str, str]:
    """The headers of an attempt."""
    stamp = int(now.timestamp())
    return {
        "content-type": "application/json",
        **signing.headers(outgoing.message_id, stamp, outgoing.body, outgoing.keys),
    }
