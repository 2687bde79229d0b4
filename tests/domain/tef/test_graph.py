"""Who knows whom: one's own ties with their trust, never those of two others."""

from decimal import Decimal

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tef import actors, devices, graph, queries, relationships
from taskjuggler_app.domain.tef.trust import TrustOutcome
from taskjuggler_app.models.tef import Actor, ActorStatus, ActorType, EstablishedVia, RelationshipType
from tests import factories as make


def met(session: Session, principal: Principal, one: Actor, other: Actor) -> None:
    relationships.establish(session, principal, one.id, other.id, RelationshipType.PEER, EstablishedVia.API)


def test_ties_of_two_others_and_of_the_deleted_are_not_shown(session: Session) -> None:
    ann, ben, cleo = make.make_owner(session), make.make_owner(session), make.make_owner(session)
    us, them, third = (actors.of_team(session, one.team_id) for one in (ann, ben, cleo))
    met(session, ann, us, them)
    met(session, ann, us, third)
    met(session, ben, them, third)
    seen = {frozenset((tie.one, tie.other)) for tie in graph.ties(session, ann) if tie.kind == "peer"}
    assert seen == {frozenset((str(us.id), str(them.id))), frozenset((str(us.id), str(third.id)))}
    them.status = ActorStatus.DELETED
    session.add(them)
    assert [tie.other for tie in graph.ties(session, ann) if tie.kind == "peer"] == [str(third.id)]
    stranger = graph.ties(session, make.make_owner(session))
    assert all(str(us.id) not in (tie.one, tie.other) for tie in stranger)


def test_a_tie_has_the_trust_of_its_ledger_and_the_list_says_the_same(session: Session) -> None:
    ann, ben = make.make_owner(session), make.make_owner(session)
    us, them = actors.of_team(session, ann.team_id), actors.of_team(session, ben.team_id)
    met(session, ann, us, them)
    known = relationships.between(session, us.id, them.id)
    assert known is not None
    for _ in range(3):
        relationships.task_ended(session, ann, known, TrustOutcome.DISPUTED, "task")
    assert [tie.trust for tie in graph.ties(session, ann) if tie.kind == "peer"] == [20]
    listed = next(row for row in queries.network(session, ann) if row.id == str(them.id))
    assert Decimal(listed.trust) == relationships.ledger(session, known, clock.utcnow()).score == 20


def test_a_device_is_tied_to_its_gateway(session: Session) -> None:
    ann = make.make_owner(session)
    gateway = actors.register(session, ann, ActorType.IOT_GATEWAY, "Cellar")
    gateway.status = ActorStatus.ACTIVE
    session.add(gateway)
    session.flush()
    sensor = devices.register(session, gateway, "Boiler", [])
    found = [(tie.one, tie.other, tie.trust) for tie in graph.ties(session, ann) if tie.kind == graph.GATEWAY]
    assert found == [(str(gateway.id), str(sensor.id), -1)]
