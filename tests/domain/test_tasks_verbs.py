"""Accepting, editing, the bin, repetitions, comments, the board, search."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from taskjuggler_app.core.errors import Forbidden, Invalid, NotFound
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import board, comments, editing, processes, queries, searching, service
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.tasks.editing import Changed, Edit
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.recurrence import Recurrence, next_due
from taskjuggler_app.models import Notification, Task, TaskStatus
from tests.factories import make_colleague, make_owner, make_task

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_doer_accepts_or_gives_back(session: Session) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner, name="Bob")
    task = make_task(session, owner, owner_id=bob.user_id)
    assert service.accept(session, bob, task.id).status is TaskStatus.IN_PROGRESS
    given_back = service.decline(session, bob, task.id, "no time")
    assert (given_back.status, given_back.owner_id) == (TaskStatus.PENDING, None)
    told = session.exec(select(Notification).where(Notification.user_id == owner.user_id)).one()
    assert "no time" in told.message
    with pytest.raises(Forbidden):
        service.decline(session, bob, task.id)


def test_the_second_editor_sees_the_first_ones_value_and_nothing_is_overwritten(session: Session) -> None:
    owner = make_owner(session)
    task = make_task(session, owner, title="Old")
    editing.edit(session, owner, task.id, Edit({"title": "First"}, {"title": "Old"}))
    with pytest.raises(Changed) as refused:
        editing.edit(session, owner, task.id, Edit({"title": "Second"}, {"title": "Old"}))
    assert refused.value.theirs == "First"
    assert task.title == "First"
    editing.edit(session, owner, task.id, Edit({"priority": "high"}, {"priority": "normal"}))
    assert editing.edit(session, owner, task.id, Edit({"title": "Second"}, {"title": "First"})).title == "Second"


def test_a_value_that_cannot_be_is_refused(session: Session) -> None:
    owner = make_owner(session)
    task = make_task(session, owner)
    bad = {"priority": "huge", "due_date": "soon", "due_zone": "Mars/North", "recurrence": "hourly", "title": " "}
    for name, value in bad.items():
        with pytest.raises(Invalid):
            editing.edit(session, owner, task.id, Edit({name: value}, {}))


def test_the_bin_gives_back_what_it_took(session: Session) -> None:
    owner = make_owner(session)
    task = make_task(session, owner)
    taken_away.remove(session, owner, task.id)
    assert queries.page(session, owner, TaskFilter()).rows == []
    with pytest.raises(NotFound):
        queries.detail(session, owner, task.id)
    assert [row.id for row in taken_away.inside(session, owner)] == [str(task.id)]
    taken_away.restore(session, owner, task.id)
    assert [row.id for row in queries.page(session, owner, TaskFilter()).rows] == [str(task.id)]


def test_a_finished_repeating_task_comes_back_once(session: Session) -> None:
    owner = make_owner(session)
    draft = TaskDraft("Pay rent", owner.user_id or uuid4(), recurrence="monthly", due_date=NOW, due_zone="UTC")
    task = service.create(session, owner, draft)
    for status in (TaskStatus.COMPLETED, TaskStatus.PENDING, TaskStatus.COMPLETED):
        service.change_status(session, owner, task.id, status)
    followers = session.exec(select(Task).where(Task.recurs_from == task.id)).all()
    assert [one.status for one in followers] == [TaskStatus.PENDING]


@given(
    st.integers(0, 3_000_000).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.sampled_from(list(Recurrence)),
    st.sampled_from(["UTC", "America/New_York", "Europe/Berlin"]),
    st.integers(0, 900),
)
def test_a_repetition_is_later_at_the_same_time_of_day(due: datetime, every: Recurrence, zone: str, late: int) -> None:
    now = due + timedelta(days=late)
    following = next_due(due, zone, every, now)
    assert following > now
    assert following.time() == due.astimezone(ZoneInfo(zone)).time()
    if every is Recurrence.WEEKDAYS:
        assert following.weekday() < 5


def test_the_steps_of_a_process_follow_each_other(session: Session) -> None:
    owner = make_owner(session)
    template = processes.save_template(session, owner, "Move in", [{"title": "Keys"}, {"title": "Photos", "days": 2}])
    first = processes.start(session, owner, template.id)
    service.change_status(session, owner, first.id, TaskStatus.COMPLETED)
    titles = session.exec(select(Task.title).where(Task.process_id == template.id).order_by(col(Task.title))).all()
    assert titles == ["Keys", "Photos"]


def test_a_mentioned_colleague_is_told_and_reading_is_seen(session: Session) -> None:
    owner = make_owner(session, name="Ann Example")
    bob = make_colleague(session, owner, name="Bob Builder")
    task = make_task(session, owner)
    comments.add(session, owner, task.id, "Can you look, @bob?")
    told = session.exec(select(Notification).where(Notification.user_id == bob.user_id)).one()
    assert told.type == "task_mention"
    assert comments.mark_read(session, bob, task.id) == 1
    assert comments.mark_read(session, bob, task.id) == 0
    assert [row.read_by for row in comments.of_task(session, owner, task.id)] == ["Bob Builder"]


def test_a_card_stays_where_it_was_put(session: Session) -> None:
    owner = make_owner(session)
    a, b, c = (make_task(session, owner, title=name, board_position=float(at)) for at, name in enumerate("abc"))
    board.move(session, owner, c.id, to="pending", after_id=a.id, before_id=b.id)
    shown = {
        column.key: [card.title for card in column.cards] for column in board.by_status(session, owner, TaskFilter())
    }
    assert shown["pending"] == ["a", "c", "b"]
    board.move(session, owner, a.id, to="completed")
    shown = {
        column.key: [card.title for card in column.cards] for column in board.by_status(session, owner, TaskFilter())
    }
    assert (shown["pending"], shown["completed"]) == (["c", "b"], ["a"])


def test_many_moves_between_the_same_two_keep_the_order(session: Session) -> None:
    owner = make_owner(session)
    cards = [make_task(session, owner, title=str(n), board_position=float(n)) for n in range(3)]
    for turn in range(60):
        moved = cards[1 + turn % 2]
        other = cards[1 + (turn + 1) % 2]
        board.move(session, owner, moved.id, to="pending", after_id=cards[0].id, before_id=other.id)
        session.expire_all()
        titles = [card.title for card in board.by_status(session, owner, TaskFilter())[0].cards]
        assert titles[:3] == ["0", moved.title, other.title]


def test_a_misspelled_word_is_forgiven_in_titles_texts_and_comments(session: Session) -> None:
    owner = make_owner(session)
    made = service.create(session, owner, TaskDraft("Boiler in 4B", owner.user_id or uuid4(), description="It rattles"))
    comments.add(session, owner, made.id, "The plumber comes on Friday")
    for words in ("boiler", "bolier", "ratles", "plumbr", "boil 4b", "BOILER"):
        assert [row.title for row in queries.search(session, owner, words)] == ["Boiler in 4B"], words
    assert queries.search(session, owner, "elephant") == []


def test_a_filter_survives_the_address() -> None:
    wanted = TaskFilter(scope="mine", sort="due", tag="a&b", text="x y")
    assert TaskFilter.parse(dict(parse_qsl(wanted.dump()))) == wanted
    assert TaskFilter.parse({"scope": "'; drop", "status": "open"}) == TaskFilter()


@pytest.mark.parametrize(
    "wanted", [TaskFilter(), TaskFilter(scope="mine", status="any"), TaskFilter(status="completed")]
)
def test_walking_the_newest_finds_what_sorting_all_does(
    session: Session, monkeypatch: pytest.MonkeyPatch, wanted: TaskFilter
) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner)
    for number in range(40):
        task = make_task(session, owner, title=f"{'Gate' if number % 3 else 'Door'} {number}", created_at=NOW)
        task.owner_id = (owner.user_id, bob.user_id)[number % 2]
        task.status = (TaskStatus.PENDING, TaskStatus.COMPLETED)[number % 4 == 0]
        if number % 5 == 0:
            comments.add(session, owner, task.id, "Ask about the gate")
    session.flush()

    def pages() -> list[str]:
        titles: list[str] = []
        cursor = ""
        while True:
            page = searching.page(session, owner, replace(wanted, text="gate"), cursor, 7)
            titles += [row.title for row in page.rows]
            cursor = page.next_cursor
            if not cursor:
                return titles

    by_sorting = pages()
    assert len(by_sorting) == len(set(by_sorting)) > 3
    monkeypatch.setattr(searching, "RARE", -1)
    assert pages() == by_sorting
    monkeypatch.setattr(searching, "WALKED", 5)  # too short a walk ends in sorting
    assert pages() == by_sorting
