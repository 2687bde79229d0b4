"""Sessions and the pool: what only reads cannot write, and connections that died are made anew."""

import time

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import select

from taskjuggler_app.core import db
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.models import Task
from tests import factories as make


def test_what_is_for_reading_sees_what_is_committed_and_writes_nothing(database_url: str) -> None:
    with db.transaction() as session:
        owner = make.make_owner(session)
        made = make.make_task(session, owner, title="Before")
    with db.reading() as session:
        assert session.exec(select(Task.title).where(Task.id == made.id)).one() == "Before"
        with db.transaction() as other:
            other.get_one(Task, made.id).title = "After"
        assert session.exec(select(Task.title).where(Task.id == made.id)).one() == "After"
        session.get_one(Task, made.id).title = "Never"
        with pytest.raises(RuntimeError):
            session.flush()
        with pytest.raises(RuntimeError):
            record_event(session, owner, kind="task.read", subject_type="task", subject_id=made.id)
    with db.transaction() as session:
        assert session.get_one(Task, made.id).title == "After"


def test_connections_that_died_while_they_rested_are_made_anew(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        victim = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with psycopg.connect(database_url, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s)", [victim])
        while killer.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [victim]).fetchone():
            time.sleep(0.01)
    monkeypatch.setattr(db, "_PING_AFTER_SECONDS", 0.0)
    with db.transaction() as session:
        assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() != victim
