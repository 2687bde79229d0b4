"""Reading the case log: a subject's thread, and the check that nobody rewrote it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.chain import GENESIS, event_hash
from taskjuggler_app.models.cases import CaseEvent
from taskjuggler_app.models.users import User


@dataclass
class EventRow:
    """One event of a thread; `at` is ISO 8601 in UTC."""

    id: int = 0
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


def thread(session: Session, principal: Principal, subjects: dict[str, UUID | str | None]) -> list[EventRow]:
    """The events of a case, oldest first: those of each subject given as type -> id."""
    rows = [
        row
        for kind, subject_id in subjects.items()
        if subject_id is not None
        for row in session.exec(
            select(CaseEvent, User.name)
            .outerjoin(User, col(User.id) == col(CaseEvent.principal_id))
            .where(
                CaseEvent.team_id == principal.team_id,
                CaseEvent.subject_type == kind,
                CaseEvent.subject_id == str(subject_id),
            )
        )
    ]
    rows.sort(key=lambda row: row[0].id or 0)
    return [
        EventRow(event.id or 0, event.kind, name or "TaskJuggler", event.door, event.created_at.isoformat(), event.data)
        for event, name in rows
    ]


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
