"""Signed links: whoever has one may see, move or cancel that one appointment, or finish that one held time."""

from datetime import datetime, timedelta
from uuid import UUID

from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.parsing import parse_uuid
from taskjuggler_app.domain.access import cookies

_PURPOSE = "appointment-link"
_LASTS = timedelta(days=550)


def token(appointment_id: UUID, now: datetime) -> str:
    """The secret part of a guest's link."""
    return cookies.seal(_PURPOSE, {"appointment": str(appointment_id)}, now + _LASTS)


def read(sealed: str, now: datetime) -> UUID:
    """The appointment behind a link. NotFound for one that we did not write."""
    found = cookies.unseal(_PURPOSE, sealed[:600], now)
    if found is None:
        raise NotFound("This link leads nowhere. Look for the newest mail about your appointment.")
    return parse_uuid(found.get("appointment"))


def address(appointment_id: UUID, now: datetime) -> str:
    """The whole link."""
    return f"{settings().public_url.rstrip('/')}/appointment/{token(appointment_id, now)}"
