"""Reading and routing one message: the worker's half. Safe to run again at any point."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.model_ports import LanguageModel
from taskjuggler_app.core.ports import Extractor
from taskjuggler_app.core.principal import Door, Principal
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.notifications.service import notify
from taskjuggler_app.domain.receptionist import (
    assignment,
    assistant,
    commands,
    identity,
    intake,
    keywords,
    outsiders,
    replies,
    threads,
    triage,
)
from taskjuggler_app.domain.receptionist.circumstances import circumstances
from taskjuggler_app.domain.receptionist.extraction import facts, from_json
from taskjuggler_app.domain.routing import service as routing
from taskjuggler_app.domain.tasks import queries as task_queries
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.models.contacts import ContactList, ContactListMember
from taskjuggler_app.models.receptionist import (
    AssistantChannel,
    ClosedReply,
    InboxItem,
    InboxStatus,
    ProcessingStatus,
    SourceType,
)
from taskjuggler_app.models.tasks import TaskStatus
from taskjuggler_app.models.users import User

DEFAULT_REGION = "US"
_DOORS = {SourceType.WEB: Door.WEB, SourceType.API: Door.API}
"""The door each source comes through; the others are vendors' webhooks."""


@dataclass(frozen=True)
class _Reading:
    """What extraction needs to know, read before it so that no transaction is open while it works."""

    item_id: UUID
    team_id: UUID
    body: str
    subject: str | None
    received_at: datetime
    zone: str
    region: str


def process(item_id: UUID, extractor: Extractor, model: LanguageModel | None = None) -> None:
    """Extract, decide, make the task: pending -> processing -> completed.

    Nothing happens when the message is completed already, so a repeated job makes no second task. On an error the
    message says what went wrong, and the error goes on to the queue, which tries again later.
    """
    try:
        reading = _begin(item_id)
        if reading is None:
            return
        extracted = _extracted(reading, extractor, model)
        with transaction() as session:
            _finish(session, item_id, extracted)
    except Exception as error:
        _note_failure(item_id, error)
        raise


def mark_dead(item_id: UUID) -> None:
    """The last attempt failed: the message stays visible as failed until somebody retries it."""
    with transaction() as session:
        item = _locked(session, item_id)
        if item is None or item.processing_status is ProcessingStatus.COMPLETED:
            return
        item.processing_status, item.dead_at = ProcessingStatus.FAILED, clock.utcnow()
        session.add(item)
        principal = Principal.system(item.team_id)
        data = {"error": item.processing_error, "attempts": item.attempts}
        _record(session, principal, item, "message.failed", data)


def _begin(item_id: UUID) -> _Reading | None:
    with transaction() as session:
        item = _locked(session, item_id)
        if item is None or item.processing_status is ProcessingStatus.COMPLETED:
            return None
        if item.attempts == 0:
            came = Principal.system(item.team_id, _DOORS.get(item.source_type, Door.WEBHOOK))
            data = {"from": item.from_identifier, "received_at": item.received_at.isoformat()}
            record_event(
                session, came, kind="message.received", subject_type="inbox_item", subject_id=item.id, data=data
            )
        if item.spam_at is not None or triage.is_blocked(session, item.team_id, item.from_identifier):
            _to_spam(session, item)
            return None
        item.processing_status = ProcessingStatus.PROCESSING
        item.attempts += 1
        session.add(item)
        return _reading(session, item)


def reread(item_id: UUID, extractor: Extractor, model: LanguageModel | None = None) -> None:
    """Extract anew after the words of a processed message changed: a late transcript. What was decided stays."""
    with transaction() as session:
        reading = _reading(session, session.get_one(InboxItem, item_id))
    extracted = _extracted(reading, extractor, model)
    with transaction() as session:
        item = session.get_one(InboxItem, item_id)
        item.extracted_data = extracted
        session.add(item)
        _record(session, Principal.system(item.team_id), item, "message.reread", {})


