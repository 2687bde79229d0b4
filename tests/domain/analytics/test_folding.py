"""The counts are what counting the tables gives, whatever happened, in whatever steps they were folded."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.analytics import folding, histogram, reading
from taskjuggler_app.domain.analytics.facts import STATES
from taskjuggler_app.domain.analytics.frame import Frame
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import AnalyticsFact, AnalyticsRollup, Task, TaskStatus, Team, User
from taskjuggler_app.models.analytics import NOBODY
from tests import factories as make

START = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
"""Two days before New York's clocks go forward."""


def person(principal: Principal) -> UUID:
    assert principal.user_id is not None
    return principal.user_id


def rollups(session: Session, team_id: UUID, grain: int) -> dict[tuple[Any, ...], int]:
    session.expire_all()
    rows = session.exec(select(AnalyticsRollup).where(AnalyticsRollup.team_id == team_id))
    return {(r.metric, r.day, r.bucket, r.channel, r.doer): r.n for r in rows if r.grain == grain and r.n}


def counted(session: Session, team_id: UUID) -> Counter[tuple[Any, ...]]:
    """The tasks' counts in plain Python, from the tasks themselves."""
    found: Counter[tuple[Any, ...]] = Counter()
    query = text(
        """
        SELECT t.created_at AT TIME ZONE 'America/New_York', t.completed_at AT TIME ZONE 'America/New_York', t.status,
               extract(epoch FROM t.completed_at - t.created_at), coalesce(t.owner_id, m.user_id)
          FROM tasks t LEFT JOIN team_members m ON m.id = t.team_member_id
         WHERE t.team_id = :team AND t.deleted_at IS NULL
        """
    )
    for made, done, status, seconds, doer in session.execute(query, {"team": team_id}):
        who = doer or NOBODY
        found["work_in", made.date(), 0, "manual", who] += 1
        found["work_hour", made.date(), made.hour, "manual", who] += 1
        if status == "completed":
            found["done", done.date(), 0, "manual", who] += 1
            found["cycle", done.date(), histogram.bucket(float(seconds)), "manual", who] += 1
    return found


def a_deed(chance: random.Random, session: Session, people: list[Principal], known: list[UUID]) -> None:
    """Something that somebody may do to a task; what is refused is let be."""
    who, task_id = chance.choice(people), chance.choice(known)
    deeds: list[Callable[[], object]] = [
        lambda: tasks.accept(session, who, task_id),
        lambda: tasks.decline(session, who, task_id),
        lambda: tasks.change_status(session, people[0], task_id, chance.choice(list(TaskStatus))),
        lambda: tasks.change_status(session, people[0], task_id, TaskStatus.COMPLETED),
        lambda: taken_away.remove(session, people[0], task_id),
        lambda: taken_away.restore(session, people[0], task_id),
    ]
    try:
        with session.begin_nested():
            chance.choice(deeds)()
    except DomainError:
        pass


