"""What two actors are to each other: one relationship a pair, permissions that only narrow, every change kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.tef import actors, permissions, policy, trust
from taskjuggler_app.domain.tef.trust import Ledger, TrustEvent, TrustOutcome
from taskjuggler_app.models.tef import (
    Actor,
    EstablishedVia,
    Relationship,
    RelationshipChange,
    RelationshipHistory,
    RelationshipType,
)

_ADMINS = "Only an admin can change what actors are to each other."


def establish(
    session: Session,
    principal: Principal,
    a_id: UUID,
    b_id: UUID,
    kind: RelationshipType,
    via: EstablishedVia,
    *,
    allows: Mapping[str, Any] | None = None,
    expires_at: datetime | None = None,
) -> Relationship:
    """A is `kind` to B. Raises Conflict when the two have a relationship already, whichever way round."""
    if a_id == b_id:
        raise Invalid("An actor has no relationship with itself.")
    for actor_id in sorted((a_id, b_id), key=str):  # the same order everywhere: two at once wait, and one is told
        session.exec(select(Actor.id).where(Actor.id == actor_id).with_for_update()).one()
    if between(session, a_id, b_id) is not None:
        raise Conflict("The two have a relationship already. End it first, or change it.")
    now = clock.utcnow()
    made = Relationship(
        actor_a_id=a_id,
        actor_b_id=b_id,
        relationship_type=kind,
        permissions=permissions.checked(allows or {}),
        established_via=via,
        expires_at=expires_at,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    _remember(session, principal, made, RelationshipChange.CREATED, None, _values(made))
    return made


def between(session: Session, one: UUID, other: UUID, *, lock: bool = False) -> Relationship | None:
    """The pair's relationship, whichever way round; also one that has expired."""
    query = select(Relationship).where(_pair(one, other))
    return session.exec(query.with_for_update() if lock else query).first()


def in_force(found: Relationship | None, now: datetime) -> bool:
    """Whether there is a relationship and its time is not over."""
    return found is not None and (found.expires_at is None or found.expires_at > now)


def narrow(session: Session, principal: Principal, relationship_id: UUID, allows: object) -> Relationship:
    """Allow less. Raises Conflict naming what would be more."""
    found = _for_update(session, principal, relationship_id)
    new = permissions.checked(allows)
    more = permissions.wider(found.permissions, new)
    if more:
        raise Conflict(
            f"Permissions only narrow: {', '.join(more)} would be more. End this and make a new one instead."
        )
    old, found.permissions = found.permissions, new
    _changed(session, principal, found, RelationshipChange.PERMISSIONS_CHANGED, old, new)
    return found


def expire(session: Session, principal: Principal, relationship_id: UUID, at: datetime) -> Relationship:
    """It ends at `at`, never later than it did before. Raises Conflict."""
    found = _for_update(session, principal, relationship_id)
    if found.expires_at is not None and at > found.expires_at:
        raise Conflict("A relationship can end sooner, not later.")
    old, found.expires_at = found.expires_at, at
    before = {"expires_at": old.isoformat() if old else None}
    _changed(session, principal, found, RelationshipChange.UPDATED, before, {"expires_at": at.isoformat()})
    return found


def task_ended(
    session: Session, principal: Principal, found: Relationship, outcome: TrustOutcome, task: str
) -> Relationship:
    """Count a finished task and write the trust event; the stored score is the ledger's at this moment."""
    now = clock.utcnow()
    if outcome is TrustOutcome.SUCCESS:
        found.task_count += 1
    events = [*trust_events(session, found.id), TrustEvent(outcome, now, task)]
    before, found.trust_score = found.trust_score, trust.ledger(events, now).score
    event = {"outcome": outcome.value, "at": now.isoformat(), "task": task, "score": str(found.trust_score)}
    _changed(session, principal, found, RelationshipChange.TRUST_UPDATED, {"score": str(before)}, event)
    return found


def trust_events(session: Session, relationship_id: UUID) -> list[TrustEvent]:
    """The trust events of the history, oldest first."""
    return _trust_events(session, [relationship_id])[relationship_id]


