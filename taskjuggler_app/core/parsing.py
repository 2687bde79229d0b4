"""Reading values that somebody else sent."""

from uuid import UUID

from taskjuggler_app.core.errors import NotFound


def parse_uuid(value: object) -> UUID:
    """The id that `value` spells. NotFound for anything else: what is no id names nothing."""
    try:
        return UUID(str(value))
    except ValueError:
        raise NotFound from None
