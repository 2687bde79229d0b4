"""Devices behind a gateway: it registers them and beats for them; one that stays silent is shown as such."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Forbidden, NotFound
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.tef import actors
from taskjuggler_app.models.tef import Actor, ActorStatus, ActorType

SILENT_AFTER = timedelta(minutes=5)
MOST_AT_ONCE = 200


def register(session: Session, gateway: Actor, name: str, capabilities: object = None) -> Actor:
    """A device of an active gateway; it waits to be claimed. Raises Forbidden for another kind of actor."""
    if gateway.actor_type is not ActorType.IOT_GATEWAY or gateway.team_id is None:
        raise Forbidden("Only a gateway registers devices.")
    acting = Principal(None, gateway.team_id, Role.SYSTEM, Door.TEF, name=gateway.display_name, actor_id=gateway.id)
    return actors.register(
        session, acting, ActorType.IOT_DEVICE, name, capabilities=capabilities, gateway_id=gateway.id
    )


def beat(session: Session, actor: Actor, device_ids: list[UUID]) -> datetime:
    """The actor is alive, and so are those of its devices. NotFound for a device that is not its own."""
    now = clock.utcnow()
    wanted = set(device_ids[:MOST_AT_ONCE])
    rows = session.exec(select(Actor).where(col(Actor.id).in_(wanted), Actor.gateway_id == actor.id)).all()
    if len(rows) != len(wanted):
        raise NotFound("One of the devices is not behind this gateway.")
    for one in (actor, *rows):
        was_silent = is_silent(one, now)
        one.last_seen_at = now
        session.add(one)
        if was_silent and one.team_id is not None:
            live.publish(session, topics.network(one.team_id))
    session.flush()
    return now


def is_silent(actor: Actor, now: datetime) -> bool:
    """Whether a device or gateway that may act has not been heard lately."""
    machine = actor.actor_type in (ActorType.IOT_DEVICE, ActorType.IOT_GATEWAY)
    alive = actor.last_seen_at is not None and actor.last_seen_at > now - SILENT_AFTER
    return machine and actor.status is ActorStatus.ACTIVE and not alive
