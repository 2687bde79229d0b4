"""What a person does with a message."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import Session

from taskjuggler_app.core import batches, live, topics
from taskjuggler_app.core.batches import Progress
from taskjuggler_app.core.errors import Conflict, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.receptionist import intake, queries
from taskjuggler_app.models.receptionist import InboxItem, InboxStatus, ProcessingStatus
from taskjuggler_app.models.system import JobBatch


def retry(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Process a failed message once more, with all its attempts; one put away comes back.

    Conflict if it did not fail.
    """
    item = queries.get_for_update(session, principal, item_id)
    if item.processing_status is not ProcessingStatus.FAILED:
        raise Conflict("This message did not fail, so there is nothing to try again.")
    item.processing_status, item.dead_at = ProcessingStatus.PENDING, None
    item.status = InboxStatus.UNPROCESSED
    intake.queue(session, [item.id])
    return changed(session, principal, item, "message.retried")


def retry_all(session: Session, principal: Principal) -> str:
    """Process every failed message of the workspace once more; gives the batch that shows how far it is.

    Those put away stay there. Conflict if none failed.
    """
    items = queries.failed_for_update(session, principal)
    if not items:
        raise Conflict("No message failed, so there is nothing to try again.")
    batch_id = batches.start(session, "Try failed messages again", len(items), {"team_id": str(principal.team_id)})
    for item in items:
        item.processing_status, item.dead_at = ProcessingStatus.PENDING, None
        changed(session, principal, item, "message.retried")
    intake.queue(session, [item.id for item in items], batch_id)
    return batch_id


def retry_progress(session: Session, principal: Principal, batch_id: str) -> Progress:
    """How far a `retry_all` of the workspace is. NotFound for another workspace's."""
    batch = session.get(JobBatch, batch_id)
    if batch is None or json.loads(batch.options or "{}").get("team_id") != str(principal.team_id):
        raise NotFound
    return batches.progress(session, batch_id)


def dismiss(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Put a message away. Conflict if it became a task, which is closed on its own page."""
    item = queries.get_for_update(session, principal, item_id)
    if item.status is InboxStatus.CREATED_TASK:
        raise Conflict("This message became a task: close the task instead.")
    item.status = InboxStatus.DISMISSED
    return changed(session, principal, item, "message.dismissed")


def restore(session: Session, principal: Principal, item_id: UUID) -> InboxItem:
    """Bring a dismissed message back; one put away before it was routed is routed now. Conflict if not dismissed."""
    item = queries.get_for_update(session, principal, item_id)
    if item.status is not InboxStatus.DISMISSED:
        raise Conflict("This message is in the inbox already.")
    completed = item.processing_status is ProcessingStatus.COMPLETED
    if completed and item.routing_trace is None:
        completed, item.processing_status = False, ProcessingStatus.PENDING
        intake.queue(session, [item.id])
    item.status = InboxStatus.PROCESSED if completed else InboxStatus.UNPROCESSED
    return changed(session, principal, item, "message.restored")


def changed(session: Session, principal: Principal, item: InboxItem, kind: str, **data: Any) -> InboxItem:
    """Store the message, record what happened to it, tell the open pages."""
    session.add(item)
    record_event(session, principal, kind=kind, subject_type="inbox_item", subject_id=item.id, data=data)
    live.publish(session, topics.inbox_item(item.id), topics.inbox(item.team_id))
    return item
