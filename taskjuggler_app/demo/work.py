"""What the demo business works on besides messages: two projects, a process, comments, checklists, kept filters."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import board, comments, editing, processes, projects, queries, saved, service
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.models.tasks import Priority, Task, TaskStatus

_ROOF = (
    # title, doer, days ago it began, days from now it is due, state
    ("Get three quotes for the roof at 12 Pine", "luis", 16, -9, "completed"),
    ("Choose a roofer and sign", "maya", 12, -6, "completed"),
    ("Tell the tenants of 12 Pine about the scaffold", "ada", 8, -2, "completed"),
    ("Scaffold goes up", "tom", 5, 2, "in_progress"),
    ("Strip and cover the north side", "luis", 4, 6, "pending"),
    ("Replace gutters and downpipes", "tom", 4, 12, "pending"),
    ("Photos and warranty into the file", "ada", 4, 16, "pending"),
)
_YEAR_END = (
    ("Reconcile rents with the bank", "ada", 6, 3, "in_progress"),
    ("Collect receipts for repairs over 500", "luis", 6, 8, "pending"),
    ("Send the owners their yearly statements", "ada", 3, 20, "pending"),
    ("Book the accountant for January", "maya", 2, 1, "pending"),
)
_STEPS = (
    ("Read the meters and take photos", 1, "tom"),
    ("Change the lock, label both keys", 1, "luis"),
    ("Sign the handover with the tenant", 2, "maya"),
    ("Set up the rent and the deposit", 3, "ada"),
)
_CHECK = ("Permit from the city", "Pavement closed on both sides", "Insurance certificate from the builder")
_ABOUT = "The builder brings it on **Thursday**.\n\n- Keep the back gate open\n- Power comes from the basement"
_WORDS = (
    (52, "tom", "Builder is confirmed for Thursday, seven sharp. @Ada could you tell unit 2B their window stays shut?"),
    (50, "ada", "Done, and 3A too: their balcony is under the north ladder."),
    (27, "tom", "City gave us the permit. The pavement sign is still missing."),
    (20, "maya", "I can pick it up on my way in. **Thursday** still holds?"),
    (19, "tom", "Yes. Weather is fine until Saturday."),
)


def load(
    session: Session, owner: Principal, people: dict[str, Principal], members: dict[str, UUID], now: datetime
) -> None:
    """All of it, by the people who would do it."""
    with clock.at(now - timedelta(days=17)):
        roof = projects.create(
            session, owner, "New roof at 12 Pine", "amber", "Before the first snow. The owners pay half up front."
        )
        projects.set_members(session, owner, roof.id, list(members.values()))
        year = projects.create(session, owner, "Year end", "violet", "Books closed by the tenth of January.")
        projects.set_members(session, owner, year.id, [members["ada"], members["maya"]])
        steps = [{"title": title, "days": days, "team_member_id": str(members[who])} for title, days, who in _STEPS]
        move_in = processes.save_template(session, owner, "Move-in", steps)
    made = [_task(session, owner, people, members, roof.id, row, now) for row in _ROOF]
    for row in _YEAR_END:
        _task(session, owner, people, members, year.id, row, now)
    _scaffold(session, people, made[3], now)
    with clock.at(now - timedelta(days=3)):
        first = processes.start(session, owner, move_in.id)
    with clock.at(now - timedelta(days=2)):
        service.change_status(session, owner, first.id, TaskStatus.COMPLETED)
    saved.keep(session, owner, "Overdue", TaskFilter(due="overdue", sort="due"))
    saved.keep(session, owner, "Nobody's, urgent", TaskFilter(scope="unassigned", priority="urgent"))
    saved.keep(session, owner, "This week by person", TaskFilter(due="week", sort="due", group="doer"))


def _task(
    session: Session,
    owner: Principal,
    people: dict[str, Principal],
    members: dict[str, UUID],
    project_id: UUID,
    row: tuple[str, str, int, int, str],
    now: datetime,
) -> Task:
    title, who, began, due, state = row
    with clock.at(now - timedelta(days=began)):
        task = service.create(
            session,
            owner,
            TaskDraft(
                title,
                requestor_id=owner.user_id or owner.team_id,
                team_member_id=members[who],
                priority=Priority.HIGH if due in (1, 2) else Priority.NORMAL,
                due_date=(now + timedelta(days=due)).replace(hour=21, minute=0, second=0, microsecond=0),
                due_zone=owner.timezone,
                project_id=project_id,
            ),
        )
    if state != "pending":
        with clock.at(now - timedelta(days=max(began - 2, 1))):
            service.change_status(session, people[who], task.id, TaskStatus.IN_PROGRESS)
    if state == "completed":
        with clock.at(now + timedelta(days=due - 1)):
            service.change_status(session, people[who], task.id, TaskStatus.COMPLETED)
    return task


def _scaffold(session: Session, people: dict[str, Principal], task: Task, now: datetime) -> None:
    """A task in the middle of things: steps half done, people talking, on top of its column."""
    boss = people["maya"]
    with clock.at(now - timedelta(days=4)):
        editing.set_checklist(session, boss, task.id, [{"text": text} for text in _CHECK])
        editing.edit(session, boss, task.id, Edit({"description": _ABOUT, "tags": ["scaffold", "safety"]}, {}))
    for hours, who, words in _WORDS:
        with clock.at(now - timedelta(hours=hours)):
            comments.add(session, people[who], task.id, words)
    with clock.at(now - timedelta(hours=26)):
        first, *_ = queries.get(session, boss, task.id).checklist
        editing.tick_step(session, people["tom"], task.id, first["id"], True)
    for reader in ("maya", "ada"):
        with clock.at(now - timedelta(hours=18)):
            comments.mark_read(session, people[reader], task.id)
    with clock.at(now - timedelta(hours=17)):
        board.move(session, boss, task.id, to="in_progress")
