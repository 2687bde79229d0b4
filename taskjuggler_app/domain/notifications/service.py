"""Writing notifications: one row a fact and person."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications import delivery
from taskjuggler_app.models.notifications import Notification


def notify(
    session: Session,
    user_id: UUID,
    *,
    type: str,  # noqa: A002  # the schema's own word
    title: str,
    message: str,
    link: str,
    dedupe_key: str,
    team_id: UUID,
    data: dict[str, Any] | None = None,
) -> bool:
    """Tell `user_id` once for each `dedupe_key`; False when they have been told already."""
    values = {
        "user_id": user_id,
        "team_id": team_id,
        "type": type,
        "title": title[:255],
        "message": message,
        "link": link,
        "dedupe_key": f"{user_id}:{dedupe_key}"[:200],
        "data": data or {},
        "created_at": clock.utcnow(),
    }
    told = session.execute(
        insert(Notification)
        .values(values)
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(col(Notification.id))
    ).first()
    if told is not None:
        delivery.plan(session, user_id, told[0], type)
        live.publish(session, topics.notifications(user_id))
    return told is not None


def mark_read(session: Session, principal: Principal, notification_id: UUID) -> None:
    """Mark one of the person's notifications in the workspace read. NotFound if it is not theirs."""
    if not _mark(session, principal, col(Notification.id) == notification_id):
        raise NotFound


def mark_all_read(session: Session, principal: Principal) -> int:
    """Mark all of the person's notifications in the workspace read; says how many were not."""
    return _mark(session, principal, col(Notification.is_read).is_(False))


def mark_about(session: Session, principal: Principal, link: str) -> int:
    """Mark read what leads to the same thing as `link`; says how much was not."""
    return _mark(session, principal, and_(col(Notification.link) == link, col(Notification.is_read).is_(False)))


def _mark(session: Session, principal: Principal, which: Any) -> int:
    marked = session.execute(
        update(Notification)
        .where(col(Notification.user_id) == principal.user_id, col(Notification.team_id) == principal.team_id, which)
        .values(is_read=True, read_at=clock.utcnow())
        .returning(col(Notification.id))
    ).all()
    if principal.user_id is not None:
        live.publish(session, topics.notifications(principal.user_id))
    return len(marked)
