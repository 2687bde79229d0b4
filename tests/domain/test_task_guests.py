"""Invitations to one task, and the story of a task."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from taskjuggler_app.adapters import registry
from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal, Role
from taskjuggler_app.domain.access import regions
from taskjuggler_app.domain.receptionist import processing
from taskjuggler_app.domain.tasks import bin as taken_away
from taskjuggler_app.domain.tasks import comments, editing, invitations, service, story
from taskjuggler_app.domain.tasks.editing import Edit
from taskjuggler_app.models import InboxItem, Notification, TaskInvitation, TaskStatus
from tests.factories import (
    make_channel,
    make_colleague,
    make_item,
    make_owner,
    make_rule,
    make_task,
    make_team,
    make_user,
    principal_of,
)


def test_the_holder_of_the_link_reads_that_task_alone_and_nothing_said_about_it(session: Session) -> None:
    owner = make_owner(session)
    task = make_task(session, owner, title="Fix the roof", description="North side")
    make_task(session, owner, title="Secret")
    comments.add(session, owner, task.id, "Between us: he is expensive")
    made = invitations.invite(session, owner, task.id, " Roof@Example.COM ")
    assert (made.email, len(made.invite_code)) == ("roof@example.com", 32)
    seen = invitations.opened(session, None, made.invite_code)
    assert (seen.state, seen.title, seen.description, seen.comments) == ("open", "Fix the roof", "North side", [])
    for wrong in ("x" * 32, made.invite_code[:31], made.invite_code + "a", "", "\0" * 32):
        with pytest.raises(NotFound):
            invitations.opened(session, None, wrong)


def test_a_guest_accepts_once_and_the_inviter_is_told(session: Session) -> None:
    owner = make_owner(session)
    made = invitations.invite(session, owner, make_task(session, owner).id, "+1 207 555 0142")
    assert made.phone == "+12075550142"
    invitations.accept(session, None, made.invite_code)
    for again in (invitations.accept, invitations.decline):
        with pytest.raises(Conflict):
            again(session, None, made.invite_code)
    told = session.exec(select(Notification.message).where(Notification.user_id == owner.user_id)).all()
    assert told == ["+12075550142 accepted the invitation: Fix the faucet"]


def test_an_account_keeps_the_task_beyond_the_seven_days_and_may_comment(session: Session) -> None:
    owner, guest = make_owner(session), make_owner(session, name="Gina")
    task = make_task(session, owner)
    made = invitations.invite(session, owner, task.id, "gina@example.com")
    with pytest.raises(NotFound):
        invitations.comment(session, guest, made.invite_code, "Too early")
    invitations.accept(session, None, made.invite_code)
    invitations.keep(session, guest, made.invite_code)
    invitations.comment(session, guest, made.invite_code, "I come on Monday")
    with clock.at(clock.utcnow() + timedelta(days=30)):
        kept = invitations.opened(session, guest, made.invite_code)
        assert [row.text for row in kept.comments] == ["I come on Monday"]
        assert not invitations.opened(session, None, made.invite_code).comments
    comments.add(session, owner, task.id, "Good")
    links = session.exec(select(Notification.link).where(Notification.user_id == guest.user_id)).all()
    assert links == [f"/invited/{made.invite_code}"]
    stranger = make_owner(session)
    with pytest.raises(Conflict):
        invitations.keep(session, stranger, made.invite_code)


@pytest.mark.parametrize("answer", [invitations.accept, invitations.decline])
def test_after_seven_days_the_link_is_worth_nothing(session: Session, answer: Callable[..., None]) -> None:
    owner = make_owner(session)
    made = invitations.invite(session, owner, make_task(session, owner).id, "late@example.com")
    with clock.at(clock.utcnow() + invitations.LASTS + timedelta(seconds=1)):
        assert not invitations.opened(session, None, made.invite_code).title
        with pytest.raises(Conflict):
            answer(session, None, made.invite_code)
        assert invitations.sweep(session, clock.utcnow()) == 1
        assert invitations.sweep(session, clock.utcnow()) == 0


def test_a_revoked_link_and_one_to_a_task_in_the_bin_open_nothing(session: Session) -> None:
    owner, guest = make_owner(session), make_owner(session)
    task = make_task(session, owner)
    made = invitations.invite(session, owner, task.id, "a@example.com")
    invitations.accept(session, guest, made.invite_code)
    invitations.revoke(session, owner, task.id, made.id)
    assert not invitations.opened(session, guest, made.invite_code).readable
    other = invitations.invite(session, owner, task.id, "b@example.com")
    taken_away.remove(session, owner, task.id)
    with pytest.raises(NotFound):
        invitations.opened(session, None, other.invite_code)


def test_who_may_invite_and_whom(session: Session) -> None:
    owner = make_owner(session)
    bob = make_colleague(session, owner, name="Bob", email="bob@example.com")
    task = make_task(session, owner, owner_id=owner.user_id)
    with pytest.raises(Forbidden):
        invitations.invite(session, bob, task.id, "x@example.com")
    with pytest.raises(Conflict):
        invitations.invite(session, owner, task.id, "bob@example.com")
    with pytest.raises(Invalid):
        invitations.invite(session, owner, task.id, "nobody")
    with pytest.raises(NotFound):
        invitations.invite(session, make_owner(session), task.id, "x@example.com")
    for number in range(invitations.MOST_OPEN):
        invitations.invite(session, owner, task.id, f"n{number}@example.com")
    again = invitations.invite(session, owner, task.id, "n3@example.com")
    assert len({row.id for row in invitations.of_task(session, owner, task.id)}) == invitations.MOST_OPEN
    assert again.email == "n3@example.com"
    with pytest.raises(LimitReached):
        invitations.invite(session, owner, task.id, "eleventh@example.com")


def test_a_number_typed_by_hand_is_read_as_in_the_workspaces_country(session: Session) -> None:
    owner = make_owner(session)
    berliner = replace(owner, timezone="Europe/Berlin")
    task = make_task(session, owner)
    assert invitations.invite(session, berliner, task.id, "030 901820").phone == "+4930901820"
    make_channel(session, owner, phone_number="+442079460100", region="GB")
    assert invitations.invite(session, berliner, task.id, "020 7946 0123").phone == "+442079460123"
    assert regions.of_zone("Etc/UTC") == regions.OTHERWISE


def test_two_who_answer_at_once_give_one_answer(database_url: str) -> None:
    with transaction() as session:
        owner = make_owner(session)
        code = invitations.invite(session, owner, make_task(session, owner).id, "a@example.com").invite_code

    def answer(verb: Callable[[Session, Principal | None, str], None]) -> bool:
        try:
            with transaction() as session:
                verb(session, None, code)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(answer, [invitations.accept, invitations.decline] * 3))
    assert sum(done) == 1
    with transaction() as session:
        assert len(session.exec(select(Notification)).all()) == 1


def test_ten_stay_ten_when_many_invite_at_once(database_url: str) -> None:
    with transaction() as session:
        owner = make_owner(session)
        task_id = make_task(session, owner).id

    def invite(number: int) -> bool:
        try:
            with transaction() as session:
                invitations.invite(session, owner, task_id, f"n{number}@example.com")
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(invite, range(14))) == invitations.MOST_OPEN
    with transaction() as session:
        assert len(session.exec(select(TaskInvitation)).all()) == invitations.MOST_OPEN


def test_the_story_begins_with_the_message_and_says_why_the_task_is_here(database_url: str) -> None:
    with transaction() as session:
        owner = make_owner(session)
        make_rule(session, owner, name="Repairs to me")
        channel = make_channel(session, owner)
        item_id = make_item(session, channel, body="The kitchen faucet leaks. Please come tomorrow at 9am.").id
    processing.process(item_id, registry.extractor())
    with transaction() as session:
        task_id = session.get_one(InboxItem, item_id).routed_to_task_id or UUID(int=0)
        comments.add(session, owner, task_id, "Tomorrow it is")
        editing.edit(session, owner, task_id, Edit({"priority": "urgent"}, {}))
        service.change_status(session, owner, task_id, TaskStatus.COMPLETED)
    with transaction() as session:
        told = story.of_task(session, owner, task_id)
        kinds = [row.kind for row in told]
        wanted = ["message.received", "message.extracted", "message.routed", "task.created", "task.commented"]
        assert [kind for kind in kinds if kind in wanted] == wanted
        by_kind = {row.kind: row for row in told}
        assert by_kind["message.received"].note.startswith("The kitchen faucet leaks")
        assert "aintenance" in by_kind["message.extracted"].note
        assert by_kind["message.routed"].note.startswith("Repairs to me")
        assert by_kind["task.commented"].note == "Tomorrow it is"
        assert by_kind["task.edited"].note == "priority"
        assert by_kind["task.status_changed"].to == "completed"
        with pytest.raises(NotFound):
            story.of_task(session, make_owner(session), task_id)


def test_a_guest_cannot_reach_another_task_of_the_workspace(session: Session) -> None:
    owner, user = make_owner(session), make_user(session)
    guest = principal_of(user, make_team(session, user), Role.ADMIN)
    task, other = make_task(session, owner), make_task(session, owner)
    made = invitations.invite(session, owner, task.id, "g@example.com")
    invitations.accept(session, guest, made.invite_code)
    for task_id in (task.id, other.id, uuid4()):
        with pytest.raises(NotFound):
            comments.add(session, guest, task_id, "Hello")
        with pytest.raises(NotFound):
            story.of_task(session, guest, task_id)
