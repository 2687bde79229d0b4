"""Talk between two actors: one conversation a pair, reopened by a new message."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound, require
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import actors, outgoing, permissions, relationships
from taskjuggler_app.domain.tef.envelope import Envelope
from taskjuggler_app.domain.tef.payloads import Said
from taskjuggler_app.models.exchange import Kind
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.tef import Actor, ActorType, Conversation, ConversationStatus, Message, MessageType

LONGEST = 20_000
PAGE_SIZE = 50
_META: Any = col(Message.meta)
_SELVES = (ActorType.HUMAN, ActorType.TEAM)


def hear(session: Session, principal: Principal, source: Actor, target: Actor, envelope: Envelope) -> Message:
    """Keep what the source said to the target."""
    said = Said.model_validate(envelope.payload)
    found = _between(session, source.id, target.id)
    return _add(session, principal, found, source.id, said.text, {"message_id": str(envelope.message_id)})


def say(session: Session, principal: Principal, other_id: UUID, text: str) -> Message:
    """Write to an actor, as oneself. Raises NotFound, Invalid, Forbidden without a relationship that allows it."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Invalid(f"A message has between 1 and {LONGEST:,} characters.", "text")
    other, me = actors.get(session, principal, other_id), speaking_to(session, principal, other_id)
    known = relationships.between(session, me.id, other.id)
    if known is None or not relationships.in_force(known, clock.utcnow()):
        raise Forbidden("You two have no relationship in force.")
    require(permissions.allows(known.permissions, "message"), "This relationship allows no messages.")
    sent = outgoing.put(session, principal.team_id, Kind.MESSAGE, {"text": text}, source=me.id, target=other.id)
    found = _between(session, me.id, other.id)
    return _add(session, principal, found, me.id, text, {"message_id": str(sent.message_id)})


def show_task(session: Session, principal: Principal, source: UUID, target: UUID, task: Task) -> Message:
    """A card of a task that went from one to the other, in the workspace whose task it is."""
    meta = {"task_id": str(task.id), "team_id": str(principal.team_id)}
    found = _between(session, source, target)
    return _add(session, principal, found, source, task.title, meta, MessageType.TASK)


def mark_read(session: Session, principal: Principal, conversation_id: UUID) -> int:
    """What the others said is read; says how many messages were new."""
    found = get(session, principal, conversation_id)
    new = update(Message).where(col(Message.conversation_id) == found.id, *_unread(principal))
    at = {"read_at": clock.utcnow().isoformat()}
    changed = session.execute(new.values({_META: _META.concat(at)}).returning(col(Message.id))).all()
    if changed:
        live.publish(session, topics.conversation(found.id), topics.network(principal.team_id))
    return len(changed)


def unread(session: Session, principal: Principal) -> dict[UUID, int]:
    """Conversation -> how many messages in it are new to the workspace."""
    query = (
        select(Message.conversation_id, func.count())
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(_mine(principal), *_unread(principal))
        .group_by(col(Message.conversation_id))
    )
    return dict(session.exec(query).all())


def with_actor(session: Session, principal: Principal, actor_id: UUID) -> Conversation | None:
    """The principal's conversation with an actor, if they ever talked."""
    return next((one for one in listed(session, principal) if actor_id in (one.actor_a_id, one.actor_b_id)), None)


def speaking_to(session: Session, principal: Principal, other_id: UUID) -> Actor:
    """The person's own actor where that one knows the other, else the workspace's."""
    mine = actors.own(session, principal)
    if relationships.between(session, mine.id, other_id) is not None:
        return mine
    return actors.of_team(session, principal.team_id)


def set_status(session: Session, principal: Principal, conversation_id: UUID, status: ConversationStatus) -> None:
    """Archive, close or open again. NotFound unless it is the principal's."""
    found = get(session, principal, conversation_id)
    if found.status is status:
        raise Conflict(f"It is {status} already.")
    found.status = status
    session.add(found)
    session.flush()
    live.publish(session, topics.conversation(found.id), topics.network(principal.team_id))


