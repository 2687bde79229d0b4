"""Values with an expiry, shared by all processes: above all keys of what was done already. Kept in table `cache`."""

from sqlalchemy import text
from sqlmodel import Session

CLAIMED = "1"
"""The value of a key that is claimed and not yet put."""
_GET = text("SELECT value FROM cache WHERE key = :key AND expiration > extract(epoch FROM now())")
_PUT = text(
    """
    INSERT INTO cache (key, value, expiration) VALUES (:key, :value, extract(epoch FROM now())::integer + :seconds)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expiration = excluded.expiration
    """
)
_CLAIM = text(
    """
    INSERT INTO cache (key, value, expiration) VALUES (:key, '1', extract(epoch FROM now())::integer + :seconds)
    ON CONFLICT (key) DO UPDATE SET expiration = excluded.expiration
     WHERE cache.expiration <= extract(epoch FROM now())
    RETURNING key
    """
)


def get(session: Session, key: str) -> str | None:
    """The value kept under `key`, unless it expired."""
    return session.execute(_GET, {"key": key}).scalar_one_or_none()


def put(session: Session, key: str, value: str, seconds: int) -> None:
    """Keep `value` for `seconds`."""
    session.execute(_PUT, {"key": key, "value": value, "seconds": seconds})


def claim(session: Session, key: str, seconds: int) -> bool:
    """True for the first who asks within `seconds`; the transaction's rollback gives the claim back."""
    return session.execute(_CLAIM, {"key": key, "seconds": seconds}).first() is not None
