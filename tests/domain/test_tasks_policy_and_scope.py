"""Tasks: the transitions and the policy written out by hand, and every way in closed to strangers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Forbidden, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.notifications import queries as notices
from taskjuggler_app.domain.tasks import policy, queries, service
from taskjuggler_app.domain.tasks.queries import TaskFilter
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.tasks import Task, TaskAction, TaskStatus
from tests import factories as make

PENDING, DOING, DONE, OFF = (
    TaskStatus.PENDING,
    TaskStatus.IN_PROGRESS,
    TaskStatus.COMPLETED,
    TaskStatus.CANCELLED,
)
MOVES = {(PENDING, DOING), (PENDING, DONE), (PENDING, OFF), (DOING, PENDING), (DOING, DONE), (DOING, OFF)}
REOPENED = {(DONE, PENDING), (OFF, PENDING)}
ANY = TaskFilter(status="")


def person(principal: Principal) -> UUID:
    """The person's id."""
    assert principal.user_id
    return principal.user_id


def member_of(session: Session, principal: Principal) -> UUID | None:
    """The person's membership in their workspace."""
    return teams.membership_id(session, principal.team_id, person(principal))


@pytest.mark.parametrize("before", list(TaskStatus))
@pytest.mark.parametrize("after", list(TaskStatus))
def test_the_table_of_moves_is_this_one(session: Session, before: TaskStatus, after: TaskStatus) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner, status=before)
    try:
        moved = service.change_status(session, owner, task.id, after).status is after
    except Conflict:
        moved = False
    assert moved is ((before, after) in MOVES | REOPENED)
    assert task.status is (after if moved else before)
    assert task.version == (2 if moved else 1)


def test_who_may_move_a_task_is_told_by_who_they_are_to_it(session: Session) -> None:
    boss = make.make_owner(session)
    doer, asker, other = (make.make_colleague(session, boss) for _ in range(3))
    given = make.make_task(session, asker, owner_id=person(doer))
    free = make.make_task(session, asker)
    system = Principal.system(boss.team_id)
    may = {
        name: (policy.can_change_status(who, given, doer.user_id), policy.can_change_status(who, free, None))
        for name, who in {"boss": boss, "doer": doer, "asker": asker, "other": other, "system": system}.items()
    }
    assert may == {
        "boss": (True, True),
        "doer": (True, True),
        "asker": (True, True),
        "other": (False, True),
        "system": (True, True),
    }
    with pytest.raises(Forbidden):
        service.assign(session, other, given.id, member_of(session, other))
    service.assign(session, doer, given.id, member_of(session, other))
    assert queries.doer_id(session, given) == other.user_id


def test_a_refusal_leaves_no_trace(session: Session) -> None:
    boss = make.make_owner(session)
    doer, other = make.make_colleague(session, boss), make.make_colleague(session, boss)
    task = make.make_task(session, boss, owner_id=person(doer))
    with pytest.raises(Forbidden):
        service.change_status(session, other, task.id, DONE)
    with pytest.raises(Forbidden):
        service.assign(session, other, task.id, None)
    session.commit()
    assert session.exec(select(TaskAction).where(TaskAction.task_id == task.id)).all() == []
    assert cases.thread(session, boss, {"task": task.id}) == []
    assert (task.version, task.owner_id) == (1, doer.user_id)


Way = Callable[[Session, Principal, UUID], object]
WAYS: dict[str, Way] = {
    "detail": lambda s, p, t: queries.detail(s, p, t),
    "lock": lambda s, p, t: queries.get_for_update(s, p, t),
    "move": lambda s, p, t: service.change_status(s, p, t, DOING),
    "assign": lambda s, p, t: service.assign(s, p, t, None),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_way_leads_to_another_workspaces_task(session: Session, way: Way) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner)
    stranger = make.make_owner(session)
    crossed = replace(owner, team_id=stranger.team_id)  # the same person, at work in another workspace
    for nobody in (stranger, crossed, Principal.system(stranger.team_id)):
        with pytest.raises(NotFound):
            way(session, nobody, task.id)
    with pytest.raises(NotFound):
        way(session, owner, uuid4())
    way(session, owner, task.id)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_is_in_the_bin_is_not_there(session: Session, way: Way) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner, deleted_at=make.NOON)
    with pytest.raises(NotFound):
        way(session, owner, task.id)
    assert queries.page(session, owner, ANY).rows == []
    assert queries.search(session, owner, "faucet") == []


