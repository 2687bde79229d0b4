"""Reading direct messages: the conversations of a person, one of them, and words in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_, text, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.files.queries import FileRow, of_subjects
from taskjuggler_app.domain.teams.profiles import pictures_of
from taskjuggler_app.models.files import FileSubject
from taskjuggler_app.models.messaging import DirectMessage
from taskjuggler_app.models.tasks import InvitationStatus, Task, TaskInvitation
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

PAGE_SIZE = 50
MOST_FOUND = 30
_LAST = text(
    """
    SELECT DISTINCT ON (other) other, message, created_at, mine, attachments
      FROM (SELECT recipient_id AS other, message, created_at, true AS mine, attachments
              FROM direct_messages WHERE sender_id = :me
             UNION ALL
            SELECT sender_id, message, created_at, false, attachments FROM direct_messages WHERE recipient_id = :me) m
     ORDER BY other, created_at DESC
    """
)


@dataclass
class ConversationRow:
    """Somebody to talk to and the last that was said; `at` is empty while nothing was."""

    person_id: str = ""
    name: str = ""
    email: str = ""
    last: str = ""
    at: str = ""
    mine: bool = False
    unread: int = 0
    picture: str = ""


@dataclass
class MessageRow:
    """One message; `seen_at` is when the other read one of mine."""

    id: str = ""
    mine: bool = False
    text: str = ""
    at: str = ""
    seen_at: str = ""
    files: list[FileRow] = field(default_factory=list)


@dataclass
class FoundRow:
    """A message in which words were found."""

    person_id: str = ""
    name: str = ""
    text: str = ""
    at: str = ""
    mine: bool = False
    picture: str = ""


def people(session: Session, principal: Principal) -> list[ConversationRow]:
    """Everybody the person may write to: the latest talk first, then by name."""
    mates = set(_team_mates(session, principal))
    ids = mates | _task_mates(session, principal)
    faces = pictures_of(session, mates)
    last = {row.other: row for row in session.execute(_LAST, {"me": principal.user_id})}
    unread = _unread_by_sender(session, principal)
    wanted = (ids | set(last)) - {principal.user_id}
    found = session.exec(select(User.id, User.name, User.email).where(col(User.id).in_(wanted)))
    rows = [_conversation(person_id, name, email, last.get(person_id), unread) for person_id, name, email in found]
    for row in rows:
        row.picture = faces.get(UUID(row.person_id), "")
    rows.sort(key=lambda row: row.name.lower())
    return sorted(rows, key=lambda row: row.at, reverse=True)


def person(session: Session, principal: Principal, person_id: UUID) -> ConversationRow:
    """One of them. NotFound for somebody without anything in common and without a past conversation."""
    shares = shares_with(session, principal, person_id)
    if (
        not any(shares)
        and not session.exec(select(DirectMessage.id).where(between(principal, person_id)).limit(1)).first()
    ):
        raise NotFound("You have no workspace and no task in common with that person.")
    user = session.get_one(User, person_id)
    faces = pictures_of(session, set(_team_mates(session, principal)) & {person_id})
    return ConversationRow(str(user.id), user.name, user.email, picture=faces.get(user.id, ""))


def thread(session: Session, principal: Principal, person_id: UUID, cursor: str = "") -> Page[MessageRow]:
    """A page of the conversation, newest first."""
    query = select(DirectMessage).where(between(principal, person_id))
    if cursor:
        after = Cursor.parse(cursor)
        query = query.where(tuple_(col(DirectMessage.created_at), col(DirectMessage.id)) < (after.at, after.id))
    order = (col(DirectMessage.created_at).desc(), col(DirectMessage.id).desc())
    found = session.exec(query.order_by(*order).limit(PAGE_SIZE + 1)).all()
    shown = found[:PAGE_SIZE]
    files = of_subjects(session, FileSubject.DIRECT_MESSAGE, [row.id for row in shown if row.attachments])
    more = Cursor(shown[-1].created_at, shown[-1].id).dump() if len(found) > PAGE_SIZE else ""
    return Page([_message(principal, row, files.get(row.id, [])) for row in shown], more)


def unread_count(session: Session, principal: Principal) -> int:
    """How many messages the person has not read."""
    return session.exec(
        select(func.count())
        .select_from(DirectMessage)
        .where(DirectMessage.recipient_id == principal.user_id, ~col(DirectMessage.is_read))
    ).one()


def search(session: Session, principal: Principal, words: str) -> list[FoundRow]:
    """The person's messages that contain every word, newest first; at most 30."""
    me = principal.user_id
    texts = [f"%{word.replace('%', '').replace('_', ' ')}%" for word in words.split()[:8]]
    if not texts:
        return []
    other = case((col(DirectMessage.sender_id) == me, col(DirectMessage.recipient_id)), else_=DirectMessage.sender_id)
    rows = session.exec(
        select(DirectMessage, User)
        .join(User, col(User.id) == other)
        .where(
            or_(col(DirectMessage.sender_id) == me, col(DirectMessage.recipient_id) == me),
            *[col(DirectMessage.message).ilike(one) for one in texts],
        )
        .order_by(col(DirectMessage.created_at).desc())
        .limit(MOST_FOUND)
    )
    found = [
        FoundRow(str(user.id), user.name, row.message[:200], row.created_at.isoformat(), row.sender_id == me)
        for row, user in rows
    ]
    faces = pictures_of(session, _team_mates(session, principal))
    return [replace(row, picture=faces.get(UUID(row.person_id), "")) for row in found]


