"""The list of conversations: with whom, what was said last, and how much of it is new."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import conversations
from taskjuggler_app.domain.tef.rows import TalkRow
from taskjuggler_app.models.tef import Actor, Message


def listed(session: Session, principal: Principal) -> list[TalkRow]:
    """The principal's conversations, the latest talk first."""
    found = conversations.listed(session, principal)
    ids = [one.id for one in found]
    new = conversations.unread(session, principal)
    last = _last(session, principal, ids)
    people = _people(session, {side for one in found for side in (one.actor_a_id, one.actor_b_id)})
    rows = []
    for one in found:
        a, b = people[one.actor_a_id], people[one.actor_b_id]
        other = b if conversations.speaks_for(principal, a) else a
        said = last.get(one.id)
        rows.append(
            TalkRow(
                id=str(one.id),
                actor_id=str(other.id),
                name=other.display_name,
                kind=other.actor_type.value,
                status=one.status.value,
                last=said.content[:200] if said else "",
                at=one.updated_at.isoformat(),
                mine=said is not None and said.sender_actor_id != other.id,
                unread=new.get(one.id, 0),
            )
        )
    return rows


def unread_by_actor(session: Session, principal: Principal) -> dict[UUID, int]:
    """Actor -> how many of its messages are new to the workspace; none is not listed."""
    return {UUID(row.actor_id): row.unread for row in listed(session, principal) if row.unread}


def _last(session: Session, principal: Principal, ids: list[UUID]) -> dict[UUID, Message]:
    """Conversation -> its newest message, or card of a task of ours."""
    said = col(Message.conversation_id)
    query = select(Message).where(said.in_(ids), conversations.shown(principal)).ext(distinct_on(said))
    rows = session.exec(query.order_by(said, col(Message.created_at).desc(), col(Message.id).desc()))
    return {row.conversation_id: row for row in rows}


def _people(session: Session, ids: set[UUID]) -> dict[UUID, Actor]:
    return {actor.id: actor for actor in session.exec(select(Actor).where(col(Actor.id).in_(ids)))}
