"""What is compared with the provider's own record, how often, and what did not agree.

Whoever asks for money, or orders it moved, writes that down here in the same transaction: a check finds what no webhook
told. New matters are compared every few minutes, older ones a few times a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, money, queue, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.models.payments import PaymentCheck

CHECK = "payments.reconcile"
MARKETPLACE, BOOKING, PLAN = "marketplace", "booking", "plan"
LOOKS_BACK = timedelta(days=30)
NEW = timedelta(days=2)
OFTEN, SELDOM = timedelta(minutes=9), timedelta(hours=6)
MOST = 1_000
"""Checks that one tick queues."""


@dataclass(frozen=True)
class Difference:
    """What the provider has of something, and what our ledger says it has."""

    provider: Decimal
    ledger: Decimal


def provider_name() -> str:
    """Which provider takes payments here."""
    return "stripe" if settings().stripe_secret_key else "embedded"


def watch(
    session: Session, purpose: str, reference: str, handle: str = "", about: dict[str, str] | None = None
) -> None:
    """Compare this with the provider from now on; `handle` and `about` are kept until others are said."""
    now = clock.utcnow()
    values: dict[str, Any] = {"touched_at": now, "until": now + LOOKS_BACK}
    values |= ({"handle": handle[:255]} if handle else {}) | ({"about": about} if about else {})
    query = insert(PaymentCheck).values(purpose=purpose, reference=reference, provider=provider_name(), **values)
    keys = [col(PaymentCheck.purpose), col(PaymentCheck.reference)]
    session.execute(query.on_conflict_do_update(index_elements=keys, set_=values | {"provider": provider_name()}))


def handle_of(session: Session, purpose: str, reference: str) -> str:
    """What finds it at the provider; "" when our reference does."""
    found = session.get(PaymentCheck, (purpose, reference))
    return found.handle if found else ""


def about(session: Session, purpose: str, reference: str) -> dict[str, str]:
    """Whom it is about; empty when nobody said."""
    found = session.get(PaymentCheck, (purpose, reference))
    return {str(name): str(value) for name, value in found.about.items()} if found else {}


def queue_due(session: Session, now: datetime) -> int:
    """Queue what has to be compared; says how much. A check that waits in the queue is not queued again."""
    last, touched = col(PaymentCheck.checked_at), col(PaymentCheck.touched_at)
    due = session.exec(
        select(PaymentCheck.purpose, PaymentCheck.reference)
        .where(
            PaymentCheck.provider == provider_name(),
            col(PaymentCheck.until) > now,
            or_(last.is_(None), last < now - SELDOM, and_(touched > now - NEW, last < now - OFTEN)),
        )
        .order_by(last.asc().nulls_first(), touched)
        .limit(MOST)
    ).all()
    for purpose, reference in due:
        lock = f"{CHECK}:{purpose}:{reference}"
        queue.defer(session, CHECK, queueing_lock=lock, purpose=purpose, reference=reference)
    return len(due)


def forget(session: Session, now: datetime) -> int:
    """What is not compared any more goes, with the names in it; says how much."""
    gone = session.execute(
        delete(PaymentCheck).where(col(PaymentCheck.until) <= now).returning(col(PaymentCheck.reference))
    )
    return len(gone.all())


def keep(
    session: Session, purpose: str, reference: str, theirs: Decimal, ours: Decimal, currency: str, *, goes_on: bool
) -> Difference | None:
    """Write down that it was compared: the difference, None for none. What `goes_on` is compared further."""
    found = session.get(PaymentCheck, (purpose, reference), with_for_update=True)
    if found is None:
        watch(session, purpose, reference)
        found = session.get_one(PaymentCheck, (purpose, reference))
    said = [money.shown(amount, currency) for amount in (theirs, ours)]
    problem = None if theirs == ours else f"The provider has {said[0]} of it, the ledger says {said[1]}."
    if found.problem != problem:
        live.publish(session, topics.disputes())
    found.problem, found.checked_at = problem, clock.utcnow()
    if goes_on or problem is not None:
        found.until = found.checked_at + LOOKS_BACK
    session.add(found)
    return Difference(theirs, ours) if problem is not None else None


def differing(session: Session, limit: int) -> list[PaymentCheck]:
    """What did not agree when it was last compared, newest first."""
    query = select(PaymentCheck).where(col(PaymentCheck.problem).is_not(None))
    return list(session.exec(query.order_by(col(PaymentCheck.checked_at).desc()).limit(limit)))


def words(check: PaymentCheck) -> str:
    """What it is, as people say it."""
    return {MARKETPLACE: "A payment for work", BOOKING: "A guest's payment", PLAN: "A plan"}[check.purpose]
