"""The log of envelopes: what waits for an actor that fetches, and what a workspace sees of its deliveries."""

from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Conflict, NotFound, require
from taskjuggler_app.core.paging import Cursor, Page
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import outgoing, policy
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState
from taskjuggler_app.models.tef import Actor

PAGE_SIZE = 100
_OUT = (EnvelopeState.QUEUED, EnvelopeState.DELIVERED, EnvelopeState.FAILED)


def waiting_for(session: Session, actor: Actor, cursor: str = "") -> Page[EnvelopeLog]:
    """Envelopes sent to the actor, oldest first. `next_cursor` goes on after the last one, also when none is left."""
    query = select(EnvelopeLog).where(
        EnvelopeLog.target_actor_id == actor.id, EnvelopeLog.state == EnvelopeState.DELIVERED
    )
    if cursor:
        last = Cursor.parse(cursor)
        query = query.where(tuple_(col(EnvelopeLog.created_at), col(EnvelopeLog.id)) > (last.at, last.id))
    rows = list(session.exec(query.order_by(col(EnvelopeLog.created_at), col(EnvelopeLog.id)).limit(PAGE_SIZE)))
    return Page(rows, Cursor(rows[-1].created_at, rows[-1].id).dump() if rows else cursor)


def log(session: Session, principal: Principal, cursor: str = "", *, failed_only: bool = False) -> Page[EnvelopeLog]:
    """The workspace's envelopes in and out, newest first."""
    query = select(EnvelopeLog).where(EnvelopeLog.team_id == principal.team_id)
    if failed_only:
        query = query.where(col(EnvelopeLog.state).in_((EnvelopeState.FAILED, EnvelopeState.REFUSED)))
    if cursor:
        last = Cursor.parse(cursor)
        query = query.where(tuple_(col(EnvelopeLog.created_at), col(EnvelopeLog.id)) < (last.at, last.id))
    newest = query.order_by(col(EnvelopeLog.created_at).desc(), col(EnvelopeLog.id).desc())
    rows = list(session.exec(newest.limit(PAGE_SIZE + 1)))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return Page(rows, Cursor(rows[-1].created_at, rows[-1].id).dump() if more else "")


def try_again(session: Session, principal: Principal, envelope_id: UUID) -> None:
    """Deliver a failed envelope once more. Raises NotFound, Forbidden, Conflict."""
    query = select(EnvelopeLog).where(EnvelopeLog.id == envelope_id, EnvelopeLog.team_id == principal.team_id)
    row = session.exec(query.with_for_update()).first()
    if row is None or row.state not in _OUT:
        raise NotFound
    require(policy.can_relate(principal), "Only an admin sends it again.")
    if row.state is not EnvelopeState.FAILED:
        raise Conflict("It has not failed.")
    outgoing.retry(session, row)
