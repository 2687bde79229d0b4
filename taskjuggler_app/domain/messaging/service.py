"""Writing direct messages. They are between two people: the workspace's log does not hold them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files import service as files
from taskjuggler_app.domain.messaging import policy, queries
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.models.files import FileSubject
from taskjuggler_app.models.messaging import DirectMessage
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

LONGEST = 10_000


def send(
    session: Session, principal: Principal, person_id: UUID, words: str, file_ids: Sequence[UUID] = ()
) -> DirectMessage:
    """Write to somebody. Raises NotFound without a workspace or a task in common, Invalid for nothing to say."""
    in_team, in_task = queries.shares_with(session, principal, person_id)
    if principal.user_id is None or not policy.can_write_to(principal, person_id, in_team, in_task):
        raise NotFound("You have no workspace and no task in common with that person.")
    body = words.strip()
    if not body and not file_ids:
        raise Invalid("Write something, or attach a file.", "message")
    if len(body) > LONGEST:
        raise Invalid(f"Use at most {LONGEST:,} characters.", "message")
    now = clock.utcnow()
    message = DirectMessage(
        sender_id=principal.user_id, recipient_id=person_id, message=body, created_at=now, updated_at=now
    )
    session.add(message)
    session.flush()
    attached = files.attach(session, principal, file_ids, FileSubject.DIRECT_MESSAGE, message.id)
    if attached:
        message.attachments = [{"id": str(file.id), "name": file.name} for file in attached]
        session.add(message)
        session.flush()
    _tell(session, principal, message)
    live.publish(session, topics.messages(principal.user_id), topics.messages(person_id))
    return message


def mark_read(session: Session, principal: Principal, person_id: UUID) -> int:
    """The person has seen what the other wrote; says how many messages were new. Both pages hear of it."""
    if principal.user_id is None:
        return 0
    seen = session.execute(
        update(DirectMessage)
        .where(
            col(DirectMessage.recipient_id) == principal.user_id,
            col(DirectMessage.sender_id) == person_id,
            ~col(DirectMessage.is_read),
        )
        .values(is_read=True, read_at=clock.utcnow())
        .returning(col(DirectMessage.id))
    ).all()
    if seen:
        live.publish(session, topics.messages(principal.user_id), topics.messages(person_id))
    return len(seen)


def _tell(session: Session, principal: Principal, message: DirectMessage) -> None:
    """One notification for what is unread of a conversation: the first message of it is the fact."""
    first = (
        select(DirectMessage.id)
        .where(
            DirectMessage.recipient_id == message.recipient_id,
            DirectMessage.sender_id == message.sender_id,
            ~col(DirectMessage.is_read),
        )
        .order_by(col(DirectMessage.created_at), col(DirectMessage.id))
        .limit(1)
    )
    team_id = _team_of(session, principal, message.recipient_id)
    if team_id is not None:
        notify(
            session,
            message.recipient_id,
            type="direct_message",
            title=f"{principal.name} wrote to you",
            message=message.message[:200] or "An attachment",
            link=f"/messages/{message.sender_id}",
            dedupe_key=f"direct_message:{session.exec(first).one()}",
            team_id=team_id,
        )


def _team_of(session: Session, principal: Principal, person_id: UUID) -> UUID | None:
    """Where the recipient hears of it: the sender's workspace if it is theirs too, else the one they are in."""
    teams = set(session.exec(select(TeamMember.team_id).where(TeamMember.user_id == person_id)).all())
    if principal.team_id in teams:
        return principal.team_id
    current = session.get_one(User, person_id).current_team_id
    return current if current in teams else next(iter(teams), None)
