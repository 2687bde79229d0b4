"""Actors: people, teams, agents, devices and gateways that exchange tasks. Every user and every workspace has one."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_url
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.tef import capabilities as abilities
from taskjuggler_app.domain.tef import policy
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.tef import Actor, ActorStatus, ActorType, Relationship
from taskjuggler_app.models.users import User

NAME_LENGTH = 255
MOST = 500
"""Actors of one workspace."""
CLAIMED = (ActorType.AI_AGENT, ActorType.IOT_DEVICE, ActorType.IOT_GATEWAY)
"""What waits for somebody to claim it before it may act."""
CONTACTS = ("tef", "email", "phone")
ALLOWED: dict[ActorStatus, frozenset[ActorStatus]] = {
    ActorStatus.PENDING_CLAIM: frozenset({ActorStatus.ACTIVE, ActorStatus.DELETED}),
    ActorStatus.ACTIVE: frozenset({ActorStatus.SUSPENDED, ActorStatus.DELETED}),
    ActorStatus.SUSPENDED: frozenset({ActorStatus.ACTIVE, ActorStatus.DELETED}),
    ActorStatus.DELETED: frozenset(),
}
GONE = "That actor does not exist, or it is not yours to see."


def of_user(session: Session, user: User) -> Actor:
    """The person's actor, made when it is asked for first; two at once make one."""
    values = {"actor_type": ActorType.HUMAN, "display_name": user.name, "user_id": user.id}
    return _ensured(session, values, Actor.user_id == user.id, ActorType.HUMAN)  # type: ignore[arg-type]  # a clause


def of_team(session: Session, team_id: UUID) -> Actor:
    """The workspace's actor, made when it is asked for first; two at once make one."""
    team = session.get_one(Team, team_id)
    values = {"actor_type": ActorType.TEAM, "display_name": team.name, "team_id": team.id}
    return _ensured(session, values, Actor.team_id == team_id, ActorType.TEAM)  # type: ignore[arg-type]  # a clause


def own(session: Session, principal: Principal) -> Actor:
    """The actor that the principal speaks as: the person's, or the workspace's for the system."""
    if principal.user_id is None:
        return of_team(session, principal.team_id)
    return of_user(session, session.get_one(User, principal.user_id))


def ours(principal: Principal) -> Any:
    """The ids of the workspace's own actors and the person's, as a subquery."""
    return select(Actor.id).where(or_(col(Actor.team_id) == principal.team_id, col(Actor.user_id) == principal.user_id))


def visible(session: Session, principal: Principal) -> ColumnElement[bool]:
    """The workspace's own actors, the person's, and those that any of them has a relationship with."""
    own_ids = ours(principal)
    theirs = [
        select(other).where(col(mine).in_(own_ids))
        for mine, other in (
            (Relationship.actor_a_id, Relationship.actor_b_id),
            (Relationship.actor_b_id, Relationship.actor_a_id),
        )
    ]
    return or_(*(col(Actor.id).in_(one) for one in (own_ids, *theirs)))


def get(session: Session, principal: Principal, actor_id: UUID, *, lock: bool = False) -> Actor:
    """An actor that the principal may see. NotFound otherwise."""
    query = select(Actor).where(Actor.id == actor_id, visible(session, principal))
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None or found.status is ActorStatus.DELETED:
        raise NotFound(GONE)
    return found


def register(
    session: Session,
    principal: Principal,
    kind: ActorType,
    name: str,
    *,
    capabilities: object = None,
    contact_methods: object = None,
    gateway_id: UUID | None = None,
) -> Actor:
    """Add an agent, a device, a gateway or a partner to the workspace. Agents and devices wait to be claimed.

    Raises Forbidden, Invalid, Conflict for too many.
    """
    require(policy.can_register_actor(principal), "Only an admin can add actors.")
    if len(session.exec(select(Actor.id).where(Actor.team_id == principal.team_id)).all()) >= MOST:
        raise Conflict(f"This workspace has {MOST} actors already. Delete some first.")
    if gateway_id is not None and get(session, principal, gateway_id).actor_type is not ActorType.IOT_GATEWAY:
        raise Invalid("That is no gateway.", "gateway_id")
    now = clock.utcnow()
    actor = Actor(
        actor_type=kind,
        display_name=checked_name(name),
        capabilities=abilities.checked([] if capabilities is None else capabilities),
        contact_methods=checked_contacts([] if contact_methods is None else contact_methods),
        status=ActorStatus.PENDING_CLAIM if kind in CLAIMED else ActorStatus.ACTIVE,
        team_id=principal.team_id if kind is not ActorType.TEAM else None,
        gateway_id=gateway_id,
        created_at=now,
        updated_at=now,
    )
    session.add(actor)
    session.flush()
    record(session, principal, actor, "registered", {"type": kind.value, "name": actor.display_name})
    return actor


