"""The list of conversations: who, the last that was said, how much is new; nobody else's."""

from uuid import uuid4

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import actors, claims, conversations, envelope, exchange, queries, talks
from taskjuggler_app.models.exchange import Kind
from taskjuggler_app.models.tef import Actor, ActorType
from tests import factories as make


def an_agent(session: Session, owner: Principal) -> Actor:
    agent = actors.register(session, owner, ActorType.AI_AGENT, "Scribe")
    return claims.claim(session, owner, claims.new_code(session, owner, agent.id).code)


def tell(session: Session, agent: Actor, owner: Principal, text: str, message_id: str = "") -> None:
    said = {
        "tef_version": "2.0.0",
        "message_id": message_id or str(uuid4()),
        "message_type": Kind.MESSAGE.value,
        "timestamp": clock.utcnow().isoformat(),
        "source_actor": str(agent.id),
        "target_actor": str(conversations.speaking_to(session, owner, agent.id).id),
        "payload": {"text": text},
    }
    exchange.receive(session, agent, envelope.parse(said))


def test_new_messages_are_counted_until_they_are_read_and_a_repeated_one_once(session: Session) -> None:
    owner = make.make_owner(session)
    agent = an_agent(session, owner)
    conversations.say(session, owner, agent.id, "Five lines, please.")
    (row,) = talks.listed(session, owner)
    assert (row.name, row.last, row.mine, row.unread) == ("Scribe", "Five lines, please.", True, 0)
    again = str(uuid4())
    for text, message_id in (("One", ""), ("Two", again), ("Two", again)):
        tell(session, agent, owner, text, message_id)
    (row,) = talks.listed(session, owner)
    assert (row.last, row.mine, row.unread, row.actor_id) == ("Two", False, 2, str(agent.id))
    assert [one.unread for one in queries.network(session, owner) if one.id == str(agent.id)] == [2]
    conversations.mark_read(session, owner, conversations.listed(session, owner)[0].id)
    assert talks.listed(session, owner)[0].unread == 0
    assert talks.unread_by_actor(session, owner) == {}


def test_a_stranger_has_no_part_in_it(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    tell(session, an_agent(session, owner), owner, "Hello")
    assert talks.listed(session, stranger) == []
    assert talks.unread_by_actor(session, stranger) == {}
