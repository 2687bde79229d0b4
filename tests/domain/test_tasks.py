"""Tasks: who sees them, who may move them, and that pages neither repeat nor skip."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session

from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from taskjuggler_app.domain.notifications import queries as notices
from taskjuggler_app.domain.tasks import queries, service
from taskjuggler_app.domain.tasks.queries import TaskFilter
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.tasks.transitions import ALLOWED
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models.tasks import Priority, TaskStatus
from tests import factories as make

ANY = TaskFilter(status="")


@pytest.mark.parametrize("before", list(TaskStatus))
@pytest.mark.parametrize("after", list(TaskStatus))
def test_a_task_moves_by_the_table_and_not_otherwise(session: Session, before: TaskStatus, after: TaskStatus) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner, status=before)
    if after in ALLOWED[before]:
        assert service.change_status(session, owner, task.id, after).status is after
    else:
        with pytest.raises(Conflict):
            service.change_status(session, owner, task.id, after)


def test_a_finished_task_says_when_it_was_started_and_finished(session: Session) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner)
    service.change_status(session, owner, task.id, TaskStatus.IN_PROGRESS)
    done = service.change_status(session, owner, task.id, TaskStatus.COMPLETED)
    assert done.started_at is not None
    assert done.completed_at is not None
    assert service.change_status(session, owner, task.id, TaskStatus.PENDING).completed_at is None


def test_a_change_on_top_of_somebody_elses_is_refused(session: Session) -> None:
    owner = make.make_owner(session)
    task = make.make_task(session, owner)
    service.change_status(session, owner, task.id, TaskStatus.IN_PROGRESS, expected_version=1)
    with pytest.raises(Conflict, match="Somebody changed this task"):
        service.change_status(session, owner, task.id, TaskStatus.COMPLETED, expected_version=1)


def test_a_stranger_finds_nothing(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    task = make.make_task(session, owner)
    with pytest.raises(NotFound):
        queries.detail(session, stranger, task.id)
    with pytest.raises(NotFound):
        service.change_status(session, stranger, task.id, TaskStatus.COMPLETED)
    with pytest.raises(NotFound):
        service.assign(session, stranger, task.id, None)
    assert queries.page(session, stranger, ANY).rows == []
    assert queries.search(session, stranger, "faucet") == []
    assert queries.counts(session, stranger)["open"] == 0


def test_a_colleague_sees_a_task_but_moves_only_their_own_and_the_unclaimed(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    assert owner.user_id
    member = teams.membership_id(session, owner.team_id, owner.user_id)
    bosses = make.make_task(session, owner, team_member_id=member)
    free = make.make_task(session, owner)
    assert queries.detail(session, colleague, bosses.id).doer_member_id == str(member)
    with pytest.raises(Forbidden):
        service.change_status(session, colleague, bosses.id, TaskStatus.COMPLETED)
    assert service.change_status(session, colleague, free.id, TaskStatus.COMPLETED).status is TaskStatus.COMPLETED


def test_the_doer_and_the_requestor_are_told(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    assert colleague.user_id
    member = teams.membership_id(session, owner.team_id, colleague.user_id)
    task = make.make_task(session, owner)
    service.assign(session, owner, task.id, member)
    assert [one.title for one in notices.recent(session, colleague)] == ["New task for you"]
    service.change_status(session, colleague, task.id, TaskStatus.COMPLETED)
    assert [one.title for one in notices.recent(session, owner)] == ["Task done"]


def test_a_task_is_given_only_to_people_of_the_workspace(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    assert stranger.user_id
    task = make.make_task(session, owner)
    foreign = teams.membership_id(session, stranger.team_id, stranger.user_id)
    for member in (foreign, uuid4()):
        with pytest.raises(NotFound):
            service.assign(session, owner, task.id, member)


def test_a_task_needs_a_title(session: Session) -> None:
    owner = make.make_owner(session)
    assert owner.user_id
    with pytest.raises(Invalid):
        service.create(session, owner, TaskDraft("  \n ", owner.user_id))
    assert len(service.create(session, owner, TaskDraft("x" * 900, owner.user_id)).title) == 500


def test_pages_neither_repeat_nor_skip_also_at_equal_times(session: Session) -> None:
    owner = make.make_owner(session)
    for number in range(120):
        make.make_task(session, owner, created_at=make.NOON + timedelta(minutes=number // 40))
    seen: list[str] = []
    cursor = ""
    while True:
        page = queries.page(session, owner, ANY, cursor)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 120


def test_a_made_up_cursor_is_refused(session: Session) -> None:
    owner = make.make_owner(session)
    for cursor in ("x", "a" * 50, "eyJ9", "MjAyNi0wMS0wMXxub3QtYW4taWQ"):
        with pytest.raises(Invalid):
            queries.page(session, owner, ANY, cursor)


def test_counts_say_what_the_lists_show(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_task(session, owner, priority=Priority.URGENT, tags=["unrouted"])
    make.make_task(session, owner, owner_id=owner.user_id)
    make.make_task(session, owner, status=TaskStatus.COMPLETED, owner_id=owner.user_id)
    make.make_task(session, owner, deleted_at=make.NOON)
    counts = queries.counts(session, owner)
    assert {key: counts[key] for key in ("open", "mine", "unassigned", "urgent", "unrouted", "completed")} == {
        "open": 2,
        "mine": 1,
        "unassigned": 1,
        "urgent": 1,
        "unrouted": 1,
        "completed": 1,
    }
    for scope in ("mine", "unassigned"):
        assert len(queries.page(session, owner, TaskFilter(scope)).rows) == counts[scope]


def test_search_takes_the_text_as_it_is(session: Session) -> None:
    owner = make.make_owner(session)
    make.make_task(session, owner, title="100% of the deposit")
    make.make_task(session, owner, title="1000 screws")
    assert [row.title for row in queries.search(session, owner, "100%")] == ["100% of the deposit"]
    assert queries.search(session, owner, "_") == []
