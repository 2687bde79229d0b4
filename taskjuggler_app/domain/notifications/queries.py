"""Reading a person's own notifications."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.notifications import Notification

PAGE_SIZE = 50


@dataclass
class NotificationRow:
    """One notification; `at` is ISO 8601 in UTC."""

    id: str = ""
    title: str = ""
    message: str = ""
    link: str = ""
    at: str = ""
    is_read: bool = False
    type: str = ""


@dataclass
class NoticeGroup:
    """What there is to know about one thing: its newest notification, and how many there are in all."""

    id: str = ""
    title: str = ""
    message: str = ""
    link: str = ""
    at: str = ""
    unread: bool = False
    count: int = 1
    type: str = ""


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


def page(session: Session, principal: Principal, *, unread_only: bool = False, cursor: str = "") -> Page[NoticeGroup]:
    """A page of the person's notifications, newest first; those of a page about the same thing are one group."""
    query = select(Notification).where(
        Notification.user_id == principal.user_id, Notification.team_id == principal.team_id
    )
    if unread_only:
        query = query.where(col(Notification.is_read).is_(False))
    if cursor:
        after = Cursor.parse(cursor)
        query = query.where(tuple_(col(Notification.created_at), col(Notification.id)) < (after.at, after.id))
    order = (col(Notification.created_at).desc(), col(Notification.id).desc())
    found = session.exec(query.order_by(*order).limit(PAGE_SIZE + 1)).all()
    shown = found[:PAGE_SIZE]
    more = Cursor(shown[-1].created_at, shown[-1].id).dump() if len(found) > PAGE_SIZE else ""
    return Page(grouped(shown), more)


def grouped(rows: Iterable[Notification]) -> list[NoticeGroup]:
    """One group for each thing, in the order of the newest; what leads nowhere stands alone."""
    groups: dict[str, NoticeGroup] = {}
    for row in rows:
        key = row.link or str(row.id)
        group = groups.get(key)
        if group is None:
            groups[key] = NoticeGroup(
                str(row.id),
                row.title,
                row.message,
                row.link or "",
                row.created_at.isoformat(),
                not row.is_read,
                1,
                row.type,
            )
        else:
            group.count += 1
            group.unread = group.unread or not row.is_read
    return list(groups.values())


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
