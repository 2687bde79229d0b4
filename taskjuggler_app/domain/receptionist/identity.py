"""Who wrote: one spelling for each number and address, and the contact it belongs to."""

from sqlmodel import Session, col, or_, select

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.models.contacts import ContactList, ContactListMember
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem


def spelled(identifier: str, region: str) -> str:
    """A number in E.164, read as of `region`; an address in lower case; anything else as it is."""
    try:
        return normalise_email(identifier) if "@" in identifier else normalise_phone(identifier, region)
    except Invalid:
        return identifier.strip() or "unknown sender"


def recognise(session: Session, item: InboxItem, channel: AssistantChannel | None) -> None:
    """Spell the sender and match them to the workspace's contacts, whose name they get when they gave none."""
    item.from_identifier = spelled(item.from_identifier, channel.region if channel else "US")[:255]
    known = session.exec(
        select(ContactListMember)
        .join(ContactList, col(ContactList.id) == col(ContactListMember.contact_list_id))
        .where(
            ContactList.team_id == item.team_id,
            or_(
                ContactListMember.phone == item.from_identifier, ContactListMember.email == item.from_identifier.lower()
            ),
        )
        .order_by(col(ContactListMember.created_at), col(ContactListMember.id))
        .limit(1)
    ).first()
    if known is not None:
        item.contact_id = known.id
        item.from_name = item.from_name or known.name
    session.add(item)
