"""Reading the case log: a subject's thread, and the check that nobody rewrote it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.chain import GENESIS, event_hash
from taskjuggler_app.models.cases import CaseEvent
from taskjuggler_app.models.tef import Actor
from taskjuggler_app.models.users import User


@dataclass
class EventRow:
    """One event of a thread; `at` is ISO 8601 in UTC, `subject_id` what it happened to."""

    id: int = 0
    subject_id: str = ""
    kind: str = ""
    who: str = ""
    door: str = ""
    at: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Altered:
    """The first event of a workspace that is not what was recorded, and what is wrong with it."""

    team_id: UUID
    event_id: int
    reason: str


def thread(
    session: Session, principal: Principal, subjects: Mapping[str, UUID | str | Iterable[UUID] | None]
) -> list[EventRow]:
    """The events of a case, oldest first: those of each subject, given as type -> id, or ids."""
    wanted = [(kind, str(one)) for kind, given in subjects.items() for one in _each(given)]
    rows = session.exec(
        select(CaseEvent, func.coalesce(User.name, Actor.display_name))
        .outerjoin(User, col(User.id) == col(CaseEvent.principal_id))
        .outerjoin(Actor, col(Actor.id) == col(CaseEvent.principal_id))
        .where(
            CaseEvent.team_id == principal.team_id,
            tuple_(col(CaseEvent.subject_type), col(CaseEvent.subject_id)).in_(wanted),
        )
        .order_by(col(CaseEvent.id))
    )
    return [
        EventRow(
            id=event.id or 0,
            subject_id=event.subject_id,
            kind=event.kind,
            who=name or "TaskJuggler",
            door=event.door,
            at=event.created_at.isoformat(),
            data=event.data,
        )
        for event, name in rows
    ]


def _each(given: UUID | str | Iterable[UUID] | None) -> Iterable[UUID | str]:
    if given is None:
        return ()
    return (given,) if isinstance(given, UUID | str) else given


def verify(session: Session, team_id: UUID | None = None) -> Altered | None:
    """Recompute every chain, or one workspace's; the first row that does not fit, or None. Streams the log.

    Rows cut off at the end of a chain leave no trace in it: compare the newest hash with a copy kept elsewhere.
    """
    query = select(CaseEvent).order_by(col(CaseEvent.team_id), col(CaseEvent.id))
    if team_id is not None:
        query = query.where(CaseEvent.team_id == team_id)
    previous: CaseEvent | None = None
    for row in session.exec(query.execution_options(yield_per=1000)):
        same_chain = previous is not None and previous.team_id == row.team_id
        wanted = previous.hash if same_chain and previous else GENESIS
        if row.prev_hash != wanted:
            return Altered(row.team_id, row.id or 0, "it does not follow the event before it")
        if row.hash != event_hash(row):
            return Altered(row.team_id, row.id or 0, "its content is not what was recorded")
        previous = row
    return None
