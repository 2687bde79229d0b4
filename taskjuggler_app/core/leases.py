"""Named leases: one holder at a time among all processes, until it lets go or its time runs out.

Kept in `cache_locks`; the database's clock decides, so machines need not agree on the time.
"""

from sqlalchemy import text
from sqlmodel import Session

_TAKE = text(
    """
    INSERT INTO cache_locks (key, owner, expiration)
    VALUES (:key, :owner, extract(epoch FROM now())::integer + :seconds)
    ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, expiration = excluded.expiration
     WHERE cache_locks.owner = excluded.owner OR cache_locks.expiration <= extract(epoch FROM now())::integer
    RETURNING owner
    """
)
_RELEASE = text("DELETE FROM cache_locks WHERE key = :key AND owner = :owner")


def take(session: Session, key: str, owner: str, seconds: int) -> bool:
    """Take the lease or renew one's own; False while somebody else holds it."""
    return session.execute(_TAKE, {"key": key, "owner": owner, "seconds": seconds}).first() is not None


def release(session: Session, key: str, owner: str) -> None:
    """Let go of one's own lease."""
    session.execute(_RELEASE, {"key": key, "owner": owner})
