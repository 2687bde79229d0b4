"""Who acts, in which workspace, and through which door."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What the principal is to the workspace."""

    ADMIN = "admin"
    MEMBER = "member"
    SYSTEM = "system"


class Door(StrEnum):
    """The way a command came in; kept with every event of the case log."""

    WEB = "web"
    API = "api"
    MCP = "mcp"
    TEF = "tef"
    WEBHOOK = "webhook"
    RULE = "rule"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Principal:
    """The authority a use case runs under.

    `user_id` is None for the system itself (jobs, webhooks) and for an actor of the task exchange, which `actor_id`
    names. `team_id` is the workspace. `session_id` is the
    hash of the browser session's token. `abilities` narrows API tokens; None means everything the role may do.
    `key` is the shown beginning of the API key that was used; every event of the case log keeps it.
    """

    user_id: UUID | None
    team_id: UUID
    role: Role
    door: Door
    session_id: str | None = None
    email: str = ""
    name: str = ""
    timezone: str = "UTC"
    abilities: frozenset[str] | None = field(default=None)
    actor_id: UUID | None = None
    key: str = ""

    @classmethod
    def system(cls, team_id: UUID, door: Door = Door.JOB) -> "Principal":
        """The product acting by itself inside one workspace."""
        return cls(user_id=None, team_id=team_id, role=Role.SYSTEM, door=door, name="TaskJuggler")

    @property
    def is_admin(self) -> bool:
        """Admins and the system may change the workspace's settings."""
        return self.role in (Role.ADMIN, Role.SYSTEM)
