"""The case of a task on one timeline, read from the log of events: the message it came from, what was read out of it,
which rule decided, and everything that happened since to the task, its listings with their bids, and its payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from taskjuggler_app.core import money
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.cases.queries import EventRow
from taskjuggler_app.domain.tasks import queries
from taskjuggler_app.models.marketplace import MarketplaceListing, Transaction
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import TaskMessage
from taskjuggler_app.models.users import User

LONGEST_NOTE = 300
_OF_MONEY = ("bid.", "listing.", "work.", "payment.")
_BY_VENDOR = ("bid.placed", "bid.changed", "bid.withdrawn", "work.delivered")
_FIELDS = {
    "due_date": "due date",
    "due_zone": "zone",
    "project_id": "project",
    "recurrence": "repetition",
}


@dataclass
class StoryRow:
    """One thing that happened. `note` says more in words; `to` names who got the task, or its new status."""

    id: int = 0
    kind: str = ""
    who: str = ""
    door: str = ""
    at: str = ""
    to: str = ""
    note: str = ""


def of_task(session: Session, principal: Principal, task_id: UUID) -> list[StoryRow]:
    """Everything, oldest first. NotFound if the task is not the principal's to see."""
    task = queries.get(session, principal, task_id)
    currencies = _currencies(session, task_id)
    subjects = {"inbox_item": task.inbox_item_id, "task": task_id, **currencies}
    events = cases.thread(session, principal, subjects)
    item = session.get(InboxItem, task.inbox_item_id) if task.inbox_item_id else None
    told = _Told(
        item,
        _names(session, events),
        _comments(session, events),
        {str(one): currency for found in currencies.values() for one, currency in found.items()},
    )
    return [_row(event, told) for event in events]


@dataclass(frozen=True)
class _Told:
    """What the events speak of: the message, people by id, comments by id, currencies by listing and payment."""

    item: InboxItem | None
    names: dict[str, str]
    said: dict[str, str]
    currencies: dict[str, str]


def _currencies(session: Session, task_id: UUID) -> dict[str, dict[UUID, str]]:
    """The task's listings and payments, each with the currency that its amounts are in."""
    listings = dict(
        session.exec(
            select(MarketplaceListing.id, MarketplaceListing.currency).where(MarketplaceListing.task_id == task_id)
        ).all()
    )
    of_task = or_(col(Transaction.task_id) == task_id, col(Transaction.listing_id).in_(listings))
    payments = dict(session.exec(select(Transaction.id, Transaction.currency).where(of_task)).all())
    return {"listing": listings, "payment": payments}


def _row(event: EventRow, told: _Told) -> StoryRow:
    row = StoryRow(event.id, event.kind, event.who, event.door, event.at)
    data, item = event.data, told.item
    if event.kind == "message.received" and item is not None:
        row.who = item.from_name or item.from_identifier or row.who
        row.note = item.body or ""
    elif event.kind == "message.extracted" and item is not None:
        row.note = facts(item.extracted_data or {})
    elif event.kind == "message.routed":
        row.note = f"{data['rule']}: {data.get('note') or ''}" if data.get("rule") else str(data.get("note") or "")
    elif event.kind == "task.assigned":
        row.to = told.names.get(str(data.get("to") or ""), "") or str(data.get("vendor") or "")
    elif event.kind == "task.status_changed":
        row.to = str(data.get("to") or "")
    elif event.kind == "task.commented":
        row.note = told.said.get(str(data.get("message_id") or ""), "")
    elif event.kind == "task.edited":
        row.note = ", ".join(_FIELDS.get(name, name) for name in data.get("fields", []))
    elif event.kind.startswith(_OF_MONEY):
        _tell_of_money(row, event, told.currencies.get(event.subject_id, ""))
    else:
        row.note = str(next((data[key] for key in ("reason", "name", "to", "note", "error") if data.get(key)), ""))
    row.note = " ".join(row.note.split())[:LONGEST_NOTE]
    return row


def _tell_of_money(row: StoryRow, event: EventRow, currency: str) -> None:
    """Bids, awards, deliveries and payments: amounts as people read them, and the reason given. A vendor is named."""
    data = event.data
    if event.kind in _BY_VENDOR:
        row.who = str(data.get("vendor") or row.who)
    elif event.kind == "listing.awarded":
        row.to = str(data.get("vendor") or "")
    amount = next((str(data[key]) for key in ("amount", "total", "vendor_gets") if data.get(key)), "")
    words = next((str(data[key]) for key in ("why", "words", "reason", "answer", "note") if data.get(key)), "")
    stars = f"{data['stars']} of 5 stars" if data.get("stars") else ""
    row.note = ": ".join(part for part in (_money(amount, currency), stars, words) if part)


def _money(amount: str, currency: str) -> str:
    try:
        return money.shown(Decimal(amount), currency) if amount else ""
    except InvalidOperation:
        return amount


def facts(extracted: dict[str, Any]) -> str:
    """What was read out of a message, in words: "Maintenance, urgent; tomorrow 9am; +12075550110"."""
    parts = [str((extracted.get(name) or {}).get("value") or "") for name in ("category", "urgency")]
    texts = [
        str(one.get("text") or one.get("value") or "")
        for name in ("dates", "times", "phones", "emails", "urls")
        for one in extracted.get(name) or []
        if isinstance(one, dict)
    ]
    first = ", ".join(part for part in parts if part).capitalize()
    return "; ".join(part for part in (first, *texts) if part)


def _names(session: Session, events: Sequence[EventRow]) -> dict[str, str]:
    ids = {str(event.data["to"]) for event in events if event.kind == "task.assigned" and event.data.get("to")}
    found = session.exec(select(User.id, User.name).where(col(User.id).in_([UUID(one) for one in ids])))
    return {str(user_id): name for user_id, name in found}


def _comments(session: Session, events: Sequence[EventRow]) -> dict[str, str]:
    ids = [UUID(str(one.data["message_id"])) for one in events if one.data.get("message_id")]
    found = session.exec(select(TaskMessage.id, TaskMessage.message).where(col(TaskMessage.id).in_(ids)))
    return {str(message_id): text for message_id, text in found}