def get(session: Session, principal: Principal, conversation_id: UUID) -> Conversation:
    """A conversation of the person's actor or the workspace's. NotFound otherwise."""
    found = session.exec(select(Conversation).where(Conversation.id == conversation_id, _mine(principal))).first()
    if found is None:
        raise NotFound("That conversation does not exist, or it is not yours to see.")
    return found


def listed(session: Session, principal: Principal) -> list[Conversation]:
    """The principal's conversations, the latest talk first."""
    query = select(Conversation).where(_mine(principal)).order_by(col(Conversation.updated_at).desc())
    return list(session.exec(query.limit(200)))


def messages(session: Session, principal: Principal, conversation_id: UUID, cursor: str = "") -> Page[Message]:
    """What was said and which tasks went over, newest first. A card is for the workspace whose task it shows."""
    get(session, principal, conversation_id)
    query = select(Message).where(Message.conversation_id == conversation_id, shown(principal))
    if cursor:
        last = Cursor.parse(cursor)
        query = query.where(tuple_(col(Message.created_at), col(Message.id)) < (last.at, last.id))
    newest = query.order_by(col(Message.created_at).desc(), col(Message.id).desc()).limit(PAGE_SIZE + 1)
    rows = list(session.exec(newest))
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return Page(rows, Cursor(rows[-1].created_at, rows[-1].id).dump() if more else "")


def shown(principal: Principal) -> ColumnElement[bool]:
    """What was said, and the cards of the workspace's own tasks."""
    return or_(col(Message.message_type) != MessageType.TASK, _META["team_id"].astext == str(principal.team_id))


def speaks_for(principal: Principal, actor: Actor) -> bool:
    """Whether the actor is the person or the workspace itself, not an agent or a device of theirs."""
    ours = actor.team_id == principal.team_id or (actor.user_id is not None and actor.user_id == principal.user_id)
    return ours and actor.actor_type in _SELVES


def _unread(principal: Principal) -> tuple[ColumnElement[bool], ...]:
    """Said by others than the person and the workspace itself, and not read yet."""
    own = select(Actor.id).where(
        col(Actor.actor_type).in_(_SELVES),
        or_(col(Actor.team_id) == principal.team_id, col(Actor.user_id) == principal.user_id),
    )
    return (
        col(Message.message_type) == MessageType.TEXT,
        col(Message.sender_actor_id).not_in(own),
        ~_META.has_key("read_at"),
    )


def _mine(principal: Principal) -> ColumnElement[bool]:
    ours = actors.ours(principal)
    return or_(col(Conversation.actor_a_id).in_(ours), col(Conversation.actor_b_id).in_(ours))


def _between(session: Session, one: UUID, other: UUID) -> Conversation:
    """The pair's conversation, made when it is needed first, locked."""
    a, b = sorted((one, other), key=str)
    session.execute(insert(Conversation).values(actor_a_id=a, actor_b_id=b).on_conflict_do_nothing())
    pair = (col(Conversation.actor_a_id).in_((a, b)), col(Conversation.actor_b_id).in_((a, b)))
    return session.exec(select(Conversation).where(*pair).with_for_update()).one()


def _add(
    session: Session,
    principal: Principal,
    found: Conversation,
    sender: UUID,
    text: str,
    meta: dict[str, str],
    kind: MessageType = MessageType.TEXT,
) -> Message:
    now = clock.utcnow()
    made = Message(
        conversation_id=found.id,
        sender_actor_id=sender,
        message_type=kind,
        content=text,
        meta=meta,
        created_at=now,
    )
    found.status, found.updated_at = ConversationStatus.ACTIVE, now
    session.add(made)
    session.add(found)
    session.flush()
    live.publish(session, topics.conversation(found.id), topics.network(principal.team_id))
    return made