def change(session: Session, principal: Principal, actor_id: UUID, values: dict[str, Any]) -> Actor:
    """Change name, capabilities or contact methods. Raises NotFound, Forbidden, Invalid."""
    actor = for_update(session, principal, actor_id)
    if "display_name" in values:
        actor.display_name = checked_name(values["display_name"])
    if "capabilities" in values:
        actor.capabilities = abilities.checked(values["capabilities"])
    if "contact_methods" in values:
        actor.contact_methods = checked_contacts(values["contact_methods"])
    session.add(actor)
    session.flush()
    record(session, principal, actor, "changed", {"fields": sorted(values)})
    return actor


def set_status(session: Session, principal: Principal, actor_id: UUID, status: ActorStatus) -> Actor:
    """Suspend, resume or delete. Raises Conflict where the table of transitions says no."""
    actor = for_update(session, principal, actor_id)
    if actor.actor_type in (ActorType.HUMAN, ActorType.TEAM) and actor.user_id == principal.user_id:
        raise Conflict("That is you: your own actor stays as long as your account.")
    move(session, principal, actor, status)
    return actor


def move(session: Session, principal: Principal, actor: Actor, status: ActorStatus) -> None:
    """Go along the table of transitions; a deleted actor keeps no key."""
    if status not in ALLOWED[actor.status]:
        raise Conflict(f"An actor that is {actor.status} cannot become {status}.")
    before, actor.status = actor.status, status
    if status is ActorStatus.DELETED:
        actor.authentication = {}
    session.add(actor)
    session.flush()
    record(session, principal, actor, "status_changed", {"from": before.value, "to": status.value})


def checked_name(raw: object) -> str:
    """A name without needless space. Raises Invalid."""
    name = " ".join(str(raw or "").split())
    if not name or len(name) > NAME_LENGTH:
        raise Invalid(f"A name has between 1 and {NAME_LENGTH} characters.", "display_name")
    return name


def checked_contacts(raw: object) -> list[dict[str, str]]:
    """Contact methods [{type, value}] of the types tef (an https address), email and phone. Raises Invalid."""
    if not isinstance(raw, list) or len(raw) > 10:
        raise Invalid("contact_methods must be a list of at most 10.", "contact_methods")
    kept = []
    for number, item in enumerate(raw):
        place = f"contact_methods[{number}]"
        kind = str(item.get("type", "")) if isinstance(item, dict) else ""
        if kind not in CONTACTS:
            raise Invalid(f"{place}.type must be one of {', '.join(CONTACTS)}.", f"{place}.type")
        kept.append({"type": kind, "value": _checked_contact(kind, str(item.get("value", "")), place)})
    return kept


def address(actor: Actor) -> str | None:
    """Where envelopes for the actor are delivered; None for one that fetches them here."""
    return next((str(one["value"]) for one in actor.contact_methods if one.get("type") == "tef"), None)


def record(session: Session, principal: Principal, actor: Actor, what: str, data: dict[str, Any]) -> None:
    """The case's event, and word to the open pages."""
    record_event(session, principal, kind=f"actor.{what}", subject_type="actor", subject_id=actor.id, data=data)
    live.publish(session, topics.network(principal.team_id))


def _checked_contact(kind: str, value: str, place: str) -> str:
    if kind == "email":
        return normalise_email(value)
    if kind == "phone":
        return normalise_phone(value)
    try:
        check_url(value, Reach(local=True))
    except AddressRefused as refused:
        raise Invalid(f"{place}: {refused}", place) from None
    return value


def for_update(session: Session, principal: Principal, actor_id: UUID) -> Actor:
    """One that the principal may change, locked."""
    actor = get(session, principal, actor_id, lock=True)
    mine = actor.team_id == principal.team_id or actor.user_id == principal.user_id
    allowed = mine and policy.can_change_actor(principal, actor.user_id)
    require(allowed, "Only an admin of the actor's workspace can change it.")
    return actor


def _ensured(session: Session, values: dict[str, Any], mine: ColumnElement[bool], kind: ActorType) -> Actor:
    query = select(Actor).where(mine, Actor.actor_type == kind)
    found = session.exec(query).first()
    if found is None:
        session.execute(insert(Actor).values(**values).on_conflict_do_nothing())
        found = session.exec(query).one()
    return found
