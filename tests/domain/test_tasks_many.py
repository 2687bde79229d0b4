"""Many tasks at once: kept filters, bulk edits and their undo, exports, projects, processes, the calendar."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import (
    bulk,
    comments,
    editing,
    exporting,
    listing,
    processes,
    projects,
    queries,
    saved,
    service,
)
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.models import Task, TaskStatus, TeamMember
from tests.factories import make_colleague, make_owner, make_task

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_kept_filter_comes_back_as_it_was_and_its_name_is_written_over(session: Session) -> None:
    owner = make_owner(session)
    wanted = TaskFilter(scope="mine", due="overdue", group="doer", tag="billing")
    saved.keep(session, owner, "  Late  ones ", TaskFilter())
    saved.keep(session, owner, "Late ones", wanted)
    assert [(row.name, TaskFilter.read(row.query)) for row in saved.kept(session, owner)] == [("Late ones", wanted)]


def test_kept_filters_are_ones_own_and_there_is_an_end_to_them(session: Session) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner, name="Bob")
    row = saved.keep(session, owner, "Mine", TaskFilter(scope="mine"))
    assert saved.kept(session, bob) == []
    with pytest.raises(NotFound):
        saved.forget(session, bob, UUID(row.id))
    with pytest.raises(Invalid):
        saved.keep(session, owner, "  ", TaskFilter())
    for number in range(saved.MOST - 1):
        saved.keep(session, owner, f"Filter {number}", TaskFilter())
    with pytest.raises(LimitReached):
        saved.keep(session, owner, "One too many", TaskFilter())
    saved.forget(session, owner, UUID(row.id))
    saved.keep(session, owner, "Now there is room", TaskFilter())


@pytest.mark.parametrize(
    ("deed", "value"),
    [("status", "completed"), ("priority", "urgent"), ("tag", "billing"), ("due_date", NOON), ("remove", None)],
)
def test_a_bulk_edit_changes_all_and_its_undo_puts_all_back(session: Session, deed: str, value: object) -> None:
    owner = make_owner(session)
    ids = [make_task(session, owner, title=f"Task {n}").id for n in range(3)]
    before = [_said(session, owner, task_id) for task_id in ids]
    steps = bulk.apply(session, owner, ids, deed, value)
    assert len(steps) == 3
    assert bulk.undo(session, owner, steps) == 3
    assert [_said(session, owner, task_id) for task_id in ids] == before


def test_undoing_a_handover_gives_each_task_back_to_who_had_it(session: Session) -> None:
    owner = make_owner(session)
    bob, eve = make_colleague(session, owner, name="Bob"), make_colleague(session, owner, name="Eve")
    mine = make_task(session, owner, owner_id=bob.user_id)
    nobodys = make_task(session, owner)
    steps = bulk.apply(session, owner, [mine.id, nobodys.id], "doer", _membership(session, owner, eve))
    assert {queries.doer_id(session, one) for one in (mine, nobodys)} == {eve.user_id}
    bulk.undo(session, owner, steps)
    assert (queries.doer_id(session, mine), queries.doer_id(session, nobodys)) == (bob.user_id, None)


def test_the_undo_leaves_alone_what_somebody_changed_since(session: Session) -> None:
    owner = make_owner(session)
    one, two = make_task(session, owner, title="One"), make_task(session, owner, title="Two")
    steps = bulk.apply(session, owner, [one.id, two.id], "priority", "urgent")
    editing.edit(session, owner, one.id, Edit({"priority": "low"}, {}))
    assert bulk.undo(session, owner, steps) == 1
    assert (one.priority.value, two.priority.value) == ("low", "normal")


def test_what_no_database_keeps_is_left_out_of_typed_names(session: Session) -> None:
    owner = make_owner(session)
    hostile = "A\0 b\ud800\n c"
    assert service.create(session, owner, TaskDraft(hostile, owner.user_id or owner.team_id)).title == "A b c"
    assert projects.create(session, owner, hostile).name == "A b c"
    assert saved.keep(session, owner, hostile, TaskFilter.parse({"text": hostile})).name == "A b c"
    assert processes.save_template(session, owner, hostile, [{"title": hostile}]).steps[0]["title"] == "A b c"


def test_one_refusal_refuses_the_lot(session: Session) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner, name="Bob")
    open_, closed = make_task(session, owner), make_task(session, owner)
    service.change_status(session, owner, closed.id, TaskStatus.CANCELLED)
    with pytest.raises(Conflict), session.begin_nested():
        bulk.apply(session, owner, [open_.id, closed.id], "status", "completed")
    session.refresh(open_)
    assert open_.status is TaskStatus.PENDING
    with pytest.raises(Forbidden):
        bulk.apply(session, bob, [open_.id], "remove", None)
    for ids, deed in (([], "status"), ([uuid4()], "title"), ([uuid4() for _ in range(bulk.MOST + 1)], "status")):
        with pytest.raises(Invalid):
            bulk.apply(session, owner, ids, deed, "completed")


def test_what_is_so_already_needs_no_undo(session: Session) -> None:
    owner = make_owner(session)
    task = make_task(session, owner)
    assert bulk.apply(session, owner, [task.id], "status", "pending") == []
    assert bulk.apply(session, owner, [task.id], "priority", "normal") == []
    assert bulk.apply(session, owner, [task.id], "doer", "") == []


def test_a_csv_says_what_it_was_filtered_by_and_runs_no_formula(session: Session) -> None:
    owner = make_owner(session)
    make_task(session, owner, title="=HYPERLINK(1)", tags=["billing"], due_date=NOON)
    make_task(session, owner, title="Other")
    project = projects.create(session, owner, "Roof")
    editing.edit(session, owner, make_task(session, owner, tags=["billing"]).id, Edit({"project_id": project.id}, {}))
    rows = list(csv.reader(io.StringIO(exporting.as_csv(session, owner, TaskFilter(tag="billing", sort="due")))))
    assert rows[0][0].startswith("Tasks of Example Ltd")
    assert rows[1] == ["Filters: scope: all; status: open; sort: due; tag: billing"]
    assert [row[0] for row in rows[3:]] == ["'=HYPERLINK(1)", "Fix the faucet"]
    assert rows[3][4] == "2026-03-02 12:00"
    assert rows[4][6] == "Roof"


def test_an_ics_has_a_to_do_for_each_task_and_the_filters(session: Session) -> None:
    owner = make_owner(session)
    done = make_task(session, owner, title="Done, with; signs", due_date=NOON)
    service.change_status(session, owner, done.id, TaskStatus.COMPLETED)
    calendar = Calendar.from_ical(exporting.as_ics(session, owner, TaskFilter(status="any")))
    (todo,) = calendar.walk("VTODO")
    assert (str(todo["summary"]), str(todo["status"])) == ("Done, with; signs", "COMPLETED")
    assert todo.decoded("due") == NOON
    assert "status: any" in str(calendar["x-wr-caldesc"])


def test_a_project_counts_what_is_done_and_what_is_late(session: Session) -> None:
    owner = make_owner(session)
    project = projects.create(session, owner, "Roof", "amber")
    drafts = [TaskDraft(f"Step {n}", owner.user_id or owner.team_id, project_id=project.id) for n in range(4)]
    first, second, third, _ = (service.create(session, owner, draft) for draft in drafts)
    service.change_status(session, owner, first.id, TaskStatus.COMPLETED)
    service.change_status(session, owner, second.id, TaskStatus.CANCELLED)
    editing.edit(session, owner, third.id, Edit({"due_date": NOON - timedelta(days=900)}, {}))
    row = projects.one(session, owner, project.id)
    assert (row.done, row.tasks, row.overdue, row.percent, row.colour) == (1, 3, 1, 33, "amber")
    assert [one.name for one in row.people] == ["Alice Example"]


def test_only_its_people_and_admins_change_a_project(session: Session) -> None:
    owner, stranger = make_owner(session), make_owner(session)
    bob, eve = make_colleague(session, owner, name="Bob"), make_colleague(session, owner, name="Eve")
    project = projects.create(session, bob, "Bob's")
    projects.change(session, owner, project.id, "Ours", "no such colour", "")
    assert projects.one(session, bob, project.id).colour == "accent"
    with pytest.raises(Forbidden):
        projects.archive(session, eve, project.id, True)
    projects.set_members(session, bob, project.id, [UUID(_membership(session, owner, eve))])
    projects.archive(session, eve, project.id, True)
    assert projects.rows(session, owner) == []
    assert [row.name for row in projects.rows(session, owner, archived=True)] == ["Ours"]
    with pytest.raises(NotFound):
        projects.one(session, stranger, project.id)
    with pytest.raises(NotFound):
        service.create(session, stranger, TaskDraft("x", stranger.user_id or stranger.team_id, project_id=project.id))


def test_a_rewritten_process_keeps_its_running_steps(session: Session) -> None:
    owner = make_owner(session)
    template = processes.save_template(session, owner, "Move in", [{"title": "Keys"}, {"title": "Photos"}])
    first = processes.start(session, owner, template.id)
    old = processes.templates(session, owner)[0]
    assert old.running == 1
    steps = [*[{"id": step.id, "title": step.title} for step in old.steps], {"title": "Rent"}]
    steps.insert(1, {"title": "Meters"})
    processes.save_template(session, owner, "Move in", steps, template.id)
    service.change_status(session, owner, first.id, TaskStatus.COMPLETED)
    assert [row.title for row in listing.page(session, owner, TaskFilter()).rows] == ["Meters"]
    assert processes.remove_template(session, owner, template.id) == "Move in"
    with pytest.raises(Forbidden):
        processes.save_template(session, make_colleague(session, owner), "Mine", [{"title": "x"}])


def test_the_calendar_has_what_is_due_in_the_span_and_not_the_cancelled(session: Session) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner, name="Bob")
    make_task(session, owner, title="In", due_date=NOON, owner_id=bob.user_id)
    make_task(session, owner, title="At the end", due_date=NOON + timedelta(days=1))
    gone = make_task(session, owner, title="Gone", due_date=NOON)
    service.change_status(session, owner, gone.id, TaskStatus.CANCELLED)
    span = (NOON, NOON + timedelta(days=1))
    assert [row.title for row in listing.between(session, owner, *span)] == ["In"]
    assert listing.between(session, owner, *span, mine=True) == []
    assert [row.title for row in listing.between(session, bob, *span, mine=True)] == ["In"]


def test_the_sweep_forgets_what_has_been_in_the_bin_for_a_month_with_its_talk(session: Session) -> None:
    owner = make_owner(session)
    old, fresh, kept = (make_task(session, owner, title=title) for title in ("Old", "Fresh", "Kept"))
    comments.add(session, owner, old.id, "Soon gone")
    now = clock.utcnow()
    with clock.at(now - taken_away.KEPT - timedelta(minutes=1)):
        taken_away.remove(session, owner, old.id)
    with clock.at(now - taken_away.KEPT + timedelta(minutes=1)):
        taken_away.remove(session, owner, fresh.id)
    assert taken_away.sweep(session, now) == 1
    assert [row.title for row in taken_away.inside(session, owner)] == ["Fresh"]
    assert queries.get(session, owner, kept.id).title == "Kept"
    assert taken_away.sweep(session, now) == 0


def _membership(session: Session, owner: Principal, person: Principal) -> str:
    query = select(TeamMember.id).where(TeamMember.team_id == owner.team_id, TeamMember.user_id == person.user_id)
    return str(session.exec(query).one())


def _said(session: Session, owner: Principal, task_id: UUID) -> tuple[object, ...]:
    task = session.get_one(Task, task_id)
    return task.status, task.priority, list(task.tags), task.due_date, task.deleted_at
