"""What comes in from an actor: kept once, refused or done, and answered the same when it comes again.

Both actors must be ACTIVE and have a relationship in force. A TASK_CREATE from a stranger is quarantined until an
admin opens it; anything else from a stranger is refused.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, NotFound, require
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.tasks.service import FOLLOWED
from taskjuggler_app.domain.tasks.service import create as create_task
from taskjuggler_app.domain.tef import conversations, permissions, policy, progress, relationships, states
from taskjuggler_app.domain.tef.envelope import Envelope, parse
from taskjuggler_app.domain.tef.payloads import TaskCreate
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState, Exchange, ExchangeState, Kind, Side
from taskjuggler_app.models.receptionist import SourceType
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.tef import Actor, ActorStatus, ActorType, EstablishedVia, Relationship, RelationshipType
from taskjuggler_app.models.users import User

MOST_HELD = 10
"""Tasks of one stranger in a workspace's quarantine."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an envelope."""

    message_id: UUID
    state: EnvelopeState
    reason: str | None = None


def receive(session: Session, source: Actor, envelope: Envelope, door: Door = Door.TEF) -> Received:
    """Take an envelope in. Raises Forbidden for somebody else's name; a refusal is kept and comes back as `refused`."""
    if envelope.source_actor != source.id:
        raise Forbidden("source_actor must be the actor whose key this is.")
    target = session.get(Actor, envelope.target_actor)
    if target is None or target.status is ActorStatus.DELETED:
        raise NotFound("The target actor does not exist.")
    exchange = _exchange(session, source, target, envelope)
    team_id = exchange.team_id if exchange else _workspace(session, target)
    row = _keep(session, team_id, envelope)
    if row is None:
        return _known(session, team_id, envelope)
    try:
        with session.begin_nested():
            state = _take(session, Principal(None, team_id, Role.SYSTEM, door, name=source.display_name,
                                             actor_id=source.id), source, target, envelope, exchange)  # fmt: skip
            reason = None
    except DomainError as error:
        state, reason = EnvelopeState.REFUSED, error.message
    row.state, row.reason = state, reason
    session.add(row)
    session.flush()
    live.publish(session, topics.network(team_id))
    return Received(row.message_id, state, reason)


def quarantine(session: Session, principal: Principal) -> list[EnvelopeLog]:
    """Tasks that strangers sent and nobody has decided about, newest first."""
    query = select(EnvelopeLog).where(
        EnvelopeLog.team_id == principal.team_id, EnvelopeLog.state == EnvelopeState.QUARANTINED
    )
    return list(session.exec(query.order_by(col(EnvelopeLog.created_at).desc()).limit(100)))


def admit(session: Session, principal: Principal, envelope_id: UUID) -> Exchange:
    """Take the stranger's task in: the two become peers. Raises NotFound, Forbidden, Conflict when it was decided."""
    row = _held(session, principal, envelope_id)
    envelope = parse(row.body)
    source, target = session.get_one(Actor, row.source_actor_id), session.get_one(Actor, row.target_actor_id)
    known = relationships.between(session, source.id, target.id)
    if known is None:
        known = relationships.establish(
            session, principal, target.id, source.id, RelationshipType.PEER, EstablishedVia.API
        )
    made = _begin(session, principal, source, target, envelope, known)
    row.state = EnvelopeState.RECEIVED
    session.add(row)
    session.flush()
    return made


def turn_away(session: Session, principal: Principal, envelope_id: UUID) -> None:
    """Refuse the stranger's task."""
    row = _held(session, principal, envelope_id)
    row.state, row.reason = EnvelopeState.REFUSED, "The workspace did not take the task."
    session.add(row)
    session.flush()
    live.publish(session, topics.network(principal.team_id))


def _take(
    session: Session,
    principal: Principal,
    source: Actor,
    target: Actor,
    envelope: Envelope,
    exchange: Exchange | None,
) -> EnvelopeState:
    if target.status is not ActorStatus.ACTIVE or source.status is not ActorStatus.ACTIVE:
        raise Conflict("Both actors must be active.")
    known = relationships.between(session, source.id, target.id, lock=True)
    if known is None or not relationships.in_force(known, clock.utcnow()):
        if envelope.message_type is not Kind.TASK_CREATE:
            raise Forbidden("The two have no relationship in force.")
        _require_room(session, principal.team_id, source)
        _tell_admins(session, principal.team_id, source, envelope)
        return EnvelopeState.QUARANTINED
    if envelope.message_type is Kind.TASK_CREATE:
        if exchange is not None:
            raise Conflict("That task_id is exchanged already.")
        _begin(session, principal, source, target, envelope, known)
    elif envelope.task_id is None:
        require(permissions.allows(known.permissions, "message"), "This relationship allows no messages.")
        conversations.hear(session, principal, source, target, envelope)
    elif exchange is None:
        raise NotFound("No such task is exchanged between the two.")
    else:
        _go_on(session, principal, source, exchange, envelope, known)
    return EnvelopeState.RECEIVED


