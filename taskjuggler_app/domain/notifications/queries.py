"""Reading a person's own notifications."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.notifications import Notification


@dataclass
class NotificationRow:
    """One notification; `at` is ISO 8601 in UTC."""

    id: str = ""
    title: str = ""
    message: str = ""
    link: str = ""
    at: str = ""
    is_read: bool = False


def recent(session: Session, principal: Principal, limit: int = 20) -> list[NotificationRow]:
    """The newest notifications of the workspace for this person, newest first."""
    rows = session.exec(
        select(Notification)
        .where(Notification.user_id == principal.user_id, Notification.team_id == principal.team_id)
        .order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
        .limit(limit)
    )
    return [
        NotificationRow(str(row.id), row.title, row.message, row.link or "", row.created_at.isoformat(), row.is_read)
        for row in rows
    ]


def unread_count(session: Session, principal: Principal) -> int:
    """How many of them the person has not read."""
    return session.exec(
        select(func.count())
        .select_from(Notification)
        .where(
            Notification.user_id == principal.user_id,
            Notification.team_id == principal.team_id,
            col(Notification.is_read).is_(False),
        )
    ).one()