def _extracted(reading: _Reading, extractor: Extractor, model: LanguageModel | None) -> dict[str, Any]:
    r = reading
    found = extractor.extract(r.body, received_at=r.received_at, zone=r.zone, region=r.region, subject=r.subject)
    return assistant.assist(r.team_id, r.item_id, r.body, r.subject, r.received_at, r.zone, r.region, found, model)


def _reading(session: Session, item: InboxItem) -> _Reading:
    channel = _channel(session, item)
    zone = session.get_one(User, item.user_id).timezone or "UTC"
    region = channel.region if channel else DEFAULT_REGION
    return _Reading(item.id, item.team_id, item.body, item.subject, item.received_at, zone, region)


def _channel(session: Session, item: InboxItem) -> AssistantChannel | None:
    return session.get(AssistantChannel, item.channel_id) if item.channel_id else None


def _to_spam(session: Session, item: InboxItem) -> None:
    """A blocked sender's message is neither read nor answered."""
    item.spam_at = item.spam_at or clock.utcnow()
    item.status, item.processing_status = InboxStatus.PROCESSED, ProcessingStatus.COMPLETED
    item.processed_at, item.processing_error = clock.utcnow(), None
    session.add(item)
    _record(session, Principal.system(item.team_id), item, "message.blocked", {"note": item.from_identifier})


def _finish(session: Session, item_id: UUID, extracted: dict[str, Any]) -> None:
    """Everything that follows from the extraction, in one transaction. A message put away meanwhile is only read."""
    item = _locked(session, item_id)
    if item is None or item.processing_status is ProcessingStatus.COMPLETED:
        return
    principal = Principal.system(item.team_id)
    item.extracted_data = extracted
    session.add(item)
    _record(session, principal, item, "message.extracted", {"category": extracted["category"]["value"]})
    identity.recognise(session, item, _channel(session, item))
    if item.status is not InboxStatus.DISMISSED and not _is_settled(session, principal, item):
        _route(session, Principal.system(item.team_id, Door.RULE), item)
    item.processing_status, item.processed_at = ProcessingStatus.COMPLETED, clock.utcnow()
    item.processing_error = item.dead_at = None
    session.add(item)


def _is_settled(session: Session, principal: Principal, item: InboxItem) -> bool:
    """Whether the message needs no routing: a keyword, a command, or part of a case that has its task."""
    note = keywords.heed(session, item) or commands.obey(session, item)
    if note is None:
        found = threads.find(session, item)
        threads.place(session, item, found)
        return found.thread_id is not None and _joins(session, principal, item, found)
    _settle(session, principal, item, note)
    item.status = InboxStatus.PROCESSED
    return True


def _joins(session: Session, principal: Principal, item: InboxItem, found: threads.Place) -> bool:
    """The message goes to its thread's task; False when it has none, or a closed one and shall open a new one."""
    task = threads.task_of(session, found.thread_id) if found.thread_id else None
    if task is None:
        return False
    note = f"{found.reason} It went to the task “{task.title}”."
    if task.status in (TaskStatus.COMPLETED, TaskStatus.CANCELLED):
        channel = _channel(session, item)
        if channel is not None and channel.closed_reply is ClosedReply.NEW:
            return False
        tasks.change_status(session, principal, task.id, TaskStatus.PENDING)
        note = f"{found.reason} The task “{task.title}” was closed, so it is open again."
    item.routed_to_task_id, item.status = task.id, InboxStatus.CREATED_TASK
    _settle(session, principal, item, note)
    data = {"item_id": str(item.id), "from": item.from_name or item.from_identifier}
    record_event(session, principal, kind="task.answered", subject_type="task", subject_id=task.id, data=data)
    live.publish(session, topics.task(task.id), topics.tasks(item.team_id))
    doer_id = task_queries.doer_id(session, task)
    notify(
        session,
        doer_id or task.requestor_id,
        type="task_answered",
        title=f"{item.from_name or item.from_identifier} wrote again",
        message=task.title,
        link=f"/tasks/{task.id}",
        dedupe_key=f"task_answered:{item.id}",
        team_id=item.team_id,
    )
    return True


