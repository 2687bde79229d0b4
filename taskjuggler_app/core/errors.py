"""The errors a person may read. Raised where the rule is, caught once at each edge.

DomainError
|- NotFound       not there, or not yours: the two look the same from outside
|- Forbidden      you may see it, but not do that
|- Conflict       true a moment ago, not any more (taken, closed, changed by somebody else)
|- Invalid        the input cannot be used; `field` names the place
`- LimitReached   too much or too often; `retry_after` in seconds says when to come back
"""


class DomainError(Exception):
    """A rule of the product said no; the message is a whole sentence for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """The thing does not exist for this principal."""

    def __init__(self, message: str = "That does not exist, or it is not yours to see.") -> None:
        super().__init__(message)


class Forbidden(DomainError):
    """The principal may see the thing but not do this with it."""

    def __init__(self, message: str = "You are not allowed to do that.") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """The state of the thing no longer allows it."""


class Invalid(DomainError):
    """The input cannot be used."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class LimitReached(DomainError):
    """A rate, quota or size limit stands in the way."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def require(allowed: bool, message: str) -> None:
    """Raise Forbidden with `message` unless `allowed`."""
    if not allowed:
        raise Forbidden(message)
