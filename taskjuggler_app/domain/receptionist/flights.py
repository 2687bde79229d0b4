"""Flights of the simulator in a workspace: started by an admin, only where nobody else can reach the installation."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import cache, live, topics
from taskjuggler_app.core.config import settings
from taskjuggler_app.core.errors import Conflict, Invalid, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.models.receptionist import AssistantChannel, ChannelType

FLY = "receptionist.fly"
MOST_EVENTS = 1000
_KEPT_SECONDS = 7 * 24 * 3600
_AWAY = "The simulator flies only where PUBLIC_URL is this machine: it would fill a real inbox."


@dataclass
class Flight:
    """The last flight; `state` is empty before the first, flying, landed or failed, `figures` are its report's."""

    state: str = ""
    events: int = 0
    note: str = ""
    at: str = ""
    figures: dict[str, float] | None = None


def is_possible() -> bool:
    """Whether this installation is for trying things out."""
    return settings().is_local


def start(session: Session, principal: Principal, events: int) -> None:
    """Let a storm of `events` deliveries loose on the workspace's own number and address. Conflict while one flies."""
    require(principal.is_admin, "Only an admin of the workspace can start the simulator.")
    if not is_possible():
        raise Conflict(_AWAY)
    if not 10 <= events <= MOST_EVENTS:
        raise Invalid(f"Choose between 10 and {MOST_EVENTS} events.", "events")
    if last(session, principal).state == "flying":
        raise Conflict("One is in the air already.")
    line, _ = targets(session, principal.team_id)
    if not line:
        raise Conflict("Connect a number first: the storm has to reach something.")
    note(session, principal.team_id, Flight("flying", events))
    defer(session, FLY, queueing_lock=f"fly:{principal.team_id}", team_id=str(principal.team_id), events=events)


def targets(session: Session, team_id: UUID) -> tuple[str, str]:
    """The workspace's oldest active number and mail address; empty for none."""
    rows = session.exec(
        select(AssistantChannel)
        .where(AssistantChannel.team_id == team_id, AssistantChannel.is_active)
        .order_by(col(AssistantChannel.created_at), col(AssistantChannel.id))
    ).all()
    numbers = [row.phone_number or "" for row in rows if row.channel_type in (ChannelType.SMS, ChannelType.PHONE)]
    addresses = [row.email_address or "" for row in rows if row.channel_type is ChannelType.EMAIL]
    return next(iter(numbers), ""), next(iter(addresses), "")


def note(session: Session, team_id: UUID, flight: Flight) -> None:
    """Keep how the flight goes, for the page that shows it."""
    cache.put(session, f"flight:{team_id}", json.dumps(vars(flight)), _KEPT_SECONDS)
    live.publish(session, topics.channels(team_id))


def last(session: Session, principal: Principal) -> Flight:
    """The workspace's last flight."""
    kept: Any = cache.get(session, f"flight:{principal.team_id}")
    return Flight(**json.loads(kept)) if kept else Flight()
