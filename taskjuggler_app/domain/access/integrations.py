"""Who tries an integration, and what its last try said. The vendors are tried by the adapters."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from taskjuggler_app.core import cache
from taskjuggler_app.core.errors import LimitReached, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.operators import is_operator

MODEL = "model"
VENDORS = ("mail", "phone", "payments", "browser", "files")
"""What the whole installation shares: for who runs it."""
PAUSE_SECONDS = 3
_KEPT_SECONDS = 90 * 24 * 3600


@dataclass
class LastTry:
    """What the last try said; `at` is ISO 8601 in UTC, empty before the first."""

    good: bool = False
    said: str = ""
    took_ms: int = 0
    at: str = ""


def begin(session: Session, principal: Principal, key: str) -> None:
    """Whether this person may try it now: vendors are for operators (NotFound), the model for admins (Forbidden)."""
    if key == MODEL:
        require(principal.is_admin, "Only an admin of the workspace can test its AI.")
    elif key not in VENDORS or not is_operator(principal):
        raise NotFound("There is no such integration.")
    if not cache.claim(session, f"{_key(principal, key)}:pause", PAUSE_SECONDS):
        raise LimitReached("It was tested a moment ago. Wait a few seconds.")


def note(session: Session, principal: Principal, key: str, good: bool, said: str, took_ms: int, now: datetime) -> None:
    """Keep what came of a try, for who looks next."""
    kept = LastTry(good, said, took_ms, now.isoformat())
    cache.put(session, _key(principal, key), json.dumps(asdict(kept)), _KEPT_SECONDS)


def last(session: Session, principal: Principal) -> dict[str, LastTry]:
    """The last try of each integration that this person may try."""
    mine = (*(VENDORS if is_operator(principal) else ()), *((MODEL,) if principal.is_admin else ()))
    found = {key: cache.get(session, _key(principal, key)) for key in mine}
    return {key: LastTry(**json.loads(kept)) if kept else LastTry() for key, kept in found.items()}


def _key(principal: Principal, key: str) -> str:
    return f"integration:{key}:{principal.team_id}" if key == MODEL else f"integration:{key}"
