"""What colleagues were told with the person's name in it: from now on it names a former member, as their work does."""

import re
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, or_, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.domain.farewell import workspaces
from taskjuggler_app.domain.farewell.leaving import FORMER
from taskjuggler_app.models.notifications import Notification
from taskjuggler_app.models.users import User

FORMER_VENDOR = "Former vendor"
_NAMING = ("team", "task_invitation", "network")
"""Types whose texts name colleagues in a sentence of ours. The words of people themselves are not touched."""
_BY_WHAT_THEY_DID = (
    """
    UPDATE notifications SET title = :former || ' wrote to you'
     WHERE type = 'direct_message' AND link = '/messages/' || CAST(:me AS text) RETURNING user_id
    """,
    """
    UPDATE notifications n
       SET title = :former || CASE WHEN n.type = 'task_mention' THEN ' mentioned you' ELSE ' commented' END
      FROM task_messages m
     WHERE m.user_id = :me AND n.team_id = m.team_id AND n.type IN ('task_mention', 'task_comment')
       AND n.dedupe_key = CAST(n.user_id AS text) || ':task_comment:' || CAST(m.id AS text) RETURNING n.user_id
    """,
    """
    UPDATE notifications n SET title = :vendor || substr(n.title, length(v.name) + 1)
      FROM marketplace_vendors v JOIN marketplace_bids b ON b.vendor_id = v.id
     WHERE v.user_id = :me AND n.link = '/marketplace/listings/' || CAST(b.listing_id AS text)
       AND starts_with(n.title, v.name || ' ') RETURNING n.user_id
    """,
)
"""These find their texts by what the person did, whatever they were called then."""


def forget_name(session: Session, user: User) -> None:
    """Take the person's name out of others' notifications, while they still have it; twice is harmless."""
    values = {"me": user.id, "former": FORMER, "vendor": FORMER_VENDOR}
    told: set[UUID] = set()
    for statement in _BY_WHAT_THEY_DID:
        told |= set(session.execute(text(statement), values).scalars())
    told |= _in_sentences(session, user)
    for user_id in sorted(told):
        live.publish(session, topics.notifications(user_id))


def _in_sentences(session: Session, user: User) -> set[UUID]:
    """The name as whole words, in the workspaces that they shared."""
    teams = [place.id for place in workspaces.of(session, user.id) if place.others]
    holds = or_(col(Notification.title).contains(user.name), col(Notification.message).contains(user.name))
    query = select(Notification).where(col(Notification.team_id).in_(teams), col(Notification.type).in_(_NAMING), holds)
    name = re.compile(rf"(?<!\w){re.escape(user.name)}(?!\w)")
    found = session.exec(query).all()
    for one in found:
        one.title, one.message = name.sub(FORMER, one.title)[:255], name.sub(FORMER, one.message)
        session.add(one)
    session.flush()
    return {one.user_id for one in found}