def _settle(session: Session, principal: Principal, item: InboxItem, note: str) -> None:
    item.routing_trace = {"rule_id": None, "rule": "", "note": note, "rules": []}
    _record(session, principal, item, "message.routed", {"rule": "", "rule_id": None, "note": note})


def _route(session: Session, principal: Principal, item: InboxItem) -> None:
    decision = routing.decide(session, item.team_id, _facts(session, item))
    decided = assignment.assign(session, item, decision)
    routing.keep(session, item.team_id, item.id, decision, decided.note)
    item.routing_trace, item.routing_rule_id = decided.stored(), decided.rule_id
    data = {"rule": decided.rule_name, "rule_id": decided.rule_id, "note": decided.note}
    _record(session, principal, item, "message.routed", data)
    if decided.list_id is not None:
        _add_to_list(session, item, decided.list_id)
    item.status = InboxStatus.DISMISSED if decided.dismisses else InboxStatus.PROCESSED
    if decided.draft is not None:
        task = tasks.create(session, principal, decided.draft)
        item.routed_to_task_id, item.status = task.id, InboxStatus.CREATED_TASK
        outsiders.follow(session, item, task, decided)
    replies.after_routing(session, principal, item)


def _add_to_list(session: Session, item: InboxItem, list_id: UUID) -> None:
    """Put the sender on a list of the workspace, once; a list that is gone is passed over."""
    found = session.get(ContactList, list_id)
    if found is None or found.team_id != item.team_id:
        return
    by_mail = "@" in item.from_identifier
    column = ContactListMember.email if by_mail else ContactListMember.phone
    known = select(ContactListMember.id).where(
        ContactListMember.contact_list_id == list_id, column == item.from_identifier
    )
    if session.exec(known).first() is None:
        address: dict[str, Any] = {"email": item.from_identifier} if by_mail else {"phone": item.from_identifier[:20]}
        name = item.from_name or item.from_identifier
        session.add(ContactListMember(contact_list_id=list_id, name=name, meta={"added_by": "rule"}, **address))


def _facts(session: Session, item: InboxItem) -> dict[str, Any]:
    channel = _channel(session, item)
    zone = session.get_one(User, item.user_id).timezone or "UTC"
    extracted = facts(
        from_json(item.extracted_data or {}),
        body=item.body,
        sender=item.from_identifier,
        received_at=item.received_at,
        zone=zone,
        subject=item.subject,
        sender_name=item.from_name,
        channel=channel.name if channel else None,
        source_type=item.source_type.value,
        has_attachments=bool(item.attachments),
    )
    return {**extracted, **circumstances(session, item, zone)}


def _note_failure(item_id: UUID, error: Exception) -> None:
    with transaction() as session:
        item = _locked(session, item_id)
        if item is not None and item.processing_status is not ProcessingStatus.COMPLETED:
            item.processing_status = ProcessingStatus.PENDING
            item.processing_error = f"This message could not be processed ({_said(error)})"[:1000]
            session.add(item)
            live.publish(session, topics.inbox_item(item.id), topics.inbox(item.team_id))


def _said(error: Exception) -> str:
    """The error in a line; a database error without the statement and the values that it quotes."""
    name = type(error).__name__
    return f"{name} of the database" if isinstance(error, SQLAlchemyError) else intake.storable(f"{name}: {error}")


def _locked(session: Session, item_id: UUID) -> InboxItem | None:
    return session.exec(select(InboxItem).where(InboxItem.id == item_id).with_for_update()).first()


def _record(session: Session, principal: Principal, item: InboxItem, kind: str, data: dict[str, Any]) -> None:
    record_event(session, principal, kind=kind, subject_type="inbox_item", subject_id=item.id, data=data)
    live.publish(session, topics.inbox_item(item.id), topics.inbox(item.team_id))
