"""Sample data goes in one piece; what a person made or worked on stays."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from jobs.handlers import simulator
from jobs.worker import drain_now
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import samples
from taskjuggler_app.domain.tasks import comments
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import (
    AssistantChannel,
    ContactList,
    ContactListMember,
    InboxItem,
    ProcessingStatus,
    RoutingRule,
    Task,
    TaskStatus,
)
from tests import factories as make


@pytest.fixture
def me(database_url: str) -> Principal:
    """The owner of a workspace with a channel and a rule."""
    with transaction() as session:
        owner = make.make_owner(session)
        make.make_channel(session, owner)
        make.make_rule(session, owner)
    return owner


def _item(session: Session, *, sample: bool = True, **over: Any) -> InboxItem:
    channel = session.exec(select(AssistantChannel)).one()
    mark = samples.MARK if sample else "ab54a98c"
    values = {"source_id": f"SM{mark}{uuid4().hex[:24]}", "processing_status": ProcessingStatus.COMPLETED, **over}
    return make.make_item(session, channel, **values)


def _with_task(session: Session, who: Principal, item: InboxItem) -> Task:
    acting = Principal.system(who.team_id)
    return tasks.create(session, acting, TaskDraft("made of it", UUID(str(who.user_id)), inbox_item_id=item.id))


def _found(who: Principal) -> samples.Samples:
    with transaction() as session:
        return samples.found(session, who)


def _remove(who: Principal) -> None:
    with transaction() as session:
        samples.remove(session, who)
    drain_now()


def _left() -> tuple[set[str], set[str]]:
    with transaction() as session:
        items = {item.body for item in session.exec(select(InboxItem))}
        return items, {task.title for task in session.exec(select(Task))}


def test_samples_go_and_the_rest_stays(me: Principal) -> None:
    with transaction() as session:
        for number in range(3):
            _with_task(session, me, _item(session, body=f"sample {number}"))
        _item(session, body="by mail", source_id=f"{uuid4().hex}@storm.example", from_identifier="a@example.com")
        _item(session, body="real", sample=False)
        tasks.create(session, me, TaskDraft("mine", UUID(str(me.user_id))))
    found = _found(me)
    assert (found.messages, found.tasks, found.kept) == (4, 3, 0)
    _remove(me)
    assert _left() == ({"real"}, {"mine"})
    with transaction() as session:
        assert len(session.exec(select(RoutingRule)).all()) == 1
        assert len(session.exec(select(AssistantChannel)).all()) == 1
    after = _found(me)
    assert (after.messages, after.batch_id) == (0, "")


@pytest.mark.parametrize("deed", ["comment", "move", "reply", "correct", "attach"])
def test_what_somebody_worked_on_stays_with_its_message(me: Principal, deed: str) -> None:
    with transaction() as session:
        item = _item(session, body="worked on")
        task = _with_task(session, me, item)
        _with_task(session, me, _item(session, body="untouched"))
        values = {"team": me.team_id, "item": item.id, "task": task.id, "me": me.user_id, "key": uuid4().hex}
        if deed == "comment":
            comments.add(session, me, task.id, "I will look at it")
        elif deed == "move":
            tasks.change_status(session, me, task.id, TaskStatus.IN_PROGRESS)
        elif deed == "reply":
            session.execute(text(_REPLY), values)
        elif deed == "correct":
            session.execute(text(_CORRECTION), values)
        else:
            session.execute(text(_FILE), values)
    found = _found(me)
    assert (found.messages, found.kept) == (1, 1)
    _remove(me)
    assert _left() == ({"worked on"}, {"made of it"})


def test_a_thread_stays_whole_when_somebody_real_wrote_in_it(me: Principal) -> None:
    with transaction() as session:
        first = _item(session, body="first")
        first.thread_id = first.id
        session.add(first)
        _item(session, body="second", sample=False, thread_id=first.id)
        _item(session, body="alone")
    _remove(me)
    assert _left()[0] == {"first", "second"}


def test_what_is_being_read_is_left_for_the_next_time(me: Principal) -> None:
    with transaction() as session:
        _item(session, body="read", processing_status=ProcessingStatus.PROCESSING)
        _item(session, body="done")
    _remove(me)
    assert _left()[0] == {"read"}


def test_contacts_that_a_rule_added_go_and_those_of_people_stay(me: Principal) -> None:
    with transaction() as session:
        contacts = ContactList(team_id=me.team_id, user_id=UUID(str(me.user_id)), name="Callers")
        session.add(contacts)
        session.flush()
        for number, meta in (("+12075551111", {"added_by": "rule"}), ("+12075552222", {})):
            session.add(ContactListMember(contact_list_id=contacts.id, name=number, phone=number, meta=meta))
            _item(session, from_identifier=number)
    _remove(me)
    with transaction() as session:
        assert [one.phone for one in session.exec(select(ContactListMember))] == ["+12075552222"]


def test_the_demos_story_goes_and_what_came_after_it_stays(me: Principal) -> None:
    with transaction() as session:
        before = _with_task(session, me, _item(session, body="story", source_id=f"SMdemo{uuid4().hex[:24]}"))
        tasks.change_status(session, me, before.id, TaskStatus.COMPLETED)
        later = _with_task(session, me, _item(session, body="taken up", source_id=f"SMdemo{uuid4().hex[:24]}"))
        later_id = later.id
        samples.note_loaded(session, me)
    with transaction() as session:
        tasks.change_status(session, me, later_id, TaskStatus.IN_PROGRESS)
    _remove(me)
    assert _left()[0] == {"taken up"}


def test_only_an_admin_and_only_ones_own_workspace(me: Principal) -> None:
    with transaction() as session:
        _item(session, body="sample")
        member, stranger = make.make_colleague(session, me), make.make_owner(session)
        assert samples.found(session, member).messages == 0
        with pytest.raises(Forbidden):
            samples.remove(session, member)
        with pytest.raises(Conflict, match="no sample data"):
            samples.remove(session, stranger)


def test_pressed_twice_it_runs_once_and_killed_it_goes_on(me: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "AT_ONCE", 2)
    with transaction() as session:
        for number in range(5):
            _item(session, body=f"sample {number}")
        first, second = samples.remove(session, me), samples.remove(session, me)
        assert first == second
    with transaction() as session:
        assert samples.remove_some(session, me.team_id, first)  # and here the worker dies
    found = _found(me)
    assert (found.messages, found.done, found.total) == (3, 1, 4)
    simulator.remove_samples(str(me.team_id), first)
    simulator.remove_samples(str(me.team_id), first)
    assert _left()[0] == set()
    assert _found(me).batch_id == ""


_REPLY = """
    INSERT INTO outgoing_messages (id, team_id, inbox_item_id, kind, purpose, status, to_address, sender, body,
                                   idempotency_key, created_by, send_at, created_at, updated_at)
    VALUES (gen_random_uuid(), :team, :item, 'sms', 'reply', 'sent', 'x', 'y', 'words', :key, :me, now(), now(), now())
"""
_CORRECTION = """
    INSERT INTO fact_corrections (id, team_id, inbox_item_id, fact, machine, value, created_by, created_at)
    VALUES (gen_random_uuid(), :team, :item, 'category', '{}', 'sales', :me, now())
"""
_FILE = """
    INSERT INTO files (id, team_id, name, content_type, size, sha256, storage_key, created_by, subject_kind, subject_id,
                       created_at)
    VALUES (gen_random_uuid(), :team, 'a.txt', 'text/plain', 1, '', :key, :me, 'task', :task, now())
"""