@pytest.mark.parametrize("seed", range(6))
def test_folded_counts_are_the_counts_of_the_tables(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    owner = make.make_owner(session)
    session.get_one(User, owner.user_id).timezone = "America/New_York"
    people = [owner, make.make_colleague(session, owner)]
    known: list[UUID] = []
    now = START
    for _ in range(60):
        now += timedelta(minutes=chance.choice((1, 47, 400)))
        with clock.at(now):
            if not known or chance.random() < 0.3:
                doer = person(chance.choice(people))
                known.append(tasks.create(session, owner, TaskDraft(f"Task {len(known)}", doer, owner_id=doer)).id)
            else:
                a_deed(chance, session, people, known)
            session.commit()
        if chance.random() < 0.2:
            folding.fold(session, owner.team_id)
            session.commit()
    while folding.fold(session, owner.team_id):
        pass
    folded = rollups(session, owner.team_id, 3)
    plain = {key: n for key, n in folded.items() if key[0] in ("work_in", "work_hour", "done", "cycle")}
    assert plain == counted(session, owner.team_id)
    in_state = Counter(
        task.status.value
        for task in session.exec(select(Task))
        if task.team_id == owner.team_id and not task.deleted_at
    )
    flow: Counter[str] = Counter()
    for (metric, _, bucket, _, _), n in folded.items():
        if metric == "flow":
            flow[STATES[bucket]] += n
    assert +flow == in_state
    before = [rollups(session, owner.team_id, grain) for grain in range(8)]
    folding.rebuild(session, owner.team_id)
    session.commit()
    assert [rollups(session, owner.team_id, grain) for grain in range(8)] == before
    for grain in range(3):
        sums: Counter[tuple[Any, ...]] = Counter()
        for (metric, day, bucket, channel, doer), n in folded.items():
            sums[metric, day, bucket, channel if grain == 1 else "", doer if grain == 2 else NOBODY] += n
        assert {key: n for key, n in sums.items() if n} == before[grain]
    for grain in range(4):
        months: Counter[tuple[Any, ...]] = Counter()
        for (metric, day, *rest), n in before[grain].items():
            months[metric, day.replace(day=1), *rest] += n
        assert {key: n for key, n in months.items() if n} == before[grain + 4]


def test_folding_twice_changes_nothing_and_a_killed_fold_never_was(session: Session) -> None:
    owner = make.make_owner(session)
    tasks.create(session, owner, TaskDraft("Once", person(owner)))
    session.commit()
    folding.rebuild(session, owner.team_id)
    session.commit()
    tasks.create(session, owner, TaskDraft("Twice", person(owner)))
    session.commit()
    before = rollups(session, owner.team_id, 0)
    with session.begin_nested() as savepoint:
        folding.fold(session, owner.team_id)
        savepoint.rollback()
    assert rollups(session, owner.team_id, 0) == before
    folding.fold(session, owner.team_id)
    session.commit()
    after = rollups(session, owner.team_id, 0)
    assert after != before
    folding.fold(session, owner.team_id)
    assert rollups(session, owner.team_id, 0) == after


def test_a_new_zone_of_the_owner_moves_the_days(session: Session) -> None:
    owner = make.make_owner(session)
    session.get_one(User, owner.user_id).timezone = "America/New_York"
    with clock.at(datetime(2026, 3, 7, 2, 0, tzinfo=UTC)):
        tasks.create(session, owner, TaskDraft("At night", person(owner)))
        session.commit()
    folding.fold(session, owner.team_id)
    assert {str(key[1]) for key in rollups(session, owner.team_id, 0) if key[0] != "now"} == {"2026-03-06"}
    session.get_one(User, owner.user_id).timezone = "Asia/Tokyo"
    session.flush()
    folding.fold(session, owner.team_id)
    assert {str(key[1]) for key in rollups(session, owner.team_id, 0) if key[0] != "now"} == {"2026-03-07"}


def test_workspaces_do_not_see_each_other(session: Session) -> None:
    one, other = make.make_owner(session), make.make_owner(session)
    tasks.create(session, one, TaskDraft("Mine", person(one)))
    session.commit()
    folding.fold(session, one.team_id)
    folding.fold(session, other.team_id)
    assert rollups(session, other.team_id, 0) == {}
    teams = {fact.team_id for fact in session.exec(select(AnalyticsFact))}
    assert teams == {one.team_id}
    assert session.get(Team, other.team_id) is not None


def test_whole_months_are_read_as_the_days_they_are_made_of(session: Session) -> None:
    chance = random.Random(7)
    owner = make.make_owner(session)
    for number in range(60):
        with clock.at(START + timedelta(minutes=chance.randrange(150 * 24 * 60))):
            tasks.create(session, owner, TaskDraft(f"Task {number}", person(owner)))
            session.commit()
    folding.rebuild(session, owner.team_id)
    first = date(2026, 2, 20)
    for _ in range(40):
        begins = first + timedelta(days=chance.randrange(170))
        looked_at = Frame(owner.team_id, "UTC", begins, begins + timedelta(days=chance.randrange(120)))
        by_day = sum(n for _, n in reading.by_day(session, looked_at, "work_in"))
        assert reading.totals(session, looked_at, "work_in")["work_in"] == by_day
    year = Frame(owner.team_id, "UTC", date(2026, 1, 1), date(2026, 12, 31))
    assert reading.totals(session, year, "work_in")["work_in"] == 60
