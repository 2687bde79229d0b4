"""Two workspaces exchange tasks: what comes in once, what is refused, what follows, what is taken back."""

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from jobs.handlers import tef as handlers
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tef import actors, claims, delegation, envelope, exchange, keys, relationships, rules
from taskjuggler_app.domain.tef.envelope import Envelope
from taskjuggler_app.domain.tef.trust import TrustOutcome
from taskjuggler_app.models.exchange import EnvelopeLog, EnvelopeState, Exchange, ExchangeState, Kind, Side
from taskjuggler_app.models.tasks import Task, TaskStatus
from taskjuggler_app.models.tef import Actor, ActorStatus, ActorType, EstablishedVia, RelationshipType
from tests import factories as make


def an_agent(session: Session, owner: Principal, **over: Any) -> Actor:
    """An agent that the owner has claimed."""
    agent = actors.register(session, owner, ActorType.AI_AGENT, over.pop("name", "Scribe"), **over)
    return claims.claim(session, owner, claims.new_code(session, owner, agent.id).code)


def said(kind: Kind, source: Actor, target: Actor, task_id: UUID | None, **payload: Any) -> Envelope:
    return envelope.parse(
        {
            "tef_version": "2.0.0",
            "message_id": str(uuid4()),
            "message_type": kind.value,
            "timestamp": clock.utcnow().isoformat(),
            "task_id": str(task_id) if task_id else None,
            "source_actor": str(source.id),
            "target_actor": str(target.id),
            "payload": payload,
        }
    )


def peers(session: Session, one: Principal, other: Principal, **allows: Any) -> tuple[Actor, Actor]:
    """The two workspaces' actors, which know each other."""
    a, b = actors.of_team(session, one.team_id), actors.of_team(session, other.team_id)
    relationships.establish(session, one, a.id, b.id, RelationshipType.PEER, EstablishedVia.INVITATION, allows=allows)
    return a, b


def run_jobs() -> int:
    """What the worker would do with the exchange's jobs, until there are none."""
    done = 0
    while True:
        with transaction() as session:
            rows = session.execute(
                text(
                    "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = (SELECT id FROM procrastinate_jobs "
                    "WHERE status = 'todo' AND task_name = ANY(:names) ORDER BY id LIMIT 1) RETURNING task_name, args"
                ),
                {"names": ["tef.deliver", "task.follow", "task.unclaimed"]},
            ).all()
        if not rows:
            return done
        name, args = rows[0]
        run: dict[str, Callable[..., None]] = {
            "tef.deliver": handlers.deliver,
            "task.follow": handlers.follow,
            "task.unclaimed": handlers.unclaimed,
        }
        run[name](**args)
        done += 1


def test_agents_wait_until_somebody_claims_them_and_a_code_works_once(session: Session) -> None:
    owner = make.make_owner(session)
    agent = actors.register(session, owner, ActorType.AI_AGENT, "Scribe")
    assert agent.status is ActorStatus.PENDING_CLAIM
    first = claims.new_code(session, owner, agent.id).code
    second = claims.new_code(session, owner, agent.id).code
    with pytest.raises(Invalid):
        claims.claim(session, owner, first)  # a new code ends the older ones
    claimed = claims.claim(session, owner, second.lower().replace("-", " "))
    assert (claimed.id, claimed.status) == (agent.id, ActorStatus.ACTIVE)
    with pytest.raises(Invalid):
        claims.claim(session, owner, second)
    known = relationships.between(session, actors.own(session, owner).id, agent.id)
    assert known is not None and known.relationship_type is RelationshipType.OWNER


def test_a_code_is_too_old_after_an_hour(session: Session) -> None:
    owner = make.make_owner(session)
    agent = actors.register(session, owner, ActorType.AI_AGENT, "Scribe")
    with clock.at(clock.utcnow() - timedelta(minutes=61)):
        code = claims.new_code(session, owner, agent.id).code
    with pytest.raises(Invalid):
        claims.claim(session, owner, code)


