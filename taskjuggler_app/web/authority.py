"""From a session's hash to the principal behind it: read on every event, never kept in a page."""

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import run_in_db, transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import sessions


async def of_session(session_hash: str) -> Principal | None:
    """The live session's principal, or None for guests, expired and revoked sessions."""
    if not session_hash:
        return None
    return await run_in_db(_resolve, session_hash)


def _resolve(session_hash: str) -> Principal | None:
    with transaction() as session:
        return sessions.resolve(session, session_hash, clock.utcnow())
