"""Pictures of people in lists: beside every name, for colleagues alone, and in no more statements than without."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.messaging import queries as talks
from taskjuggler_app.domain.messaging import service as talking
from taskjuggler_app.domain.receptionist import queries as inbox
from taskjuggler_app.domain.tasks import board, comments, projects, queries, service
from taskjuggler_app.domain.tasks.filters import TaskFilter
from taskjuggler_app.domain.tasks.service import TaskDraft
from taskjuggler_app.domain.teams import profiles
from taskjuggler_app.domain.teams import queries as teams
from taskjuggler_app.domain.tef import actors
from taskjuggler_app.domain.tef import queries as network
from taskjuggler_app.models.teams import TeamMember
from taskjuggler_app.models.tef import Actor, ActorType
from taskjuggler_app.models.users import User
from tests import factories as make
from tests.domain.test_profiles import png, upload

ALL = TaskFilter(status="any")


@pytest.fixture
def owner(session: Session) -> Principal:
    """Somebody who shows no picture."""
    return make.make_owner(session)


@pytest.fixture
def ann(session: Session, owner: Principal) -> Principal:
    """A colleague with a picture."""
    return with_picture(session, make.make_colleague(session, owner, name="Ann"))


def with_picture(session: Session, who: Principal) -> Principal:
    profiles.show_picture(session, who, upload(session, who, png(64, 64)), png(64, 64))
    return who


def picture(session: Session, who: Principal) -> str:
    return profiles.personal(session, who).picture


def person(who: Principal) -> UUID:
    assert who.user_id is not None
    return who.user_id


def membership(session: Session, who: Principal) -> UUID:
    found = teams.membership_id(session, who.team_id, person(who))
    assert found is not None
    return found


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent inside the block."""
    sent: list[str] = []

    def note(*args: Any) -> None:
        sent.append(str(args[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_a_task_shows_its_doer_in_the_list_on_the_board_and_on_its_page(
    session: Session, owner: Principal, ann: Principal
) -> None:
    own = service.create(session, owner, TaskDraft("Hers", person(owner), owner_id=person(ann)))
    given = service.create(session, ann, TaskDraft("Given", person(ann)))
    service.assign(session, owner, given.id, membership(session, ann))
    plain = service.create(session, owner, TaskDraft("Mine", person(owner), owner_id=person(owner)))
    shown = {str(own.id): picture(session, ann), str(given.id): picture(session, ann), str(plain.id): ""}
    assert {row.id: row.doer_picture for row in queries.page(session, owner, ALL).rows} == shown
    cards = [card for column in board.by_status(session, owner, ALL) for card in column.cards]
    assert {card.id: card.doer_picture for card in cards} == shown
    assert queries.detail(session, owner, given.id).row.doer_picture == picture(session, ann)
    assert queries.detail(session, owner, given.id).requestor_picture == picture(session, ann)
    assert queries.detail(session, owner, plain.id).requestor_picture == ""


def test_another_picture_is_another_address(session: Session, owner: Principal, ann: Principal) -> None:
    task = service.create(session, owner, TaskDraft("Hers", person(owner), owner_id=person(ann)))
    before = queries.detail(session, owner, task.id).row.doer_picture
    with_picture(session, ann)
    after = queries.detail(session, owner, task.id).row.doer_picture
    assert after not in ("", before)
    profiles.remove_picture(session, ann)
    assert queries.detail(session, owner, task.id).row.doer_picture == ""


def test_who_has_left_is_not_shown(session: Session, owner: Principal, ann: Principal) -> None:
    task = service.create(session, owner, TaskDraft("Hers", person(owner), owner_id=person(ann)))
    session.delete(session.exec(select(TeamMember).where(TeamMember.user_id == ann.user_id)).one())
    session.flush()
    assert [row.doer_picture for row in queries.page(session, owner, ALL).rows] == [""]
    assert queries.detail(session, owner, task.id).row.doer_picture == ""


def test_the_inbox_talk_projects_messages_and_the_network_show_it_too(
    session: Session, owner: Principal, ann: Principal
) -> None:
    face = picture(session, ann)
    item = make.make_item(session, make.make_channel(session, owner), assigned_to=ann.user_id)
    assert [row.assigned_picture for row in inbox.inbox_page(session, owner).rows] == [face]
    assert inbox.item(session, owner, item.id).row.assigned_picture == face
    task = service.create(session, owner, TaskDraft("Talk", person(owner)))
    for who in (owner, ann):
        comments.add(session, who, task.id, "Hello")
    assert [row.picture for row in comments.of_task(session, owner, task.id)] == ["", face]
    project = projects.create(session, ann, "Roof")
    assert [(one.name, one.picture) for one in projects.one(session, owner, project.id).people] == [("Ann", face)]
    talking.send(session, ann, person(owner), "Lunch?")
    assert [row.picture for row in talks.search(session, owner, "lunch")] == [face]
    hers = actors.of_user(session, session.get_one(User, person(ann)))
    machine = Actor(actor_type=ActorType.IOT_DEVICE, display_name="Boiler", team_id=ann.team_id, user_id=ann.user_id)
    session.add(machine)
    session.flush()
    shown = {row.id: row.picture for row in network.network(session, ann)}
    assert (shown[str(hers.id)], shown[str(machine.id)]) == (face, "")
    assert network.one(session, ann, hers.id).row.picture == face


@pytest.mark.parametrize(
    "read",
    [
        lambda session, who: queries.page(session, who, ALL).rows,
        lambda session, who: board.by_status(session, who, ALL),
        lambda session, who: inbox.inbox_page(session, who).rows,
    ],
)
def test_more_people_make_no_more_statements(
    session: Session, owner: Principal, read: Callable[[Session, Principal], list[Any]]
) -> None:
    channel = make.make_channel(session, owner)

    def grow() -> None:
        for _ in range(3):
            one = with_picture(session, make.make_colleague(session, owner))
            service.create(session, owner, TaskDraft("Hers", person(owner), owner_id=person(one)))
            make.make_item(session, channel, assigned_to=one.user_id)

    grow()
    session.expire_all()
    with counted(session) as few:
        read(session, owner)
    grow()
    session.expire_all()
    with counted(session) as many:
        read(session, owner)
    assert len(many) == len(few)
