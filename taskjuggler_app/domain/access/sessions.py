"""Browser sessions: a row each, under the hash of a token that only the browser has.

`payload` is JSON: {"created": epoch, "absolute_expiry": epoch, "factors": ["password"]}.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, and_, cast, delete, func, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col, select, true

from taskjuggler_app.core import crypto, live, topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.access.devices import device_name
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User, UserSession

IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=60)
TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_AGENT = 500


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just made. `token` goes into the browser's cookie and nowhere else."""

    token: str
    id: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser as its owner sees it; `id` is what `revoke` takes."""

    id: str
    name: str
    ip: str
    created: datetime
    last_seen: datetime
    current: bool


def create(
    session: Session,
    user_id: UUID,
    *,
    ip: str,
    user_agent: str,
    now: datetime,
    factors: Sequence[str] = ("password",),
) -> NewSession:
    """Start a session for a person who has proved who they are."""
    token = crypto.token()
    session_id = crypto.digest(token)
    expires = now + ABSOLUTE
    content = {"created": _epoch(now), "absolute_expiry": _epoch(expires), "factors": list(factors)}
    session.add(
        UserSession(
            id=session_id,
            user_id=user_id,
            ip_address=ip[:45] or None,
            user_agent=user_agent[:_LONGEST_AGENT].replace("\0", "") or None,
            payload=json.dumps(content),
            last_activity=_epoch(now),
        )
    )
    session.flush()
    live.publish(session, topics.user(user_id))
    return NewSession(token, session_id, expires)


def resolve(session: Session, session_id: str, now: datetime) -> Principal | None:
    """Who the session belongs to and what they are in their current workspace; None when it is over.

    One query. A person whose current workspace is unset or has let them go gets the one they joined first; with
    none at all there is nobody to act as. `session_id` is the token's hash.
    """
    membership = (
        select(TeamMember.team_id, TeamMember.is_admin)
        .where(TeamMember.user_id == User.id)
        .order_by(
            func.coalesce(col(TeamMember.team_id) == col(User.current_team_id), False).desc(),
            col(TeamMember.joined_at),
            col(TeamMember.id),
        )
        .limit(1)
        .lateral()
    )
    row = session.execute(
        select(  # type: ignore[call-overload]  # sqlmodel types select() for up to four columns
            User.id,
            User.email,
            User.name,
            User.timezone,
            membership.c.team_id,
            membership.c.is_admin,
            UserSession.last_activity,
        )
        .join(UserSession, col(UserSession.user_id) == col(User.id))
        .join(membership, true())
        .where(UserSession.id == session_id, _is_alive(now))
    ).one_or_none()
    if row is None:
        return None
    if row.last_activity <= _epoch(now - TOUCH_EVERY):
        _touch(session, session_id, now)
    return Principal(
        user_id=row.id,
        team_id=row.team_id,
        role=Role.ADMIN if row.is_admin else Role.MEMBER,
        door=Door.WEB,
        session_id=session_id,
        email=row.email,
        name=row.name,
        timezone=row.timezone or "UTC",
    )


def list_devices(session: Session, principal: Principal, now: datetime) -> list[Device]:
    """The browsers this person is signed in with: this one first, then by last use."""
    rows = session.exec(
        select(UserSession)
        .where(UserSession.user_id == principal.user_id, _is_alive(now))
        .order_by((col(UserSession.id) == principal.session_id).desc(), col(UserSession.last_activity).desc())
    )
    return [
        Device(
            id=str(row.id),
            name=device_name(row.user_agent),
            ip=row.ip_address or "",
            created=datetime.fromtimestamp(json.loads(row.payload)["created"], UTC),
            last_seen=datetime.fromtimestamp(row.last_activity, UTC),
            current=row.id == principal.session_id,
        )
        for row in rows
    ]


def revoke(session: Session, principal: Principal, session_id: str) -> None:
    """End one of this person's sessions. NotFound if it is not theirs or already over."""
    if not _end(session, and_(col(UserSession.id) == session_id, col(UserSession.user_id) == principal.user_id)):
        raise NotFound


def revoke_others(session: Session, principal: Principal) -> int:
    """End this person's sessions in every other browser; says how many there were."""
    others = and_(col(UserSession.user_id) == principal.user_id, col(UserSession.id) != (principal.session_id or ""))
    return len(_end(session, others))


def revoke_all(session: Session, user_id: UUID) -> int:
    """End every session of a person; says how many there were."""
    return len(_end(session, col(UserSession.user_id) == user_id))


def end(session: Session, session_id: str) -> None:
    """Sign the browser that holds this session out; nothing happens if it is over already."""
    _end(session, col(UserSession.id) == session_id)


def sweep(session: Session, now: datetime) -> int:
    """Delete the sessions that ended by themselves; says how many."""
    return len(_end(session, ~_is_alive(now)))


def _is_alive(now: datetime) -> ColumnElement[bool]:
    absolute = cast(cast(UserSession.payload, JSONB)["absolute_expiry"].astext, BigInteger)
    return and_(col(UserSession.last_activity) > _epoch(now - IDLE), absolute > _epoch(now))


def _end(session: Session, which: ColumnElement[bool]) -> list[str]:
    """Delete the sessions and tell their open pages."""
    ended = session.execute(
        delete(UserSession).where(which).returning(col(UserSession.id), col(UserSession.user_id))
    ).all()
    owners = {topics.user(user_id) for _, user_id in ended if user_id is not None}
    live.publish(session, *(topics.session(session_id) for session_id, _ in ended), *owners)
    return [session_id for session_id, _ in ended]


def _touch(session: Session, session_id: str, now: datetime) -> None:
    """Note that the session is in use. A row that another request is touching right now is left to it."""
    free = (
        select(UserSession.id)
        .where(UserSession.id == session_id, UserSession.last_activity <= _epoch(now - TOUCH_EVERY))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    session.execute(update(UserSession).where(col(UserSession.id) == free).values(last_activity=_epoch(now)))


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