def _begin(
    session: Session, principal: Principal, source: Actor, target: Actor, envelope: Envelope, known: Relationship
) -> Exchange:
    """The task in the target's workspace, and its exchange."""
    said = TaskCreate.model_validate(envelope.payload)
    require(permissions.allows(known.permissions, "create_task"), "This relationship allows no tasks.")
    beyond = permissions.outside(known.permissions, [scope.partition("@")[0] for scope in said.scopes])
    require(not beyond, f"Outside what this relationship allows: {', '.join(beyond)}.")
    limit = permissions.at_most(known.permissions, "max_budget")
    if limit is not None and said.budget is not None and said.budget.amount > limit:
        raise Forbidden(f"The budget is over the {limit} that this relationship allows.")
    owner = target.user_id if target.actor_type is ActorType.HUMAN else None
    task = create_task(
        session,
        principal,
        TaskDraft(
            title=said.title,
            description=said.description or None,
            requestor_id=owner or _responsible(session, principal.team_id),
            priority=said.priority,
            owner_id=owner,
            due_date=said.due_date,
            tags=list(said.tags),
            source_type=SourceType.API,
            source_channel=source.display_name[:100],
            source_channel_ref=str(envelope.task_id),
            meta={FOLLOWED: True},
        ),
    )
    made = Exchange(
        team_id=principal.team_id,
        task_id=task.id,
        task_ref=envelope.task_id or envelope.message_id,
        source_actor_id=source.id,
        target_actor_id=target.id,
        side=Side.DOER,
        state=ExchangeState.PENDING,
        permissions=known.permissions,
        depth=said.depth,
        path=[*map(str, said.path), str(source.id)],
        budget=said.budget.amount if said.budget else None,
        currency=said.budget.currency if said.budget else None,
        created_at=clock.utcnow(),
    )
    session.add(made)
    session.flush()
    conversations.show_task(session, principal, source.id, target.id, task)
    return made


def _go_on(
    session: Session, principal: Principal, source: Actor, exchange: Exchange, envelope: Envelope, known: Relationship
) -> None:
    sayer = Side.DOER if source.id == exchange.target_actor_id else Side.REQUESTOR
    taken_back = envelope.message_type is Kind.CANCEL and sayer is Side.REQUESTOR
    if exchange.revoked_at is not None and not taken_back:
        raise Forbidden("This delegation was revoked.")
    refused = states.refusal(envelope.message_type, sayer, exchange.state)
    if refused:
        raise Conflict(refused)
    progress.apply(session, principal, exchange, envelope, sayer, known)


def _exchange(session: Session, source: Actor, target: Actor, envelope: Envelope) -> Exchange | None:
    """The exchanged task as the receiving workspace sees it, locked."""
    if envelope.task_id is None:
        return None
    for side, (requestor, doer) in ((Side.DOER, (source, target)), (Side.REQUESTOR, (target, source))):
        query = select(Exchange).where(
            Exchange.task_ref == envelope.task_id,
            Exchange.source_actor_id == requestor.id,
            Exchange.target_actor_id == doer.id,
            Exchange.side == side,
        )
        found = session.exec(query.with_for_update()).first()
        if found is not None:
            return found
    return None


def _workspace(session: Session, target: Actor) -> UUID:
    """Where the target works."""
    if target.team_id is not None:
        return target.team_id
    user = session.get(User, target.user_id) if target.user_id else None
    if user is None or user.current_team_id is None:
        raise NotFound("The target actor has no workspace here.")
    return user.current_team_id


def _keep(session: Session, team_id: UUID, envelope: Envelope) -> EnvelopeLog | None:
    """The envelope's row, or None when this workspace has it already."""
    now = clock.utcnow()
    values = {
        "team_id": team_id,
        "message_id": envelope.message_id,
        "kind": envelope.message_type,
        "task_ref": envelope.task_id,
        "source_actor_id": envelope.source_actor,
        "target_actor_id": envelope.target_actor,
        "state": EnvelopeState.RECEIVED,
        "body": envelope.model_dump(mode="json"),
        "created_at": now,
        "updated_at": now,
    }
    made = session.execute(
        insert(EnvelopeLog).values(**values).on_conflict_do_nothing().returning(col(EnvelopeLog.id))
    ).scalar()
    return session.get(EnvelopeLog, made) if made else None


def _known(session: Session, team_id: UUID, envelope: Envelope) -> Received:
    row = session.exec(
        select(EnvelopeLog).where(
            EnvelopeLog.team_id == team_id,
            EnvelopeLog.source_actor_id == envelope.source_actor,
            EnvelopeLog.message_id == envelope.message_id,
        )
    ).one()
    return Received(row.message_id, row.state, row.reason)


def _held(session: Session, principal: Principal, envelope_id: UUID) -> EnvelopeLog:
    require(policy.can_open_quarantine(principal), "Only an admin decides about tasks of strangers.")
    query = select(EnvelopeLog).where(EnvelopeLog.id == envelope_id, EnvelopeLog.team_id == principal.team_id)
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFound
    if row.state is not EnvelopeState.QUARANTINED:
        raise Conflict("Somebody has decided about it already.")
    return row


def _require_room(session: Session, team_id: UUID, source: Actor) -> None:
    """A stranger has only so many tasks waiting for a decision."""
    waiting = (
        select(func.count())
        .select_from(EnvelopeLog)
        .where(
            EnvelopeLog.team_id == team_id,
            EnvelopeLog.source_actor_id == source.id,
            EnvelopeLog.state == EnvelopeState.QUARANTINED,
        )
    )
    if session.exec(waiting).one() >= MOST_HELD:
        raise Conflict(f"{MOST_HELD} tasks of yours wait for a decision there already.")


def _responsible(session: Session, team_id: UUID) -> UUID:
    owner = session.get_one(Team, team_id).created_by
    if owner is not None:
        return owner
    admins = select(TeamMember.user_id).where(TeamMember.team_id == team_id, col(TeamMember.is_admin))
    return session.exec(admins.order_by(col(TeamMember.joined_at))).one()


def _tell_admins(session: Session, team_id: UUID, source: Actor, envelope: Envelope) -> None:
    title = TaskCreate.model_validate(envelope.payload).title
    notify(
        session,
        _responsible(session, team_id),
        type="network",
        title="A task from somebody new",
        message=f"{source.display_name}: {title}",
        link="/network/quarantine",
        dedupe_key=f"quarantine:{team_id}:{source.id}",
        team_id=team_id,
    )