def test_a_key_works_until_it_is_revoked_and_a_rotated_one_for_a_day(session: Session) -> None:
    owner = make.make_owner(session)
    agent = an_agent(session, owner)
    old = keys.issue(session, owner, agent.id)
    assert keys.authenticate(session, old.token).id == agent.id
    new = keys.rotate(session, owner, agent.id, old.id)
    assert keys.authenticate(session, old.token).id == agent.id
    with clock.at(clock.utcnow() + timedelta(hours=25)), pytest.raises(Forbidden):
        keys.authenticate(session, old.token)
    keys.revoke(session, owner, agent.id, new.id)
    for worthless in (new.token, "tja_" + "0" * 32 + "_" + "x" * 43, "nonsense", ""):
        with pytest.raises(Forbidden):
            keys.authenticate(session, worthless)
    assert new.token not in str(agent.authentication)


def test_a_pair_has_one_relationship_whichever_way_round(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other)
    with pytest.raises(Conflict):
        relationships.establish(session, other, b.id, a.id, RelationshipType.VENDOR, EstablishedVia.API)


def test_permissions_only_narrow_and_every_change_is_kept(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other, max_budget="100", scopes=["painting", "plumbing"])
    known = relationships.between(session, a.id, b.id)
    assert known is not None
    relationships.narrow(session, one, known.id, {"max_budget": "50", "scopes": ["plumbing"]})
    with pytest.raises(Conflict, match="max_budget"):
        relationships.narrow(session, one, known.id, {"max_budget": "60", "scopes": ["plumbing"]})
    with pytest.raises(NotFound):
        relationships.narrow(session, make.make_owner(session), known.id, {})
    kinds = [row.change_type.value for row in relationships.history(session, one, known.id)]
    assert sorted(kinds) == ["created", "permissions_changed"]


def test_a_message_twice_is_one_message_and_is_answered_the_same(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other)
    asked = said(Kind.TASK_CREATE, a, b, uuid4(), title="Print 500 flyers", scopes=[])
    first, again = exchange.receive(session, a, asked), exchange.receive(session, a, asked)
    assert first == again and first.state is EnvelopeState.RECEIVED
    made = session.exec(select(Task).where(Task.team_id == other.team_id)).one()
    assert (made.title, made.source_channel) == ("Print 500 flyers", a.display_name)


