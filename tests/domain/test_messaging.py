"""Direct messages: only between people with something in common, read by nobody else."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.messaging import queries, service
from taskjuggler_app.domain.tasks import invitations
from taskjuggler_app.domain.tasks import service as service_of_tasks
from taskjuggler_app.models import Notification, StoredFile
from taskjuggler_app.models.teams import TeamMember
from tests import factories as make


@pytest.fixture
def two(session: Session) -> tuple[Principal, Principal]:
    """Two people of one workspace."""
    one = make.make_owner(session, name="Ann Example")
    return one, make.make_colleague(session, one, name="Bob Example")


def say(session: Session, who: Principal, to: Principal, words: str, minute: int = 0) -> None:
    """A message, some minutes after noon."""
    assert to.user_id
    with clock.at(make.NOON + timedelta(minutes=minute)):
        service.send(session, who, to.user_id, words)


def texts(session: Session, who: Principal, other: Principal) -> list[str]:
    """The conversation as `who` reads it, newest first."""
    assert other.user_id
    return [row.text for row in queries.thread(session, who, other.user_id).rows]


def test_colleagues_write_to_each_other_and_both_read_the_same(
    session: Session, two: tuple[Principal, Principal]
) -> None:
    ann, bob = two
    say(session, ann, bob, " Hello ", 1)
    say(session, bob, ann, "Hi", 2)
    assert texts(session, ann, bob) == texts(session, bob, ann) == ["Hi", "Hello"]
    assert [(row.name, row.last, row.mine) for row in queries.people(session, ann)] == [("Bob Example", "Hi", False)]


def test_strangers_cannot_write_and_people_who_share_a_task_can(session: Session) -> None:
    ann, zoe = make.make_owner(session), make.make_owner(session)
    with pytest.raises(NotFound):
        say(session, ann, zoe, "Hello")
    with pytest.raises(NotFound):
        say(session, ann, ann, "Me")
    make.make_task(session, ann, owner_id=zoe.user_id)
    say(session, zoe, ann, "About that task")
    assert texts(session, ann, zoe) == ["About that task"]


def test_a_helper_from_outside_and_the_people_of_the_task_write_to_each_other(session: Session) -> None:
    ann, hal, ida = (make.make_owner(session, name=name) for name in ("Ann", "Hal", "Ida"))
    bob, cas = (make.make_colleague(session, ann, name=name) for name in ("Bob", "Cas"))
    task = make.make_task(session, ann)
    service_of_tasks.assign(session, ann, task.id, member_of(session, bob))
    first = invitations.invite(session, ann, task.id, "hal@example.com")
    with pytest.raises(NotFound):
        say(session, hal, ann, "Not invited yet")
    invitations.accept(session, hal, first.invite_code)
    invitations.accept(session, ida, invitations.invite(session, ann, task.id, "ida@example.com").invite_code)
    assert [row.name for row in queries.people(session, hal)] == ["Ann", "Bob", "Ida"]
    for one, other in ((hal, ann), (bob, hal), (hal, ida)):
        say(session, one, other, "About that task")
    with pytest.raises(NotFound):
        say(session, hal, cas, "You have nothing to do with it")
    invitations.revoke(session, ann, task.id, first.id)
    with pytest.raises(NotFound):
        say(session, hal, bob, "No more")
    assert texts(session, ann, hal) == ["About that task"]


def member_of(session: Session, who: Principal) -> UUID:
    """The membership in the workspace."""
    return session.exec(select(TeamMember.id).where(TeamMember.user_id == who.user_id)).one()


def test_nobody_else_reads_a_conversation_not_even_an_admin(session: Session, two: tuple[Principal, Principal]) -> None:
    admin, bob = two
    cas = make.make_colleague(session, admin)
    say(session, bob, cas, "Between us")
    assert texts(session, admin, bob) == []
    assert queries.search(session, admin, "between") == []
    assert [row.text for row in queries.search(session, cas, "US betw")] == ["Between us"]


def test_reading_clears_the_count_and_shows_the_other_that_it_was_seen(
    session: Session, two: tuple[Principal, Principal]
) -> None:
    ann, bob = two
    assert ann.user_id
    assert bob.user_id
    say(session, ann, bob, "One", 1)
    say(session, ann, bob, "Two", 2)
    assert queries.unread_count(session, bob) == 2
    assert service.mark_read(session, bob, ann.user_id) == 2
    assert queries.unread_count(session, bob) == 0
    assert all(row.seen_at for row in queries.thread(session, ann, bob.user_id).rows)


def test_what_is_unread_of_a_conversation_is_one_notification(
    session: Session, two: tuple[Principal, Principal]
) -> None:
    ann, bob = two
    assert ann.user_id
    for minute in (1, 2):
        say(session, ann, bob, "Hello", minute)
    mine = select(Notification).where(Notification.user_id == bob.user_id)
    assert len(session.exec(mine).all()) == 1
    service.mark_read(session, bob, ann.user_id)
    say(session, ann, bob, "Again", 3)
    found = session.exec(mine).all()
    assert [row.link for row in found] == [f"/messages/{ann.user_id}"] * 2


def test_long_conversations_come_in_pages_without_gap_or_repeat(
    session: Session, two: tuple[Principal, Principal]
) -> None:
    ann, bob = two
    assert bob.user_id
    for minute in range(120):
        say(session, ann, bob, str(minute), minute // 3)
    seen, cursor = [], ""
    while True:
        page = queries.thread(session, ann, bob.user_id, cursor)
        seen += [int(row.text) for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == list(range(120))


def test_a_file_goes_with_a_message_and_only_the_two_may_open_it(
    session: Session, two: tuple[Principal, Principal]
) -> None:
    from taskjuggler_app.domain.files import queries as files

    ann, bob = two
    assert bob.user_id
    row = StoredFile(
        team_id=ann.team_id,
        name="a.txt",
        content_type="text/plain",
        size=3,
        sha256="0" * 64,
        storage_key="k",
        created_by=ann.user_id,
    )
    session.add(row)
    session.flush()
    service.send(session, ann, bob.user_id, "", [row.id])
    (message,) = queries.thread(session, bob, ann.user_id or bob.user_id).rows
    assert [file.name for file in message.files] == ["a.txt"]
    assert files.readable(session, bob, row.id).id == row.id
    with pytest.raises(NotFound):
        files.readable(session, make.make_colleague(session, ann), row.id)
    with pytest.raises(NotFound):  # somebody else's file cannot be passed on
        service.send(session, bob, ann.user_id or bob.user_id, "", [row.id])


@pytest.mark.parametrize("words", ["", "   ", "x" * 10_001])
def test_nothing_and_too_much_are_refused(session: Session, two: tuple[Principal, Principal], words: str) -> None:
    with pytest.raises(Invalid):
        say(session, *two, words)


def test_a_past_conversation_stays_readable_after_the_ways_part(
    session: Session, two: tuple[Principal, Principal]
) -> None:
    ann, bob = two
    assert bob.user_id
    say(session, ann, bob, "Bye")
    elsewhere = replace(bob, team_id=make.make_team(session).id)
    assert queries.person(session, elsewhere, ann.user_id or bob.user_id).name == "Ann Example"
