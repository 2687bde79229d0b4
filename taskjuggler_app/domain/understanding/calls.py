"""Calls of the workspace's language model: planned and committed before they are made, so that the budget holds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.core.model_ports import ModelAccess
from taskjuggler_app.models.understanding import AICall, AISettings, CallState

KEY_PURPOSE = "ai-key"
_LOCK = text("SELECT pg_advisory_xact_lock(7242028, hashtext(:team))")


def is_on(session: Session, team_id: UUID) -> bool:
    """Whether the workspace has a language model switched on."""
    row = session.get(AISettings, team_id)
    return row is not None and row.is_on


def plan(session: Session, team_id: UUID, item_id: UUID | None = None) -> tuple[UUID, ModelAccess] | str | None:
    """The call to make, to be committed before it is made; why it is not made; None where no model is on."""
    row = session.get(AISettings, team_id)
    if row is None or not row.is_on:
        return None
    session.execute(_LOCK, {"team": str(team_id)})
    today = (AICall.team_id == team_id, col(AICall.created_at) >= day_of(clock.utcnow()))
    if session.exec(select(func.count()).select_from(AICall).where(*today)).one() >= row.daily_budget:
        return f"Today's budget of {row.daily_budget} messages is used up."
    try:
        how = access_of(row)
    except Invalid as error:
        return error.message
    call = AICall(team_id=team_id, inbox_item_id=item_id, model=row.model)
    session.add(call)
    session.flush()
    return call.id, how


def end(
    session: Session, call_id: UUID, state: CallState, *, reason: str = "", tokens: tuple[int, int] | None = None
) -> None:
    """What became of the call; `tokens` are those of the question and of the answer."""
    call = session.get(AICall, call_id)
    if call is None:
        return
    call.state, call.reason, call.ended_at = state, reason[:500] or None, clock.utcnow()
    if tokens is not None:
        call.input_tokens, call.output_tokens = tokens
    session.add(call)


def access_of(row: AISettings) -> ModelAccess:
    """How the workspace's model is reached. Invalid when its key cannot be read any more."""
    key = crypto.unseal(KEY_PURPOSE, row.key_sealed) if row.key_sealed else ""
    return ModelAccess(base_url=row.base_url, model=row.model, key=key)


def day_of(now: datetime) -> datetime:
    """The beginning of the budget's day, in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
