"""Webhooks of a workspace: made, changed, switched off and on, their secrets rotated. Admins only."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, crypto, live, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Invalid, LimitReached, NotFound, require
from taskjuggler_app.core.netaddr import Reach, check_url
from taskjuggler_app.core.parsing import one_line
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.webhooks import kinds, policy, signing
from taskjuggler_app.models.cases import CaseEvent
from taskjuggler_app.models.webhooks import WebhookSubscription

PURPOSE = "webhook-secret"
MOST = 20
BOTH_GOOD = timedelta(hours=24)
"""How long the secret before a rotation signs beside the new one."""
_ADMINS = "Only an admin of the workspace sets up webhooks."
_LONGEST_URL = 2000


@dataclass(frozen=True)
class HookDraft:
    """A webhook as typed."""

    url: str
    kinds: list[str] = field(default_factory=lambda: [kinds.ALL])
    description: str = ""


def create(session: Session, principal: Principal, draft: HookDraft) -> tuple[WebhookSubscription, str]:
    """Make one; it gets what happens from now on. Its secret is shown this once. Invalid names the field."""
    require(policy.can_manage(principal), _ADMINS)
    count = select(func.count()).where(WebhookSubscription.team_id == principal.team_id)
    if session.exec(count).one() >= MOST:
        raise LimitReached(f"There are {MOST} webhooks already. Remove one that nobody uses.")
    secret, now = signing.new_secret(), clock.utcnow()
    row = WebhookSubscription(
        team_id=principal.team_id,
        created_by=principal.user_id,
        url=_checked_url(draft.url),
        description=one_line(draft.description, 200),
        kinds=kinds.checked(draft.kinds),
        secret_sealed=crypto.seal(PURPOSE, secret),
        last_event_id=_newest(session, principal.team_id),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    _changed(session, principal, row, "webhook.created")
    return row, secret


def change(session: Session, principal: Principal, hook_id: UUID, values: dict[str, Any]) -> WebhookSubscription:
    """New values of url, description, kinds, is_active; switched on again, it gets what happens from then on."""
    row = mine(session, principal, hook_id, lock=True)
    if "url" in values:
        row.url = _checked_url(values["url"])
    if "description" in values:
        row.description = one_line(values["description"], 200)
    if "kinds" in values:
        row.kinds = kinds.checked(values["kinds"])
    if "is_active" in values and values["is_active"] != row.is_active:
        row.is_active, row.off_reason, row.failing_since = bool(values["is_active"]), None, None
        row.last_event_id = _newest(session, row.team_id)
    row.version += 1
    row.updated_at = clock.utcnow()
    session.add(row)
    _changed(session, principal, row, "webhook.changed")
    return row


def rotate(session: Session, principal: Principal, hook_id: UUID) -> tuple[WebhookSubscription, str]:
    """A new secret, shown this once; the old one signs beside it for 24 hours."""
    row = mine(session, principal, hook_id, lock=True)
    secret, now = signing.new_secret(), clock.utcnow()
    row.former_secret_sealed, row.former_until = row.secret_sealed, now + BOTH_GOOD
    row.secret_sealed = crypto.seal(PURPOSE, secret)
    row.version += 1
    row.updated_at = now
    session.add(row)
    _changed(session, principal, row, "webhook.secret_rotated")
    return row, secret


def remove(session: Session, principal: Principal, hook_id: UUID) -> None:
    """Take it away, and its deliveries with it."""
    row = mine(session, principal, hook_id, lock=True)
    session.delete(row)
    _changed(session, principal, row, "webhook.removed")


def mine(session: Session, principal: Principal, hook_id: UUID, *, lock: bool = False) -> WebhookSubscription:
    """A webhook of the workspace. Forbidden for who is no admin, NotFound for another workspace's."""
    require(policy.can_manage(principal), _ADMINS)
    query = select(WebhookSubscription).where(
        col(WebhookSubscription.id) == hook_id, WebhookSubscription.team_id == principal.team_id
    )
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("That webhook does not exist.")
    return row


def switch_off(session: Session, row: WebhookSubscription, reason: str) -> None:
    """The system ends it; an admin may switch it on again."""
    row.is_active, row.off_reason, row.updated_at = False, reason, clock.utcnow()
    row.version += 1
    session.add(row)
    _changed(session, Principal.system(row.team_id), row, "webhook.switched_off")


def _changed(session: Session, principal: Principal, row: WebhookSubscription, kind: str) -> None:
    session.flush()
    data = {"name": row.description or row.url, "kinds": row.kinds, "reason": row.off_reason}
    record_event(session, principal, kind=kind, subject_type="webhook", subject_id=row.id, data=data)
    live.publish(session, topics.webhooks(row.team_id))


def _checked_url(url: str) -> str:
    """The address. Invalid for what leads inside, or in the open: it is https, but for a receiver of this machine."""
    url = url.strip()
    if len(url) > _LONGEST_URL:
        raise Invalid("That address is too long.", "url")
    local = settings().allow_local_targets
    if not local and not url.lower().startswith("https://"):
        raise Invalid("A webhook's address begins with https://.", "url")
    try:
        check_url(url, Reach(local=local))
    except Invalid as error:
        raise Invalid(error.message, "url") from None
    return url


def _newest(session: Session, team_id: UUID) -> int:
    return session.exec(select(func.max(CaseEvent.id)).where(CaseEvent.team_id == team_id)).one() or 0
