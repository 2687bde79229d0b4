"""Putting contacts into a list so that nobody is on it twice.

A row is somebody on the list already when its email or its phone is; then what was unknown of them is filled in and
nothing that was known is overwritten. A row that ties two entries together makes one of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from taskjuggler_app.core import clock
from taskjuggler_app.domain.contacts.reading import Contact
from taskjuggler_app.models.contacts import ContactListMember


@dataclass
class Merged:
    """How many rows were new, and how many were somebody known."""

    added: int = 0
    merged: int = 0


def put(session: Session, list_id: UUID, contacts: Iterable[Contact]) -> Merged:
    """Add the contacts to the list or to who they are on it. The caller holds the list's lock."""
    rows = list(contacts)
    emails, phones = [c.email for c in rows if c.email], [c.phone for c in rows if c.phone]
    known = session.exec(
        select(ContactListMember).where(
            ContactListMember.contact_list_id == list_id,
            or_(col(ContactListMember.email).in_(emails), col(ContactListMember.phone).in_(phones)),
        )
    ).all()
    by_email = {member.email: member for member in known if member.email}
    by_phone = {member.phone: member for member in known if member.phone}
    done = Merged()
    new: list[ContactListMember] = []
    for contact in rows:
        one, other = by_email.get(contact.email or ""), by_phone.get(contact.phone or "")
        member = one or other
        if member is None:
            member = ContactListMember(
                contact_list_id=list_id, name=contact.name, created_at=clock.utcnow(), meta=contact.meta
            )
            new.append(member)
            done.added += 1
        else:
            done.merged += 1
        if one is not None and other is not None and one is not other:
            _absorb(session, one, other, new)
        _fill(member, contact)
        if member.email:
            by_email[member.email] = member
        if member.phone:
            by_phone[member.phone] = member
    session.add_all(new)
    session.flush()
    return done


def _absorb(session: Session, kept: ContactListMember, gone: ContactListMember, new: list[ContactListMember]) -> None:
    """Make one of two entries: what only the second has goes to the first."""
    rest = Contact(gone.name, gone.email, gone.phone, gone.notes, gone.meta)
    if gone in new:
        new.remove(gone)
    else:
        session.delete(gone)
        session.flush()
    _fill(kept, rest)


def _fill(member: ContactListMember, contact: Contact) -> None:
    """What is not known yet; a second address is kept beside the first."""
    if member.name in ("", member.email, member.phone):
        member.name = contact.name
    member.notes = member.notes or contact.notes
    meta = {**contact.meta, **member.meta}
    for kind, value in (("email", contact.email), ("phone", contact.phone)):
        current = getattr(member, kind)
        if value and not current:
            setattr(member, kind, value)
        elif value and value != current:
            also = [*meta.get(f"other {kind}s", []), value]
            meta[f"other {kind}s"] = list(dict.fromkeys(also))
    member.meta = meta
