"""Writing contact lists and the people on them."""

from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.core import clock, live, topics
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound, require
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import regions
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone
from taskjuggler_app.domain.cases.service import record_event
from taskjuggler_app.domain.contacts import merging, policy
from taskjuggler_app.domain.contacts.reading import Contact
from taskjuggler_app.models.contacts import ContactList, ContactListMember

EDITORS = "Only an admin, or the person who looks after this list, can change it."


def create_list(session: Session, principal: Principal, name: str, description: str = "") -> ContactList:
    """A new, empty list of the workspace. Invalid without a name, Conflict when one has it already."""
    require(policy.can_make_list(principal), "Sign in to make a list.")
    if principal.user_id is None:
        raise NotFound
    made = ContactList(
        team_id=principal.team_id,
        user_id=principal.user_id,
        name=_free_name(session, principal, name),
        description=description.strip() or None,
        created_at=clock.utcnow(),
    )
    session.add(made)
    session.flush()
    _record(session, principal, made, "contact_list.created")
    return made


def change_list(session: Session, principal: Principal, list_id: UUID, name: str, description: str) -> ContactList:
    """Another name or description."""
    changed = editable(session, principal, list_id)
    if changed.name != " ".join(name.split()):
        changed.name = _free_name(session, principal, name)
    changed.description = description.strip() or None
    changed.updated_at = clock.utcnow()
    session.add(changed)
    session.flush()
    _record(session, principal, changed, "contact_list.changed")
    return changed


def delete_list(session: Session, principal: Principal, list_id: UUID) -> None:
    """Delete a list and who is on it; opt-outs stay."""
    gone = editable(session, principal, list_id)
    _record(session, principal, gone, "contact_list.deleted")
    session.delete(gone)
    session.flush()


def add_member(session: Session, principal: Principal, list_id: UUID, values: dict[str, str]) -> None:
    """Put somebody on the list: name, email, phone, notes. Somebody who is on it already is merged."""
    into = editable(session, principal, list_id)
    merging.put(session, into.id, [_contact(values, regions.of(session, principal))])
    _record(session, principal, into, "contact.added")


def change_member(session: Session, principal: Principal, member_id: UUID, values: dict[str, str]) -> None:
    """Change what is known of somebody. Conflict when another entry of the list has that address."""
    member, of = _member(session, principal, member_id)
    contact = _contact(values, regions.of(session, principal))
    for kind in ("email", "phone"):
        value = getattr(contact, kind)
        taken = select(ContactListMember.id).where(
            ContactListMember.contact_list_id == of.id,
            getattr(ContactListMember, kind) == value,
            ContactListMember.id != member.id,
        )
        if value and session.exec(taken).first():
            raise Conflict(f"Somebody else on this list has that {kind}.")
    member.name, member.email, member.phone, member.notes = contact.name, contact.email, contact.phone, contact.notes
    session.add(member)
    session.flush()
    _record(session, principal, of, "contact.changed")


def remove_member(session: Session, principal: Principal, member_id: UUID) -> None:
    """Take somebody off the list."""
    member, of = _member(session, principal, member_id)
    session.delete(member)
    session.flush()
    _record(session, principal, of, "contact.removed")


def visible(session: Session, principal: Principal, list_id: UUID) -> ContactList:
    """A list of the principal's workspace. NotFound otherwise."""
    found = session.exec(
        select(ContactList).where(ContactList.id == list_id, ContactList.team_id == principal.team_id)
    ).first()
    if found is None:
        raise NotFound("That list does not exist, or it is not yours to see.")
    return found


def editable(session: Session, principal: Principal, list_id: UUID) -> ContactList:
    """The list, locked, when the principal may change it. NotFound, Forbidden."""
    found = visible(session, principal, list_id)
    require(policy.can_edit_list(principal, found.user_id), EDITORS)
    session.refresh(found, with_for_update=True)
    return found


def _member(session: Session, principal: Principal, member_id: UUID) -> tuple[ContactListMember, ContactList]:
    member = session.get(ContactListMember, member_id)
    if member is None:
        raise NotFound
    return member, editable(session, principal, member.contact_list_id)


def _contact(values: dict[str, str], region: str) -> Contact:
    email, phone = values.get("email", "").strip(), values.get("phone", "").strip()
    if not email and not phone:
        raise Invalid("Write an email address or a phone number.", "email")
    known_email = normalise_email(email) if email else None
    known_phone = normalise_phone(phone, region) if phone else None
    name = " ".join(values.get("name", "").split())[:255] or known_email or known_phone or ""
    return Contact(name, known_email, known_phone, values.get("notes", "").strip() or None)


def _free_name(session: Session, principal: Principal, text: str) -> str:
    name = " ".join(text.split())[:255]
    if not name:
        raise Invalid("Give the list a name.", "name")
    taken = select(ContactList.id).where(ContactList.team_id == principal.team_id, col(ContactList.name) == name)
    if session.exec(taken).first():
        raise Conflict(f"There is a list “{name}” already.")
    return name


def _record(session: Session, principal: Principal, of: ContactList, kind: str) -> None:
    record_event(session, principal, kind=kind, subject_type="contact_list", subject_id=of.id, data={"list": of.name})
    live.publish(session, topics.contacts(of.team_id))
