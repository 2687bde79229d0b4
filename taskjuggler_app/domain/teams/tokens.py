"""API keys of people: shown once, kept as a hash, limited to what they are for, and to a time.

A key acts for the person who made it, in the workspace it was made in, as long as that person belongs to it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, crypto, live, topics
from taskjuggler_app.core.errors import Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models.users import PersonalAccessToken

DOMAINS = (
    "inbox",
    "tasks",
    "rules",
    "channels",
    "teams",
    "contacts",
    "messages",
    "notifications",
    "appointments",
    "sites",
    "marketplace",
    "analytics",
    "tef",
    "webhooks",
    "audit",
)
"""What keys can be made for; each has `:read` and, but for READ_ONLY, `:write`."""
READ_ONLY = frozenset({"analytics", "audit"})
ABILITIES = tuple(
    f"{domain}:{deed}" for domain in DOMAINS for deed in ("read", "write") if deed == "read" or domain not in READ_ONLY
)
DAYS = (7, 30, 90, 365)
MARK = "tj_"
MOST = 50
_OWNER = "user"
_SHOWN = len(MARK) + 6
_TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_NAME = 60
_RESOLVE = text(
    """
    SELECT keys.id, keys.abilities, keys.prefix, keys.last_used_at, keys.team_id, users.id AS user_id, users.email,
           users.name, users.timezone, team_members.is_admin
      FROM personal_access_tokens keys
      JOIN users ON users.id = keys.tokenable_id
      JOIN team_members ON team_members.user_id = users.id AND team_members.team_id = keys.team_id
     WHERE keys.token = :hash AND keys.tokenable_type = :owner
       AND (keys.expires_at IS NULL OR keys.expires_at > :now)
    """
)
_TOUCH = text("UPDATE personal_access_tokens SET last_used_at = :now WHERE id = :id")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A key just made. `secret` is shown once and kept nowhere."""

    id: int
    secret: str


@dataclass
class TokenRow:
    """A key in its owner's list; times are ISO 8601 in UTC, "" for never."""

    id: str = ""
    name: str = ""
    prefix: str = ""
    abilities: str = ""
    created_at: str = ""
    last_used_at: str = ""
    expires_at: str = ""
    expired: bool = False


def create(session: Session, principal: Principal, *, name: str, abilities: list[str], days: int) -> NewToken:
    """Make a key. Invalid for a missing name, no ability or an unknown one; `days` 0 is for ever."""
    if principal.user_id is None or principal.door is not Door.WEB:
        raise Forbidden("Keys are made by people, in the settings.")
    name = " ".join(name.split())[:_LONGEST_NAME]
    if not name:
        raise Invalid("Give the key a name, so that you know later what it is for.", "name")
    wanted = [one for one in ABILITIES if one in abilities]
    if not wanted or set(abilities) - set(ABILITIES):
        raise Invalid("Choose what the key may do.", "abilities")
    if days not in (0, *DAYS):
        raise Invalid("Choose how long the key is valid.", "days")
    if session.exec(select(func.count()).where(*_own(principal))).one() >= MOST:
        raise LimitReached(f"You have {MOST} keys. Revoke one that nobody uses.")
    secret, now = MARK + crypto.token(), clock.utcnow()
    row = PersonalAccessToken(
        tokenable_type=_OWNER,
        tokenable_id=principal.user_id,
        team_id=principal.team_id,
        name=name,
        token=crypto.digest(secret),
        prefix=secret[:_SHOWN],
        abilities=wanted,
        expires_at=now + timedelta(days=days) if days else None,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, principal, row, "token.created")
    return NewToken(int(row.id or 0), secret)


def own(session: Session, principal: Principal) -> list[TokenRow]:
    """The person's keys of this workspace, the newest first."""
    now = clock.utcnow()
    rows = session.exec(
        select(PersonalAccessToken).where(*_own(principal)).order_by(col(PersonalAccessToken.id).desc())
    )
    return [
        TokenRow(
            id=str(row.id),
            name=row.name,
            prefix=row.prefix or "",
            abilities=", ".join(row.abilities or []),
            created_at=_iso(row.created_at),
            last_used_at=_iso(row.last_used_at),
            expires_at=_iso(row.expires_at),
            expired=row.expires_at is not None and row.expires_at <= now,
        )
        for row in rows
    ]


def revoke(session: Session, principal: Principal, token_id: int) -> None:
    """Make a key worthless at once. NotFound if it is not the person's."""
    row = session.exec(select(PersonalAccessToken).where(PersonalAccessToken.id == token_id, *_own(principal))).first()
    if row is None:
        raise NotFound("That key does not exist, or it is not yours.")
    session.delete(row)
    _record(session, principal, row, "token.revoked")


def resolve(session: Session, secret: str, now: datetime) -> Principal | None:
    """Who a key stands for; None for one that is unknown, expired, or whose person has left the workspace."""
    if not secret.startswith(MARK):
        return None
    row = (
        session.connection()
        .execute(_RESOLVE, {"hash": crypto.digest(secret), "owner": _OWNER, "now": now})
        .one_or_none()
    )
    if row is None:
        return None
    if row.last_used_at is None or now - row.last_used_at >= _TOUCH_EVERY:
        session.execute(_TOUCH, {"id": row.id, "now": now})
    return Principal(
        user_id=row.user_id,
        team_id=row.team_id,
        role=Role.ADMIN if row.is_admin else Role.MEMBER,
        door=Door.API,
        email=row.email,
        name=row.name,
        timezone=row.timezone or "UTC",
        abilities=frozenset(row.abilities or ()),
        key=row.prefix or "",
    )


def require_ability(principal: Principal, ability: str) -> None:
    """Forbidden unless the key was made for it."""
    if principal.abilities is not None and ability not in principal.abilities:
        raise Forbidden(f"This key may not do that: it needs {ability}.")


def _own(principal: Principal) -> tuple[bool, ...]:
    return (
        PersonalAccessToken.tokenable_type == _OWNER,
        PersonalAccessToken.tokenable_id == principal.user_id,
        PersonalAccessToken.team_id == principal.team_id,
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _record(session: Session, principal: Principal, row: PersonalAccessToken, kind: str) -> None:
    data = {"name": row.name, "prefix": row.prefix, "abilities": row.abilities}
    record_event(session, principal, kind=kind, subject_type="token", subject_id=str(row.id), data=data)
    if principal.user_id is not None:
        live.publish(session, topics.user(principal.user_id))
