"""The demo's network: an agent that sums up, a partner, a sensor behind a gateway, and a stranger who asks."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.tef import actors, claims, conversations, delegation, devices, envelope, exchange, rules
from taskjuggler_app.domain.tef.envelope import Envelope
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState, Exchange, Kind
from taskjuggler_app.models.tef import Actor, ActorType

_DONE = ("Sum up the week's tenant calls", "List the open repairs by building", "Draft the notice about the boiler")


def load(session: Session, owner: Principal, now: datetime) -> None:
    """Make the actors, what they did, and what they said."""
    with clock.at(now - timedelta(days=20)):
        agent = _claimed(session, owner, ActorType.AI_AGENT, "Scribe", ("text.summarise", "text.draft"))
        gateway = _claimed(session, owner, ActorType.IOT_GATEWAY, "Basement gateway", ("temperature",))
        sensor = devices.register(session, gateway, "Boiler sensor", [{"type": "temperature", "version": "1.0"}])
        claims.claim(session, owner, claims.new_code(session, owner, sensor.id).code)
        asked = [{"field": "tags", "operator": "contains", "value": "report"}]
        rules.add(session, owner, agent.id, asked, scopes=["text.summarise"])
    for number, title in enumerate(_DONE):
        with clock.at(now - timedelta(days=12 - 4 * number)):
            _done_by(session, owner, agent, title)
    with clock.at(now - timedelta(minutes=2)):
        devices.beat(session, gateway, [sensor.id])
    with clock.at(now - timedelta(hours=5)):
        conversations.say(session, owner, agent.id, "Please keep the summaries to five lines.")
    with clock.at(now - timedelta(hours=4, minutes=50)):
        _told(session, agent, owner, Kind.MESSAGE, None, text="Understood: five lines, the urgent ones first.")
    with clock.at(now - timedelta(hours=1)):
        actors.register(session, owner, ActorType.AI_AGENT, "Bookkeeping agent", capabilities=[{"type": "bookkeeping"}])
        _stranger(session, owner)
    for row in session.exec(select(EnvelopeLog).where(EnvelopeLog.state == EnvelopeState.QUEUED)):
        row.state, row.delivered_at = EnvelopeState.DELIVERED, now  # nobody listens on the other side of a story
        session.add(row)


def _claimed(session: Session, owner: Principal, kind: ActorType, name: str, can: tuple[str, ...]) -> Actor:
    made = actors.register(session, owner, kind, name, capabilities=[{"type": word} for word in can])
    return claims.claim(session, owner, claims.new_code(session, owner, made.id).code)


def _done_by(session: Session, owner: Principal, agent: Actor, title: str) -> None:
    """A task that the agent took and finished."""
    if owner.user_id is None:
        return
    draft = TaskDraft(title=title, requestor_id=owner.user_id, owner_id=owner.user_id, tags=["report"])
    made: Exchange = delegation.delegate(session, owner, tasks.create(session, owner, draft).id, agent.id)
    _told(session, agent, owner, Kind.ACCEPT, made)
    _told(session, agent, owner, Kind.COMPLETE, made, result="Done.")


def _told(session: Session, agent: Actor, owner: Principal, kind: Kind, about: Exchange | None, **payload: str) -> None:
    me = about.source_actor_id if about else conversations.speaking_to(session, owner, agent.id).id
    said = Envelope(
        message_id=uuid4(),
        message_type=kind,
        timestamp=clock.utcnow(),
        task_id=about.task_ref if about else None,
        source_actor=agent.id,
        target_actor=me,
        payload=dict(payload),
    )
    exchange.receive(session, agent, envelope.parse(said.model_dump(mode="json")))


def _stranger(session: Session, owner: Principal) -> None:
    """Somebody whom the workspace does not know yet sends a task."""
    stranger = Actor(actor_type=ActorType.HUMAN, display_name="Harbour Street Owners")
    session.add(stranger)
    session.flush()
    said = Envelope(
        message_id=uuid4(),
        message_type=Kind.TASK_CREATE,
        timestamp=clock.utcnow(),
        task_id=uuid4(),
        source_actor=stranger.id,
        target_actor=actors.of_team(session, owner.team_id).id,
        payload={"title": "Take over the winter service for 14 Harbour Street"},
    )
    exchange.receive(session, stranger, envelope.parse(said.model_dump(mode="json")))
