"""The event log beside savepoints, and with values that JSONB does not give back as they were."""

import os
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.core.queue import defer
from taskjuggler_app.domain.cases import queries
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models import CaseEvent
from tests import factories as make


@pytest.fixture
def owner(database_url: str) -> Principal:
    """The admin of a workspace without events, in a database of its own."""
    with transaction() as session:
        return make.make_owner(session)


def record(session: Session, principal: Principal, **data: Any) -> None:
    """An event about nothing much."""
    record_event(session, principal, kind="test.happened", subject_type="task", subject_id="1", data=data)


def recorded() -> list[dict[str, Any]]:
    """What the log says, in order."""
    with transaction() as session:
        return sorted((row.data for row in session.exec(select(CaseEvent))), key=lambda data: str(data.get("n")))


def undone(session: Session, owner: Principal, number: int) -> None:
    """An event inside a savepoint that is rolled back."""
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        record(session, owner, n=number)
        raise ZeroDivisionError


def test_a_superfluous_job_does_not_take_the_transactions_events_with_it(owner: Principal) -> None:
    with transaction() as session:
        assert defer(session, "mail.send", queueing_lock="digest:1", to="x") is not None
    with transaction() as session:
        record(session, owner, n=1)
        assert defer(session, "mail.send", queueing_lock="digest:1", to="x") is None
    assert recorded() == [{"n": 1}]


def test_a_savepoint_takes_its_own_events_with_it_and_no_others(owner: Principal) -> None:
    with transaction() as session:
        record(session, owner, n=1)
        undone(session, owner, 2)
        with session.begin_nested():
            record(session, owner, n=3)
        record(session, owner, n=4)
    assert recorded() == [{"n": 1}, {"n": 3}, {"n": 4}]


def test_a_savepoint_inside_one_that_is_rolled_back_did_not_happen_either(owner: Principal) -> None:
    with transaction() as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            with session.begin_nested():
                record(session, owner, n=1)
            raise ZeroDivisionError
        record(session, owner, n=2)
    assert recorded() == [{"n": 2}]


def test_a_session_that_was_rolled_back_starts_its_log_anew(owner: Principal) -> None:
    with transaction() as session:
        record(session, owner, n=1)
        session.rollback()
        record(session, owner, n=2)
    assert recorded() == [{"n": 2}]


@pytest.mark.parametrize(
    "value",
    [1e15, 1e16, 1e22, 1e-7, -0.0, 0.1, 10**30, float("inf"), float("nan"), "a\0b", "\ud800", "🦉", {"k\0": [1e17]}],
)
def test_any_value_is_recorded_and_is_found_unaltered(owner: Principal, value: Any) -> None:
    with transaction() as session:
        record(session, owner, value=value)
    with transaction() as session:
        assert queries.verify(session) is None


def test_the_command_names_the_altered_event(owner: Principal, database_url: str) -> None:
    def verify() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "taskjuggler_app", "verify"]
        env = {**os.environ, "DATABASE_URL": database_url}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    with transaction() as session:
        record(session, owner, n=1)
        record(session, owner, n=2)
    assert verify().returncode == 0
    with transaction() as session:
        session.execute(text("UPDATE case_events SET data = '{\"n\": 9}' WHERE id = (SELECT max(id) FROM case_events)"))
        altered = session.execute(text("SELECT max(id) FROM case_events")).scalar_one()
    done = verify()
    assert done.returncode != 0
    assert f"event {altered} of workspace {owner.team_id}" in done.stderr
