"""Messages that were put away stay there, and failures tell no more than a person should read."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from taskjuggler_app.adapters.extraction import DeterministicExtractor
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications import queries as notices
from taskjuggler_app.domain.receptionist import processing, queries, service
from taskjuggler_app.models import CaseEvent, InboxItem, Task
from taskjuggler_app.models.receptionist import InboxStatus, ProcessingStatus, SourceType
from tests import factories as make

EXTRACTOR = DeterministicExtractor()


@pytest.fixture
def owner(database_url: str) -> Principal:
    """The admin of a workspace, in a database of its own."""
    with transaction() as session:
        return make.make_owner(session)


@pytest.fixture
def item_id(owner: Principal) -> UUID:
    """A message that waits."""
    with transaction() as session:
        return make.make_item(session, make.make_channel(session, owner)).id


def read(item_id: UUID) -> InboxItem:
    """The message as it is now."""
    with transaction() as session:
        return session.get_one(InboxItem, item_id)


def tasks() -> list[Task]:
    """Every task."""
    with transaction() as session:
        return list(session.exec(select(Task)))


def put_away(owner: Principal, item_id: UUID) -> None:
    """Dismiss the message."""
    with transaction() as session:
        service.dismiss(session, owner, item_id)


class Fails:
    """An extractor that fails as told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def extract(
        self, body: str, *, received_at: datetime, zone: str, region: str, subject: str | None = None
    ) -> dict[str, Any]:
        """Fail; without an error of one's own, in the database."""
        if self.error is not None:
            raise self.error
        with transaction() as session:
            session.execute(text("SELECT CAST(:secret AS integer)"), {"secret": "hunter2"})
        return {}


def test_a_message_put_away_before_it_was_read_makes_no_task(owner: Principal, item_id: UUID) -> None:
    put_away(owner, item_id)
    processing.process(item_id, EXTRACTOR)
    item = read(item_id)
    assert (item.status, item.processing_status) == (InboxStatus.DISMISSED, ProcessingStatus.COMPLETED)
    assert tasks() == []


def test_and_becomes_one_once_it_is_brought_back(owner: Principal, item_id: UUID) -> None:
    put_away(owner, item_id)
    processing.process(item_id, EXTRACTOR)
    with transaction() as session:
        service.restore(session, owner, item_id)
        assert session.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 1
    processing.process(item_id, EXTRACTOR)
    assert read(item_id).status is InboxStatus.CREATED_TASK
    assert len(tasks()) == 1


def test_a_failed_message_that_was_put_away_is_no_failure_any_more(owner: Principal, item_id: UUID) -> None:
    processing.mark_dead(item_id)
    put_away(owner, item_id)
    with transaction() as session:
        assert queries.folder_counts(session, owner)["failed"] == 0
        with pytest.raises(Conflict):
            service.retry_all(session, owner)
        assert service.retry(session, owner, item_id).status is InboxStatus.UNPROCESSED


def test_progress_of_a_batch_is_its_workspaces_own(owner: Principal, item_id: UUID) -> None:
    processing.mark_dead(item_id)
    with transaction() as session:
        batch_id = service.retry_all(session, owner)
        stranger = make.make_owner(session)
    with transaction() as session:
        assert service.retry_progress(session, owner, batch_id).total == 1
        for principal, batch in ((stranger, batch_id), (owner, "no such batch")):
            with pytest.raises(NotFound):
                service.retry_progress(session, principal, batch)


def test_a_failure_quotes_neither_statement_nor_values(item_id: UUID) -> None:
    with pytest.raises(Exception, match="hunter2"):
        processing.process(item_id, Fails())
    said = read(item_id).processing_error or ""
    assert said == "This message could not be processed (DataError of the database)"


def test_a_failure_that_cannot_be_stored_as_it_is_is_told_all_the_same(item_id: UUID) -> None:
    with pytest.raises(RuntimeError):
        processing.process(item_id, Fails(RuntimeError("nul \0 and \ud800")))
    assert "nul  and ?" in (read(item_id).processing_error or "")
    processing.mark_dead(item_id)
    assert read(item_id).processing_status is ProcessingStatus.FAILED


@pytest.mark.parametrize(
    ("source", "door"), [(SourceType.SMS, "webhook"), (SourceType.WEB, "web"), (SourceType.API, "api")]
)
def test_the_log_says_through_which_door_a_message_came(owner: Principal, source: SourceType, door: str) -> None:
    with transaction() as session:
        item_id = make.make_item(session, make.make_channel(session, owner), source_type=source).id
    processing.process(item_id, EXTRACTOR)
    with transaction() as session:
        events = {row.kind: row.door for row in session.exec(select(CaseEvent))}
    assert (events["message.received"], events["message.routed"]) == (door, "rule")


@pytest.mark.parametrize(("notify", "told"), [(True, 1), (False, 0)])
def test_a_rule_may_leave_its_doer_in_peace(owner: Principal, item_id: UUID, notify: bool, told: int) -> None:
    with transaction() as session:
        make.make_rule(session, owner, actions={"assign_to": "self", "create_task": True, "notify": notify})
    processing.process(item_id, EXTRACTOR)
    with transaction() as session:
        assert len(notices.recent(session, owner)) == told
    assert len(tasks()) == 1
