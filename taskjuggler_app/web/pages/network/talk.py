"""What was said between us and an actor, as rows."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import conversations


@dataclass
class TalkRow:
    """One message; `mine` was said by us."""

    id: str = ""
    mine: bool = False
    text: str = ""
    at: str = ""


def talk(session: Session, principal: Principal, actor_id: UUID) -> list[TalkRow]:
    """The last messages with the actor, oldest first; none without a conversation."""
    for found in conversations.listed(session, principal):
        if actor_id in (found.actor_a_id, found.actor_b_id):
            rows = conversations.messages(session, principal, found.id).rows
            return [
                TalkRow(str(row.id), row.sender_actor_id != actor_id, row.content, row.created_at.isoformat())
                for row in reversed(rows)
            ]
    return []
