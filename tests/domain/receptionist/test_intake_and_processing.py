"""A message is stored once, read once, and becomes one task, whatever happens on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.adapters.extraction import DeterministicExtractor
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.receptionist import channels, intake, processing, queries, service, sweeping
from taskjuggler_app.domain.receptionist.intake import InboundMessage
from taskjuggler_app.domain.tasks import queries as tasks
from taskjuggler_app.domain.tasks.queries import TaskFilter
from taskjuggler_app.models import AssistantChannel, InboxItem, Task, TeamMember
from taskjuggler_app.models.receptionist import InboxStatus, ProcessingStatus
from tests import factories as make

EXTRACTOR = DeterministicExtractor()
NUMBER = "+12075550100"


@pytest.fixture
def office(database_url: str) -> tuple[Principal, AssistantChannel]:
    """A workspace with a number, in a database of its own."""
    with transaction() as session:
        owner = make.make_owner(session)
        return owner, channels.create(session, owner, name="Main line", phone_number=NUMBER)


Office = tuple[Principal, AssistantChannel]


def message(channel: AssistantChannel, source_id: str, body: str = "The faucet is leaking") -> InboundMessage:
    """A text message on the channel."""
    return InboundMessage(
        channel.team_id, channel.user_id, channel.id, "sms", source_id, "+12075550110", body, make.NOON
    )


def receive(channel: AssistantChannel, source_id: str, body: str = "The faucet is leaking") -> UUID:
    """Store one message and give its id."""
    with transaction() as session:
        intake.receive(session, [message(channel, source_id, body)])
        return session.exec(select(InboxItem.id).where(InboxItem.source_id == source_id)).one()


def read(item_id: UUID) -> InboxItem:
    """The message as it is now."""
    with transaction() as session:
        return session.get_one(InboxItem, item_id)


def count(table: str) -> int:
    """Rows of a table."""
    with transaction() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608  # our own names


class Broken:
    """An extractor that always fails."""

    def extract(
        self, text: str, *, received_at: datetime, zone: str, region: str, subject: str | None = None
    ) -> dict[str, Any]:
        """Fail."""
        raise RuntimeError("the model is on holiday")


def test_a_redelivery_makes_nothing(office: Office) -> None:
    _, channel = office
    for expected in (1, 0, 0):
        with transaction() as session:
            assert intake.receive(session, [message(channel, "SM1")]) == expected
    assert count("inbox_items") == count("procrastinate_jobs") == 1


def test_twenty_deliveries_at_once_make_one_item(office: Office) -> None:
    _, channel = office

    def deliver(_: int) -> int:
        with transaction() as session:
            return intake.receive(session, [message(channel, "SM1"), message(channel, "SM2")])

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(deliver, range(20))) == 2
    assert count("inbox_items") == 2


def test_a_group_with_a_message_twice_is_no_problem(office: Office) -> None:
    _, channel = office
    with transaction() as session:
        assert intake.receive(session, [message(channel, "SM1"), message(channel, "SM1")]) == 1


@pytest.mark.parametrize(
    "body", ["", "a\0b", "lone \ud800 surrogate", "x" * 100_000, "🦉" * 500, "'; DROP TABLE users"]
)
def test_any_text_is_stored_and_processed(office: Office, body: str) -> None:
    _, channel = office
    item_id = receive(channel, "SM1", body)
    processing.process(item_id, EXTRACTOR)
    assert read(item_id).processing_status is ProcessingStatus.COMPLETED


def test_a_message_that_no_rule_takes_goes_to_the_owner_as_unrouted(office: Office) -> None:
    owner, channel = office
    processing.process(receive(channel, "SM1"), EXTRACTOR)
    with transaction() as session:
        (row,) = tasks.page(session, owner, TaskFilter("mine")).rows
        assert (row.tags, row.priority, row.doer) == (["unrouted"], "normal", owner.name)
        detail = tasks.detail(session, owner, UUID(row.id))
    assert detail.trace is not None
    assert "No rule matched" in detail.trace["note"]


def test_a_rule_decides_and_its_trace_is_kept(office: Office) -> None:
    owner, channel = office
    with transaction() as session:
        make.make_rule(session, owner, name="Money", priority=1, conditions=_category("billing"))
        make.make_rule(session, owner, name="Repairs", priority=2)
        make.make_rule(session, owner, name="Later", priority=3)
    item_id = receive(channel, "SM1")
    processing.process(item_id, EXTRACTOR)
    trace = read(item_id).routing_trace
    assert trace is not None
    assert [(rule["name"], rule["result"]) for rule in trace["rules"]] == [
        ("Money", "not_matched"),
        ("Repairs", "matched"),
        ("Later", "not_reached"),
    ]
    assert trace["rules"][0]["conditions"][0]["seen"] == "maintenance"
    with transaction() as session:
        task = session.exec(select(Task)).one()
        assert (task.priority, task.inbox_item_id, task.source_channel) == ("high", item_id, "Main line")


def test_processing_twice_makes_one_task_and_counts_one_match(office: Office) -> None:
    owner, channel = office
    with transaction() as session:
        rule = make.make_rule(session, owner)
    item_id = receive(channel, "SM1")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: processing.process(item_id, EXTRACTOR), range(4)))
    assert count("tasks") == 1
    with transaction() as session:
        session.add(rule)
        session.refresh(rule)
        assert rule.times_matched == 1


def test_a_rule_for_somebody_who_left_falls_back_to_the_owner_and_says_so(office: Office) -> None:
    owner, channel = office
    with transaction() as session:
        gone = make.make_colleague(session, owner)
        member = session.exec(select(TeamMember).where(TeamMember.user_id == gone.user_id)).one()
        actions = {"assign_to": "team_member", "team_member_id": str(member.id), "create_task": True}
        make.make_rule(session, owner, actions=actions)
        session.delete(member)
    item_id = receive(channel, "SM1")
    processing.process(item_id, EXTRACTOR)
    trace = read(item_id).routing_trace
    assert trace is not None
    assert "is not here any more" in trace["note"]
    with transaction() as session:
        assert len(tasks.page(session, owner, TaskFilter("mine")).rows) == 1


def test_a_rule_may_keep_a_message_in_the_inbox(office: Office) -> None:
    owner, channel = office
    with transaction() as session:
        make.make_rule(session, owner, actions={"create_task": False})
    item_id = receive(channel, "SM1")
    processing.process(item_id, EXTRACTOR)
    assert read(item_id).status is InboxStatus.PROCESSED
    assert count("tasks") == 0


def test_a_failure_is_visible_retried_by_the_queue_and_at_last_by_hand(office: Office) -> None:
    owner, channel = office
    item_id = receive(channel, "SM1")
    with pytest.raises(RuntimeError):
        processing.process(item_id, Broken())
    assert read(item_id).processing_status is ProcessingStatus.PENDING
    assert "on holiday" in (read(item_id).processing_error or "")
    processing.mark_dead(item_id)
    assert read(item_id).processing_status is ProcessingStatus.FAILED
    with transaction() as session:
        assert queries.folder_counts(session, owner)["failed"] == 1
        service.retry(session, owner, item_id)
    processing.process(item_id, EXTRACTOR)
    item = read(item_id)
    assert (item.processing_status, item.processing_error, item.dead_at) == (ProcessingStatus.COMPLETED, None, None)
    with transaction() as session, pytest.raises(Conflict):
        service.retry(session, owner, item_id)


def test_all_failures_are_retried_as_one_batch(office: Office) -> None:
    from jobs.worker import drain_now

    owner, channel = office
    for number in range(3):
        processing.mark_dead(receive(channel, f"SM{number}"))
    with transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        batch_id = service.retry_all(session, owner)
        assert service.retry_progress(session, owner, batch_id).pending == 3
    drain_now()
    with transaction() as session:
        progress = service.retry_progress(session, owner, batch_id)
    assert (progress.total, progress.pending, progress.failed) == (3, 0, 0)
    assert count("tasks") == 3


def test_a_message_whose_job_was_lost_is_queued_once_more(office: Office) -> None:
    _, channel = office
    receive(channel, "SM1")
    with transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.execute(text("UPDATE inbox_items SET updated_at = now() - interval '2 minutes'"))
    for expected in (1, 0):
        with transaction() as session:
            assert sweeping.queue_forgotten(session, read_now(session)) == expected


def test_a_stranger_finds_no_message(session: Session) -> None:
    owner, stranger = make.make_owner(session), make.make_owner(session)
    item = make.make_item(session, make.make_channel(session, owner))
    with pytest.raises(NotFound):
        queries.item(session, stranger, item.id)
    for verb in (service.retry, service.dismiss, service.restore):
        with pytest.raises(NotFound):
            verb(session, stranger, item.id)
    assert queries.inbox_page(session, stranger).rows == []
    assert queries.channels(session, stranger) == []


def test_a_dismissed_message_comes_back(session: Session) -> None:
    owner = make.make_owner(session)
    item = make.make_item(session, make.make_channel(session, owner))
    service.dismiss(session, owner, item.id)
    assert queries.folder_counts(session, owner)["dismissed"] == 1
    service.restore(session, owner, item.id)
    assert queries.folder_counts(session, owner)["dismissed"] == 0
    with pytest.raises(Conflict):
        service.restore(session, owner, item.id)


def read_now(session: Session) -> datetime:
    """The database's clock."""
    moment: datetime = session.execute(text("SELECT now()")).scalar_one()
    return moment


def _category(name: str) -> list[dict[str, str]]:
    return [{"field": "category", "operator": "equals", "value": name}]
