"""The event log: in order, chained, and telling when somebody rewrote it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models import CaseEvent
from tests import factories as make


def record(session: Session, principal: Principal, number: int = 0) -> None:
    """An event about nothing much."""
    record_event(session, principal, kind="test.happened", subject_type="task", subject_id="1", data={"n": number})


def hashes(session: Session, principal: Principal) -> list[tuple[str, str]]:
    """(previous hash, hash) of the workspace's events in order."""
    query = select(CaseEvent).where(CaseEvent.team_id == principal.team_id).order_by(CaseEvent.id)  # type: ignore[arg-type]  # a column, typed as its value
    return [(row.prev_hash, row.hash) for row in session.exec(query)]


def test_each_event_follows_the_one_before(session: Session) -> None:
    owner = make.make_owner(session)
    for number in range(3):
        record(session, owner, number)
        session.commit()
    chain = hashes(session, owner)
    assert [previous for previous, _ in chain] == ["0" * 64, chain[0][1], chain[1][1]]
    assert queries.verify(session) is None


def test_several_events_of_one_transaction_are_chained_too(session: Session) -> None:
    owner = make.make_owner(session)
    for number in range(4):
        record(session, owner, number)
    session.commit()
    assert len(hashes(session, owner)) == 4
    assert queries.verify(session, owner.team_id) is None


def test_workspaces_have_chains_of_their_own(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    for owner in (one, other, one):
        record(session, owner)
    session.commit()
    assert hashes(session, other)[0][0] == "0" * 64
    assert queries.verify(session) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE case_events SET data = '{\"n\": 99}' WHERE id = :id",
        "UPDATE case_events SET kind = 'test.other' WHERE id = :id",
        "UPDATE case_events SET created_at = created_at + interval '1 microsecond' WHERE id = :id",
        "UPDATE case_events SET principal_id = NULL WHERE id = :id",
    ],
)
def test_an_altered_event_is_named(session: Session, change: str) -> None:
    owner = make.make_owner(session)
    for number in range(3):
        record(session, owner, number)
    session.commit()
    ids = [row.id for row in session.exec(select(CaseEvent).where(CaseEvent.team_id == owner.team_id))]
    session.execute(text(change), {"id": sorted(i for i in ids if i)[1]})
    session.expire_all()
    altered = queries.verify(session, owner.team_id)
    assert altered is not None
    assert altered.event_id == sorted(i for i in ids if i)[1]


def test_an_event_taken_out_of_the_middle_is_noticed(session: Session) -> None:
    owner = make.make_owner(session)
    for number in range(3):
        record(session, owner, number)
    session.commit()
    second = sorted(row.id or 0 for row in session.exec(select(CaseEvent).where(CaseEvent.team_id == owner.team_id)))[1]
    session.execute(text("DELETE FROM case_events WHERE id = :id"), {"id": second})
    session.expire_all()
    altered = queries.verify(session, owner.team_id)
    assert altered is not None
    assert altered.event_id > second


def test_what_is_rolled_back_did_not_happen(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
    with pytest.raises(ZeroDivisionError), transaction() as session:
        record(session, owner)
        raise ZeroDivisionError
    with transaction() as session:
        record(session, owner)
    with transaction() as session:
        assert len(hashes(session, owner)) == 1


def test_eight_threads_make_one_chain_without_forks(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)

    def work(_: int) -> None:
        for number in range(10):
            with transaction() as session:
                record(session, owner, number)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    with transaction() as session:
        chain = hashes(session, owner)
        assert len(chain) == 80
        assert len({previous for previous, _ in chain}) == 80
        assert queries.verify(session) is None


def test_a_thread_shows_only_its_workspaces_events(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    record(session, one)
    record(session, other)
    session.commit()
    assert len(queries.thread(session, one, {"task": "1"})) == 1