def between(principal: Principal, person_id: UUID) -> ColumnElement[bool]:
    """The messages of the two, by the index of unordered pairs."""
    pair = sorted((principal.user_id or person_id, person_id))  # UUIDs compare as PostgreSQL does
    least = func.least(col(DirectMessage.sender_id), col(DirectMessage.recipient_id))
    greatest = func.greatest(col(DirectMessage.sender_id), col(DirectMessage.recipient_id))
    return and_(least == pair[0], greatest == pair[1])


def shares_with(session: Session, principal: Principal, person_id: UUID) -> tuple[bool, bool]:
    """Whether the two share a workspace, and a task."""
    in_team = person_id in _team_mates(session, principal)
    return in_team, in_team or person_id in _task_mates(session, principal)


def _team_mates(session: Session, principal: Principal) -> Sequence[UUID]:
    mine = select(TeamMember.team_id).where(TeamMember.user_id == principal.user_id)
    return session.exec(select(TeamMember.user_id).where(col(TeamMember.team_id).in_(mine)).distinct()).all()


def _task_mates(session: Session, principal: Principal) -> set[UUID]:
    """People of the tasks that the person asked for, does, invited to or was invited to, in any workspace.

    Those of a task are its requestor, its doer, who invited helpers, and the helpers who keep it in an account.
    """
    me = principal.user_id
    rows = session.exec(
        select(Task.requestor_id, Task.owner_id)
        .where(or_(col(Task.requestor_id) == me, col(Task.owner_id) == me), col(Task.deleted_at).is_(None))
        .distinct()
    )
    return {person_id for pair in rows for person_id in pair if person_id is not None} | _helpers(session, me)


def _helpers(session: Session, me: UUID | None) -> set[UUID]:
    """Those on the other side of an invitation to a task that was accepted and kept, and its other helpers."""
    other, doer = aliased(TaskInvitation), aliased(TeamMember)
    people = (Task.requestor_id, Task.owner_id, doer.user_id, TaskInvitation.invited_by, TaskInvitation.user_id)
    kept = (col(TaskInvitation.status) == InvitationStatus.ACCEPTED, col(TaskInvitation.user_id).is_not(None))
    with_me = select(other.task_id).where(other.user_id == me, other.status == InvitationStatus.ACCEPTED)
    rows = session.exec(
        select(*people)  # type: ignore[call-overload]  # five columns: one more than its overloads know
        .join(Task, col(Task.id) == col(TaskInvitation.task_id))
        .outerjoin(doer, doer.id == col(Task.team_member_id))
        .where(
            *kept,
            col(Task.deleted_at).is_(None),
            or_(
                col(Task.requestor_id) == me,
                col(Task.owner_id) == me,
                col(doer.user_id) == me,
                col(TaskInvitation.invited_by) == me,
                col(TaskInvitation.task_id).in_(with_me),
            ),
        )
        .distinct()
    )
    return {person_id for row in rows for person_id in row if person_id is not None}


def _unread_by_sender(session: Session, principal: Principal) -> dict[UUID, int]:
    rows = session.exec(
        select(DirectMessage.sender_id, func.count())
        .where(DirectMessage.recipient_id == principal.user_id, ~col(DirectMessage.is_read))
        .group_by(col(DirectMessage.sender_id))
    )
    return dict(rows.all())


def _conversation(person_id: UUID, name: str, email: str, last: object, unread: dict[UUID, int]) -> ConversationRow:
    row = ConversationRow(str(person_id), name, email, unread=unread.get(person_id, 0))
    if last is not None:
        row.last = last.message[:120] or "An attachment"  # type: ignore[attr-defined]  # a row of _LAST
        row.at, row.mine = last.created_at.isoformat(), last.mine  # type: ignore[attr-defined]
    return row


def _message(principal: Principal, row: DirectMessage, files: list[FileRow]) -> MessageRow:
    mine = row.sender_id == principal.user_id
    seen = row.read_at.isoformat() if mine and row.read_at else ""
    return MessageRow(str(row.id), mine, row.message, row.created_at.isoformat(), seen, files)
