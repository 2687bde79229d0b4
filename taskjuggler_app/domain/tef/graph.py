"""Who knows whom around a workspace: the ties between the actors that the principal sees."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import actors, relationships
from taskjuggler_app.domain.tef.rows import Tie
from taskjuggler_app.models.tef import Actor, ActorStatus, Relationship

GATEWAY = "gateway"
"""The tie of a device to the gateway it speaks through."""


def ties(session: Session, principal: Principal) -> list[Tie]:
    """Relationships of the workspace's and the person's actors, and devices with their gateways, oldest first.

    What two others are to each other is not the principal's to see.
    """
    now = clock.utcnow()
    seen = select(Actor.id).where(actors.visible(session, principal), Actor.status != ActorStatus.DELETED)
    ours = actors.ours(principal)
    a, b = col(Relationship.actor_a_id), col(Relationship.actor_b_id)
    query = select(Relationship).where(or_(a.in_(ours), b.in_(ours)), a.in_(seen), b.in_(seen))
    found = list(session.exec(query.order_by(col(Relationship.created_at), col(Relationship.id))))
    trusts = relationships.scores(session, [row.id for row in found], now)
    known = [_tie(row, int(trusts[row.id]), now) for row in found]
    behind = select(Actor.id, Actor.gateway_id).where(col(Actor.id).in_(seen), col(Actor.gateway_id).in_(seen))
    devices = session.exec(behind.order_by(col(Actor.display_name), col(Actor.id)))
    return [*known, *(_through(device, gateway) for device, gateway in devices)]


def _tie(row: Relationship, trust: int, now: datetime) -> Tie:
    over = not relationships.in_force(row, now)
    return Tie(str(row.actor_a_id), str(row.actor_b_id), row.relationship_type.value.lower(), trust, over)


def _through(device: UUID, gateway: UUID | None) -> Tie:
    return Tie(str(gateway), str(device), GATEWAY)
