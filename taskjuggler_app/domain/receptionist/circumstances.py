"""What surrounds a message: when and from whom it came, and what came before it. For the rules."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists
from sqlmodel import Session, col, func, or_, select

from taskjuggler_app.domain.receptionist import answers
from taskjuggler_app.models.contacts import ContactList, ContactListMember
from taskjuggler_app.models.receptionist import InboxItem
from taskjuggler_app.models.tasks import Task, TaskStatus

_OPEN, _CLOSE = 9, 17


def circumstances(session: Session, item: InboxItem, zone: str) -> dict[str, Any]:
    """Every field of `routing.fields.CIRCUMSTANCE_FIELDS`, and the workspace's own fields."""
    local = item.received_at.astimezone(ZoneInfo(zone))
    is_open = answers.is_open(session, item.channel_id, item.received_at)
    earlier = (
        InboxItem.team_id == item.team_id,
        InboxItem.from_identifier == item.from_identifier,
        InboxItem.id != item.id,
        InboxItem.received_at <= item.received_at,
    )
    before = session.exec(select(func.count()).select_from(InboxItem).where(*earlier)).one()
    open_task = exists().where(
        col(Task.inbox_item_id) == col(InboxItem.id),
        col(Task.status).in_([TaskStatus.PENDING, TaskStatus.IN_PROGRESS]),
    )
    has_open = session.exec(select(InboxItem.id).where(*earlier, open_task).limit(1)).first() is not None
    files = [one for one in item.attachments if isinstance(one, dict)]
    extracted = item.extracted_data or {}
    custom = extracted.get("custom")
    return {
        "received": local.isoformat(timespec="seconds"),
        "business_hours": local.weekday() < 5 and _OPEN <= local.hour < _CLOSE if is_open is None else is_open,
        "language": _value(extracted.get("language")),
        "contact_lists": _lists(session, item),
        "attachment_count": len(item.attachments),
        "attachment_names": [str(one["name"]) for one in files if one.get("name")],
        "attachment_types": [str(one["type"]) for one in files if one.get("type")],
        "is_first_message": before == 0,
        "earlier_messages": before,
        "has_open_task": has_open,
        **({f"custom.{name}": value for name, value in custom.items()} if isinstance(custom, dict) else {}),
    }


def _lists(session: Session, item: InboxItem) -> list[str]:
    """The names of the contact lists that have the sender's number or address."""
    sender = item.from_identifier.strip()
    theirs = or_(ContactListMember.phone == sender, func.lower(ContactListMember.email) == sender.lower())
    query = (
        select(ContactList.name)
        .join(ContactListMember, col(ContactListMember.contact_list_id) == col(ContactList.id))
        .where(ContactList.team_id == item.team_id, theirs)
    )
    return sorted(set(session.exec(query)))


def _value(found: Any) -> Any:
    return found.get("value") if isinstance(found, dict) else found
