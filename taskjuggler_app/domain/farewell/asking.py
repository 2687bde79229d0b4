"""Asking for the deletion of one's account, keeping it after all, and what both say."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from taskjuggler_app.core import live, queue, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import letters, two_factor
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.farewell import obstacles, workspaces
from taskjuggler_app.domain.farewell.obstacles import Obstacle
from taskjuggler_app.models.users import AccountDeletion, User

END = "account.delete"
BEGUN = "This account is being deleted already."
_AHEAD = text("SELECT count(*) FROM appointments WHERE host_id = :me AND status = 'scheduled' AND start_time > :now")


@dataclass
class Leaving:
    """What the page says before anything is confirmed.

    `due` is a day in the person's zone while the account waits for its deletion, else empty. `alone` are the
    workspaces that end with it, `left` those that go on; `ahead` is the number of appointments that would be cancelled.
    """

    due: str = ""
    waits_for: str = ""
    days: int = 0
    needs_code: bool = False
    ahead: int = 0
    alone: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)


def view(session: Session, principal: Principal, now: datetime) -> Leaving:
    """How it stands for the signed-in person."""
    user_id = _person(principal)
    row = session.get(AccountDeletion, user_id)
    places = workspaces.of(session, user_id)
    return Leaving(
        due=_day(principal, row.due_at) if row else "",
        waits_for=row.waits_for if row else "",
        days=settings().account_grace_days,
        needs_code=two_factor.is_on(session, user_id),
        ahead=session.execute(_AHEAD, {"me": user_id, "now": now}).scalar_one(),
        alone=[place.name for place in places if not place.others],
        left=[place.name for place in places if place.others],
        obstacles=obstacles.of(session, user_id),
    )


def due_day(session: Session, principal: Principal) -> str:
    """The day on which this account goes, in words; empty when nobody asked for it."""
    row = session.get(AccountDeletion, principal.user_id) if principal.user_id else None
    return _day(principal, row.due_at) if row else ""


def ask(session: Session, principal: Principal, code: str, now: datetime) -> datetime:
    """Have the account deleted after the grace; the caller has verified the password. When it is due.

    With two-factor sign-in it takes a code too (Invalid, counted by the caller). Conflict while something stands in
    the way. Asking again changes nothing.
    """
    user = _locked(session, principal)
    if two_factor.is_on(session, user.id) and not two_factor.take(session, user.id, code, now):
        raise Invalid(two_factor.WRONG, "code")
    found = obstacles.of(session, user.id)
    if found:
        raise Conflict(found[0].words)
    due = now + timedelta(days=settings().account_grace_days)
    made = insert(AccountDeletion).values(user_id=user.id, created_at=now, due_at=due).on_conflict_do_nothing()
    if session.execute(made.returning(col(AccountDeletion.user_id))).first() is None:
        return session.exec(select(AccountDeletion.due_at).where(AccountDeletion.user_id == user.id)).one()
    letters.send_deletion_asked(session, user, _day(principal, due))
    _record(session, principal, "account.deletion_asked", {"due": due.isoformat()})
    return due


def keep(session: Session, principal: Principal) -> None:
    """Keep the account after all; doing it twice changes nothing. Conflict once the deletion has begun."""
    user = _locked(session, principal)
    row = session.get(AccountDeletion, user.id, populate_existing=True)
    if row is None:
        return
    if row.begun_at is not None:
        raise Conflict(BEGUN)
    session.execute(delete(AccountDeletion).where(col(AccountDeletion.user_id) == user.id))
    session.expunge(row)
    letters.send_deletion_cancelled(session, user)
    _record(session, principal, "account.kept", {})


def queue_due(session: Session, now: datetime) -> int:
    """Deletions whose grace is over, or that a killed worker left; says how many."""
    over = (col(AccountDeletion.due_at) <= now, col(AccountDeletion.finished_at).is_(None))
    found = session.exec(select(AccountDeletion.user_id).where(*over)).all()
    for user_id in found:
        name = f"{END}:{user_id}"
        queue.defer(session, END, lock=name, queueing_lock=name, user_id=user_id)
    return len(found)


def _day(principal: Principal, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(principal.timezone)):%-d %B %Y}"


def _person(principal: Principal) -> UUID:
    if principal.user_id is None:
        raise NotFound
    return principal.user_id


def _locked(session: Session, principal: Principal) -> User:
    found = session.exec(select(User).where(User.id == _person(principal)).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def _record(session: Session, principal: Principal, kind: str, data: dict[str, object]) -> None:
    subject = str(principal.user_id)
    record_event(session, principal, kind=kind, subject_type="user", subject_id=subject, data=data)
    live.publish(session, topics.user(_person(principal)))
