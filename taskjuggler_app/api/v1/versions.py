"""What a thing's ETag is, and If-Match against it."""

import hashlib
import json
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.api.v1.problems import Outdated

_TURNS = text("SELECT pg_advisory_xact_lock(7242027, hashtext(:what))")


def etag(found: Any, content: Any) -> str:
    """The version's tag where the thing counts its versions, else one of its content."""
    version = getattr(found, "version", None)
    if isinstance(version, int):
        return f'"v{version}"'
    return f'"{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]}"'


def unchanged(session: Session, what: str) -> None:
    """Let those who change the same thing with If-Match do it one after the other, until the transaction ends."""
    session.execute(_TURNS, {"what": what})


def require_tag(if_match: str, tag: str) -> None:
    """Outdated (412) unless If-Match has the tag, or `*`."""
    if if_match.strip() != "*" and tag not in [one.strip() for one in if_match.split(",")]:
        raise Outdated("Somebody changed this meanwhile. Read it again.")
