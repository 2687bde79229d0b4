"""What was said between us and an actor, as rows."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import conversations


@dataclass
class TalkLine:
    """One message, or the card of a task; `mine` was said by us."""

    id: str = ""
    mine: bool = False
    text: str = ""
    at: str = ""
    task_id: str = ""


@dataclass
class Talk:
    """The conversation with an actor, oldest first; empty without one."""

    id: str = ""
    status: str = ""
    lines: list[TalkLine] = field(default_factory=list)


def talk(session: Session, principal: Principal, actor_id: UUID) -> Talk:
    """The last messages with the actor."""
    found = conversations.with_actor(session, principal, actor_id)
    if found is None:
        return Talk()
    rows = conversations.messages(session, principal, found.id).rows
    lines = [
        TalkLine(
            str(row.id),
            row.sender_actor_id != actor_id,
            row.content,
            row.created_at.isoformat(),
            str(row.meta.get("task_id", "")),
        )
        for row in reversed(rows)
    ]
    return Talk(str(found.id), found.status.value, lines)
