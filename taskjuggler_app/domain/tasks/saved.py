"""Filters that a person keeps under a name, in one workspace."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, func, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.models.projects import SavedFilter

LONGEST_NAME, LONGEST_QUERY = 80, 500
MOST = 30


@dataclass
class SavedRow:
    """A kept filter; `query` is what stands after the ? of the list's address."""

    id: str = ""
    name: str = ""
    query: str = ""


def keep(session: Session, principal: Principal, name: str, wanted: TaskFilter) -> SavedRow:
    """Keep a filter; the same name again writes it over. Invalid without a name, LimitReached after thirty."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name or principal.user_id is None:
        raise Invalid("Give the filter a name.", "name")
    if len(wanted.dump()) > LONGEST_QUERY:
        raise Invalid("Those words are too long to keep. Search for fewer.", "text")
    mine = _mine(principal)
    others = session.exec(select(func.count()).select_from(SavedFilter).where(*mine, SavedFilter.name != name)).one()
    if others >= MOST:
        raise LimitReached(f"{MOST} filters are kept already. Forget one first.")
    values = {
        "team_id": principal.team_id,
        "user_id": principal.user_id,
        "name": name,
        "query": wanted.dump(),
        "created_at": clock.utcnow(),
    }
    changed = insert(SavedFilter).values(**values)
    made = session.execute(
        changed.on_conflict_do_update(
            index_elements=["team_id", "user_id", "name"], set_={"query": changed.excluded.query}
        ).returning(col(SavedFilter.id))
    ).scalar_one()
    return SavedRow(str(made), name, wanted.dump())


def kept(session: Session, principal: Principal) -> list[SavedRow]:
    """The person's filters here, by name."""
    query = select(SavedFilter).where(*_mine(principal)).order_by(func.lower(SavedFilter.name))
    return [SavedRow(str(row.id), row.name, row.query) for row in session.exec(query)]


def forget(session: Session, principal: Principal, filter_id: UUID) -> None:
    """Drop one of the person's own filters. NotFound for anybody else's."""
    gone = session.execute(
        delete(SavedFilter).where(*_mine(principal), col(SavedFilter.id) == filter_id).returning(col(SavedFilter.id))
    ).all()
    if not gone:
        raise NotFound("That filter is gone already.")


def _mine(principal: Principal) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(SavedFilter.team_id) == principal.team_id, col(SavedFilter.user_id) == principal.user_id