def test_lists_and_numbers_are_each_workspaces_own(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    with clock.at(make.NOON):
        service.create(session, owner, TaskDraft("Fix the faucet", person(owner), owner_id=person(owner)))
        assert queries.created_by_day(session, owner, "UTC", 2) == [("2026-03-01", 0), ("2026-03-02", 1)]
        assert queries.created_by_day(session, stranger, "UTC", 2) == [("2026-03-01", 0), ("2026-03-02", 0)]
    for scope in ("all", "mine", "unassigned"):
        assert queries.page(session, stranger, TaskFilter(scope, "")).rows == []
    assert set(queries.counts(session, stranger).values()) == {0}
    assert queries.counts(session, owner)["mine"] == 1


def test_a_day_is_a_day_of_the_readers_zone(session: Session) -> None:
    owner = make.make_owner(session)
    late = make.NOON.replace(hour=23, minute=30)
    make.make_task(session, owner, created_at=late)
    with clock.at(late + timedelta(minutes=5)):
        assert queries.created_by_day(session, owner, "Asia/Tokyo", 2) == [("2026-03-02", 0), ("2026-03-03", 1)]
        assert queries.created_by_day(session, owner, "America/New_York", 2) == [("2026-03-01", 0), ("2026-03-02", 1)]


def test_mine_is_what_i_own_and_what_my_membership_was_given(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    make.make_task(session, owner, title="owned", owner_id=person(colleague))
    make.make_task(session, owner, title="given", team_member_id=member_of(session, colleague))
    make.make_task(session, owner, title="free")
    mine = queries.page(session, colleague, TaskFilter("mine")).rows
    assert sorted(row.title for row in mine) == ["given", "owned"]
    assert {row.doer for row in mine} == {colleague.name}
    assert [row.title for row in queries.page(session, owner, TaskFilter("unassigned")).rows] == ["free"]


def test_given_away_and_taken_back_a_task_has_one_doer_or_none(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    task = make.make_task(session, owner, owner_id=person(owner))
    service.assign(session, owner, task.id, member_of(session, colleague))
    assert (task.owner_id, task.team_member_id) == (None, member_of(session, colleague))
    service.assign(session, owner, task.id, None)
    assert (task.owner_id, task.team_member_id, task.version) == (None, None, 3)
    told = queries.detail(session, owner, task.id).actions
    assert [(one.action, one.data["to"]) for one in told] == [("assigned", colleague.name), ("assigned", "")]


def test_nobody_is_told_what_they_did_themselves(session: Session) -> None:
    owner = make.make_owner(session)
    task = service.create(session, owner, TaskDraft("Mine", person(owner), owner_id=person(owner)))
    service.assign(session, owner, task.id, member_of(session, owner))
    service.change_status(session, owner, task.id, DONE)
    assert notices.recent(session, owner) == []


def test_a_task_finished_twice_is_told_twice(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    task = make.make_task(session, owner)
    for status in (DONE, PENDING, DONE):
        service.change_status(session, colleague, task.id, status)
    assert [one.title for one in notices.recent(session, owner)] == ["Task done", "Task done"]


def test_the_case_log_follows_a_task_with_who_did_what(session: Session) -> None:
    owner = make.make_owner(session)
    task = service.create(session, owner, TaskDraft("Log me", person(owner)))
    service.change_status(session, owner, task.id, DOING)
    service.assign(session, owner, task.id, member_of(session, owner))
    session.commit()
    thread = cases.thread(session, owner, {"task": task.id})
    assert [(event.kind, event.who, event.door) for event in thread] == [
        ("task.created", owner.name, "web"),
        ("task.status_changed", owner.name, "web"),
        ("task.assigned", owner.name, "web"),
    ]
    assert thread[1].data == {"from": "pending", "to": "in_progress"}


def test_overdue_is_open_and_past(session: Session) -> None:
    owner = make.make_owner(session)
    for status, due in ((PENDING, -1), (DONE, -1), (PENDING, 1)):
        make.make_task(session, owner, status=status, due_date=make.NOON + timedelta(hours=due))
    with clock.at(make.NOON):
        assert queries.counts(session, owner)["overdue"] == 1
        assert sum(row.overdue for row in queries.page(session, owner, ANY).rows) == 1


def test_the_second_page_holds_still_while_new_tasks_come_in(session: Session) -> None:
    owner = make.make_owner(session)
    old = [make.make_task(session, owner, created_at=make.NOON) for _ in range(70)]
    first = queries.page(session, owner, ANY)
    for _ in range(5):
        make.make_task(session, owner, created_at=make.NOON + timedelta(minutes=1))
    second = queries.page(session, owner, ANY, first.next_cursor)
    assert (len(first.rows), len(second.rows), second.next_cursor) == (50, 20, "")
    assert {row.id for row in first.rows + second.rows} == {str(task.id) for task in old}


def test_a_task_has_one_doer_at_most_says_the_database_too(session: Session) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner, owner_id=person(owner))
    with pytest.raises(IntegrityError, match="ck_"), session.begin_nested():
        session.execute(
            text("UPDATE tasks SET team_member_id = :member WHERE id = :id"),
            {"member": member_of(session, owner), "id": task.id},
        )
    assert session.get_one(Task, task.id).team_member_id is None
