"""The board: columns of cards in an order that people set, by state or by person; and moving a card.

A card's place is a number (`board_position`, the smaller the higher): a new one stands on top, since it starts as minus
its creation's epoch seconds; a moved one gets the middle between its neighbours.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlalchemy import text, union_all, update
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import policy, queries, service
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.listing import IS_KEPT, IS_OPEN, NOBODYS, arms_of, conditions_of, is_status, rows_of
from taskjuggler_app.domain.tasks.rows import OPEN, TaskRow
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.users import User

MOST_CARDS = 40
MOST_PEOPLE = 12
_ONE_MOVE = text("SELECT pg_advisory_xact_lock(7242027, hashtext(:team))")
"""One move at a time in a workspace: two that both make room would wait for each other's cards."""
_CLOSE = 1e-4
"""Neighbours nearer than this are moved apart before a card goes between them."""


@dataclass
class Column:
    """A column: `key` is a status or a membership's id, "" for nobody's."""

    key: str = ""
    title: str = ""
    cards: list[TaskRow] = field(default_factory=list)


def by_status(session: Session, principal: Principal, wanted: TaskFilter) -> list[Column]:
    """The first cards of each state, in their order."""
    conditions = conditions_of(principal.timezone, TaskFilter(**{**vars(wanted), "status": "any", "text": ""}))
    arms = [
        sa_select(col(Task.id))
        .where(*arm, *conditions, is_status(status))
        .order_by(col(Task.board_position), col(Task.id))
        .limit(MOST_CARDS)
        for status in TaskStatus
        for arm in arms_of(session, principal, wanted)
    ]
    ids = union_all(*[sa_select(arm.subquery().c.id) for arm in arms]).subquery()
    query = sa_select(Task).join(ids, ids.c.id == col(Task.id)).order_by(col(Task.board_position), col(Task.id))
    cards = rows_of(session, session.scalars(query).all())
    found: dict[str, list[TaskRow]] = defaultdict(list)
    for card in cards:
        if len(found[card.status]) < MOST_CARDS:
            found[card.status].append(card)
    return [Column(status.value, "", found[status.value]) for status in TaskStatus]


def by_person(session: Session, principal: Principal, wanted: TaskFilter) -> list[Column]:
    """The first open cards of each person, nobody's before them."""
    conditions = conditions_of(
        principal.timezone, TaskFilter(**{**vars(wanted), "status": "open", "text": "", "doer": ""})
    )
    team = col(Task.team_id) == principal.team_id
    people = session.exec(
        select(TeamMember, User.name)
        .join(User, col(User.id) == col(TeamMember.user_id))
        .where(TeamMember.team_id == principal.team_id)
        .order_by(col(User.name), col(TeamMember.id))
        .limit(MOST_PEOPLE)
    ).all()
    columns = [Column("", "Nobody yet", _cards(session, team, NOBODYS, *conditions))]
    for member, name in people:
        owned = _cards(session, team, col(Task.owner_id) == member.user_id, *conditions)
        given = _cards(session, team, col(Task.team_member_id) == member.id, *conditions)
        columns.append(Column(str(member.id), name, [*owned, *given][:MOST_CARDS]))
    return columns


def move(
    session: Session,
    principal: Principal,
    task_id: UUID,
    *,
    to: str,
    by: str = "status",
    after_id: UUID | None = None,
    before_id: UUID | None = None,
) -> Task:
    """Put a card into the column `to` (a status, or a membership's id), between two cards or at an end.

    Raises what changing its status or its doer raises; Invalid for a column that is none.
    """
    session.execute(_ONE_MOVE, {"team": str(principal.team_id)})
    task = queries.get_for_update(session, principal, task_id)
    doer = queries.doer_id(session, task)
    require(policy.can_change_status(principal, task, doer), "Only its doer, its requestor or an admin can move it.")
    if by == "status":
        if to not in TaskStatus._value2member_map_:
            raise Invalid("There is no such column.", "to")
        if task.status.value != to:
            task = service.change_status(session, principal, task_id, TaskStatus(to))
    elif by == "doer":
        member_id = _member(to)
        if member_id != task.team_member_id or (member_id is None and doer is not None):
            task = service.assign(session, principal, task_id, member_id)
    else:
        raise Invalid("The board has no such columns.", "by")
    task.board_position = _place(session, task, after_id, before_id)
    session.add(task)
    session.flush()
    service.tell(session, principal, task)
    return task


def _cards(session: Session, *conditions: object) -> list[TaskRow]:
    query = sa_select(Task).where(IS_KEPT, IS_OPEN, *conditions)  # type: ignore[arg-type]  # conditions of two kinds
    ordered = query.order_by(col(Task.board_position), col(Task.id)).limit(MOST_CARDS)
    return rows_of(session, session.scalars(ordered).all())


def _place(session: Session, task: Task, after_id: UUID | None, before_id: UUID | None) -> float:
    after, before = _position(session, task, after_id), _position(session, task, before_id)
    if after is None:
        return before - 1 if before is not None else -clock.utcnow().timestamp()
    if before is None:
        return after + 1
    if before - after < _CLOSE:
        column = (col(Task.status) == task.status) if task.status not in OPEN else col(Task.status).in_(OPEN)
        above = (col(Task.team_id) == task.team_id, column, col(Task.board_position) <= after)
        session.execute(update(Task).where(*above).values(board_position=col(Task.board_position) - 1))
        after -= 1
    return (after + before) / 2


def _position(session: Session, task: Task, task_id: UUID | None) -> float | None:
    if task_id is None:
        return None
    query = select(Task.board_position).where(Task.id == task_id, Task.team_id == task.team_id)
    return session.exec(query).first()


def _member(to: str) -> UUID | None:
    try:
        return UUID(to) if to else None
    except ValueError:
        raise Invalid("There is no such column.", "to") from None
