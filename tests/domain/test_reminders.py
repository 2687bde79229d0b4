"""Due soon and overdue: told once for each due date, whatever happens to the schedulers."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core.db import transaction
from taskjuggler_app.domain.notifications import reminders
from taskjuggler_app.models import Notification, TaskStatus
from taskjuggler_app.models.notifications import ReminderKind
from tests import factories as make

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_KILLED_AFTER_CLAIM = """
import os, signal, sys
from datetime import datetime
from taskjuggler_app.core import db
from taskjuggler_app.domain.notifications import reminders
from taskjuggler_app.models.notifications import ReminderKind
db.configure(sys.argv[1])
now = datetime.fromisoformat(sys.argv[2])
with db.transaction() as session:
    for task in reminders.claim(session, ReminderKind.OVERDUE, now):
        reminders._give(session, ReminderKind.OVERDUE, task)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def told(session: Session) -> list[tuple[str, str]]:
    """What people were told: type and message."""
    rows = session.exec(select(Notification).order_by(text("created_at, type")))
    return sorted((row.type, row.message) for row in rows)


def test_each_due_date_is_told_once_soon_and_once_over(session: Session) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner, owner_id=owner.user_id, created_at=NOW - 72 * HOUR, due_date=NOW + 30 * HOUR)
    assert reminders.remind(session, NOW) == 0
    for moment in (NOW + 7 * HOUR, NOW + 8 * HOUR):
        reminders.remind(session, moment)
    assert told(session) == [("task_due_soon", task.title)]
    for moment in (NOW + 31 * HOUR, NOW + 32 * HOUR):
        reminders.remind(session, moment)
    assert told(session) == [("task_due_soon", task.title), ("task_overdue", task.title)]
    task.due_date = NOW + 60 * HOUR  # put off: a new date is a new fact
    session.flush()
    reminders.remind(session, NOW + 61 * HOUR)
    assert [kind for kind, _ in told(session)] == ["task_due_soon", "task_overdue", "task_overdue"]


def test_a_task_made_for_the_same_day_is_reminded_of_an_hour_before(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_task(session, owner, owner_id=owner.user_id, created_at=NOW, due_date=NOW + 5 * HOUR)
    assert [reminders.remind(session, NOW + hours * HOUR) for hours in (0, 3, 4)] == [0, 0, 1]


def test_closed_deleted_and_dateless_tasks_are_let_be(session: Session) -> None:
    owner = make.make_owner(session)
    for over in ({"status": TaskStatus.COMPLETED}, {"status": TaskStatus.CANCELLED}, {"deleted_at": NOW}):
        make.make_task(session, owner, due_date=NOW - HOUR, created_at=NOW - 48 * HOUR, **over)
    make.make_task(session, owner)
    assert reminders.remind(session, NOW) == 0


def test_an_overdue_task_is_told_to_its_doer_and_who_asked_an_unclaimed_one_to_who_asked(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    make.make_task(session, owner, title="given", owner_id=colleague.user_id, due_date=NOW - HOUR)
    make.make_task(session, owner, title="free", due_date=NOW - HOUR)
    reminders.remind(session, NOW)
    rows = session.exec(select(Notification)).all()
    assert sorted((row.message, row.user_id == owner.user_id) for row in rows) == [
        ("free", True),
        ("given", False),
        ("given", True),
    ]


def test_two_schedulers_at_once_tell_each_fact_once(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        for number in range(150):
            make.make_task(session, owner, title=str(number), owner_id=owner.user_id, due_date=NOW - HOUR)
    start = threading.Barrier(2)

    def tick() -> None:
        for _ in range(3):
            start.wait(10)
            with transaction() as session:
                reminders.remind(session, NOW)

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with transaction() as session:
        assert [message for _, message in told(session)] == sorted(str(number) for number in range(150))
        assert session.execute(text("SELECT count(*) FROM task_reminders")).scalar() == 150


def test_a_scheduler_killed_between_claim_and_send_loses_and_doubles_nothing(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        make.make_task(session, owner, owner_id=owner.user_id, due_date=NOW - HOUR)
    command = [sys.executable, "-c", _KILLED_AFTER_CLAIM, database_url, NOW.isoformat()]
    assert subprocess.run(command, env=os.environ, check=False, timeout=60).returncode == -9
    with transaction() as session:
        assert told(session) == []
    for _ in range(2):
        with transaction() as session:
            reminders.remind(session, NOW)
    with transaction() as session:
        assert told(session) == [("task_overdue", "Fix the faucet")]


def test_a_task_that_one_scheduler_holds_is_skipped_by_the_other(database_url: str) -> None:
    with transaction() as session:
        owner = make.make_owner(session)
        make.make_task(session, owner, due_date=NOW - HOUR)
    with transaction() as one, transaction() as other:
        assert len(reminders.claim(one, ReminderKind.OVERDUE, NOW)) == 1
        assert reminders.claim(other, ReminderKind.OVERDUE, NOW) == []