def test_a_stranger_waits_in_quarantine_until_an_admin_opens_it(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = actors.of_team(session, one.team_id), actors.of_team(session, other.team_id)
    asked = said(Kind.TASK_CREATE, a, b, uuid4(), title="Hello")
    assert exchange.receive(session, a, asked).state is EnvelopeState.QUARANTINED
    assert session.exec(select(Task).where(Task.team_id == other.team_id)).all() == []
    assert exchange.receive(session, a, said(Kind.MESSAGE, a, b, None, text="Hi")).state is EnvelopeState.REFUSED
    held = exchange.quarantine(session, other)
    with pytest.raises(Forbidden):
        exchange.admit(session, make.make_colleague(session, other), held[0].id)
    assert exchange.admit(session, other, held[0].id).state is ExchangeState.PENDING
    with pytest.raises(Conflict):
        exchange.admit(session, other, held[0].id)


def test_a_stranger_cannot_fill_the_quarantine(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = actors.of_team(session, one.team_id), actors.of_team(session, other.team_id)
    sent = [said(Kind.TASK_CREATE, a, b, uuid4(), title=str(number)) for number in range(exchange.MOST_HELD + 2)]
    got = [exchange.receive(session, a, asked).state for asked in sent]
    assert got == [EnvelopeState.QUARANTINED] * exchange.MOST_HELD + [EnvelopeState.REFUSED] * 2
    assert len(exchange.quarantine(session, other)) == exchange.MOST_HELD


def test_nobody_speaks_in_anothers_name(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other)
    with pytest.raises(Forbidden):
        exchange.receive(session, b, said(Kind.TASK_CREATE, a, b, uuid4(), title="Forged"))


@pytest.mark.parametrize("status", [ActorStatus.SUSPENDED, ActorStatus.PENDING_CLAIM])
def test_both_must_be_active(session: Session, status: ActorStatus) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other)
    b.status = status
    session.add(b)
    found = exchange.receive(session, a, said(Kind.TASK_CREATE, a, b, uuid4(), title="Hello"))
    assert (found.state, found.reason) == (EnvelopeState.REFUSED, "Both actors must be active.")


def test_beyond_scope_or_budget_is_refused_and_leaves_nothing(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other, max_budget="100", scopes=["painting"])
    dear = said(Kind.TASK_CREATE, a, b, uuid4(), title="Paint", budget={"amount": "101", "currency": "USD"})
    other_trade = said(Kind.TASK_CREATE, a, b, uuid4(), title="Plumb", scopes=["plumbing"])
    assert [exchange.receive(session, a, one_).state.value for one_ in (dear, other_trade)] == ["refused"] * 2
    assert session.exec(select(Exchange)).all() == []


def test_a_task_goes_over_and_comes_back_done(database_url: str) -> None:
    with transaction() as session:
        one, other = make.make_owner(session), make.make_owner(session)
        a, b = peers(session, one, other)
        task = make.make_task(session, one, title="Print 500 flyers")
        made = delegation.delegate(session, one, task.id, b.id, delegation.Terms(budget=Decimal(90)))
        ours, ref = task.id, made.task_ref
    run_jobs()
    with transaction() as session:
        theirs = session.exec(select(Task).where(Task.team_id == other.team_id)).one()
        tasks.change_status(session, other, theirs.id, TaskStatus.IN_PROGRESS)
    run_jobs()
    with transaction() as session:
        assert session.get_one(Task, ours).status is TaskStatus.IN_PROGRESS
        tasks.change_status(session, other, theirs.id, TaskStatus.COMPLETED)
    run_jobs()
    with transaction() as session:
        assert session.get_one(Task, ours).status is TaskStatus.COMPLETED
        ends = session.exec(select(Exchange.side, Exchange.state).where(Exchange.task_ref == ref)).all()
        assert {(side, state) for side, state in ends} == {(side, ExchangeState.COMPLETED) for side in Side}
        known = relationships.between(session, a.id, b.id)
        assert known is not None
        assert (known.task_count, known.trust_score) == (1, Decimal(52))
        assert relationships.ledger(session, known, clock.utcnow()).score == Decimal(52)
        sent = session.exec(select(EnvelopeLog).where(EnvelopeLog.state == EnvelopeState.QUEUED)).all()
        assert sent == []


def test_the_same_job_twice_sends_nothing_twice(database_url: str) -> None:
    with transaction() as session:
        one, other = make.make_owner(session), make.make_owner(session)
        _, b = peers(session, one, other)
        made = delegation.delegate(session, one, make.make_task(session, one).id, b.id)
        sent = session.exec(select(EnvelopeLog).where(EnvelopeLog.task_ref == made.task_ref)).one().id
    for _ in range(3):
        handlers.deliver(str(sent))
    with transaction() as session:
        assert len(session.exec(select(Task).where(Task.team_id == other.team_id)).all()) == 1
        assert session.get_one(EnvelopeLog, sent).attempts == 1


def test_of_two_who_hand_a_task_on_at_once_one_does(database_url: str) -> None:
    with transaction() as session:
        one = make.make_owner(session)
        others = [actors.of_team(session, make.make_owner(session).team_id).id for _ in range(2)]
        mine = actors.of_team(session, one.team_id).id
        for other_id in others:
            relationships.establish(session, one, mine, other_id, RelationshipType.PEER, EstablishedVia.API)
        task_id = make.make_task(session, one).id
    start, said_no = threading.Barrier(2), []

    def hand_on(target: UUID) -> None:
        start.wait(10)
        try:
            with transaction() as session:
                delegation.delegate(session, one, task_id, target)
        except DomainError as error:
            said_no.append(type(error))

    threads = [threading.Thread(target=hand_on, args=(target,)) for target in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert said_no == [Conflict]


def test_taking_back_stops_everybody_below_at_their_next_call(database_url: str) -> None:
    with transaction() as session:
        one, two, three = (make.make_owner(session) for _ in range(3))
        _, b = peers(session, one, two)
        _, c = peers(session, two, three)
        first = delegation.delegate(session, one, make.make_task(session, one).id, b.id)
    run_jobs()
    with transaction() as session:
        middle = session.exec(select(Task).where(Task.team_id == two.team_id)).one()
        further = delegation.delegate(session, two, middle.id, c.id)
        assert further.depth == 2 and further.parent_id is not None
    run_jobs()
    with transaction() as session:
        assert delegation.revoke(session, one, first.id) == 2
        refused = exchange.receive(session, c, said(Kind.ACCEPT, c, b, further.task_ref))
        assert (refused.state, refused.reason) == (EnvelopeState.REFUSED, "This delegation was revoked.")
    run_jobs()
    with transaction() as session:
        below = session.exec(select(Task.status).where(col(Task.team_id).in_((two.team_id, three.team_id)))).all()
        assert below == [TaskStatus.CANCELLED] * 2
        assert session.exec(select(Exchange).where(col(Exchange.revoked_at).is_(None))).all() == []


def test_a_task_does_not_go_in_circles(database_url: str) -> None:
    with transaction() as session:
        one, two = make.make_owner(session), make.make_owner(session)
        a, b = peers(session, one, two)
        delegation.delegate(session, one, make.make_task(session, one).id, b.id)
    run_jobs()
    with transaction() as session, pytest.raises(Forbidden, match="in circles"):
        middle = session.exec(select(Task).where(Task.team_id == two.team_id)).one()
        delegation.delegate(session, two, middle.id, a.id)


def test_somebody_too_little_trusted_gets_nothing(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    a, b = peers(session, one, other)
    known = relationships.between(session, a.id, b.id)
    assert known is not None
    for number in range(3):
        relationships.task_ended(session, one, known, TrustOutcome.DISPUTED, str(number))
    with pytest.raises(Forbidden, match="trusted 20"):
        delegation.delegate(session, one, make.make_task(session, one).id, b.id)


def test_a_rule_delegates_what_nobody_has_and_says_why_not(session: Session) -> None:
    owner = make.make_owner(session)
    agent = an_agent(session, owner, capabilities=[{"type": "text.summarise", "version": "1.0"}])
    other = an_agent(session, owner, name="Painter")
    asks = [{"field": "tags", "operator": "contains", "value": "report"}]
    rules.add(session, owner, other.id, asks, scopes=["painting"], priority=1)
    rules.add(session, owner, agent.id, asks, scopes=["text.summarise"], priority=2)
    task = make.make_task(session, owner, tags=["report"])
    made, tried = rules.apply(session, owner, task.id)
    assert made is not None and made.target_actor_id == agent.id
    assert tried[0].reason == "Painter does not say that it can do painting."
    plain = make.make_task(session, owner)
    assert rules.apply(session, owner, plain.id)[0] is None


def test_an_agent_asks_gets_its_answer_and_finishes(session: Session) -> None:
    owner = make.make_owner(session)
    agent = an_agent(session, owner)
    me = actors.own(session, owner)
    task = make.make_task(session, owner, owner_id=owner.user_id)
    ref = delegation.delegate(session, owner, task.id, agent.id).task_ref
    steps: list[tuple[Kind, dict[str, Any], str]] = [
        (Kind.COMPLETE, {}, "refused"),  # not before it is accepted
        (Kind.ACCEPT, {}, "received"),
        (Kind.CLARIFICATION_REQUEST, {"question": "Which colour?"}, "received"),
        (Kind.REOPEN, {"reason": ""}, "refused"),  # not for the doer to say
        (Kind.PROGRESS_REPORT, {"percent": 60}, "received"),
        (Kind.COMPLETE, {"result": "Done."}, "received"),
        (Kind.COMPLETE, {"result": "Again."}, "refused"),
    ]
    got = [exchange.receive(session, agent, said(kind, agent, me, ref, **payload)).state for kind, payload, _ in steps]
    assert [state.value for state in got] == [wanted for _, _, wanted in steps]
    session.refresh(task)
    assert task.status is TaskStatus.COMPLETED
