"""What the fixtures hand out."""

from typing import Any, Protocol

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.users import User

Job = dict[str, Any]


class Jobs(Protocol):
    """The arguments of the deferred jobs of a name, oldest first."""

    def __call__(self, name: str) -> list[Job]: ...


class SignIn(Protocol):
    """Signs a person in from one more browser."""

    def __call__(self, user: User, *, agent: str = ..., ip: str = ...) -> Principal: ...
