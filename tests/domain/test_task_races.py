"""Several people at one task in the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import DomainError
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import board, bulk, comments, editing, service
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.models import Task, TaskStatus
from tests.factories import make_colleague, make_owner, make_task

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Verb = Callable[[Session], object]


def _at_once(verbs: Sequence[Verb]) -> int:
    """Run each in a transaction and a thread of its own; how many were not refused. Anything else is raised."""

    def run(verb: Verb) -> bool:
        try:
            with transaction() as session:
                verb(session)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(len(verbs)) as pool:
        return sum(pool.map(run, verbs))


@pytest.fixture
def people(database_url: str) -> list[Principal]:
    """An owner and two colleagues."""
    with transaction() as session:
        owner = make_owner(session)
        return [owner, make_colleague(session, owner, name="Bob"), make_colleague(session, owner, name="Eve")]


def _made(owner: Principal, **over: object) -> UUID:
    with transaction() as session:
        return make_task(session, owner, **over).id


def _tick(who: Principal, task_id: UUID, step: str, session: Session) -> None:
    editing.tick_step(session, who, task_id, step, True)


def _task(task_id: UUID) -> Task:
    with transaction() as session:
        return session.get_one(Task, task_id)


def test_a_task_that_nobody_has_is_taken_by_one(people: list[Principal]) -> None:
    task_id = _made(people[0])

    def accept(who: Principal) -> Verb:
        return lambda session: service.accept(session, who, task_id)

    assert _at_once([accept(who) for who in people]) == 1
    task = _task(task_id)
    assert (task.status, task.owner_id in {who.user_id for who in people}) == (TaskStatus.IN_PROGRESS, True)


def test_of_two_who_write_the_same_field_one_is_asked(people: list[Principal]) -> None:
    task_id = _made(people[0], title="Old")

    def write(number: int) -> Verb:
        change = Edit({"title": f"New {number}"}, {"title": "Old"})
        return lambda session: editing.edit(session, people[0], task_id, change)

    verbs = [write(number) for number in range(4)]
    assert _at_once(verbs) == 1
    assert _task(task_id).version == 2


def test_different_fields_and_steps_do_not_lose_each_other(people: list[Principal]) -> None:
    task_id = _made(people[0])
    with transaction() as session:
        task = editing.set_checklist(session, people[0], task_id, [{"text": f"Step {n}"} for n in range(4)])
        steps = [step["id"] for step in task.checklist]
    ticks: list[Verb] = [partial(_tick, people[0], task_id, step) for step in steps]
    fields: list[Verb] = [
        lambda s: editing.edit(s, people[0], task_id, Edit({"priority": "high"}, {"priority": "normal"})),
        lambda s: editing.edit(s, people[0], task_id, Edit({"due_date": NOON}, {"due_date": None})),
    ]
    assert _at_once([*ticks, *fields]) == 6
    task = _task(task_id)
    assert (all(step["done"] for step in task.checklist), task.priority.value, task.due_date) == (True, "high", NOON)


def test_a_repeating_task_finished_by_two_comes_back_once(people: list[Principal]) -> None:
    task_id = _made(people[0], recurrence="weekly", due_date=NOON)
    finish = [lambda s, who=people[0]: service.change_status(s, who, task_id, TaskStatus.COMPLETED) for _ in range(4)]
    assert _at_once(finish) == 1
    with transaction() as session:
        assert len(session.exec(select(Task).where(Task.recurs_from == task_id)).all()) == 1


def test_many_moves_at_once_leave_every_card_once_and_in_one_order(people: list[Principal]) -> None:
    ids = [_made(people[0], title=f"Card {n}") for n in range(6)]
    moves = [
        lambda s, card=card, n=n: board.move(
            s, people[0], card, to="in_progress", before_id=ids[(n + 1) % 6], after_id=ids[(n + 2) % 6]
        )
        for n, card in enumerate(ids)
    ]
    assert _at_once(moves) == 6
    with transaction() as session:
        places = session.exec(select(Task.board_position).order_by(col(Task.board_position))).all()
        assert len(places) == 6
        assert all(task.status is TaskStatus.IN_PROGRESS for task in session.exec(select(Task)))


def test_two_bulk_edits_of_the_same_tasks_wait_for_each_other(people: list[Principal]) -> None:
    ids = [_made(people[0], title=f"Task {n}") for n in range(8)]
    changes = [
        lambda s, order=order, value=value: bulk.apply(s, people[0], order, "priority", value)
        for order, value in ((ids, "high"), (ids[::-1], "urgent"), (ids[3:] + ids[:3], "low"))
    ]
    assert _at_once(changes) == 3
    with transaction() as session:
        assert len({task.priority for task in session.exec(select(Task))}) == 1


def test_comments_of_many_are_all_there_and_told_once_each(people: list[Principal]) -> None:
    task_id = _made(people[0])
    said = [lambda s, n=n, who=who: comments.add(s, who, task_id, f"{n}") for n, who in enumerate(people * 2)]
    assert _at_once(said) == 6
    with transaction() as session:
        assert sorted(row.text for row in comments.of_task(session, people[0], task_id)) == list("012345")


def test_two_sweeps_of_the_bin_share_the_work(people: list[Principal]) -> None:
    now = clock.utcnow()
    ids = [_made(people[0], title=f"Old {n}") for n in range(6)]
    with clock.at(now - taken_away.KEPT - timedelta(hours=1)), transaction() as session:
        for task_id in ids:
            taken_away.remove(session, people[0], task_id)
    swept: list[int] = []
    assert _at_once([lambda s: swept.append(taken_away.sweep(s, now)) for _ in range(3)]) == 3
    assert sum(swept) == 6
