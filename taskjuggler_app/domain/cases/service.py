"""Writing the case log. Everything that happens in a workspace is recorded through `record_event`."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import READING
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.chain import GENESIS, event_hash, plain
from taskjuggler_app.models.cases import CaseEvent

_PENDING = "case_events"
_LAST = """
SELECT pg_advisory_xact_lock(7242026, hashtext('{team}'));
SELECT hash FROM case_events WHERE team_id = '{team}' ORDER BY id DESC LIMIT 1
"""
_TABLE: Any = CaseEvent.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_COLUMNS = tuple(one.name for one in _TABLE.columns if one.name != "id")
_INSERT = insert(_TABLE)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """An event that waits for the commit, and the savepoint it was recorded in."""

    row: CaseEvent
    savepoint: SessionTransaction | None


def record_event(
    session: Session,
    principal: Principal,
    *,
    kind: str,
    subject_type: str,
    subject_id: UUID | str,
    data: dict[str, Any] | None = None,
) -> None:
    """Append an event when this transaction commits.

    Rows are chained and inserted just before the commit, under a lock for each workspace: taken last, it cannot be
    part of a deadlock, and no two transactions can follow the same event. Rolling back a savepoint forgets what was
    recorded inside it, and nothing else.
    """
    if session.info.get(READING):
        raise RuntimeError("This session is for reading.")
    row = CaseEvent(
        team_id=principal.team_id,
        subject_type=subject_type,
        subject_id=str(subject_id),
        kind=kind,
        principal_type="user" if principal.user_id else "actor" if principal.actor_id else "system",
        principal_id=principal.user_id or principal.actor_id,
        door=principal.door.value,
        data=plain({**(data or {}), **({"api_key": principal.key} if principal.key else {})}),
        created_at=clock.utcnow(),
        prev_hash=GENESIS,
        hash=GENESIS,
    )
    if not session.in_transaction():
        session.begin()  # so that there is something to roll back
    pending: list[_Recorded] = session.info.setdefault(_PENDING, [])
    pending.append(_Recorded(row, session.get_nested_transaction()))


@event.listens_for(AnySession, "before_commit")
def _append_pending(session: AnySession) -> None:
    """Chain and insert what was recorded; a savepoint's commit leaves it for the outer one."""
    pending: list[_Recorded] = session.info.get(_PENDING, [])
    if not pending or session.in_nested_transaction():
        return
    session.info[_PENDING] = []
    by_team: dict[UUID, list[CaseEvent]] = defaultdict(list)
    for recorded in pending:
        by_team[recorded.row.team_id].append(recorded.row)
    for team_id in sorted(by_team, key=str):
        last = _last_hash(session, team_id)
        for row in by_team[team_id]:
            row.prev_hash = last or GENESIS
            row.hash = last = event_hash(row)
            session.execute(_INSERT, {name: getattr(row, name) for name in _COLUMNS})


def _last_hash(session: AnySession, team_id: UUID) -> str | None:
    """Lock the workspace's chain until the commit, then read its last hash: two statements, as the second must see what
    was committed while the first waited, in one round trip, as others wait meanwhile."""
    connection: Any = session.connection().connection.driver_connection
    with connection.cursor() as cursor:
        cursor.execute(_LAST.format(team=UUID(str(team_id))))  # a UUID's text needs no quoting
        cursor.nextset()
        found = cursor.fetchone()
    return str(found[0]) if found else None


@event.listens_for(AnySession, "after_soft_rollback")
def _forget_rolled_back(session: AnySession, ended: SessionTransaction) -> None:
    pending: list[_Recorded] = session.info.get(_PENDING, [])
    session.info[_PENDING] = [one for one in pending if ended.nested and not _is_inside(one.savepoint, ended)]


def _is_inside(savepoint: SessionTransaction | None, ended: SessionTransaction) -> bool:
    while savepoint is not None:
        if savepoint is ended:
            return True
        savepoint = savepoint.parent
    return False