def scores(session: Session, relationship_ids: Collection[UUID], now: datetime) -> dict[UUID, Decimal]:
    """Each relationship's trust now, recomputed from the history."""
    events = _trust_events(session, relationship_ids)
    return {found: trust.ledger(events[found], now).score for found in relationship_ids}


def _trust_events(session: Session, ids: Collection[UUID]) -> dict[UUID, list[TrustEvent]]:
    events: dict[UUID, list[TrustEvent]] = {found: [] for found in ids}
    query = select(RelationshipHistory).where(
        col(RelationshipHistory.relationship_id).in_(ids),
        RelationshipHistory.change_type == RelationshipChange.TRUST_UPDATED,
    )
    for row in session.exec(query.order_by(col(RelationshipHistory.created_at), col(RelationshipHistory.id))):
        if new := row.new_values:
            at = datetime.fromisoformat(new["at"])
            event = TrustEvent(TrustOutcome(new["outcome"]), at, str(new.get("task", "")))
            events[row.relationship_id].append(event)
    return events


def ledger(session: Session, found: Relationship, now: datetime) -> Ledger:
    """The trust now, recomputed from the history, with every point of it."""
    return trust.ledger(trust_events(session, found.id), now)


def get(session: Session, principal: Principal, relationship_id: UUID, *, lock: bool = False) -> Relationship:
    """One relationship. NotFound unless the principal sees one of the two."""
    query = select(Relationship).where(Relationship.id == relationship_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound
    _visible(session, principal, found)
    return found


def history(session: Session, principal: Principal, relationship_id: UUID) -> list[RelationshipHistory]:
    """Every change, newest first. NotFound unless the principal sees one of the two."""
    get(session, principal, relationship_id)
    query = select(RelationshipHistory).where(RelationshipHistory.relationship_id == relationship_id)
    return list(session.exec(query.order_by(col(RelationshipHistory.created_at).desc())))


def _pair(one: UUID, other: UUID) -> ColumnElement[bool]:
    a, b = col(Relationship.actor_a_id), col(Relationship.actor_b_id)
    return or_(and_(a == one, b == other), and_(a == other, b == one))


def _for_update(session: Session, principal: Principal, relationship_id: UUID) -> Relationship:
    require(policy.can_relate(principal), _ADMINS)
    return get(session, principal, relationship_id, lock=True)


def _visible(session: Session, principal: Principal, found: Relationship) -> None:
    """NotFound unless one of the two is the principal's own or their workspace's."""
    ours = select(Actor.id).where(
        col(Actor.id).in_((found.actor_a_id, found.actor_b_id)),
        or_(col(Actor.team_id) == principal.team_id, col(Actor.user_id) == principal.user_id),
    )
    if session.exec(ours).first() is None:
        raise NotFound


def _values(found: Relationship) -> dict[str, Any]:
    return {
        "type": found.relationship_type.value,
        "permissions": found.permissions,
        "via": found.established_via.value,
        "expires_at": found.expires_at.isoformat() if found.expires_at else None,
    }


def _changed(
    session: Session,
    principal: Principal,
    found: Relationship,
    what: RelationshipChange,
    old: dict[str, Any],
    new: dict[str, Any],
) -> None:
    found.updated_at = clock.utcnow()
    session.add(found)
    session.flush()
    _remember(session, principal, found, what, old, new)


def _remember(
    session: Session,
    principal: Principal,
    found: Relationship,
    what: RelationshipChange,
    old: dict[str, Any] | None,
    new: dict[str, Any],
) -> None:
    changed_by = actors.own(session, principal).id
    session.add(
        RelationshipHistory(
            relationship_id=found.id,
            changed_by_actor_id=changed_by,
            change_type=what,
            old_values=old,
            new_values=new,
            created_at=clock.utcnow(),
        )
    )
    session.flush()
    kind = f"relationship.{what.value}"
    record_event(session, principal, kind=kind, subject_type="relationship", subject_id=found.id, data=new)
    live.publish(session, topics.network(principal.team_id))
