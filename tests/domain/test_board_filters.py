"""The board narrowed: by priority, date, person and project, in columns of states and of people."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from taskjuggler_app.core import clock
from taskjuggler_app.domain.tasks import board, projects
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.models import Priority
from tests.factories import make_colleague, make_owner, make_task


@pytest.mark.parametrize(
    ("name", "by_state", "by_person"),
    [
        ("priority", ["roof", "door"], ["roof", "door"]),
        ("due", ["roof"], ["roof"]),
        ("doer", ["roof"], ["roof", "door", "lamp"]),  # columns of people show every person
        ("project", ["lamp"], ["lamp"]),
    ],
)
def test_the_board_shows_what_the_filter_leaves(
    session: Session, name: str, by_state: list[str], by_person: list[str]
) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner, name="Bob")
    member = next(row.id for row in teams.members(session, owner) if row.name == "Bob")
    project = projects.create(session, owner, "Light")
    late = clock.utcnow() - timedelta(days=1)
    make_task(session, owner, title="roof", owner_id=bob.user_id, priority=Priority.URGENT, due_date=late)
    make_task(session, owner, title="door", priority=Priority.URGENT)
    make_task(session, owner, title="lamp", project_id=project.id)
    wanted = TaskFilter(
        **{name: {"priority": "urgent", "due": "overdue", "doer": member, "project": str(project.id)}[name]}
    )

    def titles(columns: list[board.Column]) -> list[str]:
        return sorted(card.title for column in columns for card in column.cards)

    assert titles(board.by_status(session, owner, wanted)) == sorted(by_state)
    assert titles(board.by_person(session, owner, wanted)) == sorted(by_person)
